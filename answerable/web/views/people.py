"""The people a case is about, and the grounds on which something about them may be shown."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from answerable.accounts.models import User
from answerable.cases import grounds, opening
from answerable.cases.models import Case, Ground, Person
from answerable.core.errors import Refused
from answerable.core.instants import now
from answerable.web.access import WRITING, check_writes, found, signed_in
from answerable.web.acting import FormPage, confirm, done, show_form
from answerable.web.forms.cases import GROUND_FORMS, CannotBeAskedForm, PersonForm

from .cases import case_of, trail_of


def _person(request: HttpRequest, uid: uuid.UUID) -> Person:
    user = signed_in(request)
    rows = Person.objects.filter(case__in=Case.objects.seen_by(user)).select_related("case__team")
    person = found(rows, uid=uid)
    check_writes(user, person.case.team)
    return person


def _ground(request: HttpRequest, pk: int) -> Ground:
    user = signed_in(request)
    rows = Ground.objects.filter(person__case__in=Case.objects.seen_by(user)).select_related("person__case__team")
    ground = found(rows, pk=pk)
    check_writes(user, ground.person.case.team)
    return ground


@login_required
def person_add(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Say that the case is about this person too."""
    one = case_of(request, case, to_write=True)
    form = PersonForm(request.POST or None)
    user = signed_in(request)
    if request.method == "POST" and done(
        form, lambda: opening.add_person(one, **form.cleaned_data, by=user, now=now())
    ):
        return redirect("case", case)
    page = FormPage(_("Add a person the case is about"), _("Add"), reverse("case", args=[case]), trail_of(one))
    return show_form(request, form, page)


@login_required
def person_edit(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Change what is known of a person."""
    one = _person(request, person)
    lines = [f"{v.name} | {v.language}" if v.language else v.name for v in one.variants.all()]
    initial = {"name": one.name, "born": one.born, "note": one.note, "spellings": "\n".join(lines)}
    form = PersonForm(request.POST or None, initial=initial)
    user = signed_in(request)
    if request.method == "POST" and done(
        form, lambda: opening.change_person(one, **form.cleaned_data, by=user, now=now())
    ):
        return redirect("case", one.case.uid)
    back = reverse("case", args=[one.case.uid])
    return show_form(
        request, form, FormPage(_("Change what is known of a person"), _("Save"), back, trail_of(one.case))
    )


@login_required
def person_remove(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Ask once, then say that the case is not about this person."""
    one = _person(request, person)
    user = signed_in(request)
    back = reverse("case", args=[one.case.uid])
    page = FormPage(
        _("Take %(name)s out of the case?") % {"name": one.name},
        _("Remove"),
        back,
        trail_of(one.case),
        [_("What you noted of the person, and the grounds for showing them, go too.")],
        danger=True,
    )
    said = _("The person was taken out of the case.")
    return confirm(request, page, lambda: opening.remove_person(one, by=user, now=now()), said=said, then=back)


@login_required
def ground_state(request: HttpRequest, person: uuid.UUID, kind: str) -> HttpResponse:
    """State a ground of one kind."""
    one = _person(request, person)
    if kind not in GROUND_FORMS:
        raise Http404
    user = signed_in(request)
    form = GROUND_FORMS[kind](request.POST or None, **_choices(kind, one, user))
    if request.method == "POST" and done(
        form, lambda: grounds.state_ground(one, kind=kind, **form.cleaned_data, by=user, now=now())
    ):
        return redirect("case", one.case.uid)
    page = FormPage(
        _("%(name)s: %(ground)s") % {"name": one.name, "ground": Ground.Kind(kind).label},
        _("State this ground"),
        reverse("case", args=[one.case.uid]),
        trail_of(one.case),
        [_SAYS[kind]()],
    )
    return show_form(request, form, page)


@login_required
@require_POST
def ground_agree(request: HttpRequest, ground: int) -> HttpResponse:
    """Agree, as the second person who was named."""
    one = _ground(request, ground)
    try:
        grounds.agree(one, by=signed_in(request), now=now())
        messages.success(request, _("You have agreed. The ground counts from now on."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("case", one.person.case.uid)


@login_required
@require_POST
def ground_revoke(request: HttpRequest, ground: int) -> HttpResponse:
    """Take a ground back."""
    one = _ground(request, ground)
    try:
        grounds.revoke(one, by=signed_in(request), now=now())
        messages.success(request, _("The ground was taken back. Look at what was published on it."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("case", one.person.case.uid)


def _choices(kind: str, person: Person, user: User) -> dict[str, Any]:
    """The teammates who can be the second person: those who write in the team, without this user."""
    if GROUND_FORMS[kind] is not CannotBeAskedForm:
        return {}
    others = User.objects.filter(memberships__team=person.case.team, memberships__role__in=WRITING)
    return {"others": others.exclude(pk=user.pk)}


_SAYS: dict[str, Callable[[], str]] = {
    Ground.Kind.CONSENT: lambda: _("The person knows what will be shown, and agrees."),
    Ground.Kind.AUTHORITY: lambda: _("Somebody who is entitled to decide for the person agrees."),
    Ground.Kind.CANNOT_BE_ASKED: lambda: _(
        "This takes two people: you state it, and a second person of your team looks at it and agrees. Until then it does not count."
    ),
    Ground.Kind.OBJECTED: lambda: _(
        "The person does not want to be shown. This outweighs every other ground: nothing about them can be published."
    ),
}
