"""From the bytes of a message to plain values. Never raises for what a message contains; has limits for how much.

Runs in a child process (`inbound.child`): only the standard library and small parts are imported here.
"""

import email
import re
from collections.abc import Callable
from email.message import Message
from email.policy import compat32
from typing import TypeVar

from . import inline, tnef
from .attached import File, attachment
from .bodies import html_to_text
from .headers import addresses, as_text, clean, decode, decoded, header, instant, message_ids, raw_values
from .outlook import OLE, message_of
from .parsed import Parsed, Unreadable
from .quotes import new_text
from .reports import report_in
from .tnef import Wrapped

LARGEST = 60_000_000  # bytes; the listener takes less, uploads come base64-decoded
LONGEST_HEADERS = 512_000  # bytes of the outermost header block
MOST_HEADERS = 2_000
MOST_PARTS = 500
DEEPEST = 30
LONGEST_TEXT = 2_000_000  # characters; what is longer is cut, noted, and whole in the original
_MOST_DASHED_LINES = 50_000
_TRANSFER_ENCODINGS = frozenset(
    {"", "7bit", "8bit", "binary", "base64", "quoted-printable", "x-uuencode", "uuencode", "uue", "x-uue"}
)
_DELIVERED_TO = (
    "Delivered-To",
    "X-Original-To",
    "X-Delivered-To",
    "Envelope-To",
    "X-Envelope-To",
    "Resent-To",
    "Resent-Cc",
    "X-Forwarded-To",
)
_AUTOMATIC = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Auto-Response-Suppress",
    "X-MS-Exchange-Inbox-Rules-Loop",
)
_FROM_LIST = ("List-Id", "List-Unsubscribe", "List-Post", "Feedback-ID", "X-Mailing-List")
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_SPAM = ("X-Spam-Flag", "X-Spam-Status", "X-Spam")
_WRAPPERS = {
    "application/pkcs7-mime": "smime", "application/x-pkcs7-mime": "smime",
    "application/pkcs7-signature": "smime-signed", "application/x-pkcs7-signature": "smime-signed",
    "application/pgp-encrypted": "pgp-encrypted", "application/pgp-signature": "pgp-signed",
}  # fmt: skip
T = TypeVar("T")


def parse(raw: bytes) -> Parsed | Unreadable:
    """The message in `raw`, or why it is left as it came. Raises nothing but MemoryError."""
    if too_much := _exceeds(raw):
        return Unreadable(too_much)
    try:
        notes: list[str] = []
        message = message_of(raw, notes) if raw.startswith(OLE) else email.message_from_bytes(raw, policy=compat32)
        return _read(message, notes)
    except RecursionError:
        return Unreadable("too-deep")
    except _TooMuch as limit:
        return Unreadable(str(limit))
    except MemoryError:
        raise
    except Exception as error:  # the standard library meets hostile mail in ways it does not document
        return Unreadable(f"failed:{type(error).__name__}")


class _TooMuch(Exception):
    """A limit was passed; its text is the code."""


def _exceeds(raw: bytes) -> str:
    """The code of the limit that `raw` passes before anything is parsed; "" when it passes none."""
    if len(raw) > LARGEST:
        return "too-large"
    ends = [at for at in (raw.find(b"\n\n"), raw.find(b"\r\n\r\n")) if at >= 0]
    block = raw[: min(ends)] if ends else raw
    if len(block) > LONGEST_HEADERS and _looks_like_headers(block):
        return "headers-too-long"
    if block.count(b"\n") > MOST_HEADERS and _looks_like_headers(block):
        return "too-many-headers"
    if raw.count(b"\n--") > _MOST_DASHED_LINES:
        return "too-many-parts"
    return ""


def _looks_like_headers(block: bytes) -> bool:
    return re.match(rb"(?:From |[!-9;-~]+[ \t]*:)", block) is not None


def _read(message: Message, notes: list[str]) -> Parsed:
    parts = _parts(message)
    text, files = _text_and_files(parts, notes)
    senders = addresses(message, "From", notes) or addresses(message, "Sender", notes)
    from_name, from_address = senders[0] if senders else (header(message, "From", notes)[:500], "")
    dates = raw_values(message, "Date")
    return Parsed(
        subject=header(message, "Subject", notes)[:998],
        from_name=from_name[:500],
        from_address=from_address,
        reply_to=_only_addresses(message, "Reply-To", notes),
        to=_only_addresses(message, "To", notes),
        cc=_only_addresses(message, "Cc", notes),
        delivered_to=tuple(one for name in _DELIVERED_TO for one in _only_addresses(message, name, notes)),
        message_id=next(iter(message_ids(message, "Message-ID")), "")[:998],
        in_reply_to=tuple(message_ids(message, "In-Reply-To")),
        references=tuple(message_ids(message, "References")),
        dated_at=instant(dates[0]) if dates else None,
        return_path=_return_path(message, notes),
        auto_submitted=header(message, "Auto-Submitted", notes).partition(";")[0].strip().lower()[:80],
        precedence=header(message, "Precedence", notes).lower()[:40],
        auto_headers=tuple(
            f"{name}: {header(message, name, notes)[:80]}" for name in _AUTOMATIC if raw_values(message, name)
        ),
        is_from_list=any(raw_values(message, name) for name in _FROM_LIST),
        is_marked_spam=any(header(message, name, notes).lower().startswith("yes") for name in _SPAM),
        text=text,
        reply_text=new_text(text),
        report=report_in(message, parts, notes),
        attachments=tuple(attachment(file, number) for number, file in enumerate(files, start=1)),
        notes=tuple(dict.fromkeys(notes)),
    )


def _parts(message: Message) -> list[Message]:
    """Every part that has content of its own, in order. What is inside an attached message stays inside."""
    leaves: list[Message] = []
    seen = 0
    stack: list[tuple[Message, int]] = [(message, 0)]
    while stack:
        part, depth = stack.pop()
        seen += 1
        if depth > DEEPEST:
            raise _TooMuch("too-deep")
        if seen > MOST_PARTS:
            raise _TooMuch("too-many-parts")
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            stack += [(one, depth + 1) for one in reversed(_inside(part))]
        else:
            leaves.append(part)
    return leaves


def _inside(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _text_and_files(parts: list[Message], notes: list[str]) -> tuple[str, list[File]]:
    """The words of the message, and its files, also those inside a wrapper. HTML counts only where there are no plain words."""
    plain: list[str] = []
    html: list[str] = []
    wrapped = Wrapped()
    files: list[File] = []
    for part in parts:
        kind = part.get_content_type()
        if wrapper := _WRAPPERS.get(kind):
            notes.append(wrapper)
        # A multipart among the leaves is one whose parts were not found: its words are all there is.
        is_text = kind in {"text/plain", "text/html"} or part.get_content_maintype() == "multipart"
        if not is_text or _is_file(part, notes):
            file = File(_name_of(part, notes), kind, _content(part, notes))
            files.append(file)
            if kind in _TNEF or file.name.lower() == "winmail.dat":
                wrapped = _unwrapped(file, notes)
                files += wrapped.files
        elif kind == "text/html":
            html.append(_part_text(part, notes))
        else:
            plain.append(_part_text(part, notes))
    text, inside = inline.unwrap("\n\n".join(one.strip("\n") for one in plain if one.strip()), notes)
    files += inside
    if len(files) > MOST_PARTS:
        raise _TooMuch("too-many-parts")
    return _words(text, wrapped.text, [*html, wrapped.html], notes), files


def _words(plain: str, wrapped: str, html: list[str], notes: list[str]) -> str:
    """The plain words; else those of a wrapper; else the words of the HTML."""
    text = plain if plain.strip() else wrapped.replace("\r\n", "\n").strip()
    if not text and any(html):
        notes.append("from-html")
        text = "\n\n".join(html_to_text(one) for one in html if one).strip()
    if len(text) > LONGEST_TEXT:
        notes.append("text-cut")
    return clean(text[:LONGEST_TEXT])


def _unwrapped(file: File, notes: list[str]) -> Wrapped:
    """What a winmail.dat holds; nothing where it cannot be read, and it stays what it is: a file."""
    try:
        wrapped = tnef.unwrap(file.content)
    except ValueError:
        wrapped = Wrapped()
    notes.append("tnef-read" if wrapped.text or wrapped.html or wrapped.files else "tnef")
    return wrapped


def _name_of(part: Message, notes: list[str]) -> str:
    """The name of a file; of an attached message its subject."""
    if part.get_content_type() == "message/rfc822":
        subject = next((header(one, "Subject", notes) for one in _inside(part)), "")
        if subject:
            return subject.replace("/", "-").replace("\\", "-")[:120] + ".eml"
    return _file_name(part, notes)


def _is_file(part: Message, notes: list[str]) -> bool:
    disposition = (header(part, "Content-Disposition", notes).partition(";")[0]).strip().lower()
    return disposition == "attachment" or bool(_file_name(part, notes))


def _part_text(part: Message, notes: list[str]) -> str:
    charset = _guarded(lambda: part.get_content_charset(""), "")
    return decode(_content(part, notes), str(charset or ""), notes).replace("\r\n", "\n").replace("\r", "\n")


def _content(part: Message, notes: list[str]) -> bytes:
    """The bytes of a part, its transfer encoding undone as far as it can be."""
    if part.is_multipart():
        return _guarded(lambda: b"\n".join(one.as_bytes() for one in _inside(part)), b"")
    if header(part, "Content-Transfer-Encoding", notes).lower() not in _TRANSFER_ENCODINGS:
        notes.append("transfer-encoding")
    content = _guarded(lambda: part.get_payload(decode=True), None)
    if part.defects and any("Base64" in type(defect).__name__ for defect in part.defects):
        notes.append("transfer-encoding")
    return content if isinstance(content, bytes) else b""


def _file_name(part: Message, notes: list[str]) -> str:
    # Of 8-bit headers the standard library makes question marks; a copy with the header as text keeps the name.
    fields = Message()
    for name in ("Content-Disposition", "Content-Type"):
        for value in raw_values(part, name)[:1]:
            fields[name] = as_text(value, notes)
    name = _guarded(lambda: fields.get_filename(""), "")
    return decoded(str(name or ""), notes)[:500]


def _only_addresses(message: Message, name: str, notes: list[str]) -> tuple[str, ...]:
    return tuple(address for _, address in addresses(message, name, notes))


def _return_path(message: Message, notes: list[str]) -> str | None:
    """What the last server wrote of the envelope's sender: "" is the null sender, None that it wrote nothing."""
    values = raw_values(message, "Return-Path")
    return decoded(values[0], notes).strip("<> ")[:998] if values else None


def _guarded(do: Callable[[], T], otherwise: T) -> T:
    """`do()`, or `otherwise` where the standard library fails on a malformed parameter or payload."""
    try:
        return do()
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError):
        return otherwise
