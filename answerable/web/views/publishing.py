"""Publishing a letter: what has to be true first, how it will look, the act, and undoing it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from answerable import journey
from answerable.cases.grounds import counting
from answerable.core.instants import now
from answerable.letters.states import LetterState, RecordState
from answerable.record import building, checks
from answerable.record.pictures import rebuild
from answerable.web.access import WRITING, role_in, signed_in
from answerable.web.acting import FormPage, done, show_form
from answerable.web.forms.publishing import PublishForm, WithdrawForm
from answerable.web.sending import inline

from .cases import trail_of
from .composing import letter_of


@login_required
def letter_publish(request: HttpRequest, letter: uuid.UUID) -> HttpResponse:
    """The list of what is looked at before the letter is public, and the button."""
    one = letter_of(request, letter, to_write=request.method == "POST")
    if one.state in {LetterState.DRAFT, LetterState.DISCARDED}:
        return redirect("letter", letter)
    user = signed_in(request)
    found = checks.findings(one, now=now())
    to_see = [(finding.key, f"{finding.sentence} {finding.excerpt}") for finding in found if not finding.forbids]
    form = PublishForm(request.POST or None, findings=to_see)
    if request.method == "POST" and done(
        form, lambda: journey.publish(one, seen=form.cleaned_data.get("seen", ()), by=user, now=now())
    ):
        messages.success(request, _("The letter is published. Its page stands within a minute."))
        return redirect("letter_publish", letter)
    today = now().date()
    persons = one.case.persons.prefetch_related("grounds")
    stated = [(person, counting(person.grounds.all())) for person in persons]
    context = {
        "letter": one,
        "trail": [*trail_of(one.case), (one.title, reverse("letter", args=[letter]))],
        "may_write": role_in(user, one.case.team) in WRITING,
        "form": form,
        "forbidding": [finding for finding in found if finding.forbids],
        "to_see": [finding for finding in found if not finding.forbids],
        "persons": [(person, ground, bool(ground and ground.permits(today))) for person, ground in stated],
        "is_public": one.record_state == RecordState.PUBLISHED,
        "public_address": f"/letters/{one.slug}/",
    }
    return render(request, "publishing/publish.html", context, status=422 if form.errors else 200)


@login_required
def letter_public_preview(request: HttpRequest, letter: uuid.UUID) -> HttpResponse:
    """The public page exactly as it will be, for the team only."""
    one = letter_of(request, letter)
    if one.state in {LetterState.DRAFT, LetterState.DISCARDED}:
        return redirect("letter", letter)
    picture, _files = rebuild(one)
    return HttpResponse(building.letter_html(one, picture=picture, now=now()))


@login_required
def letter_public_picture(request: HttpRequest, letter: uuid.UUID, name: str) -> HttpResponse:
    """A picture of the public page, beside its preview as beside the page itself."""
    one = letter_of(request, letter)
    _picture, files = rebuild(one)
    if name not in files:
        raise Http404
    return inline(files[name], "image/webp" if name.endswith(".webp") else "image/jpeg")


@login_required
def letter_withdraw(request: HttpRequest, letter: uuid.UUID) -> HttpResponse:
    """Take the letter off the record."""
    one = letter_of(request, letter, to_write=True)
    form = WithdrawForm(request.POST or None)
    user = signed_in(request)
    if request.method == "POST" and done(
        form, lambda: journey.withdraw(one, reason=form.cleaned_data["reason"], by=user, now=now())
    ):
        messages.success(request, _("The letter is withdrawn. Its address says so within a minute, and nothing else."))
        return redirect("letter_publish", letter)
    page = FormPage(
        _("Withdraw the letter from the record?"),
        _("Withdraw it"),
        reverse("letter_publish", args=[letter]),
        [*trail_of(one.case), (one.title, reverse("letter", args=[letter]))],
        [
            _(
                "Its page is taken down, and its address says that it was withdrawn. What others have copied meanwhile cannot be called back."
            ),
            _("You can publish it again later."),
        ],
        danger=True,
    )
    return show_form(request, form, page)
