"""What templates say of domain values: dates as exactly as known, how a date was counted, why mail is what it is."""

from collections.abc import Sequence

from django import template
from django.utils.translation import get_language_info

from answerable.cases import dates
from answerable.clock.models import Clock
from answerable.clock.rules import rules
from answerable.clock.wording import sentence as clock_sentence
from answerable.dispatch.telling import waiting
from answerable.inbound.senders import stranger, verified
from answerable.inbound.sentences import sentence as mail_sentence

register = template.Library()
register.filter("waiting", waiting)
register.filter("stranger", stranger)
register.filter("verified", verified)


@register.filter
def edtf(date: str) -> str:
    """An inexact date in words."""
    return dates.say(date) if date else ""


@register.filter
def law(clock: Clock) -> str:
    """The law that gave a clock its date."""
    rule = rules().get(clock.rule_id)
    return f"{rule.law}, {rule.jurisdiction}" if rule else clock.rule_id


@register.filter
def counted(facts: Sequence[dict[str, object]]) -> list[str]:
    """How a date was counted, or what was assumed, in sentences."""
    return [clock_sentence(fact) for fact in facts]


@register.filter
def because(code: str) -> str:
    """Why mail is of its kind, or belongs where it was filed, in a sentence."""
    return mail_sentence(code) if code else ""


@register.filter
def language_name(code: str) -> str:
    """A language in its own words; the code where nobody knows."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code
