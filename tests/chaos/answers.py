"""Answers that come, as an office's mail server hands them over, and what must have become of every one."""

import hashlib
import smtplib
from collections.abc import Iterable
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from pathlib import Path

from answerable.inbound import spool
from answerable.inbound.models import Mail

OFFICE = "registry@ministry.example"
NOBODY = "r.nobody@answerable.example"
PDF = b"%PDF-1.4\n" + bytes(range(256)) * 40 + b"\n%%EOF\n"


def answer(number: int, to: str = NOBODY, *, more: bytes = b"") -> bytes:
    """An answer with a file, as its bytes go over the wire; no two numbers have the same."""
    message = EmailMessage(policy=WIRE)
    message["From"], message["To"], message["Subject"] = OFFICE, to, f"Re: your letter ({number})"
    message["Message-ID"] = f"<{number}@ministry.example>"
    message.set_content(f"He is in Marlow, says paper {number}.")
    message.add_attachment(PDF + b"%d" % number + more, maintype="application", subtype="pdf", filename="paper.pdf")
    message.set_boundary("paper")
    return message.as_bytes()


def hand_in(port: int, raw: bytes, to: str = NOBODY) -> int:
    """Hand it to the listener on that port; the code it says at the end, 0 where it says nothing any more."""
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
            client.sendmail(OFFICE, [to], raw)
        return 250
    except smtplib.SMTPResponseException as error:
        return int(error.smtp_code)
    except smtplib.SMTPRecipientsRefused as error:
        return int(next(iter(error.recipients.values()))[0])
    except (OSError, smtplib.SMTPServerDisconnected):
        return 0


def each_is_one_row(folder: Path, messages: Iterable[bytes]) -> None:
    """Every one of the messages is one row, its bytes are in the spool at `folder` as they came, and there is no other row."""
    wanted = sorted(hashlib.sha256(raw).hexdigest() for raw in messages)
    rows = dict(Mail.objects.values_list("digest", "sha256"))
    assert sorted(rows.values()) == wanted
    assert {name: hashlib.sha256(spool.load(folder, name)).hexdigest() for name in rows} == rows
    assert not list(spool.waiting(folder))
