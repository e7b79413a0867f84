"""Runs the product's own commands and kills them (SIGKILL) at their Nth write point, so that every N can be tried.

A write point is the moment before a file is opened for writing, renamed, linked, removed or a folder made; before and
after an fsync, a commit, and a statement that is its own transaction; before and after the words of an SMTP
conversation. The product knows nothing of it: its own calls are counted here.

    python -m tests.chaos.dying N COMMAND...    that command, killed at its Nth point
    python -m tests.chaos.dying                 a line of JSON on standard input, [N, COMMAND...], and its exit code out:
                                                each in a fork of this process, which has loaded everything already
"""

import json
import os
import signal
import smtplib
import sys
import threading
from collections.abc import Callable
from itertools import count
from typing import Any

import django
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from answerable.workers.main import command

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
AUDITED = {"os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"}


def die_at(number: int) -> Callable[[], int]:
    """From now on this process counts its write points, and is killed at that one. How many it passed is what is returned."""
    home = os.environ["ANSWERABLE_HOME"]
    points, lock = count(1), threading.Lock()

    def point(what: str) -> None:
        with lock:
            if next(points) == number:
                os.write(2, f"killed at point {number}: {what}\n".encode())
                os.kill(os.getpid(), signal.SIGKILL)

    def audited(event: str, arguments: tuple[Any, ...]) -> None:
        if event in AUDITED or (event == "open" and arguments[2] and arguments[2] & WRITING):
            named = str(arguments[0])
            if named.startswith(home):
                point(f"before {event} {named.removeprefix(home)[:40]}")

    def around(function: Callable[..., Any], counts: Callable[..., bool] = lambda *_: True) -> Callable[..., Any]:
        def called(*given: Any, **named: Any) -> Any:
            if not counts(*given):
                return function(*given, **named)
            point(f"before {function.__name__}")
            try:
                return function(*given, **named)
            finally:
                point(f"after {function.__name__}")

        return called

    def alone(cursor: Any, sql: Any, *_: Any) -> bool:
        return not cursor.db.in_atomic_block and str(sql).startswith(("INSERT", "UPDATE", "DELETE"))

    sys.addaudithook(audited)
    os.fsync = around(os.fsync)  # type: ignore[assignment]
    BaseDatabaseWrapper._commit = around(BaseDatabaseWrapper._commit)  # type: ignore[attr-defined]
    CursorWrapper.execute = around(CursorWrapper.execute, alone)  # type: ignore[method-assign]
    smtplib.SMTP.send = around(smtplib.SMTP.send)  # type: ignore[method-assign]
    smtplib.SMTP.getreply = around(smtplib.SMTP.getreply)  # type: ignore[method-assign]
    return lambda: next(points) - 1


def run(number: int, arguments: list[str]) -> int:
    """The exit code of one command, which says at its end how many points it passed."""
    passed = die_at(number)
    code = command(arguments)
    os.write(2, f"passed {passed()} points\n".encode())
    return code


def serve() -> None:
    """Run commands in forks until the input ends."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "answerable.conf.settings"
    django.setup()
    __import__("answerable.workers.working")
    for line in sys.stdin:
        number, *arguments = json.loads(line)
        child = os.fork()
        if not child:
            os.dup2(2, 1)
            # Without what the parent registered to be done at its own end.
            os._exit(run(number, arguments))
        _pid, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(run(int(sys.argv[1]), sys.argv[2:]))
    serve()
