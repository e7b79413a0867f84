"""Header values, whatever bytes they are made of: RFC 2047 words decoded, unknown charsets survived, addresses, dates."""

import base64
import binascii
import codecs
import datetime as dt
import email.utils
import quopri
import re
from email.message import Message
from itertools import groupby

MOST_ENCODED_WORDS = 1_000
MOST_ADDRESSES = 500
_LONGEST_ADDRESS_LIST = 100_000
_WORD = re.compile(r"=\?([^?\s*]{1,75})(?:\*[^?\s]*)?\?([bq])\?([^?]*)\?=", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(=\?)")
_SPACE = re.compile(r"[\s\x00]+")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,998}>")
_ALIASES = {
    "unknown-8bit": "utf-8", "x-unknown": "utf-8", "default": "utf-8", "utf8mb4": "utf-8", "unicode-1-1-utf-7": "utf-7",
    "ansi_x3.110-1983": "latin-1", "x-sjis": "cp932", "x-gbk": "gbk", "ks_c_5601-1987": "cp949", "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6", "x-mac-roman": "mac-roman", "us-ascii": "utf-8", "ascii": "utf-8", "": "utf-8",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "iso-8859-9": "cp1254", "gb2312": "gb18030",
}  # fmt: skip


def clean(text: str) -> str:
    """`text` as a database takes it: no NUL, no lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def decode(content: bytes, charset: str, notes: list[str]) -> str:
    """`content` as text, always; where the named charset is unknown or wrong, a better one is taken and noted."""
    name = charset.strip().strip("'\"").lower()
    for candidate in (_ALIASES.get(name, name), "utf-8"):
        try:
            if not codecs.lookup(candidate)._is_text_encoding:
                raise LookupError(candidate)
            text = content.decode(candidate)
        except (LookupError, ValueError):
            _note(notes, "charset")
            continue
        return clean(text)
    return clean(content.decode("cp1252", "replace"))


def decoded(value: str, notes: list[str]) -> str:
    """A raw header value (8-bit bytes as surrogates) as one line of text."""
    value = as_text(value, notes)
    if value.count("=?") > MOST_ENCODED_WORDS:
        _note(notes, "encoded-words")
        return _one_line(value)
    value = _BETWEEN_WORDS.sub(r"\1\2", value)
    pieces: list[str] = []
    words: list[tuple[str, bytes]] = []
    end = 0
    for word in _WORD.finditer(value):
        if word.start() > end:
            pieces += _joined(words, notes)
            words = []
            pieces.append(value[end : word.start()])
        words.append((word[1].lower(), _word_bytes(word[2].lower(), word[3])))
        end = word.end()
    return _one_line("".join([*pieces, *_joined(words, notes), value[end:]]))


def header(message: Message, name: str, notes: list[str]) -> str:
    """The first header of that name, decoded; "" when there is none."""
    return next((decoded(value, notes) for value in raw_values(message, name)), "")


def raw_values(message: Message, name: str) -> list[str]:
    """Every header of that name, as it came; 8-bit bytes are surrogates."""
    # get_all would make Header objects of 8-bit values and fail on some of them.
    return [str(value) for key, value in message.raw_items() if key.lower() == name.lower()]


def addresses(message: Message, name: str, notes: list[str]) -> list[tuple[str, str]]:
    """(display name, address) of every address in the headers of that name, at most `MOST_ADDRESSES`."""
    found: list[tuple[str, str]] = []
    for value in raw_values(message, name):
        if len(value) > _LONGEST_ADDRESS_LIST:
            _note(notes, "addresses")
        # Encoded words are decoded after the list is split: a decoded comma is no separator.
        for shown, address in email.utils.getaddresses([as_text(value[:_LONGEST_ADDRESS_LIST], notes)]):
            if "@" in address:
                found.append((decoded(shown, notes), _SPACE.sub("", clean(address))[:998]))
    if len(found) > MOST_ADDRESSES:
        _note(notes, "addresses")
    return found[:MOST_ADDRESSES]


def message_ids(message: Message, name: str) -> list[str]:
    """The message ids in a header such as References, with their angle brackets, in order, each once, the last 200."""
    found = [
        clean(one) for value in raw_values(message, name) for one in _MESSAGE_ID.findall(value[:_LONGEST_ADDRESS_LIST])
    ]
    return list(dict.fromkeys(found))[-200:]


def instant(value: str) -> dt.datetime | None:
    """The instant a Date header names, in UTC; None when it names none. A date without a zone is taken as UTC."""
    try:
        parsed = email.utils.parsedate_to_datetime(value[:200])
        aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=dt.UTC)
        return aware.astimezone(dt.UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def subject_of(head: bytes) -> str:
    """The subject in the first bytes of a message, without parsing it: for a list of mail nobody has read yet."""
    block = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    found = re.search(rb"(?im)^subject[ \t]*:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", block)
    return decoded(found[1][:4_000].decode("ascii", "surrogateescape"), [])[:998] if found else ""


def as_text(value: str, notes: list[str]) -> str:
    """A raw header value with its 8-bit bytes, if it has any, as letters."""
    if value.isascii():
        return value
    content = value.encode("utf-8", "surrogateescape") if _encodable(value) else value.encode("utf-8", "replace")
    return decode(content, "utf-8", notes)


def _encodable(value: str) -> bool:
    return all(not "\ud800" <= c <= "\udfff" or "\udc80" <= c <= "\udcff" for c in value)


def _joined(words: list[tuple[str, bytes]], notes: list[str]) -> list[str]:
    # Some writers cut a character in two between neighbouring words; their bytes are joined before they are decoded.
    return [
        decode(b"".join(content for _, content in group), charset, notes)
        for charset, group in groupby(words, key=lambda word: word[0])
    ]


def _word_bytes(coding: str, text: str) -> bytes:
    content = text.encode("utf-8", "replace")
    if coding == "q":
        return quopri.decodestring(content, header=True)
    try:
        return base64.b64decode(content + b"=" * (-len(content) % 4))
    except binascii.Error:
        return content


def _one_line(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _note(notes: list[str], code: str) -> None:
    if code not in notes:
        notes.append(code)
