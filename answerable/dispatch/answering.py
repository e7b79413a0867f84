"""The page on which a letter is answered without an account: opened by the secret of its dispatch's reply address."""

from urllib.parse import urlsplit

from django.conf import settings

from answerable.accounts.mailboxes import is_this_machine
from answerable.core.ids import as_typed, hashed
from answerable.letters.models import Dispatch

from .outbox import address_with, reply_token


def reply_link(dispatch: Dispatch) -> str:
    """The address of the page, to stand in the letter; "" where `ANSWERABLE_URL` names a page nobody else could open.

    The demonstration shows it all the same: its offices are on this machine.
    """
    host = urlsplit(settings.ANSWERABLE_URL).hostname or ""
    if is_this_machine(host) and not settings.ANSWERABLE_DEMO:
        return ""
    return f"{settings.ANSWERABLE_URL}/reply/{reply_token(dispatch.uid)}/"


def opened_by(typed: str) -> tuple[Dispatch, str] | None:
    """The dispatch that this secret belongs to, as somebody typed it from paper, and its reply address.

    None where it belongs to none. A dispatch of any state is found: a thread never expires, and who holds the secret
    has the letter.
    """
    token = as_typed(typed)
    rows = Dispatch.objects.select_related("recipient__letter__case__team")
    dispatch = rows.filter(reply_hash=hashed(token)).first()
    return (dispatch, address_with(token)) if dispatch else None
