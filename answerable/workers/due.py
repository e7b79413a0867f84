"""`answerable due`: by when, under one rule."""

import argparse

from answerable.clock.telling import tell_due


def arguments(parser: argparse.ArgumentParser) -> None:
    """The rule and the day."""
    parser.add_argument("--rule", required=True, help="the id of a response rule, as al-ati")
    parser.add_argument("--sent", required=True, metavar="DATE", help="the day the letter arrived, as 2026-03-31")
    parser.add_argument("--subdivision", default="", help="the part of the country whose holidays count too, as BY")


def run(options: argparse.Namespace) -> int:
    """Print the date first, then how it was counted."""
    print(tell_due(options.rule, options.sent, subdivision=options.subdivision))
    return 0
