"""`answerable mail`: every stored message."""

import argparse
import json

from answerable.core.instants import now
from answerable.inbound import intake
from answerable.inbound.matching import threads_of
from answerable.inbound.models import Mail


def arguments(parser: argparse.ArgumentParser) -> None:
    """How to print it."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(options: argparse.Namespace) -> int:
    """Give a row to what has none yet, then print every message, oldest first."""
    while intake.adopt_orphans(now=now(), most=250):
        pass
    for mail in Mail.objects.select_related("same_as").order_by("received_at", "pk").iterator(chunk_size=500):
        row = as_json(mail)
        print(json.dumps(row, ensure_ascii=False) if options.json else in_one_line(row))
    return 0


def as_json(mail: Mail) -> dict[str, object]:
    """What scripts are promised of a message. One that came again stands where the first of it stands."""
    return {
        "id": str(mail.uid),
        "sha256": mail.sha256,
        "received_at": mail.received_at.isoformat(),
        "subject": mail.subject,
        "envelope_from": mail.envelope_from,
        "envelope_to": mail.envelope_to,
        "kind": mail.kind,
        "state": mail.first.state,
        "threads": [str(uid) for uid in threads_of(mail.first)],
    }


def in_one_line(row: dict[str, object]) -> str:
    """A message for somebody who reads the terminal."""
    return f"{str(row['received_at'])[:16]}  {row['state']!s:9} {row['kind']!s:15} {row['subject']}"
