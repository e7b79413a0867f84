"""Lines of a text, numbered from 1, whatever it came as: what all kinds of source become."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from answerable.core.errors import Refused
from answerable.core.folding import fold

MAX_BYTES = 8_000_000
MAX_CHARACTERS = 600_000
MAX_LINES = 20_000
HEAD = 600  # characters of a line that are looked at for phrases at its start

_UNSEEN = dict.fromkeys(
    map(ord, "\u00ad\u200b\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
)
_BULLET = re.compile(r"^\s*(?:[-–—−‐•·*●▪◦‣■□➢✓›»]+|\(?\d{1,2}[.)]|[a-z]\))\s+|^\s*[-–—•●▪]+(?=\w)")
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """One line as a reader sees it. `paragraph` is shared by lines of one paragraph; `region` says what surrounds
    it, if that is not the text itself: nav, breadcrumb, aside, share, comments, cookies, footer, meta."""

    number: int
    text: str
    paragraph: int = 0
    heading: int = 0
    kind: str = "text"
    region: str = ""
    linked: float = 0.0

    @cached_property
    def folded(self) -> str:
        """The beginning of the line, folded, without a leading dash or number."""
        return fold(without_bullet(self.text[:HEAD]))

    @cached_property
    def size(self) -> int:
        """Words."""
        return len(self.text.split())


@dataclass(frozen=True)
class Page:
    """The lines of one source, and what it says of itself outside its text."""

    lines: list[Line]
    title: str = ""
    language: str = ""
    dated: str = ""
    pictured: frozenset[str] = field(default_factory=frozenset)


def decoded(source: bytes, *, declared: str = "") -> str:
    """The text of `source`: by its byte order mark, else UTF-8 if it is that, else what it declares, else cp1252.

    Raises Refused for what is too large, or is not text at all.
    """
    if len(source) > MAX_BYTES:
        raise Refused(
            _("This is larger than %(limit)d MB, which no letter is. Save the letter's own page or text.")
            % {"limit": MAX_BYTES // 1_000_000}
        )
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if source.startswith(mark):
            return source[len(mark) :].decode(encoding, "replace")
    if source.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) or source[:4096].count(0) > 8:
        raise Refused(_("This is not a page or a text. Save it as a web page or plain text, or paste its words."))
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError:
        found = _DECLARED.search(source[:4096])
        named = declared or (found.group(1).decode("ascii") if found else "")
    broken = source.decode("utf-8", "replace")
    if named.lower().replace("_", "-") in ("", "utf-8", "utf8") and broken.count("\ufffd") * 200 < len(broken):
        return broken
    try:
        return source.decode(named or "cp1252", "replace")
    except LookupError:
        return source.decode("cp1252", "replace")


def tidy(text: str) -> str:
    """`text` on one line: white space of every kind is one space, what cannot be seen is gone, letters composed."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_UNSEEN)).split())


def without_bullet(text: str) -> str:
    """`text` without the dash, dot or number of a list."""
    return _BULLET.sub("", text, count=1)


def has_bullet(text: str) -> bool:
    return _BULLET.match(text) is not None


def bounded(lines: list[Line]) -> list[Line]:
    """`lines`, or Refused when they are more than any letter has."""
    refuse_if_too_much(len(lines), sum(len(line.text) for line in lines))
    return lines


def refuse_if_too_much(lines: int, characters: int = 0) -> None:
    """Raises Refused when this is more than any letter holds: asked early, so that no time goes into it."""
    if lines > MAX_LINES or characters > MAX_CHARACTERS:
        raise Refused(_("This holds far more text than a letter does. Save the letter's own page, or paste its words."))
