"""After a dispatch was queued, refused, lost or came back: a person takes it back, or tries another way."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from answerable.accounts.models import User
from answerable.core.errors import Refused
from answerable.evidence.log import append
from answerable.letters.models import Dispatch, LetterAct, Recipient
from answerable.letters.sealing import check_address
from answerable.letters.states import DispatchState, LetterState, move

from .outbox import queue

UNDER_WAY = (DispatchState.QUEUED, DispatchState.SENDING, DispatchState.ACCEPTED)


def cancel(dispatch: Dispatch, *, by: User, now: dt.datetime) -> None:
    """Afterwards the dispatch will not leave. Refused once a worker has taken it."""
    with transaction.atomic():
        rows = Dispatch.objects.filter(pk=dispatch.pk)
        if not move("dispatch", rows, DispatchState.CANCELLED, ended_at=now, decided_by=by):
            raise Refused(_("It is too late to take this back: it is being handed over, or has left."))
        append(LetterAct, dispatch.recipient.letter, "cancel", by=by.uid, now=now, dispatch=str(dispatch.uid))
    dispatch.refresh_from_db()


def send_again(recipient: Recipient, *, channel: str, address: str, route: str, by: User, now: dt.datetime) -> Dispatch:
    """Afterwards the same words wait to leave for this recipient once more, by this channel to this address.

    It is another dispatch, with a Message-ID and reply address of its own. Refused while an earlier one is under way
    or was accepted, and where the channel has no usable address.
    """
    letter = recipient.letter
    recipient.channel, recipient.address = channel, address.strip()
    check_address(recipient)
    if letter.state != LetterState.SEALED:
        raise Refused(_("Only a letter that was sent can be sent again."))
    try:
        with transaction.atomic():
            if recipient.dispatches.filter(state__in=UNDER_WAY).exists():
                raise _under_way()
            Recipient.objects.filter(pk=recipient.pk).update(channel=recipient.channel, address=recipient.address)
            dispatch = queue(recipient, route=route, now=now)
            facts = {"dispatch": str(dispatch.uid), "recipient": str(recipient.uid), "channel": channel}
            append(LetterAct, letter, "send_again", by=by.uid, now=now, **facts)
    except IntegrityError:
        raise _under_way() from None
    return dispatch


def _under_way() -> Refused:
    return Refused(_("The letter is on its way to this recipient already, or has arrived: it is not sent twice."))
