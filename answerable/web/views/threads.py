"""Threads: all that passed between a case and one office, and what a person records of it."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from answerable import journey
from answerable.cases.models import Case
from answerable.clock.models import Clock
from answerable.core.errors import Refused
from answerable.core.instants import now
from answerable.dispatch.outbox import reply_address
from answerable.evidence.files import content
from answerable.evidence.uploads import keep_document
from answerable.inbound import bringing, intake, outcomes
from answerable.inbound.models import Attachment, Mail, Reply
from answerable.inbound.outlook import is_saved_message
from answerable.inbound.senders import known_domains
from answerable.letters.models import Dispatch, Recipient, Thread
from answerable.web.access import WRITING, check_writes, found, role_in, signed_in
from answerable.web.acting import FormPage, done, show_form
from answerable.web.forms.dispatches import noon
from answerable.web.forms.threads import AnswerForm, MessageForm, ReadingForm
from answerable.web.sending import saved

from .cases import trail_of
from .dispatches import recipient_of

A_PAGE = 20
MOST_LETTERS = 12


@login_required
def thread(request: HttpRequest, thread: uuid.UUID) -> HttpResponse:
    """What was sent to the office and what came from it, the newest first."""
    user = signed_in(request)
    rows = Thread.objects.filter(case__in=Case.objects.seen_by(user))
    one = found(rows.select_related("case__team", "office__body"), uid=thread)
    clocks = Clock.objects.exclude(state=Clock.State.VOID).select_related("ask")
    recipients = one.recipients.select_related("letter").prefetch_related(Prefetch("clocks", clocks))
    context = {
        "thread": one,
        "trail": trail_of(one.case),
        "may_write": role_in(user, one.case.team) in WRITING,
        "recipients": list(recipients.order_by("-letter__sealed_at", "-pk")[:MOST_LETTERS]),
        "page": _passed(one, request.GET.get("page")),
        "known": known_domains(one),
    }
    return render(request, "threads/thread.html", context)


@login_required
def answer_record(request: HttpRequest, recipient: uuid.UUID) -> HttpResponse:
    """Record an answer that came by phone, on paper or in a meeting."""
    one = recipient_of(request, recipient)
    form = AnswerForm(request.POST or None, request.FILES or None, initial={"answered_on": now().date()})
    if request.method == "POST" and done(form, lambda: _record_answer(request, one, form)):
        messages.success(request, _("The answer is recorded."))
        return redirect(_back(one))
    says = [
        _(
            "The time to answer stops. If it was only a promise to look into it, say so below: what it amounts to is shown beside it."
        )
    ]
    heading = _("An answer of %(name)s") % {"name": one.name}
    return show_form(
        request, form, FormPage(heading, _("Record the answer"), _back(one), trail_of(one.letter.case), says)
    )


@login_required
def message_upload(request: HttpRequest, recipient: uuid.UUID) -> HttpResponse:
    """Bring in a message that reached the writer's own mailbox."""
    one = recipient_of(request, recipient)
    form = MessageForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and done(form, lambda: messages.success(request, _take_in(one, form))):
        return redirect(_back(one))
    heading = _("A message of %(name)s") % {"name": one.name}
    return show_form(request, form, FormPage(heading, _("Bring it in"), _back(one), trail_of(one.letter.case)))


@login_required
def reply_reading(request: HttpRequest, reply: uuid.UUID) -> HttpResponse:
    """Say whether a message is an answer, and what it amounts to."""
    one = _reply_to_change(request, reply)
    is_answer = one.kind == Mail.Kind.ANSWER
    form = ReadingForm(
        request.POST or None, initial={"is_answer": "yes" if is_answer else "no", "outcome": one.outcome}
    )
    if is_answer and not one.outcome and (guess := outcomes.guess(one.words)):
        form.propose(guess)
    if request.method == "POST" and done(form, lambda: _read_as(request, one, form)):
        messages.success(request, _("Your reading is recorded."))
        return redirect(_back(one.recipient))
    page = FormPage(
        _("How you read this message"), _("Save"), _back(one.recipient), trail_of(one.recipient.letter.case)
    )
    return show_form(request, form, page)


@login_required
@require_POST
def reply_show(request: HttpRequest, reply: uuid.UUID) -> HttpResponse:
    """Show the words of an answer on the public record, or no longer."""
    one = _reply_to_change(request, reply)
    shown = "hide" not in request.POST
    return _act(request, one, lambda: journey.show(one, shown=shown, by=signed_in(request), now=now()))


@login_required
@require_POST
def reply_unfile(request: HttpRequest, reply: uuid.UUID) -> HttpResponse:
    """Take a message out of the thread: it belongs elsewhere."""
    one = _reply_to_change(request, reply)
    return _act(request, one, lambda: journey.unfile(one, by=signed_in(request), now=now()))


@login_required
def reply_proof(request: HttpRequest, reply: uuid.UUID) -> HttpResponse:
    """The scan of an answer on paper."""
    user = signed_in(request)
    rows = Reply.objects.filter(recipient__letter__case__in=Case.objects.seen_by(user)).select_related("proof")
    one = found(rows, uid=reply)
    if one.proof is None:
        raise Http404
    return saved(content(one.proof), one.proof.media_type, f"answer-{one.proof.sha256[:8]}")


@login_required
def attachment(request: HttpRequest, attachment: int) -> HttpResponse:
    """A file that came with a message, as a download."""
    rows = Attachment.objects.filter(mail__in=Mail.objects.seen_by(signed_in(request))).select_related("file")
    one = found(rows, pk=attachment)
    return saved(content(one.file), one.media_type, one.name)


@login_required
def original(request: HttpRequest, mail: uuid.UUID) -> HttpResponse:
    """A message as it came, byte for byte."""
    one = found(Mail.objects.seen_by(signed_in(request)), uid=mail)
    raw = intake.original(one)
    ending, media_type = ("msg", "application/vnd.ms-outlook") if is_saved_message(raw) else ("eml", "message/rfc822")
    return saved(raw, media_type, f"{one.received_at:%Y-%m-%d}-{one.sha256[:8]}.{ending}")


def _reply_to_change(request: HttpRequest, uid: uuid.UUID) -> Reply:
    """The reply, if this user may see it (404 otherwise) and change it (403 otherwise)."""
    user = signed_in(request)
    rows = Reply.objects.filter(recipient__letter__case__in=Case.objects.seen_by(user), undone_at=None)
    one = found(
        rows.select_related("recipient__letter__case__team", "recipient__thread", "recipient__office__body", "mail"),
        uid=uid,
    )
    check_writes(user, one.recipient.letter.case.team)
    return one


def _act(request: HttpRequest, reply: Reply, act: Callable[[], object]) -> HttpResponse:
    """Do it, say what was refused, and go back to the thread."""
    try:
        act()
        messages.success(request, _("Done."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect(_back(reply.recipient))


def _passed(thread: Thread, number: str | None) -> Page[Any]:
    """One page of what passed, each as ("sent", dispatch) or ("came", reply). As many statements however long it is."""
    sent = Dispatch.objects.filter(recipient__thread=thread)
    came = Reply.objects.filter(recipient__thread=thread, undone_at=None)
    keys: list[tuple[dt.datetime, str, int]] = [
        *(
            (accepted or queued, "sent", pk)
            for accepted, queued, pk in sent.values_list("accepted_at", "queued_at", "pk")
        ),
        *((at, "came", pk) for at, pk in came.values_list("received_at", "pk")),
    ]
    page: Page[Any] = Paginator(sorted(keys, reverse=True), A_PAGE).get_page(number)
    sent_rows = sent.select_related("recipient__letter", "decided_by").in_bulk(_of(page, "sent"))
    came_rows = (
        came.select_related("mail", "recipient__letter", "filed_by", "proof")
        .prefetch_related("mail__attachments", "mail__further")
        .in_bulk(_of(page, "came"))
    )
    page.object_list = [
        {"at": at, "sent": sent_rows.get(pk)} if what == "sent" else {"at": at, "came": came_rows.get(pk)}
        for at, what, pk in page.object_list
    ]
    return page


def _of(page: Page[Any], what: str) -> list[int]:
    return [pk for _at, kind, pk in page.object_list if kind == what]


def _record_answer(request: HttpRequest, recipient: Recipient, form: AnswerForm) -> None:
    at = now()
    said = form.cleaned_data
    proof = keep_document(said["scan"].read(), field="scan", now=at) if said["scan"] else None
    journey.record_answer(
        recipient,
        way=said["way"],
        text=said["text"],
        answered_at=noon(said["answered_on"], now=at),
        outcome=said["outcome"],
        proof=proof,
        by=signed_in(request),
        now=at,
    )


def _take_in(recipient: Recipient, form: MessageForm) -> str:
    """Keep what was brought as if it had come to the reply address of this recipient: the writer says whom it is from.

    Returns what became of it, in sentences.
    """
    dispatch = recipient.accepted_dispatch or recipient.dispatches.last()
    if dispatch is None:
        raise Refused(_("Nothing was sent to this recipient yet, so nothing can answer it."))
    content = form.cleaned_data["message"].read(bringing.LARGEST + 1)
    brought = bringing.bring_in(content, to=reply_address(dispatch), team=recipient.letter.case.team, now=now())
    if brought.kept == 1 and not brought.left_out:
        return _("The message is kept. It stands in the thread as soon as it has been read, in a moment.")
    said = ngettext(
        "%(n)s message is kept, and stands in the thread as soon as it has been read. Say of each whether it is an answer.",
        "%(n)s messages are kept, and stand in the thread as soon as they have been read. Say of each whether it is an answer.",
        brought.kept,
    )
    left_out = ngettext(
        "%(n)s message of your own was left out.", "%(n)s messages of your own were left out.", brought.left_out
    )
    return " ".join(one % {"n": n} for one, n in ((said, brought.kept), (left_out, brought.left_out)) if n)


def _read_as(request: HttpRequest, reply: Reply, form: ReadingForm) -> None:
    said = form.cleaned_data
    journey.record_reading(
        reply, is_answer=said["is_answer"] == "yes", outcome=said["outcome"], by=signed_in(request), now=now()
    )


def _back(recipient: Recipient) -> str:
    """The thread with this recipient; its letter, while it has none."""
    if recipient.thread:
        return reverse("thread", args=[recipient.thread.uid])
    return reverse("letter", args=[recipient.letter.uid])
