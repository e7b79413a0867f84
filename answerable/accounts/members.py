"""Who belongs to a team, and as what. A team always has an owner."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from answerable.core.errors import Refused
from answerable.evidence.log import append

from .models import Membership, Team, TeamAct, User


def revise_team(team: Team, *, name: str, country: str, postal_address: str, by: User, now: dt.datetime) -> None:
    """Afterwards the team has this name, country and postal address. Letters that were sent keep the old ones."""
    with transaction.atomic():
        Team.objects.filter(pk=team.pk).update(
            name=name, country=country.strip().upper(), postal_address=postal_address.strip()
        )
        append(TeamAct, team, "revise_team", by=by.uid, now=now)


def change_role(membership: Membership, *, role: str, by: User, now: dt.datetime) -> None:
    """Afterwards the member has this role. Refused where the team would be left without an owner."""
    with transaction.atomic():
        if role != Membership.Role.OWNER:
            _check_another_owner(membership)
        Membership.objects.filter(pk=membership.pk).update(role=role)
        member = str(membership.user.uid)
        append(TeamAct, membership.team, "change_role", by=by.uid, now=now, member=member, role=role)


def remove(membership: Membership, *, by: User, now: dt.datetime) -> None:
    """Afterwards the person no longer belongs to the team. Refused for the last owner."""
    with transaction.atomic():
        _check_another_owner(membership)
        Membership.objects.filter(pk=membership.pk).delete()
        append(TeamAct, membership.team, "remove_member", by=by.uid, now=now, member=str(membership.user.uid))


def _check_another_owner(membership: Membership) -> None:
    """Locks the owners' rows, so that two owners cannot leave at the same moment."""
    owners = Membership.objects.select_for_update().filter(team=membership.team_id, role=Membership.Role.OWNER)
    if {row.pk for row in owners} == {membership.pk}:
        raise Refused(
            _("%(name)s is the only owner of this team: make somebody else an owner first.")
            % {"name": membership.user},
            field="role",
        )
