"""What happened in a case, and who states what."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from answerable.cases import chronology
from answerable.core.instants import now
from answerable.web.access import found, signed_in
from answerable.web.acting import FormPage, confirm, done, show_form
from answerable.web.forms.cases import ClaimForm, EventForm

from .cases import as_initial, case_of, trail_of


@login_required
def event_record(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Add something that happened."""
    one = case_of(request, case, to_write=True)
    form = EventForm(request.POST or None)
    user = signed_in(request)
    if request.method == "POST" and done(
        form, lambda: chronology.record_event(one, **form.cleaned_data, by=user, now=now())
    ):
        return redirect("case", case)
    page = FormPage(_("Add an event"), _("Add"), reverse("case", args=[case]), trail_of(one))
    return show_form(request, form, page)


@login_required
def event_edit(request: HttpRequest, case: uuid.UUID, event: int) -> HttpResponse:
    """Change an event."""
    one = case_of(request, case, to_write=True)
    row = found(one.events.all(), pk=event)
    form = EventForm(request.POST or None, initial=as_initial(row, *EventForm.Meta.fields))
    user = signed_in(request)
    if request.method == "POST" and done(
        form, lambda: chronology.change_event(row, **form.cleaned_data, by=user, now=now())
    ):
        return redirect("case", case)
    page = FormPage(_("Change an event"), _("Save"), reverse("case", args=[case]), trail_of(one))
    return show_form(request, form, page)


@login_required
def event_remove(request: HttpRequest, case: uuid.UUID, event: int) -> HttpResponse:
    """Ask once, then take an event out of the chronology."""
    one = case_of(request, case, to_write=True)
    row = found(one.events.all(), pk=event)
    user = signed_in(request)
    back = reverse("case", args=[case])
    page = FormPage(_("Remove this event?"), _("Remove"), back, trail_of(one), [row.what], danger=True)
    said = _("The event was removed.")
    return confirm(request, page, lambda: chronology.remove_event(row, by=user, now=now()), said=said, then=back)


@login_required
def claim_record(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Add what somebody states."""
    one = case_of(request, case, to_write=True)
    form = ClaimForm(request.POST or None)
    user = signed_in(request)
    if request.method == "POST" and done(
        form, lambda: chronology.record_claim(one, **form.cleaned_data, by=user, now=now())
    ):
        return redirect("case", case)
    page = FormPage(
        _("Add a claim"),
        _("Add"),
        reverse("case", args=[case]),
        trail_of(one),
        [
            _(
                "We say who states what, and where; never who is right. The party named can reply, and the reply stands beside it."
            )
        ],
    )
    return show_form(request, form, page)


@login_required
def claim_edit(request: HttpRequest, case: uuid.UUID, claim: int) -> HttpResponse:
    """Change a claim, or add the reply to it."""
    one = case_of(request, case, to_write=True)
    row = found(one.claims.all(), pk=claim)
    form = ClaimForm(request.POST or None, initial=as_initial(row, *ClaimForm.Meta.fields))
    user = signed_in(request)
    if request.method == "POST" and done(
        form, lambda: chronology.change_claim(row, **form.cleaned_data, by=user, now=now())
    ):
        return redirect("case", case)
    page = FormPage(_("Change a claim, or add a reply"), _("Save"), reverse("case", args=[case]), trail_of(one))
    return show_form(request, form, page)


@login_required
def claim_remove(request: HttpRequest, case: uuid.UUID, claim: int) -> HttpResponse:
    """Ask once, then take a claim out of the case."""
    one = case_of(request, case, to_write=True)
    row = found(one.claims.all(), pk=claim)
    user = signed_in(request)
    back = reverse("case", args=[case])
    page = FormPage(_("Remove this claim?"), _("Remove"), back, trail_of(one), [row.text], danger=True)
    said = _("The claim was removed.")
    return confirm(request, page, lambda: chronology.remove_claim(row, by=user, now=now()), said=said, then=back)
