"""`answerable deliver`: one message on standard input, as an MTA's pipe hands it over. It needs no database either."""

import argparse
import os
import sys

from django.conf import settings

from answerable.core.instants import now
from answerable.inbound.spool import Envelope, NotKept, keep


def arguments(parser: argparse.ArgumentParser) -> None:
    """The envelope."""
    parser.add_argument("--sender", metavar="A", help='the envelope sender; "" for the null sender (a bounce)')
    parser.add_argument("recipients", nargs="+", metavar="RECIPIENT", help="the envelope recipients")


def run(options: argparse.Namespace) -> int:
    """0 once the message is durable, 75 (EX_TEMPFAIL: try again later) where it could not be kept."""
    try:
        raw = sys.stdin.buffer.read()
        envelope = Envelope(options.sender, tuple(options.recipients), "pipe")
        keep(settings.ANSWERABLE_SPOOL, raw, envelope, now=now())
    except Exception as error:  # whatever fails, also the settings: for an MTA any other code is a refusal
        why = error if isinstance(error, NotKept) else type(error).__name__
        print(f"The message could not be kept ({why}); it must be handed over again later.", file=sys.stderr)
        return os.EX_TEMPFAIL
    return 0
