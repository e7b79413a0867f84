"""Cases: the list, one case with all that belongs to it, opening and changing it."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from answerable.accounts.models import Team
from answerable.cases import grounds, opening
from answerable.cases.models import Case, Ground, Person
from answerable.core.instants import now
from answerable.letters.models import Letter, Recipient, Thread
from answerable.letters.states import LetterState, RecipientState
from answerable.web.access import WRITING, check_writes, found, role_in, signed_in
from answerable.web.acting import FormPage, Trail, done, show_form
from answerable.web.forms.cases import CaseForm

A_PAGE = 25


def case_of(request: HttpRequest, case: uuid.UUID, *, to_write: bool = False) -> Case:
    """The case, if this user may see it (404 otherwise) and, `to_write`, change it (403 otherwise)."""
    user = signed_in(request)
    one = found(Case.objects.seen_by(user).select_related("team"), uid=case)
    if to_write:
        check_writes(user, one.team)
    return one


def trail_of(case: Case) -> Trail:
    """The way up from a page within the case."""
    return [(_("Cases"), reverse("cases")), (case.title, reverse("case", args=[case.uid]))]


@login_required
def cases(request: HttpRequest) -> HttpResponse:
    """The cases of the user's teams, with what is open in each."""
    closed = "closed" in request.GET
    waiting = Q(letters__recipients__state=RecipientState.WAITING)
    silent = Q(letters__recipients__state=RecipientState.NO_REPLY_RECORDED)
    answered = Q(letters__recipients__state=RecipientState.ANSWERED)
    rows = (
        Case.objects.seen_by(signed_in(request))
        .filter(closed_at__isnull=not closed)
        .select_related("team")
        .annotate(
            waiting=Count("letters__recipients", filter=waiting, distinct=True),
            silent=Count("letters__recipients", filter=silent, distinct=True),
            answered=Count("letters__recipients", filter=answered, distinct=True),
        )
        .order_by("-opened_at", "-pk")
    )
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "cases/cases.html", {"page": page, "closed": closed})


@login_required
def case_open(request: HttpRequest) -> HttpResponse:
    """Open a case in a team that the user writes in."""
    user = signed_in(request)
    teams = Team.objects.filter(memberships__user=user, memberships__role__in=WRITING)
    form = CaseForm(request.POST or None, teams=teams)
    opened: list[Case] = []
    if request.method == "POST" and done(
        form, lambda: opened.append(opening.open_case(**form.cleaned_data, by=user, now=now()))
    ):
        return redirect("case", opened[0].uid)
    page = FormPage(
        _("Open a case"),
        _("Open the case"),
        reverse("cases"),
        [(_("Cases"), reverse("cases"))],
        [
            _(
                "A case is what your letters are about: a person who is held or missing, an appeal that nobody answers. Only your team sees it."
            )
        ],
    )
    return show_form(request, form, page)


@login_required
def case(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """The case with its letters, threads, people, chronology and claims."""
    one = case_of(request, case)
    user = signed_in(request)
    return render(
        request,
        "cases/case.html",
        {
            "case": one,
            "may_write": role_in(user, one.team) in WRITING,
            "letters": _letters(one),
            "threads": _threads(one),
            "persons": [_about(person, user.pk) for person in _persons(one)],
            "ground_kinds": Ground.Kind.choices,
            "events": one.events.all(),
            "claims": one.claims.order_by("pk"),
        },
    )


@login_required
def case_edit(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Change what the case is called and what happened."""
    one = case_of(request, case, to_write=True)
    form = CaseForm(request.POST or None, initial=as_initial(one, "title", "public_title", "summary", "country"))
    user = signed_in(request)
    if request.method == "POST" and done(
        form, lambda: opening.change_case(one, **form.cleaned_data, by=user, now=now())
    ):
        return redirect("case", case)
    page = FormPage(_("Change the case"), _("Save"), reverse("case", args=[case]), trail_of(one))
    return show_form(request, form, page)


@login_required
@require_POST
def case_close(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Put the case among the closed ones, or back."""
    one = case_of(request, case, to_write=True)
    act = opening.reopen_case if one.closed_at else opening.close_case
    act(one, by=signed_in(request), now=now())
    messages.success(
        request,
        _("The case is open again.")
        if one.closed_at
        else _("The case is closed. Answers that still come are filed as before."),
    )
    return redirect("case", case)


def as_initial(row: Any, *names: str) -> dict[str, Any]:
    """What the row holds now, for a form."""
    return {name: getattr(row, name) for name in names}


def _letters(case: Case) -> QuerySet[Letter]:
    recipients = Recipient.objects.select_related("office__body")
    return case.letters.exclude(state=LetterState.DISCARDED).prefetch_related(Prefetch("recipients", recipients))


def _threads(case: Case) -> QuerySet[Thread]:
    """The threads of the case, each with how many letters went there and how each stands."""
    return (
        case.threads.select_related("office__body")
        .annotate(
            sent=Count("recipients"),
            answered=Count("recipients", filter=Q(recipients__state=RecipientState.ANSWERED)),
            waiting=Count("recipients", filter=Q(recipients__state=RecipientState.WAITING)),
            silent=Count("recipients", filter=Q(recipients__state=RecipientState.NO_REPLY_RECORDED)),
        )
        .order_by("office__body__name", "written_to", "pk")
    )


def _persons(case: Case) -> QuerySet[Person]:
    stated = Ground.objects.select_related("recorded_by", "second_person")
    return case.persons.prefetch_related("variants", Prefetch("grounds", stated)).order_by("pk")


def _about(person: Person, user_pk: int) -> dict[str, Any]:
    """A person for the page: which ground counts, and whether this user is asked to agree to one."""
    stated = list(person.grounds.all())
    today = now().date()
    return {
        "person": person,
        "grounds": [one for one in stated if one.revoked_at is None],
        "revoked": [one for one in stated if one.revoked_at],
        "counting": grounds.counting(stated),
        "shown": grounds.may_be_shown(stated, on=today),
        "mine_to_agree": [one for one in stated if one.awaits(user_pk)],
    }
