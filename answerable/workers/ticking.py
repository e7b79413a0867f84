"""`answerable tick`: what has fallen due, once."""

import argparse
import datetime as dt

from answerable import journey
from answerable.core.errors import Refused
from answerable.core.instants import now


def arguments(parser: argparse.ArgumentParser) -> None:
    """The instant, if it is not now."""
    parser.add_argument("--now", metavar="INSTANT", help="as 2026-03-31T09:00Z; default: now")


def run(options: argparse.Namespace) -> int:
    """Say how many dates had passed."""
    passed = journey.tick(now=instant(options.now) if options.now else now())
    print(f"{passed} dates had passed.")
    return 0


def instant(text: str) -> dt.datetime:
    """An instant as ISO 8601, in UTC where it names no zone. Refused where it is none."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f"“{text[:40]}” is not an instant. Write it as in 2026-03-31T09:00Z.") from None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
