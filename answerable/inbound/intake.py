"""The one way in: whatever brings a message, it is durable first and a row afterwards."""

import datetime as dt
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError

from . import spool
from .headers import clean, subject_of
from .models import Mail
from .spool import Envelope, Kept

_HEAD = 65_536  # bytes of a message in which its subject is looked for


def folder() -> Path:
    """Where this host's spool is."""
    return Path(settings.ANSWERABLE_SPOOL)


def take_in(raw: bytes, envelope: Envelope, *, now: dt.datetime) -> Mail | Kept:
    """Afterwards the message is durable and has a row, or, where the database is away, waits to be adopted (`Kept`).

    The same bytes for the same envelope give the same row. Raises `spool.NotKept` where nothing was taken.
    """
    kept = spool.keep(folder(), raw, envelope, now=now)
    try:
        return adopt(kept)
    except (DatabaseError, InterfaceError, OSError):
        return kept


def adopt(kept: Kept) -> Mail:
    """Afterwards the message has its one row and has left the spool's `new/`."""
    mail, _new = Mail.objects.get_or_create(digest=kept.digest, defaults=_fields(kept))
    spool.settle(folder(), kept.digest)
    return mail


def adopt_orphans(*, now: dt.datetime, most: int) -> int:
    """Give a row to at most `most` messages that have none yet, in one insertion; returns how many were looked at.

    A message that another process adopts at the same time, or that came a second time, stays one row.
    """
    orphans = list(islice(spool.waiting(folder()), most))
    if orphans:
        Mail.objects.bulk_create([Mail(digest=one.digest, **_fields(one)) for one in orphans], ignore_conflicts=True)
        for one in orphans:
            spool.settle(folder(), one.digest)
    else:
        spool.sweep(folder(), now=now)
    return len(orphans)


def anything_waits() -> bool:
    """Whether a durable message has no row yet."""
    return next(iter(spool.waiting(folder())), None) is not None


def original(mail: Mail) -> bytes:
    """The bytes of a message as they came."""
    return spool.load(folder(), mail.digest)


def envelope_of(mail: Mail) -> Envelope:
    """The envelope that a message came in, with every byte of its addresses."""
    return spool.kept_in(folder(), mail.digest).envelope


def _fields(kept: Kept) -> dict[str, object]:
    sender = kept.envelope.mail_from
    return {
        "way": kept.envelope.way,
        "team_id": kept.envelope.team,
        "envelope_from": None if sender is None else clean(sender),
        "envelope_to": [clean(to) for to in kept.envelope.rcpt_tos],
        "received_at": kept.received_at,
        "size": kept.size,
        "sha256": kept.sha256,
        "message_key": kept.sha256,
        "subject": subject_of(spool.load(folder(), kept.digest, most=_HEAD)),
    }
