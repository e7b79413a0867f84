"""How much memory `answerable run` takes when nothing happens, how fast a fresh database is ready, and how soon the first page comes.

Memory is PSS (proportional set size: what processes share is counted once), summed over `run` and all its descendants.
Reads /proc, so Linux only. Run as `python -m bench.size`.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MOST_MEGABYTES, MOST_SECONDS_TO_MIGRATE = 350, 3
MOST_SECONDS_COLD, MOST_SECONDS_WARM = 60, 10  # cold allows for setting up as well, which is not measured here
REQUESTS, QUIET = 20, 5  # so that both web workers have answered; seconds until what a request leaves behind has gone


def main() -> None:
    """Print the three figures, and how they stand to their limits."""
    with tempfile.TemporaryDirectory(prefix="answerable-bench-") as home:
        environment = os.environ | {"ANSWERABLE_HOME": home}
        took = _seconds_to_migrate(environment)
        print(f"size: a fresh database migrated in {took:.1f} s; {took / MOST_SECONDS_TO_MIGRATE:.2f} of the limit")
    with tempfile.TemporaryDirectory(prefix="answerable-bench-") as home:
        environment = os.environ | {"ANSWERABLE_HOME": home}
        for what, limit in (("in a new home", MOST_SECONDS_COLD), ("in a home that is there", MOST_SECONDS_WARM)):
            with _run(environment) as (process, port):
                took = _seconds_to_first_page(port)
                print(f"size: the first page after {took:.1f} s {what}; {took / limit:.2f} of the limit")
                if what != "in a new home":
                    _print_memory(process.pid, port)


def _seconds_to_migrate(environment: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "answerable", "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - started


@contextmanager
def _run(environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """`answerable run` without the demonstration, on free ports; ended afterwards."""
    port, mail = free_port(), free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "answerable", "run", "--port", str(port)],
        env=environment | {"ANSWERABLE_LISTEN": f"127.0.0.1:{mail}"},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process, port
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _seconds_to_first_page(port: int) -> float:
    started = time.perf_counter()
    while not _answers(port):
        time.sleep(0.02)
    return time.perf_counter() - started


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/desk/start/", timeout=30) as answer:
            answer.read()
            return True
    except urllib.error.HTTPError:
        raise
    except OSError:
        return False


def _print_memory(pid: int, port: int) -> None:
    for _ in range(REQUESTS):
        _answers(port)
    time.sleep(QUIET)
    sizes = {one: _pss(one) for one in tree(pid)}
    for one, size in sizes.items():
        print(f"size:   {size:6.1f} MB  {_command(one)}")
    total = sum(sizes.values())
    print(f"size: {total:.0f} MB in {len(sizes)} processes, idle; {total / MOST_MEGABYTES:.2f} of the limit")


def tree(pid: int) -> list[int]:
    """The process and all its descendants."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def _pss(pid: int) -> float:
    """The proportional set size, in megabytes of a million bytes."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise SystemExit(f"/proc/{pid}/smaps_rollup names no Pss")


def _command(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    return " ".join(words[words.index("-m") + 1 :][:2])


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


if __name__ == "__main__":
    main()
