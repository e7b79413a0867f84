"""What every signed-in page's frame shows: the team at work, and how much mail waits in the pen."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from answerable.accounts.models import Team, User
from answerable.inbound.models import Mail
from answerable.web.access import memberships_of


def desk(request: HttpRequest) -> dict[str, Any]:
    """`team` (none for who is in none, or in several) and `pen_count`, asked for only by the pages that show them."""
    user = getattr(request, "user", None)  # none yet where a request was turned away at the door
    if not isinstance(user, User):
        return {}
    return {
        "team": SimpleLazyObject(lambda: _only_team(user)),
        "pen_count": SimpleLazyObject(lambda: Mail.objects.held_for(user).count()),
    }


def _only_team(user: User) -> Team | None:
    memberships = memberships_of(user)
    return memberships[0].team if len(memberships) == 1 else None
