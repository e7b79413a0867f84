"""One dispatch: the message to send oneself, the proof that it arrived, taking it back, another way."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from answerable import journey
from answerable.core.errors import Refused
from answerable.core.instants import now
from answerable.directory.models import Channel
from answerable.dispatch import again, answering, email
from answerable.evidence.files import content
from answerable.evidence.models import File
from answerable.evidence.uploads import keep_document
from answerable.letters.models import Dispatch, Letter, Recipient
from answerable.letters.paper import pdf_of
from answerable.letters.parts import read_parts
from answerable.letters.plain import authoritative, text_of
from answerable.letters.states import DispatchState
from answerable.web.access import check_writes, found, signed_in
from answerable.web.acting import FormPage, Trail, done, show_form
from answerable.web.forms.dispatches import AgainForm, DecideForm, DeliveredForm, noon
from answerable.web.forms.letters import routes_for
from answerable.web.sending import saved

from .cases import trail_of


def dispatch_of(request: HttpRequest, dispatch: uuid.UUID, *, to_write: bool = False) -> Dispatch:
    """The dispatch, if this user may see its letter, and, `to_write`, change it."""
    user = signed_in(request)
    rows = Dispatch.objects.filter(recipient__letter__in=Letter.objects.seen_by(user))
    one = found(
        rows.select_related(
            "recipient__letter__case__team",
            "recipient__letter__mailbox",
            "recipient__letter__created_by",
            "recipient__office__body",
            "proof",
        ),
        uid=dispatch,
    )
    if to_write:
        check_writes(user, one.recipient.letter.case.team)
    return one


def recipient_of(request: HttpRequest, recipient: uuid.UUID) -> Recipient:
    """The recipient of a letter that this user may change."""
    user = signed_in(request)
    rows = Recipient.objects.filter(letter__in=Letter.objects.seen_by(user))
    one = found(rows.select_related("letter__case__team", "letter__mailbox", "office__body", "thread"), uid=recipient)
    check_writes(user, one.letter.case.team)
    return one


@login_required
def dispatch_message(request: HttpRequest, dispatch: uuid.UUID) -> HttpResponse:
    """The message as a file that any mail program opens, ready to send."""
    one = dispatch_of(request, dispatch)
    if one.channel != Channel.EMAIL:
        raise Http404
    read_parts(one.recipient.letter)
    version = authoritative(one.recipient.letter)
    where = {"reply_to": email.answers_to(one), "reply_link": answering.reply_link(one)}
    pdf = pdf_of(version, recipient=one.recipient, **where)
    message = email.compose(one, text=text_of(version, **where), pdf=pdf, now=now())
    return saved(message, "message/rfc822", f"{one.recipient.letter.reference}.eml")


@login_required
def dispatch_proof(request: HttpRequest, dispatch: uuid.UUID) -> HttpResponse:
    """The scan that proves the delivery."""
    one = dispatch_of(request, dispatch)
    if one.proof is None:
        raise Http404
    return saved(content(one.proof), one.proof.media_type, f"{one.recipient.letter.reference}-{one.proof.sha256[:8]}")


@login_required
def dispatch_delivered(request: HttpRequest, dispatch: uuid.UUID) -> HttpResponse:
    """Say, with proof, that what waits for a person was posted, handed over or sent."""
    one = dispatch_of(request, dispatch, to_write=True)
    form = DeliveredForm(request.POST or None, request.FILES or None, initial={"accepted_on": now().date()})
    if request.method == "POST" and done(form, lambda: _deliver(request, one, form)):
        messages.success(request, _("It is recorded. The clock of this recipient runs from that day."))
        return redirect("letter", one.recipient.letter.uid)
    heading = _("Sent to %(name)s") if one.channel == Channel.EMAIL else _("Delivered to %(name)s")
    page = FormPage(
        heading % {"name": one.recipient.name},
        _("Record the delivery"),
        _letter_page(one.recipient),
        _trail(one.recipient),
        [_("The time to answer is counted from the day on which the office had the letter.")],
    )
    return show_form(request, form, page)


@login_required
def dispatch_decide(request: HttpRequest, dispatch: uuid.UUID) -> HttpResponse:
    """Decide that a letter of which nobody knew whether it arrived, did."""
    one = dispatch_of(request, dispatch, to_write=True)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and done(form, lambda: _deliver(request, one, form)):
        messages.success(request, _("It is recorded that the letter arrived."))
        return redirect("letter", one.recipient.letter.uid)
    page = FormPage(
        _("Did the letter reach %(name)s?") % {"name": one.recipient.name},
        _("It arrived"),
        _letter_page(one.recipient),
        _trail(one.recipient),
        [
            _("The connection to their server was lost after the letter had left, before the server said that it took it. So it may have arrived, or not; it is not sent a second time by itself."),
            _("Ask them, or wait for an answer. If it did not arrive, go back and send it again."),
        ],
    )  # fmt: skip
    return show_form(request, form, page)


@login_required
@require_POST
def dispatch_cancel(request: HttpRequest, dispatch: uuid.UUID) -> HttpResponse:
    """Take back what has not left yet."""
    one = dispatch_of(request, dispatch, to_write=True)
    try:
        again.cancel(one, by=signed_in(request), now=now())
        messages.success(request, _("It was taken back and will not leave."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("letter", one.recipient.letter.uid)


@login_required
def recipient_again(request: HttpRequest, recipient: uuid.UUID) -> HttpResponse:
    """Send the letter once more, by another channel or to another address."""
    one = recipient_of(request, recipient)
    routes = routes_for(one.letter, relay=bool(settings.ANSWERABLE_SMTP_URL))
    form = AgainForm(request.POST or None, routes=routes, initial={"channel": one.channel, "address": one.address})
    user = signed_in(request)
    if request.method == "POST" and done(form, lambda: again.send_again(one, **form.cleaned_data, by=user, now=now())):
        messages.success(request, _("The letter waits to leave once more."))
        return redirect("letter", one.letter.uid)
    says = [_("The same words go out once more, as a message of its own. What happened before stays on record.")]
    if one.dispatches.filter(state=DispatchState.UNKNOWN).exists():
        says.append(_("Nobody knows whether the letter arrived the first time: if it did, they will have it twice."))
    page = FormPage(
        _("Send again to %(name)s") % {"name": one.name}, _("Send again"), _letter_page(one), _trail(one), says
    )
    return show_form(request, form, page)


def _deliver(request: HttpRequest, dispatch: Dispatch, form: DeliveredForm | DecideForm) -> None:
    """Record what the form says of the delivery. Refused where it was recorded, or taken back, meanwhile."""
    at = now()
    said = form.cleaned_data
    scan: File | None = None
    if said.get("scan"):
        scan = keep_document(said["scan"].read(), field="scan", now=at)
    recorded = journey.record_delivery(
        dispatch,
        accepted_at=noon(said["accepted_on"], now=at),
        proof_number=said.get("proof_number", ""),
        proof_note=said["proof_note"],
        proof=scan,
        by=signed_in(request),
        now=at,
    )
    if not recorded:
        raise Refused(_("This was recorded, taken back or sent already: look at the letter again."))


def _letter_page(recipient: Recipient) -> str:
    return reverse("letter", args=[recipient.letter.uid])


def _trail(recipient: Recipient) -> Trail:
    return [*trail_of(recipient.letter.case), (recipient.letter.title, _letter_page(recipient))]
