"""`answerable run`: web, listen and work as three children of one process, and their end with it."""

import argparse
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

# A child that ends is started again, but not faster than this many seconds apart, doubling.
PATIENCE = 1.0
LONGEST_PATIENCE = 60.0
TIME_TO_END = 10.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `run`."""
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("PORT", "8000")), help="where the pages are (PORT, 8000)"
    )
    parser.add_argument(
        "--host", default=os.environ.get("HOST", "127.0.0.1"), help="the address to serve on (127.0.0.1)"
    )
    parser.add_argument(
        "--demo", action="store_true", help="play the demonstration: invented people, offices that answer"
    )


@dataclass
class Child:
    """One process that `run` keeps alive."""

    name: str
    command: list[str]
    once: bool = False  # it ends by itself, and that is well
    process: subprocess.Popen[bytes] | None = None
    patience: float = PATIENCE
    not_before: float = 0.0

    def start(self) -> None:
        """Afterwards it runs."""
        # In a group of its own, so that Ctrl-C is heard by `run` alone, which then ends each child once and in order.
        self.process = subprocess.Popen([sys.executable, "-m", "answerable", *self.command], process_group=0)
        self.not_before = time.monotonic() + self.patience
        self.patience = min(self.patience * 2, LONGEST_PATIENCE)


def run(options: argparse.Namespace) -> int:
    """Migrate, start the children, and stay until somebody says stop."""
    os.environ["PORT"] = str(options.port)
    os.environ["ANSWERABLE_PARENT"] = str(os.getpid())
    if options.demo:
        os.environ["ANSWERABLE_DEMO"] = "1"
        os.environ["ANSWERABLE_SMTP_URL"] = f"smtp://127.0.0.1:{options.port + 27}"
        os.environ["ANSWERABLE_LISTEN"] = f"127.0.0.1:{options.port + 25}"
    migrated = subprocess.run([sys.executable, "-m", "answerable", "migrate"])
    if migrated.returncode:
        return 1
    children = [
        Child("web", ["web", "--host", options.host, "--port", str(options.port)]),
        Child("listen", ["listen"]),
        Child("work", ["work"]),
    ]
    if options.demo:
        children += [Child("offices", ["offices"]), Child("story", ["story"], once=True)]
    print(f"Answerable is at http://localhost:{options.port}/desk/  (Ctrl-C ends it)", flush=True)
    return supervise(children)


def supervise(children: list[Child]) -> int:
    """Keep the children alive until SIGINT or SIGTERM; then end every one of them. Returns 0."""
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        while not stopping:
            for child in children:
                keep_alive(child)
            time.sleep(0.2)
    finally:
        end(children)
    return 0


def keep_alive(child: Child) -> None:
    """Afterwards the child runs, unless it ended as it should, or ended so often that it has to wait."""
    ended = child.process.poll() if child.process else None
    if child.process is not None and ended is None:
        return
    if child.once and child.process is not None:
        return
    if time.monotonic() >= child.not_before:
        if child.process is not None:
            print(f"{child.name} ended with {ended}; it is started again", file=sys.stderr, flush=True)
        child.start()


def end(children: list[Child]) -> None:
    """Afterwards none of the children runs any more."""
    running = [child.process for child in children if child.process and child.process.poll() is None]
    for process in running:
        with suppress(ProcessLookupError):
            process.terminate()
    until = time.monotonic() + TIME_TO_END
    for process in running:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
