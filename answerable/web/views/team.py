"""The team: who belongs to it and as what, open invitations, its name and address."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from answerable.accounts import inviting, members
from answerable.accounts.models import Invitation, Mailbox, Membership, Team
from answerable.core.instants import now
from answerable.web.access import WRITING, check_owns, found, signed_in
from answerable.web.acting import FormPage, Trail, confirm, done, show_form
from answerable.web.forms.accounts import InvitationForm, RoleForm, TeamForm


def team_of(request: HttpRequest, team: uuid.UUID) -> Team:
    """The team, for its owners only: 403 for their teammates, 404 for strangers."""
    user = signed_in(request)
    one = found(Team.objects.of(user), uid=team)
    check_owns(user, one)
    return one


@login_required
def team(request: HttpRequest) -> HttpResponse:
    """All the user's teams; most people have one."""
    user = signed_in(request)
    waiting = Invitation.objects.filter(accepted_at__isnull=True, expires_at__gt=now()).select_related("invited_by")
    mine = (
        Membership.objects.filter(user=user)
        .select_related("team")
        .prefetch_related(
            Prefetch("team__memberships", Membership.objects.select_related("user").order_by("since_at", "pk")),
            Prefetch("team__invitations", waiting.order_by("expires_at"), to_attr="open_invitations"),
            Prefetch("team__mailboxes", Mailbox.objects.order_by("address")),
        )
        .order_by("since_at", "pk")
    )
    return render(request, "team/team.html", {"mine": mine, "owner": Membership.Role.OWNER, "writing": WRITING})


@login_required
def team_edit(request: HttpRequest, team: uuid.UUID) -> HttpResponse:
    """Rename the team, or change where it is reached."""
    one = team_of(request, team)
    form = TeamForm(
        request.POST or None, initial={"name": one.name, "country": one.country, "postal_address": one.postal_address}
    )
    user = signed_in(request)
    if request.method == "POST" and done(
        form, lambda: members.revise_team(one, **form.cleaned_data, by=user, now=now())
    ):
        messages.success(request, _("The team is kept as you wrote it."))
        return redirect("team")
    says = [_("Letters that were sent before keep the name and address they were sent with.")]
    return show_form(
        request, form, FormPage(_("Name and address of the team"), _("Save"), reverse("team"), _trail(), says)
    )


@login_required
@never_cache
def team_invite(request: HttpRequest, team: uuid.UUID) -> HttpResponse:
    """Invite somebody: the answer to the form shows the link, this one time."""
    one = team_of(request, team)
    form = InvitationForm(request.POST or None, initial={"role": Membership.Role.WRITER})
    made: list[str] = []
    user = signed_in(request)
    if request.method == "POST" and done(
        form, lambda: made.append(inviting.invite(one, **form.cleaned_data, by=user, now=now())[1])
    ):
        link = f"{settings.ANSWERABLE_URL}{reverse('join', args=[made[0]])}"
        return render(request, "team/invited.html", {"team": one, "link": link, "days": inviting.LASTS.days})
    says = [_("You get a link to hand over yourself, by a way you trust. Whoever opens it first takes the place.")]
    return show_form(request, form, FormPage(_("Invite somebody"), _("Make the link"), reverse("team"), _trail(), says))


@login_required
@require_POST
def invitation_take_back(request: HttpRequest, team: uuid.UUID, invitation: int) -> HttpResponse:
    """Close a place that nobody took."""
    one = team_of(request, team)
    row = found(Invitation.objects.filter(team=one), pk=invitation)
    inviting.take_back(row, by=signed_in(request), now=now())
    messages.success(request, _("The link no longer opens anything."))
    return redirect("team")


@login_required
def member_edit(request: HttpRequest, team: uuid.UUID, member: int) -> HttpResponse:
    """Change what a member may do."""
    one = team_of(request, team)
    row = found(Membership.objects.filter(team=one).select_related("user", "team"), pk=member)
    form = RoleForm(request.POST or None, initial={"role": row.role})
    user = signed_in(request)
    if request.method == "POST" and done(
        form, lambda: members.change_role(row, **form.cleaned_data, by=user, now=now())
    ):
        messages.success(request, _("The role is changed."))
        return redirect("team")
    heading = _("What %(name)s may do") % {"name": row.user}
    return show_form(request, form, FormPage(heading, _("Save"), reverse("team"), _trail()))


@login_required
def member_remove(request: HttpRequest, team: uuid.UUID, member: int) -> HttpResponse:
    """Ask once, then take a member out of the team."""
    one = team_of(request, team)
    row = found(Membership.objects.filter(team=one).select_related("user", "team"), pk=member)
    user = signed_in(request)
    said = _("%(name)s no longer belongs to the team.") % {"name": row.user}
    page = FormPage(
        _("Take %(name)s out of the team?") % {"name": row.user},
        _("Take out of the team"),
        reverse("team"),
        _trail(),
        [_("They no longer see its cases. What they wrote and sent stays. You can invite them again.")],
        danger=True,
    )
    return confirm(request, page, lambda: members.remove(row, by=user, now=now()), said=said, then=page.back)


def _trail() -> Trail:
    return [(_("Team"), reverse("team"))]
