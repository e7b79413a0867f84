"""The holding pen: mail that was matched to no letter, and what a person does with it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from answerable import journey
from answerable.accounts.models import User
from answerable.core.errors import Refused
from answerable.core.folding import fold
from answerable.core.instants import now
from answerable.inbound import filing
from answerable.inbound.models import Mail, Proposal
from answerable.letters.models import Recipient
from answerable.letters.states import LetterState
from answerable.web.access import WRITING, as_uid, found, role_in, signed_in

A_PAGE = 25
MOST_FOUND = 15


@login_required
def pen(request: HttpRequest) -> HttpResponse:
    """What is held, or what was set aside, as far as this user may see it."""
    aside = "aside" in request.GET
    state = Mail.State.DISMISSED if aside else Mail.State.HELD
    rows = Mail.objects.in_pen_of(signed_in(request)).filter(state=state).order_by("-received_at", "-pk")
    listed = rows.defer("text", "reply_text").prefetch_related("attachments")
    page = Paginator(listed, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "pen/pen.html", {"page": page, "aside": aside})


@login_required
def pen_mail(request: HttpRequest, mail: uuid.UUID) -> HttpResponse:
    """One held message, the letters it may answer, and a search for another."""
    user = signed_in(request)
    one = found(Mail.objects.in_pen_of(user).prefetch_related("attachments"), uid=mail)
    sought = request.GET.get("find", "")
    context = {
        "mail": one,
        "proposals": _proposals(one, user),
        "sought": sought,
        "found": _search(user, sought) if sought.strip() else [],
    }
    return render(request, "pen/mail.html", context)


@login_required
@require_POST
def pen_file(request: HttpRequest, mail: uuid.UUID) -> HttpResponse:
    """File the message with a recipient."""
    user = signed_in(request)
    one = _to_decide(user, mail)
    recipient = found(_may_file_with(user), uid=as_uid(request.POST.get("recipient", "")))
    try:
        journey.file(one, recipient, by=user, now=now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("pen")
    messages.success(request, _("The message stands in the thread with %(name)s now.") % {"name": recipient.name})
    return redirect("thread", recipient.thread.uid) if recipient.thread else redirect("pen")


@login_required
@require_POST
def pen_set_aside(request: HttpRequest, mail: uuid.UUID) -> HttpResponse:
    """Set the message aside; it is kept."""
    user = signed_in(request)
    one = _to_decide(user, mail)
    try:
        with transaction.atomic():
            filing.set_aside(one, by=user, now=now())
        messages.success(request, _("The message was set aside. It is kept, and can be put back."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("pen_mail", mail)


@login_required
@require_POST
def pen_put_back(request: HttpRequest, mail: uuid.UUID) -> HttpResponse:
    """Put a message back that was set aside."""
    user = signed_in(request)
    one = _to_decide(user, mail)
    try:
        with transaction.atomic():
            filing.put_back(one, by=user, now=now())
        messages.success(request, _("The message is in the pen again."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("pen_mail", mail)


def _to_decide(user: User, uid: uuid.UUID) -> Mail:
    """The message, if this user may see it (404 otherwise) and writes in a team it is or may be for (403 otherwise)."""
    one = found(Mail.objects.in_pen_of(user).select_related("team"), uid=uid)
    ours = user.is_superuser or (one.team and role_in(user, one.team) in WRITING)
    if not ours and not one.proposals.filter(recipient__in=_may_file_with(user)).exists():
        raise PermissionDenied(_("You can read this, not change it: ask the owner of the team to let you write."))
    return one


def _proposals(mail: Mail, user: User) -> list[Proposal]:
    """The letters it may answer, of those this user may file with."""
    rows = mail.proposals.filter(recipient__in=_may_file_with(user))
    return list(rows.select_related("recipient__letter__case", "recipient__office__body"))


def _may_file_with(user: User) -> QuerySet[Recipient]:
    """The recipients of letters that were sent by the teams in which the user writes."""
    return Recipient.objects.filter(
        letter__case__team__memberships__user=user,
        letter__case__team__memberships__role__in=WRITING,
        letter__state__in=[LetterState.SEALED, LetterState.CLOSED],
    ).select_related("thread", "office__body")


def _search(user: User, sought: str) -> list[Recipient]:
    """Recipients by reference or title of the letter, title of the case, or their own name."""
    rows = _may_file_with(user).select_related("letter__case", "office__body")
    for word in sought.split()[:6]:
        rows = rows.filter(
            Q(letter__reference__icontains=word)
            | Q(letter__title__icontains=word)
            | Q(letter__case__title__icontains=word)
            | Q(as_written__icontains=word)
            | Q(office__folded__contains=fold(word))
        )
    return list(rows.order_by("-letter__sealed_at", "-pk")[:MOST_FOUND])
