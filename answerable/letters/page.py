"""The page: a letter on paper, as PDF for the envelope and the record, as pictures for the screen.

The words of a letter are data to Typst (page/letter.typ), never markup; it reads the folder of its template and our
fonts, and nothing else.
"""

import datetime as dt
import json
import os
import re
import threading
import unicodedata
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

# Typst would spread one letter over every core, and lose more than it gains; letters are spread over workers instead.
os.environ.setdefault("RAYON_NUM_THREADS", "1")

import typst  # noqa: E402
from django.utils.translation import gettext as _

from answerable.core.errors import Refused

from .glyphs import FONTS, printable

MOST_CHARACTERS = 400_000  # about 130 pages
MOST_WITH_ROOM_TO_SIGN = 4
LONGEST_WORD, LONGEST_NARROW_WORD = 75, 28  # characters that surely fit a line

_TEMPLATE = Path(__file__).parent / "page" / "letter.typ"
_RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "glk", "he", "lrc", "mzn", "pnb", "ps", "sd", "syr", "ug", "ur", "yi"}
_LEFT_TO_RIGHT_SCRIPTS = {"Latn", "Cyrl", "Grek"}
_RIGHT_TO_LEFT_SCRIPTS = {"Arab", "Hebr", "Syrc", "Thaa"}
_HEBREW = {"he", "yi"}
_MAY_BREAK = "\u200b"
_NARROW = {"recipient", "copy_of", "reference"}
_ONE = {"fa": "۱", "ps": "۱", "ur": "۱", "ar": "١", "ckb": "١"}
_TAG = re.compile(r"(?P<language>[a-z]{2,3})(-(?P<script>[A-Z][a-z]{3}))?(-(?P<region>[A-Z]{2}))?\b")
_own = threading.local()


@dataclass(frozen=True)
class Labels:
    """The words of the form itself, in the language of the letter."""

    reference: str
    copy: str
    copy_of: str
    copies: str
    enclosures: str


@dataclass(frozen=True)
class Sender:
    """Who writes: the name at the head of the paper; the address, which the window shows too; how else to reach them."""

    name: str = ""
    address: tuple[str, ...] = ()
    contact: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signatory:
    """Who signs."""

    name: str
    role: str = ""
    place: str = ""


@dataclass(frozen=True)
class Page:
    """Everything that stands on the paper of one recipient, in its order. What is empty takes no place.

    `recipient` shows in the window of the envelope. On a copy (`kind`), `copy_of` names whom the letter is written to.
    `asks` follow `paragraphs` as a numbered list, and `paragraphs_after` follow the asks. A "\\n" breaks the line.
    """

    language: str
    labels: Labels
    recipient: tuple[str, ...]
    paragraphs: tuple[str, ...]
    kind: Literal["to", "copy"] = "to"
    copy_of: tuple[str, ...] = ()
    sender: Sender = Sender()
    place_and_date: str = ""
    reference: str = ""
    subject: str = ""
    salutation: str = ""
    asks: tuple[str, ...] = ()
    paragraphs_after: tuple[str, ...] = ()
    closing: str = ""
    signatories: tuple[Signatory, ...] = ()
    enclosures: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()

    @property
    def right_to_left(self) -> bool:
        """Whether the paper is laid out from right to left."""
        tag = _tag(self.language)
        if tag["script"] in _LEFT_TO_RIGHT_SCRIPTS:
            return False
        return tag["language"] in _RIGHT_TO_LEFT or tag["script"] in _RIGHT_TO_LEFT_SCRIPTS


def pdf(page: Page, *, stamped_at: dt.datetime) -> bytes:
    """The page as tagged PDF (PDF/UA-1 and PDF/A-2a), stamped with that instant: the same bytes each time.

    Refused where the letter is too long to be set.
    """
    made: bytes = _compile(page, format="pdf", pdf_standards=["ua-1", "a-2a"], timestamp=int(stamped_at.timestamp()))
    return made


def png(page: Page, *, page_number: int = 1, ppi: int = 110) -> bytes:
    """A picture of one sheet, counted from 1. Refused where there is no such sheet."""
    sheets = _sheets(page, ppi=ppi)
    if not 1 <= page_number <= len(sheets):
        raise Refused(
            _("The letter has no page %(number)d: it ends with page %(last)d.")
            % {"number": page_number, "last": len(sheets)}
        )
    return sheets[page_number - 1]


def page_count(page: Page) -> int:
    """How many sheets the letter takes."""
    return len(_sheets(page, ppi=1))


def _sheets(page: Page, *, ppi: int) -> list[bytes]:
    made: bytes | list[bytes] = _compile(page, format="png", ppi=ppi)
    return made if isinstance(made, list) else [made]


def _compile(page: Page, **how: Any) -> Any:
    return _compiler().compile(sys_inputs={"letter": json.dumps(_as_data(page))}, **how)


def _compiler() -> typst.Compiler:
    """The compiler of this thread: one cannot be shared, and it keeps what it learnt of the template."""
    if os.getpid() != _first_used_in():
        raise RuntimeError(
            "typst does not outlive a fork: start processes that make pages by spawn, or before the first page"
        )
    if not hasattr(_own, "compiler"):
        _own.compiler = typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent, font_paths=_fonts(), ignore_system_fonts=True)
    compiler: typst.Compiler = _own.compiler
    return compiler


@cache
def _first_used_in() -> int:
    return os.getpid()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _as_data(page: Page) -> dict[str, Any]:
    """What letter.typ reads: every text as `_set` gives it, null where there is none."""
    values = asdict(page)
    if len(json.dumps(values, ensure_ascii=False)) > MOST_CHARACTERS:
        raise Refused(
            _("The letter is too long to be printed: shorten it to %(most)d characters, and enclose the rest.")
            % {"most": MOST_CHARACTERS},
            field="body",
        )
    tag = _tag(page.language)
    own = page.right_to_left
    for name in values.keys() - {"language", "kind"}:
        values[name] = _set(values[name], own=own, longest=LONGEST_NARROW_WORD if name in _NARROW else LONGEST_WORD)
    return values | {
        "title": _in_one_line(page.subject) or _in_one_line(page.reference) or _in_one_line(page.labels.reference),
        "author": _in_one_line(page.sender.name),
        "language": tag["language"],
        "region": tag["region"],
        "right_to_left": own,
        "arabic": own and tag["language"] not in _HEBREW and tag["script"] != "Hebr",
        "first_number": _ONE.get(tag["language"], "1") if own else "1",
        "room_to_sign": len(page.signatories) <= MOST_WITH_ROOM_TO_SIGN,
    }


def _set(value: Any, *, own: bool, longest: int) -> Any:
    """Each text in `value` as it can be set, and whether it runs the other way; null for one without words."""
    if isinstance(value, dict):
        return {name: _set(inner, own=own, longest=longest) for name, inner in value.items()}
    if not isinstance(value, str):
        return [inner for each in value if (inner := _set(each, own=own, longest=longest))]
    text = printable(value).strip()
    if not text:
        return None
    # What is too long for a line (an address, a mischief) may break anywhere rather than run off the paper.
    text = re.sub(rf"\S{{{longest},}}", lambda word: _MAY_BREAK.join(word[0]), text)
    return {"text": text, "other_way": _runs_right_to_left(text, otherwise=own) != own}


def _in_one_line(text: str) -> str:
    return " ".join(printable(text).split())


def _runs_right_to_left(text: str, *, otherwise: bool) -> bool:
    """By its first letter (Unicode Standard Annex 9, rules P2 and P3)."""
    return next((way != "L" for c in text if (way := unicodedata.bidirectional(c)) in ("L", "R", "AL")), otherwise)


def _tag(language: str) -> dict[str, Any]:
    """Language, script and region of a BCP 47 tag; "und" for what is none."""
    found = _TAG.match(language)
    return found.groupdict() if found else {"language": "und", "script": None, "region": None}
