"""Invitations: a link with a secret in it, shown once, that opens one place in a team for fourteen days."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from answerable.core.errors import Refused
from answerable.core.ids import as_typed, hashed, token
from answerable.evidence.log import append

from .beginning import new_user
from .models import Invitation, Membership, Team, TeamAct, User

LASTS = dt.timedelta(days=14)


def invite(team: Team, *, role: str, note: str, by: User, now: dt.datetime) -> tuple[Invitation, str]:
    """Afterwards one place in the team is open. Returns it and its secret, of which only a hash is kept."""
    secret = token(130)
    with transaction.atomic():
        invitation = Invitation.objects.create(
            team=team,
            role=role,
            note=note,
            token_hash=hashed(secret),
            invited_by=by,
            invited_at=now,
            expires_at=now + LASTS,
        )
        append(TeamAct, team, "invite", by=by.uid, now=now, invitation=invitation.pk, role=role)
    return invitation, secret


def opened(secret: str, *, now: dt.datetime) -> Invitation | None:
    """The invitation this secret belongs to, while it can still be accepted."""
    found = Invitation.objects.select_related("team", "invited_by").filter(token_hash=hashed(as_typed(secret))).first()
    return found if found and found.open_at(now) else None


def accept(invitation: Invitation, *, user: User, now: dt.datetime) -> Membership:
    """Afterwards `user`, who has an account, belongs to the team. Refused for who belongs to it, and a second time."""
    if Membership.objects.filter(team=invitation.team_id, user=user).exists():
        raise Refused(_("You belong to this team already: leave the link to the person it is meant for."))
    with transaction.atomic():
        return _take(invitation, user=user, now=now)


def accept_as_new(
    invitation: Invitation, *, name: str, email: str, password: str, language: str, now: dt.datetime
) -> User:
    """Afterwards there is a new account that belongs to the team. Refused as `accept` and `new_user` are."""
    user = new_user(name=name, email=email, password=password, language=language)
    with transaction.atomic():
        user.save()
        _take(invitation, user=user, now=now)
    return user


def take_back(invitation: Invitation, *, by: User, now: dt.datetime) -> None:
    """Afterwards nobody can accept it. Nothing happens to one that was accepted."""
    with transaction.atomic():
        open_still = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, expires_at__gt=now)
        if open_still.update(expires_at=now):
            append(TeamAct, invitation.team, "take_back_invitation", by=by.uid, now=now, invitation=invitation.pk)


def _take(invitation: Invitation, *, user: User, now: dt.datetime) -> Membership:
    still_open = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, expires_at__gt=now)
    if not still_open.update(accepted_by=user, accepted_at=now):
        raise Refused(_("This invitation has been used or has run out: ask for a new one."))
    membership = Membership.objects.create(team=invitation.team, user=user, role=invitation.role, since_at=now)
    append(TeamAct, invitation.team, "accept_invitation", by=user.uid, now=now, invitation=invitation.pk)
    return membership
