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
from pathlib import Path
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


@contextlib.contextmanager
def cluster(*, settings: dict[str, str] | None = None) -> Iterator[str]:
    """A running, empty cluster; yields a DATABASE_URL. Raises RuntimeError, with the server's words, if it will not start."""
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
        words = (Path(folder) / "words").open("w+")
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in chosen.items())],
            stdout=words, stderr=words, cwd=folder, **as_owner,
        )  # fmt: skip
        try:
            url = f"postgres://postgres@{quote(folder, safe='')}/postgres"
            _wait(server, folder, words.name)
            yield url
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=30)
            words.close()


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
