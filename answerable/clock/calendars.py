"""Working days: weekends from our own table, public holidays from the `holidays` package, closures as they are told.

Import this only where dates are counted: the package's tables cost about 0.1 s and 11 MB. They are loaded at once, not
with the first date, because dates are counted while a transaction is open.
"""

import datetime as dt
import json
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import holidays
import holidays.countries
from holidays.registry import EntityLoader
from holidays.version import __version__

from answerable.clock.rules import DATA

TABLE = f"holidays {__version__}"
ONE_DAY = dt.timedelta(days=1)
_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Weekend:
    """The days (0 is Monday) on which public offices of a country are closed each week, and who says so."""

    days: frozenset[int]
    basis: str
    sources: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class Closure:
    """A day on which offices are closed beyond the table, by order or by custom."""

    on: dt.date
    name: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the offices of one place work.

    `country` is ISO 3166-1, `subdivision` the second part of an ISO 3166-2 code. With `every_subdivision` a
    holiday in any part of the country is one everywhere.
    """

    country: str
    subdivision: str = ""
    every_subdivision: bool = False
    closures: tuple[Closure, ...] = ()


@dataclass(frozen=True, slots=True)
class _Table:
    """What the `holidays` package says of one place and year; `known` is false where that is nothing, or not all."""

    known: bool
    names: dict[dt.date, str]
    worked: frozenset[dt.date]  # weekend days that were made working days


def weekend(country: str) -> Weekend:
    """The weekend of public offices there; Saturday and Sunday, with confidence "low", where our table has no row."""
    return _weekends().get(country) or Weekend(frozenset({5, 6}), "", (), "low")


def closed_because(calendar: Calendar, day: dt.date) -> str | None:
    """The name of the holiday or closure on `day`, "" for a plain weekend day, None when offices work."""
    for closure in calendar.closures:
        if closure.on == day:
            return closure.name
    table = _table(calendar, day.year)
    if day in table.worked:
        return None
    if day.weekday() in weekend(calendar.country).days:
        return ""
    return table.names.get(day)


def is_working_day(calendar: Calendar, day: dt.date) -> bool:
    """Whether offices work on `day`, as far as the calendar knows."""
    return closed_because(calendar, day) is None


def add_working_days(calendar: Calendar, day: dt.date, count: int) -> dt.date:
    """The `count`-th working day after `day`; `day` itself, working or not, when `count` is 0."""
    if count < 0:
        raise ValueError("working days are counted forward")
    while count:
        day += ONE_DAY
        count -= is_working_day(calendar, day)
    return day


def next_working_day(calendar: Calendar, day: dt.date) -> dt.date:
    """`day` if offices work on it, else the first working day after it."""
    return day if is_working_day(calendar, day) else add_working_days(calendar, day, 1)


def holidays_between(calendar: Calendar, first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, str]]:
    """Each day from `first` to `last`, both included, that a holiday or closure and no plain weekend takes out."""
    for number in range((last - first).days + 1):
        day = first + number * ONE_DAY
        if name := closed_because(calendar, day):
            yield day, name


def knows_holidays(calendar: Calendar, year: int) -> bool:
    """Whether the public holidays there in that year are known."""
    return _table(calendar, year).known


def leaves_out_parts(calendar: Calendar) -> bool:
    """Whether parts of that country have holidays of their own of which the calendar takes none."""
    return bool(_parts(calendar.country)) and not calendar.every_subdivision and not _part(calendar)


@cache
def _weekends() -> dict[str, Weekend]:
    rows = json.loads((DATA / "weekends.json").read_text(encoding="utf-8"))
    return {
        row["country"]: Weekend(
            frozenset(_DAY_NAMES.index(day) for day in row["days"]),
            row["basis"],
            tuple(row["sources"]),
            row["confidence"],
        )
        for row in rows
    }


@cache
def _countries() -> frozenset[str]:
    return frozenset(EntityLoader.get_country_codes(include_aliases=False))


@cache
def _parts(country: str) -> tuple[str, ...]:
    return holidays.country_holidays(country).subdivisions if country in _countries() else ()


def _part(calendar: Calendar) -> str:
    return calendar.subdivision if calendar.subdivision in _parts(calendar.country) else ""


def _table(calendar: Calendar, year: int) -> _Table:
    part = "" if calendar.every_subdivision else _part(calendar)
    return _holidays_of(calendar.country, part, calendar.every_subdivision, year)


@lru_cache(maxsize=512)
def _holidays_of(country: str, part: str, every_part: bool, year: int) -> _Table:
    if country not in _countries():
        return _Table(False, {}, frozenset())
    names: dict[dt.date, str] = {}
    worked: set[dt.date] = set()
    known = False
    for each in _parts(country) if every_part else [part or None]:
        with warnings.catch_warnings(record=True) as told:  # the package warns of years it knows in part
            warnings.simplefilter("always")
            found = holidays.country_holidays(country, subdiv=each, years=year, expand=False, language="en_US")
        known = found.start_year <= year <= found.end_year and not told
        worked |= found.weekend_workdays
        for day, name in found.items():
            names.setdefault(day, name)
    return _Table(known, names, frozenset(worked))
