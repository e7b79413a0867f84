"""`answerable publish`: publish a letter; the same checks as on the page."""

import argparse

from answerable import journey
from answerable.core.instants import now
from answerable.record import building, checks

from .acting import letter_called, says_who, user_called


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which letter, and who says so."""
    parser.add_argument("letter", help="the letter's reference, as AN-7K3M-2QXD")
    says_who(parser)
    parser.add_argument("--seen", action="store_true", help="say that you have looked at what the checks found")


def run(options: argparse.Namespace) -> int:
    """Print what the checks find; publish if nothing forbids it and it was all seen."""
    by = user_called(options.by)
    letter = letter_called(options.letter, by)
    found = checks.findings(letter, now=now())
    for one in found:
        print(f"- {one.sentence}" + (f" “{one.excerpt}”" if one.excerpt else ""))
    seen = [one.key for one in found] if options.seen else []
    journey.publish(letter, seen=seen, by=by, now=now())
    building.build(letter, now=now())
    print(f"Published: /letters/{letter.slug}/")
    return 0
