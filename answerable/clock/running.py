"""How clocks start with a delivery, stop with an answer, are void with a bounce, and fall due."""

import datetime as dt

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from answerable.clock.calendars import Calendar
from answerable.clock.deadlines import MOST_OWN_DAYS, Due, count, own, zone
from answerable.clock.models import Clock, ClockQuerySet
from answerable.clock.rules import place, rule_that_starts
from answerable.core.errors import Refused
from answerable.letters.models import Ask, Recipient

State = Clock.State


def start(recipient: Recipient, *, accepted_at: dt.datetime, now: dt.datetime) -> list[Clock]:
    """Afterwards the recipient's clocks run from the delivery: one for each ask of an addressee, one for a copy.

    An ask is dated by a law where a rule for its kind binds the office; else, and always for a plea or a copy, by the
    writer's own date. Clocks that are there and not void stay as they are. Refused for a delivery in the future.
    """
    if accepted_at > now:
        raise Refused(_("A letter cannot have been delivered in the future."), field="accepted_at")
    if there := list(_clocks(recipient).exclude(state=State.VOID)):
        return there
    return Clock.objects.bulk_create(expected(recipient, accepted_at=accepted_at))


def expected(recipient: Recipient, *, accepted_at: dt.datetime) -> list[Clock]:
    """The clocks that a delivery at that instant would start, not stored: what a writer is shown before sending."""
    asks: list[Ask | None] = [*recipient.letter.asks.all()] if recipient.kind == Recipient.Kind.TO else []
    return [_clock(recipient, ask, accepted_at) for ask in asks or [None]]


def stop(recipient: Recipient, *, now: dt.datetime, answered_at: dt.datetime | None = None) -> int:
    """Afterwards no clock of the recipient runs: it answered, at `answered_at` (default: now). Returns how many stopped.

    Dates that had passed stay passed, but those that the answer met: it came in time and was recorded late.
    """
    met = Q(state=State.PASSED, due_at__gt=answered_at or now)
    rows = _clocks(recipient).filter(Q(state__in=[State.RUNNING, State.PAUSED]) | met)
    return rows.update(state=State.ANSWERED, ended_at=now)


def void(recipient: Recipient, *, now: dt.datetime) -> int:
    """Afterwards nothing was ever due from the recipient: the letter came back. Returns how many clocks were voided."""
    reached = [State.RUNNING, State.PAUSED, State.PASSED]
    return _clocks(recipient).filter(state__in=reached).update(state=State.VOID, ended_at=now)


def run_on(recipient: Recipient) -> int:
    """Afterwards the recipient's clocks run as if nothing had been received: what came was found to be no answer.

    Dates that have passed meanwhile fall due again. Returns how many clocks run again.
    """
    return (
        _clocks(recipient).filter(state__in=[State.ANSWERED, State.PASSED]).update(state=State.RUNNING, ended_at=None)
    )


def fallen_due(now: dt.datetime, *, most: int = 250) -> list[Clock]:
    """Move at most `most` clocks whose date has passed from running to passed and return them, the oldest first.

    Each clock is returned once, whoever asks and however often; what an earlier run missed is caught up. Call it in the
    transaction that records the consequence, so that both happen or neither. `how` and `assumed` are not loaded.
    """
    with transaction.atomic():
        rows = Clock.objects.due(now).only("recipient", "due_on", "due_at", "basis", "state", "ended_at")
        if connection.features.has_select_for_update_skip_locked:
            # With its recipient: who is being recorded as answering at this moment is left for the next run.
            rows = rows.only("recipient__uid", "due_on", "due_at", "basis", "state", "ended_at")
            rows = rows.select_related("recipient").select_for_update(skip_locked=True, of=("self", "recipient"))
        clocks = list(rows[:most])
        still = Clock.objects.filter(pk__in=[clock.pk for clock in clocks], state=State.RUNNING)
        if clocks and still.update(state=State.PASSED, ended_at=now) != len(clocks):
            raise RuntimeError("a clock changed while it was held")
    for clock in clocks:
        clock.state, clock.ended_at = State.PASSED, now
    return clocks


def _clocks(recipient: Recipient) -> ClockQuerySet:
    return Clock.objects.filter(recipient=recipient)


def _clock(recipient: Recipient, ask: Ask | None, accepted_at: dt.datetime) -> Clock:
    due = _due(recipient, ask, accepted_at)
    return Clock(
        recipient=recipient,
        ask=ask,
        basis=Clock.Basis.LAW if due.law else Clock.Basis.OWN,
        rule_id=due.rule_id,
        started_at=accepted_at,
        counted_from_on=due.counted_from_on,
        due_on=due.due_on,
        due_at=due.due_at,
        how=list(due.how),
        assumed=list(due.assumed),
    )


def _due(recipient: Recipient, ask: Ask | None, accepted_at: dt.datetime) -> Due:
    body = recipient.office.body if recipient.office else None
    time_zone = body.time_zone if body else ""
    received_on = accepted_at.astimezone(zone(time_zone) or dt.UTC).date()
    rule = rule_that_starts(body.country, ask.kind, subdivision=body.subdivision) if body and ask else None
    if body and rule:
        calendar = Calendar(*place(body.country, body.subdivision))
        return count(rule, received_on=received_on, time_zone=time_zone, calendar=calendar)
    days = min(max(recipient.letter.own_days, 1), MOST_OWN_DAYS)
    return own(received_on=received_on, time_zone=time_zone, days=days)
