"""Dates as people type them, put as EDTF has them: 14.5.2021, 5/2021, 2021/5/14, and the Solar Hijri calendar."""

import re

from convertdate import persian

from answerable.core.folding import fold

_YEAR_FIRST = re.compile(r"(?P<year>\d{4})(?:[-./](?P<month>\d{1,2})(?:[-./](?P<day>\d{1,2}))?)?(?P<doubt>[~?%]?)")
_YEAR_LAST = re.compile(r"(?:(?P<day>\d{1,2})(?P<mark>[-./]))?(?P<month>\d{1,2})[-./](?P<year>\d{4})(?P<doubt>[~?%]?)")
_IN_WORDS = re.compile(r"(?:(?P<day>\d{1,2}) )?(?P<word>[^\d\s]+) (?P<year>\d{4})(?P<doubt>[~?%]?)")
_MONTHS = ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند")
_NUMBER = {fold(name): number for number, name in enumerate(_MONTHS, 1)}
_SOLAR_HIJRI = range(1300, 1451)  # the years that people now alive speak of, as in answerable/importers/dates.py


def as_edtf(typed: str) -> str:
    """The same date as EDTF writes it; as it was typed where it has no such form. Digits are ASCII.

    A year, month or day of the Solar Hijri calendar becomes the days of the Gregorian one that it covers.
    """
    whole = _one(typed)
    if whole is not None:
        return whole
    early, slash, late = typed.partition("/")
    if not slash:
        return typed
    return f"{(_one(early) or early).partition('/')[0]}/{(_one(late) or late).rpartition('/')[2]}"


def _one(typed: str) -> str | None:
    """One date, or the interval that it covers; "" for a day that no calendar has, None for what is no date of this kind."""
    found = _YEAR_FIRST.fullmatch(typed) or _YEAR_LAST.fullmatch(typed) or _IN_WORDS.fullmatch(typed)
    if not found:
        return None
    said = found.groupdict()
    year, doubt = int(said["year"]), said["doubt"]
    month = _NUMBER.get(fold(said["word"]), 0) if "word" in said else int(said["month"] or 0)
    day = int(said["day"] or 0)
    if "word" in said and not month:
        return None
    # 3/4/2021 is a day in March in one country and in April in another.
    if said.get("mark") == "/" and month != day <= 12:
        return None
    if year in _SOLAR_HIJRI:
        return _gregorian(year, month, day, doubt)
    return "-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part)]) + doubt


def _gregorian(year: int, month: int, day: int, doubt: str) -> str:
    last_month = month or 12
    if last_month > 12 or day > persian.month_length(year, last_month):
        return ""
    first = persian.to_gregorian(year, month or 1, day or 1)
    last = persian.to_gregorian(year, last_month, day or persian.month_length(year, last_month))
    ends = [f"{y:04}-{m:02}-{d:02}{doubt}" for y, m, d in (first, last)]
    return ends[0] if day else "/".join(ends)
