"""By when an answer is due: by law, or by the writer's own date, which is never called law."""

import calendar as months
import datetime as dt
import zoneinfo
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from answerable.clock import explaining
from answerable.clock.calendars import ONE_DAY, Calendar, add_working_days, next_working_day
from answerable.clock.explaining import Count, counted_from
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
    first_on = received_on + ONE_DAY
    if period.unit == "working_days" or rule.counting.starts == "next_working_day":
        first_on = next_working_day(calendar, first_on)
    ends_on = _end(period, first_on, calendar)
    due_on = next_working_day(calendar, ends_on) if rule.counting.ends == "working_day" else ends_on
    due_at, zone_assumed = _end_of(due_on, time_zone)
    counted = Count(rule, period, calendar, received_on, first_on, ends_on, due_on)
    assumed = (*explaining.assumed(counted), *zone_assumed)
    return Due(due_on, due_at, first_on, True, rule.id, tuple(explaining.how(counted)), assumed)


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
    named: Fact = {"say": "own_days", "days": days} if days else {"say": "own_date", "due_on": on.isoformat()}
    first_on = received_on + ONE_DAY
    return Due(on, due_at, first_on, False, "", (named, counted_from(received_on, first_on)), tuple(assumed))


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


def _end(period: Period, first_on: dt.date, calendar: Calendar) -> dt.date:
    before, value = first_on - ONE_DAY, period.value or 0
    match period.unit:
        case "working_days":
            return add_working_days(calendar, before, value)
        case "calendar_days":
            return before + value * ONE_DAY
        case "weeks":
            return before + 7 * value * ONE_DAY
        case "months":
            return add_months(before, value)
    raise ValueError(f"{period.unit} cannot be counted in days")


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
