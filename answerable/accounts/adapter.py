"""How allauth signs people in here: nobody signs up but by the first run or an invitation."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitationOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the first run and by invitations, never by a stranger."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always no."""
        return False
