"""One letter: its sheet, what will happen when it is sent, and what became of it at each recipient."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from answerable import journey
from answerable.clock import running
from answerable.clock.models import Clock
from answerable.core.errors import Refused
from answerable.core.instants import now
from answerable.directory.models import Channel
from answerable.dispatch.answering import reply_link
from answerable.dispatch.email import answers_to
from answerable.evidence.files import content
from answerable.inbound.models import Reply
from answerable.letters import unattended
from answerable.letters.models import Dispatch, Letter, Recipient, Version
from answerable.letters.paper import pdf_of, picture_of, sheets_in
from answerable.letters.parts import read_parts
from answerable.letters.plain import asks_to_print, in_one_line
from answerable.letters.sealing import check_sealable
from answerable.letters.states import DispatchState, LetterState
from answerable.letters.warnings import warnings, written_to_lately
from answerable.web.access import WRITING, as_uid, found, role_in, signed_in
from answerable.web.forms.letters import SendForm, routes_for
from answerable.web.sending import inline, saved

from .cases import trail_of
from .composing import letter_of


@login_required
def letter(request: HttpRequest, letter: uuid.UUID) -> HttpResponse:
    """A letter that was sent: its words, and for each recipient how it stands. A draft is shown where it is written."""
    one = letter_of(request, letter)
    may_write = role_in(signed_in(request), one.case.team) in WRITING
    if one.state == LetterState.DRAFT:
        return redirect("letter_edit" if may_write else "letter_preview", letter)
    versions = list(one.versions.all())
    version = _chosen(request, versions)
    recipients = _recipients(one)
    context = {
        "letter": one,
        "trail": trail_of(one.case),
        "may_write": may_write,
        "version": version,
        "versions": versions,
        "asks": asks_to_print(version) if version else [],
        "copies": [in_one_line(each.as_written) for each in recipients if each.kind == Recipient.Kind.COPY],
        "on_paper": recipients,
        "recipients": [_standing(recipient) for recipient in recipients],
        "chosen": unattended.chosen_for(one),
        "reminders": one.reminders.exclude(state=LetterState.DISCARDED),
    }
    return render(request, "letters/letter.html", context)


@login_required
def letter_preview(request: HttpRequest, letter: uuid.UUID) -> HttpResponse:
    """The pages of the letter as they will be printed."""
    one = letter_of(request, letter)
    versions = list(one.versions.select_related("letter"))
    version = _chosen(request, versions)
    context = {
        "letter": one,
        "trail": [*trail_of(one.case), (one.title, reverse("letter", args=[one.uid]))],
        "version": version,
        "versions": versions,
        "pages": range(1, sheets_in(version) + 1) if version else [],
    }
    return render(request, "letters/preview.html", context)


@login_required
def letter_sheet(request: HttpRequest, letter: uuid.UUID, language: str, number: int) -> HttpResponse:
    """One page of a version as a picture."""
    version = _version(request, letter, language)
    try:
        return inline(picture_of(version, number), "image/png")
    except Refused:
        raise Http404 from None


@login_required
def letter_pdf(request: HttpRequest, letter: uuid.UUID, language: str) -> HttpResponse:
    """A version as PDF; `?for=` a recipient: the sheet that goes to them."""
    version = _version(request, letter, language)
    recipient, where = None, {}
    if request.GET.get("for"):
        recipient = found(version.letter.recipients.select_related("office__body"), uid=as_uid(request.GET["for"]))
        dispatch = recipient.dispatches.select_related(
            "recipient__letter__mailbox", "recipient__letter__case__team"
        ).last()
        if dispatch:
            where = {"reply_to": answers_to(dispatch), "reply_link": reply_link(dispatch)}
    return saved(pdf_of(version, recipient=recipient, **where), "application/pdf", f"{version.letter.reference}.pdf")


@login_required
def letter_photo(request: HttpRequest, letter: uuid.UUID) -> HttpResponse:
    """The photo of a letter, for who may see the letter."""
    one = letter_of(request, letter)
    if one.photo is None:
        raise Http404
    return inline(content(one.photo), one.photo.media_type)


@login_required
def letter_send(request: HttpRequest, letter: uuid.UUID) -> HttpResponse:
    """What will happen at each recipient, what to think about, and one button."""
    one = letter_of(request, letter, to_write=True)
    if one.state != LetterState.DRAFT:
        return redirect("letter", letter)
    routes = routes_for(one, relay=bool(settings.ANSWERABLE_SMTP_URL))
    form = SendForm(request.POST or None, routes=routes)
    missing = _what_is_missing(one)
    if request.method == "POST" and form.is_valid():
        try:
            journey.send(one, route=form.cleaned_data["route"], by=signed_in(request), now=now())
        except Refused as refused:
            missing = refused.sentence
        else:
            messages.success(
                request,
                _("The letter is sealed. What goes by e-mail leaves now; what goes another way waits for you below."),
            )
            return redirect("letter", letter)
    read_parts(one)
    recipients = list(one.recipients.all())
    context = {
        "letter": one,
        "trail": [*trail_of(one.case), (one.title, reverse("letter_edit", args=[one.uid]))],
        "form": form,
        "missing": missing,
        "warnings": [*written_to_lately(one, now=now()), *warnings(one)],
        "recipients": [
            {"recipient": recipient, "clocks": running.expected(recipient, accepted_at=now())}
            for recipient in recipients
        ],
        "by_email": any(recipient.channel == Channel.EMAIL for recipient in recipients),
        "enclosures": one.enclosures.all(),
    }
    return render(request, "letters/send.html", context, status=422 if request.method == "POST" else 200)


@login_required
@require_POST
def letter_close(request: HttpRequest, letter: uuid.UUID) -> HttpResponse:
    """Say that nothing more is expected."""
    one = letter_of(request, letter, to_write=True)
    try:
        journey.close(one, by=signed_in(request), now=now())
        messages.success(request, _("The letter is closed. What comes all the same is filed."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("letter", letter)


@login_required
@require_POST
def letter_reminders(request: HttpRequest, letter: uuid.UUID) -> HttpResponse:
    """Let the reminders of a letter leave by themselves, or wait as drafts."""
    one = letter_of(request, letter, to_write=True)
    by_themselves = "by_themselves" in request.POST
    unattended.choose(one, by_themselves=by_themselves, by=signed_in(request), now=now())
    if by_themselves:
        messages.success(request, _("At most two reminders leave by themselves now, to those who stay silent."))
    else:
        messages.success(request, _("Reminders wait as drafts now, until somebody sends them."))
    return redirect("letter", letter)


def _what_is_missing(letter: Letter) -> str:
    """Why the letter cannot be sent as it is; "" where it can."""
    try:
        check_sealable(letter)
    except Refused as refused:
        return refused.sentence
    return ""


def _recipients(letter: Letter) -> list[Recipient]:
    dispatches = Dispatch.objects.select_related("proof", "decided_by")
    replies = Reply.objects.filter(undone_at=None).select_related("mail").defer("mail__text", "mail__reply_text")
    clocks = Clock.objects.exclude(state=Clock.State.VOID).select_related("ask")
    rows = letter.recipients.select_related("office__body", "thread").prefetch_related(
        Prefetch("dispatches", dispatches), Prefetch("replies", replies), Prefetch("clocks", clocks)
    )
    return list(rows)


def _standing(recipient: Recipient) -> dict[str, Any]:
    """A recipient for the page: its dispatches from the last to the first, its dates, what came, what can be done."""
    dispatches = list(recipient.dispatches.all())[::-1]
    last = dispatches[0] if dispatches else None
    ended = {DispatchState.REFUSED, DispatchState.BOUNCED, DispatchState.CANCELLED, DispatchState.UNKNOWN}
    return {
        "recipient": recipient,
        "dispatches": dispatches,
        "last": last,
        "reply_link": reply_link(last) if last else "",
        "clocks": list(recipient.clocks.all()),
        "replies": list(recipient.replies.all()),
        "by_person": bool(last and last.state == DispatchState.QUEUED and leaves_by_hand(last)),
        "again": bool(last and last.state in ended and not recipient.accepted_dispatch_id),
    }


def leaves_by_hand(dispatch: Dispatch) -> bool:
    """Whether a person hands it over, not this host: post, form, by hand, or an e-mail the writer sends."""
    return dispatch.route in {Dispatch.Route.WRITER, Dispatch.Route.NONE}


def _chosen(request: HttpRequest, versions: list[Version]) -> Version | None:
    """The version in the language that the address asks for, else the authoritative one."""
    wanted = request.GET.get("language", "")
    return next((v for v in versions if v.language == wanted), versions[0] if versions else None)


def _version(request: HttpRequest, letter: uuid.UUID, language: str) -> Version:
    one = letter_of(request, letter)
    return found(Version.objects.select_related("letter__case__team", "letter__mailbox"), letter=one, language=language)
