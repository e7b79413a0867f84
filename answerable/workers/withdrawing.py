"""`answerable withdraw`: take a published letter off the record, at once."""

import argparse

from answerable import journey
from answerable.core.instants import now
from answerable.record import building

from .acting import letter_called, says_who, user_called


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which letter, and who says so."""
    parser.add_argument("letter", help="the letter's reference, as AN-7K3M-2QXD")
    says_who(parser)
    parser.add_argument("--reason", default="", help="for your own log; it is not shown")


def run(options: argparse.Namespace) -> int:
    """Withdraw it and remove its files."""
    by = user_called(options.by)
    letter = letter_called(options.letter, by)
    journey.withdraw(letter, by=by, reason=options.reason, now=now())
    building.build(letter, now=now())
    print(f"Withdrawn: /letters/{letter.slug}/ says that it is gone, and nothing else.")
    return 0
