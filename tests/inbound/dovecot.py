"""A Dovecot of one test: on loopback, with one account, in a temporary folder, gone afterwards."""

import contextlib
import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

USER, PASSWORD = "family@people.example", "correct-horse-battery"

_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {owner}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:{folder}/mail
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
"""


def program() -> str | None:
    """Dovecot, where it is installed; Debian keeps it off an ordinary user's PATH."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@contextlib.contextmanager
def dovecot() -> Iterator[int]:
    """A running server; its port. RuntimeError, with its log, where it does not start."""
    with tempfile.TemporaryDirectory(prefix="answerable-imap-", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), _free_port()
        me = pwd.getpwuid(os.getuid())
        # Dovecot gives nobody's mail to root: there, it keeps its own users.
        owner, login = (pwd.getpwnam("dovecot"), "dovenull") if me.pw_uid == 0 else (me, me.pw_name)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        folder.chmod(0o755)
        file = folder / "dovecot.conf"
        file.write_text(
            _CONFIGURATION.format(
                folder=folder, port=port, owner=owner.pw_name, login=login, uid=owner.pw_uid, gid=owner.pw_gid,
                group=grp.getgrgid(owner.pw_gid).gr_name, password=PASSWORD,
            )
        )  # fmt: skip
        process = subprocess.Popen([str(program()), "-F", "-c", str(file)], stderr=subprocess.DEVNULL)
        try:
            _wait_until_it_answers(process, port, folder / "log")
            yield port
        finally:
            end(process)


def _wait_until_it_answers(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            if line.recv(100).startswith(b"* OK"):
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    said = log.read_text() if log.exists() else ""
    raise RuntimeError(f"dovecot did not start: {said[-1000:]}")


def end(process: "subprocess.Popen[bytes]") -> None:
    """Afterwards it is gone; its children end with it."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
