"""What our fonts can show: read from the fonts themselves, so that a new font is all it takes to set a new script."""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
NOT_SHOWN = "\ufffd"

_LINE_BREAKS = str.maketrans(dict.fromkeys("\r\v\f\x85\u2028\u2029", "\n") | {"\t": " "})
# An override makes a line read otherwise than the words that were sealed; how to vary a glyph is the font's own matter.
_LEFT_OUT = str.maketrans(dict.fromkeys(["\u202d", "\u202e", *map(chr, range(0xFE00, 0xFE10))]))
_NEED_NO_GLYPH = frozenset(
    "\n\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2060\u2066\u2067\u2068\u2069"
)


def printable(text: str) -> str:
    """`text` as it can be set: one spelling (NFC), "\\n" for every line break, no control characters.

    What no font shows stands as "\ufffd", so that a reader sees that something is missing.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_LINE_BREAKS).translate(_LEFT_OUT))
    return text if _simple().issuperset(text) else "".join(_shown(text))


def not_printable(text: str) -> str:
    """The characters of `text` that our fonts cannot show, each once, in order; "" where all is well."""
    lacking = set(unicodedata.normalize("NFC", text)) - _fonts().keys()
    return "".join(dict.fromkeys(c for c in text if c in lacking and printable(c) == NOT_SHOWN))


def _shown(text: str) -> Iterator[str]:
    # A mark is set in the font of the letter that carries it, so one font has to have them both.
    fonts, carrier = _fonts(), 0
    for character in text:
        category = unicodedata.category(character)
        if character in _NEED_NO_GLYPH:
            carrier = 0 if character == "\n" else carrier
            yield character
        elif category in ("Cc", "Cs") or (category == "Cf" and character not in fonts):
            continue
        elif category == "Zs" and character not in fonts:
            yield " "
        else:
            has = fonts.get(character, 0)
            carrier = has & carrier if category[0] == "M" else has
            yield character if carrier else NOT_SHOWN


@cache
def _simple() -> frozenset[str]:
    """What can be set whatever stands beside it: nearly every character of nearly every letter."""
    return _NEED_NO_GLYPH.union(c for c in _fonts() if unicodedata.category(c)[0] not in "CM")


@cache
def _fonts() -> dict[str, int]:
    """For each character the families that have it in every weight, as bits."""
    has: dict[str, int] = {}
    for n, regular in enumerate(sorted(FONTS.glob("*-Regular.ttf"))):
        weights = FONTS.glob(regular.name.replace("Regular", "*"))
        for code in set.intersection(*(set(_characters(font.read_bytes())) for font in weights)):
            has[chr(code)] = has.get(chr(code), 0) | 1 << n
    return has


def _characters(font: bytes) -> Iterator[int]:
    """The characters that a TrueType font maps to a glyph (OpenType 1.9, `cmap`, formats 4 and 12)."""
    tables = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4s4xII", font, 12 + 16 * n) for n in range(tables))
    cmap = next(font[offset : offset + length] for tag, offset, length in records if tag == b"cmap")
    count = struct.unpack_from(">H", cmap, 2)[0]
    offsets = {struct.unpack_from(">I", cmap, 4 + 8 * n + 4)[0] for n in range(count)}
    for offset in offsets:
        form = struct.unpack_from(">H", cmap, offset)[0]
        if form == 4:
            yield from _format_4(cmap[offset:])
        elif form == 12:
            yield from _format_12(cmap[offset:])


def _format_4(table: bytes) -> Iterator[int]:
    segments = struct.unpack_from(">H", table, 6)[0] // 2
    ends, starts, deltas, ranges = (
        struct.unpack_from(f">{segments}H", table, 14 + 2 * segments * n + (2 if n else 0)) for n in range(4)
    )
    range_at = 16 + 6 * segments
    for n in range(segments):
        for code in range(starts[n], min(ends[n], 0xFFFE) + 1):
            glyph = code
            if ranges[n]:
                glyph = struct.unpack_from(">H", table, range_at + 2 * n + ranges[n] + 2 * (code - starts[n]))[0]
                if not glyph:
                    continue
            if (glyph + deltas[n]) & 0xFFFF:
                yield code


def _format_12(table: bytes) -> Iterator[int]:
    groups = struct.unpack_from(">I", table, 12)[0]
    for first, last, glyph in struct.iter_unpack(">III", table[16 : 16 + 12 * groups]):
        yield from range(first if glyph else first + 1, last + 1)
