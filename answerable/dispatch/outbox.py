"""The outbox: dispatch rows that wait to leave. A row is handed over at most once, whatever dies when.

Only the conditional update queued → sending permits a hand-over. A `sending` found after a crash becomes `unknown`.
"""

import datetime as dt
import uuid

from django.conf import settings
from django.db import connection, transaction

from answerable.core.ids import derived_token, hashed
from answerable.directory.models import Channel
from answerable.letters.models import Dispatch, Recipient
from answerable.letters.states import DispatchState, move

from . import limits

# After each explicit 4xx the next try waits longer; after the last one a person is asked (RFC 5321 4.5.4.1: 4-5 days).
WAITS = tuple(dt.timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120, 240, 480, *[720] * 8))
MOST_TRIES = len(WAITS) + 1
# No hand-over takes longer: smtplib gives up on its own well before.
LONGEST_HAND_OVER = dt.timedelta(minutes=30)


def queue(recipient: Recipient, *, route: str, now: dt.datetime) -> Dispatch:
    """Afterwards one dispatch of this recipient waits to leave, with the Message-ID and reply address it keeps."""
    uid = uuid.uuid4()
    return Dispatch.objects.create(
        uid=uid,
        recipient=recipient,
        channel=recipient.channel,
        route=route if recipient.channel == Channel.EMAIL else Dispatch.Route.NONE,
        address=recipient.address,
        message_id=f"<{uid}@{settings.ANSWERABLE_MAIL_DOMAIN}>",
        reply_hash=hashed(reply_token(uid)),
        queued_at=now,
        next_try_at=now,
    )


def reply_token(uid: uuid.UUID) -> str:
    """The secret in the reply address of a dispatch: derived with the host's key, so that only its hash is stored."""
    return derived_token(settings.SECRET_KEY, "reply", uid)


def reply_address(dispatch: Dispatch) -> str:
    """Where answers to this one dispatch go: unique, 130 bits, in letters that can be typed from paper."""
    return address_with(reply_token(dispatch.uid))


def address_with(token: str) -> str:
    """The reply address with this secret in it."""
    return f"r.{token}@{settings.ANSWERABLE_MAIL_DOMAIN}"


def claim(*, now: dt.datetime, node: str, most: int = 20) -> list[Dispatch]:
    """Take at most `most` due e-mail dispatches for handing over. Each is given to one caller only, once.

    Those over a daily limit are not taken: they wait for tomorrow (`dispatch.limits`).
    """
    due = Dispatch.objects.filter(
        state=DispatchState.QUEUED, channel=Channel.EMAIL, route__in=["host", "mailbox"], next_try_at__lte=now
    ).order_by("next_try_at", "pk")
    mark = f"{node}/{uuid.uuid4()}"
    with transaction.atomic():
        free = due.select_for_update(skip_locked=True) if connection.features.has_select_for_update_skip_locked else due
        ids: list[int] = []
        while not ids and (waiting := list(free.values_list("pk", "address")[:most])):
            ids = limits.let_through(waiting, now=now)
        rows = Dispatch.objects.filter(pk__in=ids, state=DispatchState.QUEUED)
        move("dispatch", rows, DispatchState.SENDING, sending_at=now, sending_by=mark, held_back_by=None)
    return list(
        Dispatch.objects.filter(sending_by=mark, state=DispatchState.SENDING).select_related(
            "recipient__letter__case__team", "recipient__letter__mailbox", "recipient__office__body"
        )
    )


def stranded(*, now: dt.datetime, node: str = "") -> list[Dispatch]:
    """Dispatches that were being handed over by a worker that is gone: those of `node` (which has just started), or
    any that take longer than a hand-over can."""
    sending = Dispatch.objects.filter(state=DispatchState.SENDING)
    if node:
        return list(sending.filter(sending_by__startswith=f"{node}/"))
    return list(sending.filter(sending_at__lt=now - LONGEST_HAND_OVER))


def next_try(tries: int, *, now: dt.datetime) -> dt.datetime | None:
    """When to try again after `tries` tries that were put off; None when a person must be asked."""
    return now + WAITS[tries - 1] if tries <= len(WAITS) else None
