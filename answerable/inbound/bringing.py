"""Messages that a person brings as a file: one that a mail program saved, or a mailbox with many."""

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.policy import compat32

from django.utils.translation import gettext as _

from answerable.accounts.models import Mailbox, Team, User
from answerable.core.errors import Refused

from . import intake
from .headers import addresses
from .outlook import is_saved_message
from .spool import Envelope, NotKept

LARGEST = 30 * 1024 * 1024  # bytes
MOST_MESSAGES = 500
_HEAD = 65_536  # bytes of a message in which its sender is looked for
_BOM = b"\xef\xbb\xbf"
# RFC 4155, as programs write it: after a blank line, and headers follow.
_NEXT_MESSAGE = re.compile(rb"(?:\A|(?<=\n)\r?\n)From [^\n]{1,300}\n(?=[!-9;-~]{1,80}[ \t]*:)")
_LAST_BLANK_LINE = re.compile(rb"(\n)\r?\n\Z")
_ESCAPED = re.compile(rb"(?m)^>(>*From )")
_MAIL_HEADER = re.compile(
    rb"(?im)^(?:from|to|date|subject|received|return-path|delivered-to|message-id|mime-version)[ \t]*:"
)
_FIRST_HEADER = re.compile(rb"[!-9;-~]{1,80}[ \t]*:")


@dataclass(frozen=True, slots=True)
class Brought:
    """How many messages were kept, and how many of a mailbox were the team's own and left out."""

    kept: int
    left_out: int = 0


def bring_in(content: bytes, *, to: str, team: Team, now: dt.datetime) -> Brought:
    """Afterwards each message in the file is durable, as if it had come to our address `to`.

    In a mailbox nobody has looked at each: what the team wrote itself is left out, and an answer among them is a guess
    (`kinds`). Refused where it is no message, or holds too many, or could not be kept.
    """
    messages = messages_in(content)
    own = _own_addresses(team) if len(messages) > 1 else frozenset()
    theirs = [raw for raw in messages if _sender(raw) not in own]
    if not theirs:
        raise Refused(
            _("Every message in this mailbox is from your own address: none can be an answer."), field="message"
        )
    envelope = Envelope(None, (to,), "mbox" if len(messages) > 1 else "upload")
    try:
        for raw in theirs:
            intake.take_in(raw, envelope, now=now)
    except NotKept:
        raise Refused(
            _("The message could not be kept: the disk of this host is full or cannot be written. Try again later.")
        ) from None
    return Brought(len(theirs), len(messages) - len(theirs))


def messages_in(content: bytes) -> list[bytes]:
    """The messages in a file, as they came: of .eml or .msg the one, of an mbox each. Refused for anything else."""
    content = content.removeprefix(_BOM)
    if len(content) > LARGEST:
        raise Refused(_("The message is too large: at most 30 megabytes."), field="message")
    if is_saved_message(content):
        return [content]
    starts = list(_NEXT_MESSAGE.finditer(content)) if content.startswith(b"From ") else []
    if starts:
        return _of_mailbox(content, starts)
    block = re.split(rb"\r?\n\r?\n", content[:_HEAD].lstrip(b"\r\n"), maxsplit=1)[0]
    if _FIRST_HEADER.match(block) and _MAIL_HEADER.search(block):
        return [content]
    raise Refused(
        _(
            "This is no message that a mail program saved: choose an .eml, .msg or mbox file. "
            "A letter on paper, a scan or a PDF is recorded as an answer on paper."
        ),
        field="message",
    )


def _of_mailbox(content: bytes, starts: Collection[re.Match[bytes]]) -> list[bytes]:
    if len(starts) > MOST_MESSAGES:
        raise Refused(
            _(
                "This mailbox holds %(n)s messages, and at most %(most)s are taken at once: export only those of this office."
            )
            % {"n": len(starts), "most": MOST_MESSAGES},
            field="message",
        )
    content = _LAST_BLANK_LINE.sub(rb"\1", content)
    ends = [start.start() for start in starts][1:] + [len(content)]
    return [_ESCAPED.sub(rb"\1", content[start.end() : end]) for start, end in zip(starts, ends, strict=True)]


def _own_addresses(team: Team) -> frozenset[str]:
    boxes = Mailbox.objects.filter(team=team).values_list("address", flat=True)
    members = User.objects.filter(memberships__team=team).values_list("email", flat=True)
    return frozenset(address.lower() for address in (*boxes, *members))


def _sender(raw: bytes) -> str:
    fields = BytesHeaderParser(policy=compat32).parsebytes(raw[:_HEAD])
    return next((address.lower() for _name, address in addresses(fields, "From", [])), "")
