"""The product's own processes, in a home and on a database that no other test uses."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Home:
    """Where started processes keep everything, the database they share, and what else their environment says."""

    folder: Path
    database: str
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that lives here."""
        own = {"ANSWERABLE_HOME": str(self.folder), "DATABASE_URL": self.database}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSWERABLE_", "DJANGO_"))}
        return kept | own | self.more

    def command(self, *arguments: str, given: bytes = b"", code: int = 0) -> str:
        """What `answerable ...` prints. Fails, with all it said, where it ends with another code."""
        done = subprocess.run(
            [sys.executable, "-m", "answerable", *arguments],
            env=self.environment, input=given, capture_output=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout!r}\n{done.stderr!r}"
        return (done.stdout if code == 0 else done.stderr).decode()

    @contextmanager
    def started(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """`answerable ...` while the block runs; what it says goes to `said`. Ended by SIGTERM, all its children with it."""
        with self.said.open("ab") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "answerable", *arguments],
                env=self.environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
            )  # fmt: skip
        family = tree(process.pid)
        try:
            yield process
        finally:
            family = tree(process.pid) or family
            process.terminate()
            try:
                process.wait(20)
            finally:
                for one in family:
                    with suppress(ProcessLookupError):
                        os.kill(one, signal.SIGKILL)
                process.wait()

    @property
    def said(self) -> Path:
        """What the started processes printed."""
        return self.folder / "said.txt"


def tree(pid: int) -> list[int]:
    """The process and all its descendants that run; empty where it is gone itself."""
    children: dict[int, list[int]] = {}
    alive = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent, *_rest = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if state != "Z":
            alive.add(int(stat.parent.name))
            children.setdefault(int(parent), []).append(int(stat.parent.name))
    found = [pid] if pid in alive else []
    for one in found:
        found += children.get(one, [])
    return found


def runs(pid: int) -> bool:
    """Whether the process is there and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def command_of(pid: int) -> str:
    """The words of a process's command after `-m`."""
    with suppress(OSError, ValueError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().rstrip("\0").split("\0")
        return " ".join(words[words.index("-m") + 1 :])
    return ""


def free_port(*, beside: tuple[int, ...] = ()) -> int:
    """A port on which nobody listens, and nobody on the ports so far from it either."""
    for _ in range(200):
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
        if all(port + other < 65_536 and not listens(port + other) for other in beside):
            return port
    raise RuntimeError("no port is free")


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex(("127.0.0.1", port)) == 0


def wait_until(so: Callable[[], object], *, seconds: float = 60, what: str = "") -> float:
    """Wait until `so()` is true; returns how many seconds it took. Fails after `seconds`."""
    started = time.monotonic()
    while not so():
        assert time.monotonic() - started < seconds, f"not within {seconds:.0f} s: {what or so}"
        time.sleep(0.1)
    return time.monotonic() - started
