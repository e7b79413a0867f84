"""An answer that was written on the reply page, put together as the message that it would have been by mail.

The same words posted once more are the same bytes, and so one message: nothing in it is random, and what it is dated
by is when the page was opened.
"""

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from .attached import safe_name
from .headers import clean

NO_ADDRESS = "no-address@reply-page.invalid"  # leads nowhere, for ever (RFC 6761 section 6.4)

_NO_WORD = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # controls, tricks of direction


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote, as they wrote it. Who they are is their own word. `files` are (name, content)."""

    name: str
    post: str
    email: str
    text: str
    files: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)


def as_message(written: Written, *, to: str, subject: str, opened_at: dt.datetime) -> bytes:
    """The message (RFC 5322) that answers the letter with this subject at the reply address `to`.

    Its Message-ID names what was written and where, not when: a further copy from another opening of the page is
    known as the same (`inbound.again`).
    """
    mark = _mark(written, to)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(_sender(written), addr_spec=written.email or NO_ADDRESS)
    message["To"] = to
    message["Subject"] = f"Re: {_one_line(subject)}"
    message["Date"] = format_datetime(opened_at)
    message["Message-ID"] = f"<{mark}@{to.rpartition('@')[2]}>"
    message["X-Answerable-Way"] = "reply page"
    message.set_content(clean(written.text), cte="quoted-printable")
    for number, (name, content) in enumerate(written.files, 1):
        # What a file is, its bytes say.
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=safe_name(name) or f"file-{number}"
        )
    if written.files:
        message.set_boundary(f"page-{mark}")
    return message.as_bytes()


def _mark(written: Written, to: str) -> str:
    files = [[name, hashlib.sha256(content).hexdigest()] for name, content in written.files]
    same = [to, written.name, written.post, written.email, written.text, files]
    return hashlib.sha256(json.dumps(same).encode("ascii")).hexdigest()[:40]


def _sender(written: Written) -> str:
    return ", ".join(part for part in (_one_line(written.name), _one_line(written.post)) if part)


def _one_line(text: str) -> str:
    return " ".join(_NO_WORD.sub(" ", clean(text)).split())
