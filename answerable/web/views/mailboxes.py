"""A team's own mailboxes: adding, changing, trying out, removing."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from answerable.accounts import mailboxes as keeping
from answerable.accounts.models import Mailbox, Team
from answerable.core.errors import Refused
from answerable.core.instants import now
from answerable.web.access import check_writes, found, signed_in
from answerable.web.acting import FormPage, Trail, confirm, done, show_form
from answerable.web.forms.accounts import PRESETS, MailboxForm, preset


def _team_of(request: HttpRequest, team: uuid.UUID) -> Team:
    user = signed_in(request)
    one = found(Team.objects.of(user), uid=team)
    check_writes(user, one)
    return one


def _mailbox_of(request: HttpRequest, team: uuid.UUID, mailbox: int) -> Mailbox:
    return found(Mailbox.objects.filter(team=_team_of(request, team)).select_related("team"), pk=mailbox)


@login_required
def mailboxes(request: HttpRequest, team: uuid.UUID) -> HttpResponse:
    """The mailboxes of one team."""
    one = _team_of(request, team)
    return render(request, "mailboxes/mailboxes.html", {"of": one, "rows": one.mailboxes.order_by("address")})


@login_required
@sensitive_post_parameters("password")
def mailbox_new(request: HttpRequest, team: uuid.UUID) -> HttpResponse:
    """Add a mailbox; `?as=` fills in ports and security the way most providers have them."""
    one = _team_of(request, team)
    form = MailboxForm(request.POST or None, instance=Mailbox(team=one), initial=preset(request.GET.get("as", "")))
    if request.method == "POST" and _kept(request, form):
        return redirect("mailboxes", team)
    presets = [(name, label) for name, (label, _smtp, _imap) in PRESETS.items()]
    context = {"form": form, "of": one, "presets": presets, "chosen": request.GET.get("as", "")}
    return render(request, "mailboxes/new.html", context, status=422 if form.errors else 200)


@login_required
@sensitive_post_parameters("password")
def mailbox_edit(request: HttpRequest, team: uuid.UUID, mailbox: int) -> HttpResponse:
    """Change a mailbox; an empty password leaves it as it was."""
    row = _mailbox_of(request, team, mailbox)
    form = MailboxForm(request.POST or None, instance=row)
    if request.method == "POST" and _kept(request, form):
        return redirect("mailboxes", team)
    page = FormPage(_("Change the mailbox"), _("Save"), reverse("mailboxes", args=[team]), _trail(row.team))
    return show_form(request, form, page)


@login_required
@require_POST
def mailbox_test(request: HttpRequest, team: uuid.UUID, mailbox: int) -> HttpResponse:
    """Sign in to the mailbox's servers, and say what happened."""
    row = _mailbox_of(request, team, mailbox)
    try:
        results = keeping.try_out(row)
    except Refused as refused:
        results = [(False, refused.sentence)]
    for works, sentence in results:
        (messages.success if works else messages.error)(request, sentence)
    return redirect("mailboxes", team)


@login_required
def mailbox_remove(request: HttpRequest, team: uuid.UUID, mailbox: int) -> HttpResponse:
    """Ask once, then forget the mailbox and its password."""
    row = _mailbox_of(request, team, mailbox)
    user = signed_in(request)
    said = _("The mailbox and its password are gone from here.")
    page = FormPage(
        _("Remove %(address)s?") % {"address": row.address},
        _("Remove the mailbox"),
        reverse("mailboxes", args=[team]),
        _trail(row.team),
        [_("Letters that wait to leave through it will not leave. Nothing in the mailbox itself is touched.")],
        danger=True,
    )
    return confirm(request, page, lambda: keeping.remove(row, by=user, now=now()), said=said, then=page.back)


def _kept(request: HttpRequest, form: MailboxForm) -> bool:
    if not form.is_valid():
        return False
    password = form.cleaned_data["password"]
    kept = done(form, lambda: keeping.keep(form.instance, password=password, by=signed_in(request), now=now()))
    if kept:
        messages.success(request, _("The mailbox is kept. Try it out before you rely on it."))
    return kept


def _trail(team: Team) -> Trail:
    return [(_("Team"), reverse("team")), (_("Mailboxes"), reverse("mailboxes", args=[team.uid]))]
