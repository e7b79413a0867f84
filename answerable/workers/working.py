"""`answerable work`: everything that happens by itself. There is no job table: the rows are the work.

A few lines of duties run beside each other, so that a mail server that hangs does not keep a date from falling due.
Each duty is a function of `now` that does what is to be done and returns how much it was; a line that found nothing
rests. Any number of `work` processes may run on any number of machines, and each may be killed at any instruction.
"""

import argparse
import datetime as dt
import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections, connections

from answerable.core.instants import now

from . import duties
from .dying import end_with_parent
from .nodes import hold_node

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """Duties that are done one after the other, and how many seconds to rest when there was nothing to do."""

    name: str
    duties: tuple[Callable[[dt.datetime], int], ...]
    rest: float


LINES = (
    Line("mail in", (duties.adopt_mail, duties.read_mail), rest=0.3),
    Line("mail filed", (duties.receive_mail,), rest=0.3),
    # Three, so that one server that answers by the drop keeps no other letter waiting.
    *(Line(f"mail out {number}", (duties.deliver, duties.recover_stranded), rest=0.3) for number in (1, 2, 3)),
    Line("clock", (duties.tick, duties.sequence_log), rest=1),
    Line("record", (duties.build_record,), rest=0.5),
    Line("mailboxes", (duties.poll_mailboxes,), rest=5),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `work`."""
    parser.add_argument("--once", action="store_true", help="do what there is to do, then end")


def run(options: argparse.Namespace) -> int:
    """Work until told to stop; with --once, until there is nothing left."""
    with hold_node() as node:
        duties.begin(node, now())
        if options.once:
            while sum(once(line) for line in LINES):
                pass
            return 0
        end_with_parent()
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda _signal, _frame: stop.set())
        threads = [threading.Thread(target=follow, args=(line, stop), name=line.name, daemon=True) for line in LINES]
        for thread in threads:
            thread.start()
        stop.wait()
        for thread in threads:
            thread.join(timeout=8)
        duties.end()
    return 0


def follow(line: Line, stop: threading.Event) -> None:
    """Do the duties of one line until told to stop. What goes wrong is logged, by its kind, and tried again later."""
    while not stop.is_set():
        done = once(line)
        if not done:
            connections.close_all() if line.rest > 1 else close_old_connections()
            stop.wait(line.rest)


def once(line: Line) -> int:
    """One round of one line; returns how much was done."""
    done = 0
    for duty in line.duties:
        try:
            done += duty(now())
        except Exception as error:
            # The message of an error may hold an address or words of a letter: only its kind and place are logged.
            place = error.__traceback__
            while place and place.tb_next:
                place = place.tb_next
            where = f"{place.tb_frame.f_code.co_filename.rpartition('/')[2]}:{place.tb_lineno}" if place else "?"
            log.error("%s: %s at %s", duty.__name__, type(error).__name__, where)
            close_old_connections()
    return done
