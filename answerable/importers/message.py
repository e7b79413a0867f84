"""An e-mail as lines: the headers that say who writes to whom, then its text."""

import email
import email.header
import re
from dataclasses import replace
from email.message import Message

from django.utils.translation import gettext as _

from answerable.core.errors import Refused
from answerable.importers.page import lines_of_page
from answerable.importers.plain import lines_of_text
from answerable.importers.text import Line, Page, bounded, decoded, tidy

MAX_PARTS = 100
MAX_HEADER = 10_000
_BOUNDARY = re.compile(rb"(?i)boundary\s*=")
_SHOWN = ("From", "To", "Cc", "Subject")


def lines_of_message(source: bytes) -> Page:
    """The lines of the first readable part of an e-mail, after its From, To, Cc and Subject. Raises Refused."""
    if len(_BOUNDARY.findall(source)) > MAX_PARTS:  # the standard parser recurses
        raise Refused(_("This message is put together from more parts than any real one. Paste its words."))
    message = email.message_from_bytes(source)
    headers = [f"{name}: {said}" for name in _SHOWN if (said := _header(message, name))]
    page = _content(message)
    lines = [Line(number, text, kind="header") for number, text in enumerate(headers, start=1)]
    lines += [replace(line, number=line.number + len(lines), paragraph=line.paragraph + 1) for line in page.lines]
    return replace(page, lines=bounded(lines), title=_header(message, "Subject"), dated=_header(message, "Date"))


def _header(message: Message, name: str) -> str:
    """A header in plain words, encoded words decoded; what cannot be decoded as it stands."""
    raw = str(message.get(name, ""))[:MAX_HEADER]
    try:
        return tidy(str(email.header.make_header(email.header.decode_header(raw))))
    except (LookupError, ValueError, email.errors.MessageError):
        return tidy(raw)


def _content(message: Message) -> Page:
    page = None
    for part in message.walk():
        payload = part.get_payload(decode=True)
        if part.get_filename() or not isinstance(payload, bytes):
            continue
        declared = str(part.get_content_charset() or "")
        if part.get_content_type() == "text/plain":
            return lines_of_text(decoded(payload, declared=declared))
        if part.get_content_type() == "text/html" and page is None:
            page = lines_of_page(decoded(payload, declared=declared))
    if page is None:
        raise Refused(_("This message holds no text that can be read. Save its text, or print it and type the words."))
    return page
