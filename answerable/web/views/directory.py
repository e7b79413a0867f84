"""The directory: looking up, one body with its offices, adding and correcting.

A team changes what it added itself and adds contacts of its own to what is shared; the host's keeper changes what is
shared.
"""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from answerable.accounts.models import Team, User
from answerable.core.instants import now
from answerable.directory import finding, keeping
from answerable.directory.models import Body, Contact, Holder, Office
from answerable.web.access import WRITING, check_writes, found, signed_in
from answerable.web.acting import FormPage, Trail, done, show_form
from answerable.web.forms.directory import (
    BodyForm,
    CheckForm,
    ContactForm,
    HolderForm,
    OfficeForm,
    TeamChoice,
    WholeForm,
)

A_PAGE = 30


def teams_to_write_in(user: User) -> list[Team]:
    """The teams in which the user may write; 403 with a sentence where there is none."""
    teams = list(
        Team.objects.filter(memberships__user=user, memberships__role__in=WRITING).order_by("memberships__since_at")
    )
    if not teams:
        raise PermissionDenied(
            _("You can read the directory, not add to it: ask the owner of your team to let you write.")
        )
    return teams


def _mine(user: User) -> Q:
    """Rows that are shared, or of one of the user's teams."""
    return Q(team__isnull=True) | Q(team__in=Team.objects.of(user))


def _bodies(user: User) -> QuerySet[Body]:
    contacts = Contact.objects.filter(_mine(user), out_of_use_on__isnull=True).select_related("team", "checked_by")
    offices = Office.objects.filter(_mine(user)).prefetch_related("holders", Prefetch("contacts", contacts))
    return (
        Body.objects.seen_by_user(user)
        .select_related("team", "checked_by")
        .prefetch_related("names", Prefetch("offices", offices))
    )


def _check_changes(user: User, team: Team | None) -> None:
    """Who may change a row: the writers of its team; of a shared one, the keeper."""
    if team is not None:
        check_writes(user, team)
    elif not user.is_superuser:
        raise PermissionDenied(
            _(
                "This is shared by everybody on this host: only its keeper changes it. You can add an address of your own."
            )
        )


def _body(request: HttpRequest, body: uuid.UUID, *, to_change: bool = False) -> Body:
    user = signed_in(request)
    one = found(_bodies(user), uid=body)
    if to_change:
        _check_changes(user, one.team)
    return one


def _office(request: HttpRequest, office: uuid.UUID, *, to_change: bool = False) -> Office:
    user = signed_in(request)
    one = found(Office.objects.filter(_mine(user)).select_related("body", "team"), uid=office)
    if to_change:
        _check_changes(user, one.team)
    return one


def _contact(request: HttpRequest, contact: int) -> Contact:
    return found(
        Contact.objects.filter(_mine(signed_in(request)), out_of_use_on__isnull=True).select_related(
            "office__body", "team"
        ),
        pk=contact,
    )


@login_required
def directory(request: HttpRequest) -> HttpResponse:
    """Look up: every body the user can see, or those whose names have the words asked for."""
    user = signed_in(request)
    query = request.GET.get("q", "").strip()[:200]
    rows = (
        finding.search_bodies(query, user=user)
        .select_related("team")
        .prefetch_related(Prefetch("offices", Office.objects.filter(_mine(user))))
    )
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    near = [] if page.object_list or not query else finding.propose(query, team=Team.objects.of(user).first())
    return render(request, "directory/directory.html", {"page": page, "query": query, "near": near})


@login_required
def body(request: HttpRequest, body: uuid.UUID) -> HttpResponse:
    """One body: its names, its offices, who holds them, how they are reached, and how sure that is."""
    user = signed_in(request)
    one = _body(request, body)
    writes = set(
        Team.objects.filter(memberships__user=user, memberships__role__in=WRITING).values_list("pk", flat=True)
    )
    context = {
        "body": one,
        "may_change": user.is_superuser if one.team is None else one.team_id in writes,
        "may_add": bool(writes),
        "writes": writes,
        "other_names": [name for name in one.names.all() if name.name != one.name],
        "today": now().date(),
    }
    return render(request, "directory/body.html", context)


@login_required
def directory_new(request: HttpRequest) -> HttpResponse:
    """Add a body with one office and one address, for one's own team."""
    user = signed_in(request)
    initial = {"body": request.GET.get("name", "")[:250]}
    form = WholeForm(request.POST or None, initial=initial)
    _ask_for_whom(form, user, None)
    made: list[Office] = []
    if request.method == "POST" and done(
        form, lambda: made.append(keeping.add_whole(**form.cleaned_data, by=user, now=now()))
    ):
        messages.success(request, _("It stands in your directory now."))
        return redirect("body", made[0].body.uid)
    return show_form(request, form, FormPage(_("Add to the directory"), _("Add"), reverse("directory"), _trail()))


@login_required
def body_edit(request: HttpRequest, body: uuid.UUID) -> HttpResponse:
    """Correct what a body is called and where it is."""
    one = _body(request, body, to_change=True)
    others = "\n".join(name.name for name in one.names.all() if name.name != one.name)
    form = BodyForm(request.POST or None, instance=one, initial={"other_names": others})

    def act() -> None:
        keeping.revise_body(one, other_names=form.cleaned_data["other_names"], by=signed_in(request), now=now())

    return _form(request, form, act, _("Correct the body"), one)


@login_required
def body_check(request: HttpRequest, body: uuid.UUID) -> HttpResponse:
    """Say that what stands about a body was checked today."""
    one = _body(request, body, to_change=True)
    form = CheckForm(request.POST or None)

    def act() -> None:
        keeping.check_body(one, **form.cleaned_data, by=signed_in(request), now=now())

    return _form(request, form, act, _("Say that you checked it today"), one)


@login_required
def office_new(request: HttpRequest, body: uuid.UUID) -> HttpResponse:
    """Add a post: the team's own, also in a shared body; a shared one for the keeper."""
    user = signed_in(request)
    one = _body(request, body)
    form = OfficeForm(request.POST or None)
    _ask_for_whom(form, user, one.team)

    def act() -> None:
        keeping.add_office(body=one, **{"team": one.team, **form.cleaned_data}, by=user, now=now())

    return _form(request, form, act, _("Add a post or desk"), one)


@login_required
def office_edit(request: HttpRequest, office: uuid.UUID) -> HttpResponse:
    """Correct a post."""
    one = _office(request, office, to_change=True)
    form = OfficeForm(request.POST or None, instance=one)
    return _form(
        request,
        form,
        lambda: keeping.revise_office(one, by=signed_in(request), now=now()),
        _("Correct the post"),
        one.body,
    )


@login_required
def holder_new(request: HttpRequest, office: uuid.UUID) -> HttpResponse:
    """Say who holds a post."""
    one = _office(request, office, to_change=True)
    form = HolderForm(request.POST or None)

    def act() -> None:
        keeping.add_holder(office=one, **form.cleaned_data, by=signed_in(request), now=now())

    return _form(request, form, act, _("Who holds the post"), one.body)


@login_required
def holder_edit(request: HttpRequest, holder: int) -> HttpResponse:
    """Correct who held a post, and until when."""
    user = signed_in(request)
    offices = Office.objects.filter(_mine(user))
    row = found(Holder.objects.filter(office__in=offices).select_related("office__body", "office__team"), pk=holder)
    _check_changes(user, row.office.team)
    form = HolderForm(request.POST or None, instance=row)
    return _form(
        request, form, lambda: keeping.revise_holder(row, by=user, now=now()), _("Who held the post"), row.office.body
    )


@login_required
def contact_new(request: HttpRequest, office: uuid.UUID) -> HttpResponse:
    """Add a way to reach a post: the team's own, whoever's the post is."""
    user = signed_in(request)
    one = _office(request, office)
    form = ContactForm(request.POST or None)
    _ask_for_whom(form, user, one.team)

    def act() -> None:
        keeping.add_contact(office=one, **{"team": one.team, **form.cleaned_data}, by=user, now=now())

    return _form(request, form, act, _("Add an address"), one.body, says=[str(one)])


@login_required
def contact_check(request: HttpRequest, contact: int) -> HttpResponse:
    """Say that an address was checked today. A shared one that is not ours to change becomes an address of our own."""
    user = signed_in(request)
    row = _contact(request, contact)
    ours = row.team is not None or user.is_superuser
    form = CheckForm(request.POST or None)
    if ours:
        _check_changes(user, row.team)
    else:
        _ask_for_whom(form, user, None)

    def act() -> None:
        if ours:
            keeping.check_contact(row, **form.cleaned_data, by=user, now=now())
        else:
            keeping.add_contact(
                office=row.office,
                channel=row.channel,
                value=row.value,
                checked=True,
                **form.cleaned_data,
                by=user,
                now=now(),
            )

    says = [row.value]
    if not ours:
        says.append(_("It is shared by everybody; what you checked is kept as an address of your own team."))
    return _form(request, form, act, _("Say that you checked it today"), row.office.body, says=says)


@login_required
@require_POST
def contact_retire(request: HttpRequest, contact: int) -> HttpResponse:
    """Take an address out of use."""
    user = signed_in(request)
    row = _contact(request, contact)
    _check_changes(user, row.team)
    keeping.retire_contact(row, by=user, now=now())
    messages.success(request, _("No new letter is offered this address."))
    return redirect("body", row.office.body.uid)


def _ask_for_whom(form: BaseForm, user: User, above: Team | None) -> None:
    """Whose a new row is: of the team that has the row above it; beside a shared one, the form asks."""
    if above is not None:
        check_writes(user, above)
        return
    form.fields["team"] = TeamChoice(teams_to_write_in(user), may_share=user.is_superuser)
    form.order_fields(["team"])


def _form(
    request: HttpRequest, form: Any, act: Callable[[], None], heading: str, body: Body, says: Sequence[str] = ()
) -> HttpResponse:
    """A page with one form about a row of `body`, which leads back to it."""
    if request.method == "POST" and done(form, act):
        messages.success(request, _("It is kept."))
        return redirect("body", body.uid)
    back = reverse("body", args=[body.uid])
    return show_form(request, form, FormPage(heading, _("Save"), back, [*_trail(), (body.name, back)], says))


def _trail() -> Trail:
    return [(_("Directory"), reverse("directory"))]
