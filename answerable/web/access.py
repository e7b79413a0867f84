"""Who may see and do what: every view finds its rows through here, so that a stranger's row does not exist.

A stranger gets 404, never 403: that a case exists is nobody's business. A teammate who only reads gets 403 with a
sentence when trying to write.
"""

import uuid
from typing import TypeVar, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from answerable.accounts.models import Membership, Team, User

M = TypeVar("M", bound=models.Model)
WRITING = (Membership.Role.OWNER, Membership.Role.WRITER)


def address_of(request: HttpRequest) -> str:
    """The network address a request came from: behind a proxy of the host's own, what that proxy saw last."""
    seen: str = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.ANSWERABLE_BEHIND_PROXY else ""
    return seen.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def signed_in(request: HttpRequest) -> User:
    """The user of a view that asks for one (`login_required`)."""
    return cast(User, request.user)


def found(rows: models.QuerySet[M], **by: object) -> M:
    """The one row, or 404. `rows` must be scoped to the user already (`seen_by`)."""
    row = rows.filter(**by).first()
    if row is None:
        raise Http404
    return row


def as_uid(text: str) -> uuid.UUID | None:
    """The identifier in a parameter that anybody may have typed; None, which no row has, where there is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def role_in(user: User, team: Team) -> str:
    """The user's role in the team; "" for a stranger."""
    return next((one.role for one in memberships_of(user) if one.team_id == team.pk), "")


def memberships_of(user: User) -> list[Membership]:
    """Where the user belongs, with the teams; asked for once in a request."""
    models.prefetch_related_objects(
        [user], models.Prefetch("memberships", Membership.objects.select_related("team").order_by("pk"))
    )
    return list(user.memberships.all())


def check_writes(user: User, team: Team) -> None:
    """403 with a sentence for a teammate who only reads, 404 for a stranger."""
    role = role_in(user, team)
    if not role:
        raise Http404
    if role not in WRITING:
        raise PermissionDenied(_("You can read this, not change it: ask the owner of the team to let you write."))


def check_owns(user: User, team: Team) -> None:
    """403 with a sentence for anybody of the team but its owners, 404 for a stranger."""
    role = role_in(user, team)
    if not role:
        raise Http404
    if role != Membership.Role.OWNER:
        raise PermissionDenied(_("Only an owner of the team can do this: ask one of them."))
