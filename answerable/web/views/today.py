"""Today: what is due, what came in, what waits for you, what closes next. As many statements however much there is."""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from answerable.cases.models import Case, Ground
from answerable.clock.models import Clock
from answerable.core.instants import now
from answerable.inbound.models import Reply
from answerable.letters.models import Dispatch, Letter, Recipient
from answerable.letters.states import DispatchState, LetterState, RecipientState
from answerable.web.access import signed_in

A_LIST, A_LONG_LIST = 10, 250  # rows of a list at first, and when it is asked for by name (`?all=due`)
SOON = dt.timedelta(days=60)
_ENDED_BADLY = (DispatchState.UNKNOWN, DispatchState.REFUSED, DispatchState.BOUNCED)


@login_required
def today(request: HttpRequest) -> HttpResponse:
    """The first page after sign-in."""
    user = signed_in(request)
    seen = Case.objects.seen_by(user)
    at = now()
    wanted = request.GET.get("all", "")
    drafts = _drafts(seen)
    context = {
        "today": at.date(),
        "due": _listed("due", _due(seen), wanted),
        "came": _listed("came", _came(seen), wanted),
        "drafts": _listed("drafts", drafts.filter(reminder_of=None), wanted),
        "reminders": _listed("reminders", drafts.exclude(reminder_of=None), wanted),
        "dispatches": _listed("dispatches", _dispatches(seen), wanted),
        "guessed": _listed("guessed", _came(seen).filter(kind_guessed=True), wanted),
        "to_agree": _stated(seen).filter(second_person=user, agreed_at=None)[:A_LIST],
        "to_review": _stated(seen)
        .exclude(agreed_at=None)
        .filter(review_on__lte=(at + SOON).date())
        .order_by("review_on")[:A_LIST],
        "counts": _counts(seen),
    }
    return render(request, "today/today.html", context)


def _listed(name: str, rows: QuerySet[Any], wanted: str) -> dict[str, Any]:
    """The first rows of a list, and whether there are more; many more where this list was asked for by name."""
    most = A_LONG_LIST if name == wanted else A_LIST
    found = list(rows[: most + 1])
    return {"name": name, "rows": found[:most], "more": len(found) > most}


def _due(seen: QuerySet[Case]) -> QuerySet[Clock]:
    """The dates that have not passed, the nearest first."""
    rows = Clock.objects.open().filter(recipient__letter__case__in=seen)
    return rows.select_related("recipient__letter__case", "recipient__office__body", "recipient__thread", "ask").defer(
        "how", "assumed"
    )


def _came(seen: QuerySet[Case]) -> QuerySet[Reply]:
    """What came, the newest first."""
    rows = Reply.objects.filter(recipient__letter__case__in=seen, undone_at=None).order_by("-received_at", "-pk")
    return rows.select_related("mail", "recipient__letter", "recipient__office__body", "recipient__thread").defer(
        "mail__text", "mail__reply_text"
    )


def _drafts(seen: QuerySet[Case]) -> QuerySet[Letter]:
    """The letters that are not sent yet, the one last worked on first."""
    return (
        Letter.objects.filter(case__in=seen, state=LetterState.DRAFT)
        .select_related("case", "reminder_of")
        .order_by("-revised_at")
    )


def _dispatches(seen: QuerySet[Case]) -> QuerySet[Dispatch]:
    """What a person hands over, and what ended badly with nothing tried since."""
    later = Dispatch.objects.filter(recipient=OuterRef("recipient"), pk__gt=OuterRef("pk"))
    by_person = Q(state=DispatchState.QUEUED, route__in=[Dispatch.Route.WRITER, Dispatch.Route.NONE])
    badly = Q(state__in=_ENDED_BADLY, recipient__state=RecipientState.PLANNED)
    rows = Dispatch.objects.filter(by_person | badly & ~Exists(later), recipient__letter__case__in=seen)
    return rows.select_related("recipient__letter__case", "recipient__office__body").order_by("-queued_at", "-pk")


def _stated(seen: QuerySet[Case]) -> QuerySet[Ground]:
    """The grounds that nobody took back."""
    return Ground.objects.filter(person__case__in=seen, revoked_at=None).select_related("person__case", "recorded_by")


def _counts(seen: QuerySet[Case]) -> dict[str, int]:
    """How many recipients of letters that were sent stand how, and how many there are."""
    sent = Recipient.objects.filter(letter__case__in=seen, letter__state__in=[LetterState.SEALED, LetterState.CLOSED])
    found = dict(sent.values_list("state").annotate(Count("pk")).order_by())
    counts = {state.value: found.get(state.value, 0) for state in RecipientState}
    return counts | {"all": sum(counts.values())}
