"""`make bench`: every measurement, each in a process of its own, because each has a home and settings of its own."""

import subprocess
import sys
import time

BENCHES = ("intake", "flat", "tick", "pdf", "pages", "size")


def main() -> int:
    """Run them one after the other; 1 if any of them could not measure."""
    print(
        f"this machine: two busy processes do {both_at_once():.1f} times the work of one (2.0 on two free cores)",
        flush=True,
    )
    failed = [name for name in BENCHES if subprocess.run([sys.executable, "-m", f"bench.{name}"]).returncode]
    if failed:
        print(f"not measured: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def both_at_once() -> float:
    """How much more two processes do in the same time than one: what "on two cores" is worth here and now."""
    work = [sys.executable, "-c", "for _ in range(10_000_000): pass"]
    alone = _seconds([work])
    return 2 * alone / _seconds([work, work])


def _seconds(commands: list[list[str]]) -> float:
    started = time.perf_counter()
    for process in [subprocess.Popen(command) for command in commands]:
        process.wait()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
