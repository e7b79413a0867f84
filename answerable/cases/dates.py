"""Inexact dates (EDTF, ISO 8601-2): read as they are typed, ordered by their bounds, said as exactly as they are known."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from time import struct_time
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from edtf import EDTFParseException, parse_edtf, text_to_edtf

from answerable.core.errors import Refused

from .typing_dates import as_edtf

_OTHER_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_ONE_DATE = re.compile(r"(\d{4}|\d{3}X|\d{2}XX)(?:-(\d{2}|XX))?(?:-(\d{2}|XX))?([~?%]?)")
_IN_WORDS = re.compile(r"[a-z]{3}", re.IGNORECASE)
_LONGEST = 60


@dataclass(frozen=True)
class Inexact:
    """A date as exactly as it is known. A bound is None where that end is open or unknown."""

    edtf: str
    earliest_on: dt.date | None
    latest_on: dt.date | None


def read(text: str, *, field: str = "when") -> Inexact:
    """The date that `text` says, in EDTF, in figures or in plain English ("about May 2021"). Refused where it says none."""
    seen = "".join(c for c in text if c.isprintable() or c.isspace())
    typed = " ".join(seen.translate(_OTHER_DIGITS).split())[:_LONGEST]
    said = text_to_edtf(typed) or "" if _IN_WORDS.search(typed) and not _is_edtf(typed) else as_edtf(typed)
    if not _is_edtf(said):
        raise _not_a_date(typed, field)
    early, late = _ends(said)
    first = _bound(early, lambda date: date.lower_strict(), field)
    last = _bound(late, lambda date: date.upper_strict(), field)
    if first is None and last is None:
        raise _not_a_date(typed, field)
    return Inexact(said, first, last)


def say(edtf: str) -> str:
    """The date in words of the active language, no more exact than it is: "about May 2021", "2021 to 2023"."""
    if "/" not in edtf:
        return _say_one(edtf)
    early, late = edtf.split("/", 1)
    if early in {"", ".."}:
        return _("until %(date)s") % {"date": _say_one(late)}
    if late in {"", ".."}:
        return _("from %(date)s on") % {"date": _say_one(early)}
    return _("%(from)s to %(until)s") % {"from": _say_one(early), "until": _say_one(late)}


def _say_one(edtf: str) -> str:
    found = _ONE_DATE.fullmatch(edtf)
    if not found:
        return edtf
    year, month, day, doubt = found.groups()
    words = {
        "": "%s",
        "~": _("about %s"),
        "?": _("perhaps %s"),
        "%": _("perhaps about %s"),
    }[doubt]
    return words % _say_known(year, month, day)


def _say_known(year: str, month: str | None, day: str | None) -> str:
    """The parts of a date that are known; what is marked X is said to be unknown."""
    if "X" in year:
        first, last = year.replace("X", "0"), year.replace("X", "9")
        if year.count("X") == 1:
            return _("the %(years)ss") % {"years": first}
        return _("between %(first)s and %(last)s") % {"first": first, "last": last}
    if month is None:
        return year
    if month == "XX":
        return _("%(year)s, on a day not known") % {"year": year}
    if not 1 <= int(month) <= 12:
        return _season(int(month), year)
    date = dt.date(int(year), int(month), int(day) if day and day != "XX" else 1)
    if day is None:
        return formats.date_format(date, "YEAR_MONTH_FORMAT")
    if day == "XX":
        return _("%(month)s, on a day not known") % {"month": formats.date_format(date, "YEAR_MONTH_FORMAT")}
    return formats.date_format(date, "DATE_FORMAT")


def _season(number: int, year: str) -> str:
    words = {21: _("spring %s"), 22: _("summer %s"), 23: _("autumn %s"), 24: _("winter %s")}
    return words.get(number, f"%s-{number}") % year


def _not_a_date(typed: str, field: str) -> Refused:
    return Refused(
        _(
            "“%(text)s” is not a date we can read. Write it as exactly as you know it: 2021, 2021-05 or 2021-05-14; add ~ for “about”, ? for “perhaps”."
        )
        % {"text": typed},
        field=field,
    )


def _is_edtf(text: str) -> bool:
    try:
        parse_edtf(text)
    except (EDTFParseException, ValueError, TypeError, AttributeError):
        return False
    return True


def _ends(edtf: str) -> tuple[str, str]:
    """Both ends of an interval; the same date twice where it is none."""
    early, slash, late = edtf.partition("/")
    return (early, late) if slash else (edtf, edtf)


def _bound(edtf: str, bound: Callable[[Any], struct_time], field: str) -> dt.date | None:
    if edtf in {"", ".."}:
        return None
    year, month, day = tuple(bound(parse_edtf(edtf)))[:3]
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise Refused(_("The year must lie between 1 and 9999."), field=field)
    return dt.date(year, month, day)
