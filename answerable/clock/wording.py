"""What is said about a date: the facts of a count, in the reader's language.

Facts are stored with the clocks they explain, so a name after "say" is never renamed, only added.
"""

import datetime as dt
from typing import Any, TypeAlias

from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from answerable.clock.rules import Rule

Fact: TypeAlias = dict[str, Any]

_SENTENCES = {
    "law": gettext_noop("%(law)s, %(jurisdiction)s (rule %(rule)s): %(period)s to answer."),
    "source": gettext_noop("Read on %(read_on)s, with confidence “%(confidence)s”, at: %(sources)s"),
    "own_days": gettext_noop("The writer's own date, not a legal one: %(days)s days after receipt."),
    "own_date": gettext_noop("The writer's own date, not a legal one: %(due_on)s."),
    "counted_from": gettext_noop("Received on %(received_on)s; the first day counted is %(first_on)s."),
    "weekend": gettext_noop("Not counted: %(weekdays)s."),
    "holidays": gettext_noop("Not counted, as public holidays (%(table)s): %(closed)s."),
    "no_holidays": gettext_noop("No public holiday fell on a working day (%(table)s)."),
    "moved": gettext_noop(
        "The period ends on %(ends_on)s, when offices are closed; by the rule it runs on to %(due_on)s."
    ),
    "counting": gettext_noop("About this rule: %(basis)s (%(source)s)"),
    "sent_is_received": gettext_noop("The letter arrived on the day it was sent."),
    "covered": gettext_noop("The law covers the office and the one who asks (%(jurisdiction)s)."),
    "from_day_after": gettext_noop("The days run from the day after receipt: the source was not seen to say."),
    "confidence": gettext_noop(
        "The time to answer holds only with confidence “%(confidence)s”: check it against the law."
    ),
    "not_extended": gettext_noop("No extension. The law allows %(period)s: %(condition)s."),
    "not_urgent": gettext_noop(
        "Counted as an ordinary request. In an urgent case the law gives %(period)s: %(condition)s."
    ),
    "note": gettext_noop("Noted beside the rule, and not checked here: %(note)s"),
    "ends_closed": gettext_noop(
        "The period ends on %(due_on)s, when offices are closed, and was not moved. Many laws let it run on to the next "
        "working day: do not call the answer late before %(opens_on)s has passed."
    ),
    "received_closed": gettext_noop("%(received_on)s, when offices are closed, counts as the day of receipt."),
    "weekend_basis": gettext_noop("The weekend of public offices (confidence “%(confidence)s”): %(basis)s"),
    "weekend_unknown": gettext_noop("Offices rest on Saturday and Sunday: nothing was found about that place."),
    "holidays_unknown": gettext_noop(
        "Not all public holidays of that place and time are known; only those named were left out."
    ),
    "national_holidays_only": gettext_noop("Only holidays of the whole country were left out, none of its parts."),
    "estimated_holidays": gettext_noop(
        "Holidays marked “estimated” depend on the sighting of the moon and may fall a day apart."
    ),
    "no_other_closures": gettext_noop("Offices were closed on no other day, for instance by a decree."),
    "zone_unknown": gettext_noop("The office's time zone is not known: its day ends at midnight UTC."),
}


def sentence(fact: Fact) -> str:
    """The fact as a sentence in the active language."""
    say = fact["say"]
    if say == "weekend_basis" and not fact["basis"]:
        say = "weekend_unknown"
    given = {name: _worded(name, value) for name, value in fact.items()}
    if "unit" in fact:
        given["period"] = period(fact["value"], fact["unit"], in_all=fact.get("in_all"))
    return _(_SENTENCES[say]) % given


def period(value: int | None, unit: str, *, in_all: bool | None = None) -> str:
    """A length of time in words: "10 working days", "2 months in all", "5 more working days" for an extension.

    `in_all` is None for a period that extends nothing.
    """
    if value is None:
        return _("a reasonable time")
    length = _length(value, unit)
    if in_all is None:
        return length
    return _("%(length)s in all") % {"length": length} if in_all else _("%(length)s more") % {"length": length}


def why_not_computed(rule: Rule) -> str:
    """Why no date is counted from this row, and what to do."""
    given = {"rule": rule.id, "law": rule.law}
    if rule.confidence == "low":
        return (
            _(
                "No date is computed from rule %(rule)s (%(law)s): its time to answer was not seen in any source. Use a date of your own."
            )
            % given
        )
    if rule.response.unit == "promptly":
        return _("Rule %(rule)s (%(law)s) says “promptly” and gives no number of days. Use a date of your own.") % given
    return _("Rule %(rule)s (%(law)s) gives no time to answer that can be counted. Use a date of your own.") % given


def _length(value: int, unit: str) -> str:
    match unit:
        case "working_days":
            text = ngettext("%(value)d working day", "%(value)d working days", value)
        case "calendar_days":
            text = ngettext("%(value)d calendar day", "%(value)d calendar days", value)
        case "weeks":
            text = ngettext("%(value)d week", "%(value)d weeks", value)
        case "months":
            text = ngettext("%(value)d month", "%(value)d months", value)
        case "years":
            text = ngettext("%(value)d year", "%(value)d years", value)
        case "hours":
            text = ngettext("%(value)d hour", "%(value)d hours", value)
        case _:
            raise ValueError(f"unknown unit {unit}")
    return text % {"value": value}


def _worded(name: str, value: Any) -> Any:
    match name:
        case "weekdays":
            return _listed([str(WEEKDAYS[day]) for day in value])
        case "closed":
            return "; ".join(f"{_day(each['on'])} ({each['name']})" for each in value)
        case "sources":
            return ", ".join(value)
        case "condition" | "basis" | "note":
            return str(value).rstrip(".") if name == "condition" else value
    return _day(value) if name.endswith("_on") else value


def _day(iso: str) -> str:
    return formats.date_format(dt.date.fromisoformat(iso), "l j F Y")


def _listed(names: list[str]) -> str:
    return _(" and ").join(names)
