"""How allauth signs people in here: nobody signs up but by the first run or an invitation."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest


class InvitationOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the first run and by invitations, never by a stranger."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always no."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link for a new password, at this host's own address: whoever asks for it must not say where it leads."""
        asked: str = super().get_reset_password_from_key_url(key)
        return f"{settings.ANSWERABLE_URL}{urlsplit(asked).path}"

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMessage:
        """The link for a new password, marked as sent by a machine: no out-of-office answers it (RFC 3834 section 5)."""
        message: EmailMessage = super().render_mail(*args, **kwargs)
        message.extra_headers["Auto-Submitted"] = "auto-generated"
        return message
