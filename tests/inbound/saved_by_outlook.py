"""Writes the .msg files that the tests bring: a compound file ([MS-CFB], version 3) of properties ([MS-OXMSG])."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Folder = Mapping[str, "bytes | Folder"]
SUBJECT, HEADERS, BODY, HTML, SENT_AT, SENDER, SENDER_NAME = 0x0037, 0x007D, 0x1000, 0x1013, 0x0039, 0x0C1F, 0x0C1A
MESSAGE_ID, ADDRESS = 0x1035, 0x39FE
_FILE_NAME, _FILE_BYTES, _MEDIA_TYPE = 0x3707, 0x3701, 0x370E
_SECTOR, _SMALL, _CUT_OFF = 512, 64, 4096
_END, _FREE, _FAT, _NOBODY = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF


def msg(
    properties: Mapping[int, str | bytes | int],
    *,
    to: Sequence[str] = (),
    files: Sequence[tuple[str, str, bytes | None]] = (),
) -> bytes:
    """A .msg file: text as UTF-16, bytes as they are, an int as a time; files as (name, media type, content)."""
    folder: dict[str, bytes | Folder] = dict(_properties(properties, header=32))
    for number, address in enumerate(to):
        folder[f"__recip_version1.0_#{number:08X}"] = _properties({ADDRESS: address}, header=8)
    for number, (name, media_type, content) in enumerate(files):
        given: dict[int, str | bytes | int] = {_FILE_NAME: name, _MEDIA_TYPE: media_type}
        if content is not None:
            given[_FILE_BYTES] = content
        folder[f"__attach_version1.0_#{number:08X}"] = _properties(given, header=8)
    return _compound(folder)


def _properties(properties: Mapping[int, str | bytes | int], *, header: int) -> dict[str, bytes]:
    index, streams = bytes(header), {}
    for number, value in properties.items():
        if isinstance(value, int):
            index += struct.pack("<HHIQ", 0x0040, number, 6, value)
            continue
        kind, content = (0x001F, value.encode("utf-16-le")) if isinstance(value, str) else (0x0102, value)
        index += struct.pack("<HHIII", kind, number, 6, len(content), 0)
        streams[f"__substg1.0_{number:04X}{kind:04X}"] = content
    return {"__properties_version1.0": index, **streams}


@dataclass
class _Sectors:
    """Sectors of one size and the chains they form."""

    size: int
    content: bytearray = field(default_factory=bytearray)
    chain: list[int] = field(default_factory=list)

    def add(self, content: bytes) -> int:
        """The first sector of the content; the end mark for none."""
        count = -(-len(content) // self.size)
        first = len(self.chain)
        self.content += content.ljust(count * self.size, b"\0")
        self.chain += [*range(first + 1, first + count), _END] if count else []
        return first if count else _END


def _compound(root: Folder) -> bytes:
    large, small = _Sectors(_SECTOR), _Sectors(_SMALL)
    entries: list[list[object]] = []

    def enter(name: str, what: "bytes | Folder", kind: int) -> int:
        number = len(entries)
        entries.append([name, kind, _NOBODY, _NOBODY, _END, 0])
        if isinstance(what, bytes):
            entries[number][4:] = [(large if len(what) >= _CUT_OFF else small).add(what), len(what)]
            return number
        before = None
        for inner, content in what.items():
            one = enter(inner, content, 2 if isinstance(content, bytes) else 1)
            if before is None:
                entries[number][3] = one
            else:
                entries[before][2] = one  # a tree that leans to the right is a tree
            before = one
        return number

    enter("Root Entry", root, 5)
    entries[0][4:] = [large.add(bytes(small.content)), len(small.content)]
    small_fat = large.add(b"".join(struct.pack("<I", one) for one in small.chain))
    directory = large.add(b"".join(_entry(*one) for one in entries))
    fat_sectors = 1
    while (len(large.chain) + fat_sectors) * 4 > fat_sectors * _SECTOR:
        fat_sectors += 1
    at = len(large.chain)
    fat = b"".join(struct.pack("<I", one) for one in [*large.chain, *[_FAT] * fat_sectors])
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, fat_sectors, directory, 0,
        _CUT_OFF, small_fat, -(-len(small.chain) * 4 // _SECTOR), _END, 0,
    )  # fmt: skip
    where = [*range(at, at + fat_sectors), *[_FREE] * (109 - fat_sectors)]
    return head + struct.pack("<109I", *where) + bytes(large.content) + fat.ljust(fat_sectors * _SECTOR, b"\xff")


def _entry(name: str, kind: int, right: int, child: int, first: int, size: int) -> bytes:
    told = name.encode("utf-16-le")
    return struct.pack("<64sHBBIII16xI8x8xIQ", told, len(told) + 2, kind, 1, _NOBODY, right, child, 0, first, size)


def winmail(*attributes: tuple[int, bytes]) -> bytes:
    """A winmail.dat ([MS-OXTNEF]) of these attributes."""
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(
        struct.pack("<BII", 1, name, len(content)) + content + struct.pack("<H", sum(content) & 0xFFFF)
        for name, content in attributes
    )


def winmail_properties(*properties: tuple[int, int, bytes]) -> bytes:
    """Properties as (kind, number, value): of those that vary in length the bytes alone, of others as they are stored."""
    whole = struct.pack("<I", len(properties))
    for kind, number, value in properties:
        whole += struct.pack("<HH", kind, number)
        if number >= 0x8000:
            name = "a name".encode("utf-16-le")
            whole += bytes(16) + struct.pack("<II", 1, len(name)) + name.ljust(-(-len(name) // 4) * 4, b"\0")
        if kind in {0x1E, 0x1F, 0x102}:
            value = struct.pack("<II", 1, len(value)) + value.ljust(-(-len(value) // 4) * 4, b"\0")
        whole += value
    return whole
