"""What `answerable due` prints: by when an answer is due under one rule, and how that was counted."""

import datetime as dt
import re

from django.utils.translation import gettext as _

from answerable.clock.calendars import Calendar
from answerable.clock.deadlines import count
from answerable.clock.rules import place, rule
from answerable.clock.wording import Fact, sentence
from answerable.core.errors import Refused

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def tell_due(rule_id: str, sent: str, *, subdivision: str = "") -> str:
    """The due date (ISO 8601), first on the first line, then how it was counted, a line for each sentence.

    `subdivision` is the part of the country whose holidays count too. Refused for a rule that is unknown or
    not fit to be computed, and for a date that is none.
    """
    found = rule(rule_id)
    country, part = place(found.country, subdivision or found.subdivision)
    due = count(found, received_on=_date(sent), time_zone="UTC", calendar=Calendar(country, part))
    arrived: Fact = {"say": "sent_is_received"}
    first, *others = [sentence(fact) for fact in due.how]
    lines = [f"{due.due_on.isoformat()}  {first}", *others]
    lines += [_("Assumed: %(what)s") % {"what": sentence(fact)} for fact in (arrived, *due.assumed)]
    return "\n".join(lines)


def _date(text: str) -> dt.date:
    text = text.strip()
    try:
        if _ISO_DATE.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise Refused(
        _("“%(text)s” is not a date. Write year, month and day, as in %(example)s.")
        % {"text": text[:40], "example": "2026-03-31"},
        field="sent",
    )
