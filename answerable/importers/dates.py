"""The date a letter bears, only where a line says it; nothing is inferred and nothing ambiguous is chosen."""

import datetime as dt
import re

import dateparser
from convertdate import persian

from answerable.core.folding import fold

_YEAR = re.compile(r"(?<!\d)(?:1[34]\d\d|19\d\d|20\d\d)(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4}) ?[./\-–] ?(\d{1,2}) ?[./\-–] ?(\d{1,4})(?!\d)")
_NAMED = re.compile(
    r"(?<!\w)(?:\d{1,2}(?:st|nd|rd|th|er|[.º°ª])?\s+(?:de |of |në |d[’'])?[^\W\d]{2,15}\.?,?\s+(?:de[l]? )?\d{4}"
    r"|[^\W\d]{3,15}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4})(?!\w)"
)
_JALALI = tuple(fold("فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند").split(" "))
_DIGITS = {ord(c): str(i % 10) for start in (0x660, 0x6F0) for i, c in enumerate(map(chr, range(start, start + 10)))}
_SPARE = 7  # words beside the date: "Lisvik, Saturday", "Date:", "Vessa, le"


def looks_like_date(text: str) -> bool:
    """Whether a line is a date with little else: a place before it, a weekday, a label."""
    plain = text.translate(_DIGITS)
    found = _NUMERIC.search(plain) or _NAMED.search(plain)
    return bool(found and _YEAR.search(found.group()) and len(plain.replace(found.group(), " ").split()) <= _SPARE)


def is_bare(text: str) -> bool:
    """Whether a line holds a date and no word beside it, such as a place or a label."""
    plain = text.translate(_DIGITS)
    found = _NUMERIC.search(plain) or _NAMED.search(plain)
    return found is not None and not re.search(r"[^\W\d]", plain.replace(found.group(), ""))


def date_of(text: str, *, language: str) -> tuple[dt.date | None, bool]:
    """The date in `text`, and whether one is there that can be read in two ways (then it is None).

    `03/10/2024` in English may be March or October: it is not chosen. Years from 1300 to 1450 are Jalali (Persian).
    """
    plain = text.translate(_DIGITS)
    if found := _NUMERIC.search(plain):
        return _numeric(*(int(part) for part in found.groups()), dotted="." in found.group(), language=language)
    if not (found := _NAMED.search(plain)):
        return None, False
    year = int(re.findall(r"\d{4}", found.group())[0])
    if year < 1500:
        return _jalali_named(found.group(), year), False
    return _named(re.sub(r"(?<=\d)(?:st|nd|rd|th|er|[.º°ª])", "", found.group()), language), False


def _numeric(first: int, second: int, third: int, *, dotted: bool, language: str) -> tuple[dt.date | None, bool]:
    if first > 31:
        return _date(first, second, third), False
    if third < 1000:
        return None, False
    if first > 12 or first == second or dotted or language not in ("en", ""):
        return _date(third, second, first), False
    return (_date(third, first, second), False) if second > 12 else (None, True)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(*persian.to_gregorian(year, month, day)) if year < 1500 else dt.date(year, month, day)
    except ValueError:
        return None


def _jalali_named(text: str, year: int) -> dt.date | None:
    said = fold(text).split()
    month = next((_JALALI.index(word) + 1 for word in said if word in _JALALI), 0)
    day = next((int(word) for word in said if word.isdigit() and len(word) <= 2), 0)
    return _date(year, month, day) if month and day else None


def _named(text: str, language: str) -> dt.date | None:
    settings = {"STRICT_PARSING": True, "REQUIRE_PARTS": ["day", "month", "year"], "DATE_ORDER": "DMY"}
    languages = list(dict.fromkeys((language or "en", "en")))
    try:
        found = dateparser.parse(text, languages=languages, settings=settings)
    except ValueError:  # a language it does not know
        found = dateparser.parse(text, languages=["en"], settings=settings)
    return found.date() if found else None
