"""Why a legal date is what it is: the facts of a count, and what nobody has confirmed about it.

Facts are small dictionaries, not sentences, so that what was counted once can be read in any language:
`wording.sentence` says them.
"""

import datetime as dt
from dataclasses import dataclass

from answerable.clock.calendars import (
    TABLE,
    Calendar,
    holidays_between,
    is_working_day,
    knows_holidays,
    leaves_out_parts,
    next_working_day,
    weekend,
)
from answerable.clock.rules import Period, Rule
from answerable.clock.wording import Fact


@dataclass(frozen=True, slots=True)
class Count:
    """One count by a rule: `period` from `first_on`, the first day that counts, to `ends_on`, moved or not to `due_on`."""

    rule: Rule
    period: Period
    calendar: Calendar
    received_on: dt.date
    first_on: dt.date
    ends_on: dt.date
    due_on: dt.date


def how(count: Count) -> list[Fact]:
    """The rule, the first day, what was left out by name, what moved the end, and the sources."""
    rule = count.rule
    facts: list[Fact] = [
        {"say": "law", "rule": rule.id, "law": rule.law, "jurisdiction": rule.jurisdiction, **_length(count.period)},
        counted_from(count.received_on, count.first_on),
    ]
    if count.period.unit == "working_days":
        facts += _left_out(count)
    if count.due_on != count.ends_on:
        facts.append({"say": "moved", "ends_on": count.ends_on.isoformat(), "due_on": count.due_on.isoformat()})
    if rule.counting.basis:
        facts.append({"say": "counting", "basis": rule.counting.basis, "source": rule.counting.source})
    seen = {"read_on": rule.read_on.isoformat(), "confidence": rule.confidence}
    return [*facts, {"say": "source", "sources": list(rule.sources), **seen}]


def counted_from(received_on: dt.date, first_on: dt.date) -> Fact:
    """When it was received, and which day counts first."""
    return {"say": "counted_from", "received_on": received_on.isoformat(), "first_on": first_on.isoformat()}


def assumed(count: Count) -> list[Fact]:
    """What the date takes for granted: about the law, about the calendar, about its first and last day."""
    facts = _assumed_of_rule(count.rule)
    if count.period.unit == "working_days" or count.rule.counting.ends == "working_day":
        facts += _assumed_of_calendar(count)
    elif not is_working_day(count.calendar, count.due_on):
        opens_on = next_working_day(count.calendar, count.due_on)
        facts.append({"say": "ends_closed", "due_on": count.due_on.isoformat(), "opens_on": opens_on.isoformat()})
    if not is_working_day(count.calendar, count.received_on):
        facts.append({"say": "received_closed", "received_on": count.received_on.isoformat()})
    return facts


def _length(period: Period) -> Fact:
    return {"value": period.value, "unit": period.unit}


def _left_out(count: Count) -> list[Fact]:
    left_out = holidays_between(count.calendar, count.first_on, count.due_on)
    closed = [{"on": day.isoformat(), "name": name} for day, name in left_out]
    return [
        {"say": "weekend", "weekdays": sorted(weekend(count.calendar.country).days)},
        {"say": "holidays" if closed else "no_holidays", "closed": closed, "table": TABLE},
    ]


def _assumed_of_rule(rule: Rule) -> list[Fact]:
    facts: list[Fact] = [{"say": "covered", "jurisdiction": rule.jurisdiction}]
    if not rule.counting.starts:
        facts.append({"say": "from_day_after"})
    if rule.confidence != "high":
        facts.append({"say": "confidence", "confidence": rule.confidence})
    for say, other in (("not_extended", rule.extension), ("not_urgent", rule.urgent)):
        if other:
            facts.append({"say": say, **_length(other), "condition": other.condition, "in_all": other.in_all})
    if rule.note:
        facts.append({"say": "note", "note": rule.note})
    return facts


def _assumed_of_calendar(count: Count) -> list[Fact]:
    rest = weekend(count.calendar.country)
    facts: list[Fact] = [{"say": "weekend_basis", "confidence": rest.confidence, "basis": rest.basis}]
    years = range(count.received_on.year, count.due_on.year + 1)
    if not all(knows_holidays(count.calendar, year) for year in years):
        facts.append({"say": "holidays_unknown"})
    elif leaves_out_parts(count.calendar):
        facts.append({"say": "national_holidays_only"})
    between = holidays_between(count.calendar, count.received_on, count.due_on)
    if any("estimated" in name for _on, name in between):
        facts.append({"say": "estimated_holidays"})
    return [*facts, {"say": "no_other_closures"}]
