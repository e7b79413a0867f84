"""What happened, and who states what: events with inexact dates, claims with their source and the reply to them."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from answerable.accounts.models import User
from answerable.core.errors import Refused
from answerable.evidence.log import append

from . import dates
from .models import Case, CaseAct, Claim, Event


def record_event(
    case: Case, *, when: str, what: str, place: str = "", source: str = "", by: User, now: dt.datetime
) -> Event:
    """Afterwards the case's chronology holds the event, dated no more exactly than was said (EDTF)."""
    with transaction.atomic():
        event = Event.objects.create(case=case, what=what, place=place, source=source, **_dated(when))
        append(CaseAct, case, "record_event", by=by.uid, now=now, event=event.pk)
    return event


def change_event(
    event: Event, *, when: str, what: str, place: str = "", source: str = "", by: User, now: dt.datetime
) -> None:
    """Afterwards the event reads so."""
    with transaction.atomic():
        Event.objects.filter(pk=event.pk).update(what=what, place=place, source=source, **_dated(when))
        append(CaseAct, event.case, "change_event", by=by.uid, now=now, event=event.pk)
    event.refresh_from_db()


def remove_event(event: Event, *, by: User, now: dt.datetime) -> None:
    """Afterwards the chronology does not hold the event."""
    with transaction.atomic():
        append(CaseAct, event.case, "remove_event", by=by.uid, now=now, event=event.pk)
        event.delete()


def record_claim(
    case: Case,
    *,
    stated_by: str,
    text: str,
    source: str,
    stated_on: str = "",
    party_named: str = "",
    reply: str = "",
    reply_source: str = "",
    by: User,
    now: dt.datetime,
) -> Claim:
    """Afterwards the case holds that `stated_by` states `text`, where that was said, and what the party named replied."""
    said = _claim(stated_by, text, source, stated_on, party_named, reply, reply_source)
    with transaction.atomic():
        claim = Claim.objects.create(case=case, **said)
        append(CaseAct, case, "record_claim", by=by.uid, now=now, claim=claim.pk)
    return claim


def change_claim(
    claim: Claim,
    *,
    stated_by: str,
    text: str,
    source: str,
    stated_on: str = "",
    party_named: str = "",
    reply: str = "",
    reply_source: str = "",
    by: User,
    now: dt.datetime,
) -> None:
    """Afterwards the claim reads so."""
    said = _claim(stated_by, text, source, stated_on, party_named, reply, reply_source)
    with transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(**said)
        append(CaseAct, claim.case, "change_claim", by=by.uid, now=now, claim=claim.pk)
    claim.refresh_from_db()


def remove_claim(claim: Claim, *, by: User, now: dt.datetime) -> None:
    """Afterwards the case does not hold the claim."""
    with transaction.atomic():
        append(CaseAct, claim.case, "remove_claim", by=by.uid, now=now, claim=claim.pk)
        claim.delete()


def _dated(when: str) -> dict[str, str | dt.date | None]:
    date = dates.read(when)
    return {"when": date.edtf, "earliest_on": date.earliest_on, "latest_on": date.latest_on}


def _claim(
    stated_by: str, text: str, source: str, stated_on: str, party_named: str, reply: str, reply_source: str
) -> dict[str, str]:
    if not source.strip():
        raise Refused(_("A claim needs its source: say where it was stated."), field="source")
    if reply.strip() and not party_named.strip():
        raise Refused(_("Say whose reply this is: name the party."), field="party_named")
    return {
        "stated_by": stated_by,
        "text": text,
        "source": source,
        "stated_on": dates.read(stated_on, field="stated_on").edtf if stated_on else "",
        "party_named": party_named,
        "reply": reply,
        "reply_source": reply_source,
    }
