"""By when an answer is due: by law, or by the writer's own date, which is never called law.

Facts about the count are kept as small dictionaries, not sentences, so that what was counted once can be read
in any language: `wording.sentence` says them.
"""

import calendar as months
import datetime as dt
import zoneinfo
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from answerable.clock.calendars import (
    ONE_DAY,
    TABLE,
    Calendar,
    add_working_days,
    closed_because,
    holidays_between,
    is_working_day,
    knows_holidays,
    leaves_out_parts,
    next_working_day,
    weekend,
)
from answerable.clock.rules import Period, Rule
from answerable.clock.wording import Fact, why_not_computed
from answerable.core.errors import Refused

FIRST_YEAR, LAST_YEAR = 1900, 2100
MOST_OWN_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Due:
    """A date to answer by and how it came about.

    `due_on` is the last day on which an answer is in time; `due_at` the first instant after it, where the office is.
    `how` says how it was counted, `assumed` what nobody has confirmed. `law` is false for a date of the writer's own.
    """

    due_on: dt.date
    due_at: dt.datetime
    counted_from_on: dt.date
    law: bool
    rule_id: str
    how: tuple[Fact, ...]
    assumed: tuple[Fact, ...]


def count(rule: Rule, *, received_on: dt.date, time_zone: str, calendar: Calendar) -> Due:
    """The date that `rule` gives for an ask received on that day, there.

    The day of receipt is not counted. Months end on the same day of the month, or its last day. A period of calendar
    days, weeks or months that ends on a closed day is moved only where the rule says so: the earlier date keeps
    the writer's own time limits safe, and what is said beside it keeps the office from being called late too soon.
    Refused where the row is not fit to be computed or the dates are out of reach.
    """
    if not rule.is_computable:
        raise Refused(why_not_computed(rule), field="rule")
    _check_year(received_on)
    if rule.counting.holidays == "every_subdivision":
        calendar = replace(calendar, every_subdivision=True)
    period = rule.response
    if period.unit == "weeks" and rule.counting.week == "five_working_days":
        period = replace(period, value=5 * (period.value or 0), unit="working_days")
    first = received_on + ONE_DAY
    if period.unit == "working_days" or rule.counting.starts == "next_working_day":
        first = next_working_day(calendar, first)
    due_on, moved = _end(rule, period, first, calendar)
    how: list[Fact] = [
        {
            "say": "law",
            "rule": rule.id,
            "law": rule.law,
            "jurisdiction": rule.jurisdiction,
            "value": period.value,
            "unit": period.unit,
        },
        {"say": "counted_from", "received_on": received_on.isoformat(), "first_on": first.isoformat()},
    ]
    if period.unit == "working_days":
        how += _not_counted(calendar, first, due_on)
    how += moved
    if rule.counting.basis:
        how.append({"say": "counting", "basis": rule.counting.basis, "source": rule.counting.source})
    how.append(_source(rule))
    due_at, zone_assumed = _end_of(due_on, time_zone)
    assumed = [
        *_assumed_of_rule(rule),
        *_assumed_of_days(
            calendar, period, received_on=received_on, due_on=due_on, rolls=rule.counting.ends == "working_day"
        ),
        *zone_assumed,
    ]
    return Due(due_on, due_at, first, True, rule.id, tuple(how), tuple(assumed))


def own(*, received_on: dt.date, time_zone: str, days: int | None = None, on: dt.date | None = None) -> Due:
    """The writer's own date: so many calendar days after receipt, or a day they named. It is no law's.

    Refused where neither or both are given, or where the day is not after receipt or out of reach.
    """
    _check_year(received_on)
    if (days is None) == (on is None):
        raise Refused(_("Give either a number of days or a date to answer by."), field="own_days")
    if days is not None:
        if not 1 <= days <= MOST_OWN_DAYS:
            raise Refused(
                _("The number of days must be between 1 and %(most)d.") % {"most": MOST_OWN_DAYS}, field="own_days"
            )
        on = received_on + days * ONE_DAY
    assert on is not None
    if on <= received_on:
        raise Refused(_("The date to answer by must lie after the day the letter is received."), field="own_days")
    _check_year(on)
    due_at, assumed = _end_of(on, time_zone)
    how: list[Fact] = [{"say": "own_days", "days": days} if days else {"say": "own_date", "due_on": on.isoformat()}]
    first = received_on + ONE_DAY
    how.append({"say": "counted_from", "received_on": received_on.isoformat(), "first_on": first.isoformat()})
    return Due(on, due_at, first, False, "", tuple(how), tuple(assumed))


def add_months(day: dt.date, count: int) -> dt.date:
    """The same day of the month `count` months later, or that month's last day (31 January and a month: 28 February)."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return dt.date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def end_of_day(day: dt.date, time_zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """The first instant after `day` there, in UTC: also where clocks change at midnight."""
    return dt.datetime.combine(day + ONE_DAY, dt.time(), time_zone).astimezone(dt.UTC)


def zone(name: str) -> zoneinfo.ZoneInfo | None:
    """The time zone of that name, or None where there is none."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _end(rule: Rule, period: Period, first: dt.date, calendar: Calendar) -> tuple[dt.date, list[Fact]]:
    """The last day of a period whose first counted day is `first`, and what moved it."""
    before, value = first - ONE_DAY, period.value or 0
    match period.unit:
        case "working_days":
            return add_working_days(calendar, before, value), []
        case "months":
            ends_on = add_months(before, value)
        case "weeks":
            ends_on = before + 7 * value * ONE_DAY
        case _:
            ends_on = before + value * ONE_DAY
    if rule.counting.ends != "working_day" or is_working_day(calendar, ends_on):
        return ends_on, []
    moved_to = next_working_day(calendar, ends_on)
    return moved_to, [{"say": "moved", "ends_on": ends_on.isoformat(), "due_on": moved_to.isoformat()}]


def _source(rule: Rule) -> Fact:
    return {
        "say": "source",
        "sources": list(rule.sources),
        "read_on": rule.read_on.isoformat(),
        "confidence": rule.confidence,
    }


def _not_counted(calendar: Calendar, first: dt.date, last: dt.date) -> list[Fact]:
    closed = [{"on": day.isoformat(), "name": name} for day, name in holidays_between(calendar, first, last)]
    return [
        {"say": "weekend", "weekdays": sorted(weekend(calendar.country).days)},
        {"say": "holidays" if closed else "no_holidays", "closed": closed, "table": TABLE},
    ]


def _assumed_of_rule(rule: Rule) -> list[Fact]:
    facts: list[Fact] = [{"say": "covered", "jurisdiction": rule.jurisdiction}]
    if not rule.counting.starts:
        facts.append({"say": "from_day_after"})
    if rule.confidence != "high":
        facts.append({"say": "confidence", "confidence": rule.confidence})
    for say, period in (("not_extended", rule.extension), ("not_urgent", rule.urgent)):
        if period:
            facts.append(
                {
                    "say": say,
                    "value": period.value,
                    "unit": period.unit,
                    "condition": period.condition,
                    "in_all": period.in_all,
                }
            )
    if rule.note:
        facts.append({"say": "note", "note": rule.note})
    return facts


def _assumed_of_days(
    calendar: Calendar, period: Period, *, received_on: dt.date, due_on: dt.date, rolls: bool
) -> list[Fact]:
    facts: list[Fact] = []
    if period.unit == "working_days" or rolls:
        facts += _assumed_of_calendar(calendar, received_on, due_on)
    elif not is_working_day(calendar, due_on):
        opens_on = next_working_day(calendar, due_on)
        facts.append({"say": "ends_closed", "due_on": due_on.isoformat(), "opens_on": opens_on.isoformat()})
    if closed_because(calendar, received_on) is not None:
        facts.append({"say": "received_closed", "received_on": received_on.isoformat()})
    return facts


def _assumed_of_calendar(calendar: Calendar, first: dt.date, last: dt.date) -> list[Fact]:
    rest = weekend(calendar.country)
    facts: list[Fact] = [{"say": "weekend_basis", "confidence": rest.confidence, "basis": rest.basis}]
    if not all(knows_holidays(calendar, year) for year in range(first.year, last.year + 1)):
        facts.append({"say": "holidays_unknown", "country": calendar.country})
    elif leaves_out_parts(calendar):
        facts.append({"say": "national_holidays_only"})
    if any("estimated" in name for _day, name in holidays_between(calendar, first, last)):
        facts.append({"say": "estimated_holidays"})
    facts.append({"say": "no_other_closures"})
    return facts


def _end_of(day: dt.date, time_zone: str) -> tuple[dt.datetime, list[Fact]]:
    known = zone(time_zone)
    if known is None:
        return end_of_day(day, zoneinfo.ZoneInfo("UTC")), [{"say": "zone_unknown"}]
    return end_of_day(day, known), []


def _check_year(day: dt.date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused(
            _("The date must lie between the years %(first)d and %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR},
            field="sent",
        )
