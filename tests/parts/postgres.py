"""A PostgreSQL cluster for one run: in a temporary folder, on a Unix socket, gone afterwards."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

# What a cluster that is thrown away can do without.
HASTY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres`: Debian keeps it off the PATH. The newest version wins."""
    beside = shutil.which("initdb")
    if beside:
        return Path(beside).resolve().parent
    found = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    return max(found, key=lambda folder: float(folder.parent.name), default=None)


@dataclass
class Cluster:
    """A cluster that can be stopped and started again, with what is in it."""

    url: str
    _command: list[str]
    _folder: str
    _as_owner: dict[str, Any]
    _server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Afterwards it answers. Raises RuntimeError, with the server's words, if it will not start."""
        with (Path(self._folder) / "words").open("w") as words:
            self._server = subprocess.Popen(
                self._command, stdout=words, stderr=words, cwd=self._folder, **self._as_owner
            )
        _wait(self._server, self._folder, words.name)

    def stop(self) -> None:
        """Afterwards it is down; whoever was connected was cut off."""
        if self._server:
            self._server.send_signal(signal.SIGINT)
            self._server.wait(timeout=30)


@contextlib.contextmanager
def cluster(*, settings: dict[str, str] | None = None) -> Iterator[str]:
    """A running, empty cluster; yields a DATABASE_URL. Raises RuntimeError, with the server's words, if it will not start."""
    with stoppable(settings=settings) as running:
        yield running.url


@contextlib.contextmanager
def stoppable(*, settings: dict[str, str] | None = None) -> Iterator[Cluster]:
    """The same, for who wants to stop it meanwhile."""
    programs = binaries()
    if programs is None:
        raise RuntimeError("needs PostgreSQL's programs (initdb, postgres)")
    # /tmp, not TMPDIR: the name of a socket may have no more than 107 bytes.
    with tempfile.TemporaryDirectory(prefix="answerable-pg-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        owner = _owner()
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data = Path(folder) / "data"
        as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
        made = subprocess.run(
            [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"],
            capture_output=True, text=True, cwd=folder, **as_owner,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(f"initdb: {made.stderr}")
        chosen = {
            "listen_addresses": "",
            "unix_socket_directories": folder,
            **(HASTY if settings is None else settings),
        }
        options = [f"--{name}={value}" for name, value in chosen.items()]
        url = f"postgres://postgres@{quote(folder, safe='')}/postgres"
        running = Cluster(url, [f"{programs}/postgres", "-D", f"{data}", *options], folder, as_owner)
        try:
            running.start()
            yield running
        finally:
            running.stop()


def _owner() -> pwd.struct_passwd | None:
    """Who runs the server when we are root, which PostgreSQL refuses to be run by; None: ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _wait(server: subprocess.Popen[bytes], folder: str, words: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with (
            contextlib.suppress(psycopg.OperationalError),
            psycopg.connect(host=folder, user="postgres", dbname="postgres"),
        ):
            return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"postgres did not start: {Path(words).read_text()}")
