"""`make bench`: every measurement, each in a process of its own, because each has a home and settings of its own."""

import subprocess
import sys

BENCHES = ("intake", "tick", "pdf", "pages", "size")


def main() -> int:
    """Run them one after the other; 1 if any of them could not measure."""
    failed = [name for name in BENCHES if subprocess.run([sys.executable, "-m", f"bench.{name}"]).returncode]
    if failed:
        print(f"not measured: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
