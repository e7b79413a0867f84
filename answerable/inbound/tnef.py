"""winmail.dat: what Outlook wraps a message in for other Outlooks ([MS-OXTNEF]). Runs in the child process.

Read are the words (not where they are only RTF) and the attached files. Checksums are not looked at: many writers get them wrong.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from .attached import File
from .headers import decode

_SIGNATURE = 0x223E9F78
_BODY, _CODE_PAGE, _MESSAGE_PROPERTIES = 0x2800C, 0x69007, 0x69003
_FILE_BEGINS, _FILE_TITLE, _FILE_DATA, _FILE_PROPERTIES = 0x69002, 0x18010, 0x6800F, 0x69005
_TEXT, _HTML, _LONG_NAME, _MEDIA_TYPE = 0x1000, 0x1013, 0x3707, 0x370E  # [MS-OXPROPS]
_STRING8, _UNICODE, _BINARY, _OBJECT = 0x1E, 0x1F, 0x102, 0x0D
_FIXED = {0x01: 4, 0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_MANY = 0x1000
_MOST = 5_000  # attributes, properties, or values


@dataclass
class Wrapped:
    """The words of a message, plain or else as HTML, and its files."""

    text: str = ""
    html: str = ""
    files: list[File] = field(default_factory=list)


def unwrap(raw: bytes) -> Wrapped:
    """What a winmail.dat holds. ValueError where it is not formed as one, or holds more than any."""
    try:
        return _read(raw)
    except struct.error:
        raise ValueError("winmail.dat ends too early") from None


def _read(raw: bytes) -> Wrapped:
    if struct.unpack_from("<I", raw)[0] != _SIGNATURE:
        raise ValueError("no winmail.dat")
    found, charset = Wrapped(), "cp1252"
    for name, content in _attributes(raw):
        if name == _CODE_PAGE:
            charset = f"cp{struct.unpack_from('<I', content)[0]}"
        elif name == _BODY:
            found.text = found.text or decode(content.rstrip(b"\0"), charset, [])
        elif name == _MESSAGE_PROPERTIES:
            properties = _properties(content, charset)
            found.text = properties.get(_TEXT, "") or found.text
            found.html = properties.get(_HTML, "")
        elif name == _FILE_BEGINS:
            found.files.append(File())
        elif found.files:
            _add(found.files[-1], name, content, charset)
    return found


def _add(file: File, name: int, content: bytes, charset: str) -> None:
    if name == _FILE_TITLE:
        file.name = file.name or decode(content.rstrip(b"\0"), charset, [])
    elif name == _FILE_DATA:
        file.content = content
    elif name == _FILE_PROPERTIES:
        properties = _properties(content, charset)
        file.name = properties.get(_LONG_NAME, "") or file.name
        file.media_type = properties.get(_MEDIA_TYPE, "") or file.media_type


def _attributes(raw: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    for _ in range(_MOST):
        if at >= len(raw):
            return
        _level, name, size = struct.unpack_from("<BII", raw, at)
        if at + 9 + size > len(raw):
            raise ValueError("winmail.dat ends too early")
        yield name, raw[at + 9 : at + 9 + size]
        at += 9 + size + 2
    raise ValueError("winmail.dat has too many attributes")


def _properties(content: bytes, charset: str) -> dict[int, str]:
    """The properties that are text or bytes, decoded, by their number."""
    (count,) = struct.unpack_from("<I", content)
    at, found = 4, {}
    for _ in range(min(count, _MOST)):
        kind, number = struct.unpack_from("<HH", content, at)
        at += 4
        if number >= 0x8000:
            at = _after_name(content, at)
        values, at = _values(content, at, kind)
        if values and kind == _UNICODE:
            found[number] = values[0].decode("utf-16-le", "replace").rstrip("\0")
        elif values and kind in {_STRING8, _BINARY}:
            found[number] = decode(values[0].rstrip(b"\0"), charset, [])
    return found


def _after_name(content: bytes, at: int) -> int:
    """Where the value of a named property begins: its name is a number, or text."""
    (is_text, size) = struct.unpack_from("<16xII", content, at)
    return at + 24 + (_padded(size) if is_text else 0)


def _values(content: bytes, at: int, kind: int) -> tuple[list[bytes], int]:
    """The values of a property that vary in length (none of those that do not), and where the next begins."""
    single = kind & ~_MANY
    varies = single in {_STRING8, _UNICODE, _BINARY, _OBJECT}
    count = 1
    if kind & _MANY or varies:
        (count,) = struct.unpack_from("<I", content, at)
        at += 4
    if not varies:
        if single not in _FIXED:
            raise ValueError("winmail.dat has a property of an unknown kind")
        return [], at + count * _FIXED[single]
    values = []
    for _ in range(min(count, _MOST)):
        (size,) = struct.unpack_from("<I", content, at)
        values.append(content[at + 4 : at + 4 + size])
        at += 4 + _padded(size)
    return values, at


def _padded(size: int) -> int:
    return size + -size % 4
