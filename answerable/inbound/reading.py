"""Reading what was stored: claimed by lease, parsed in the pool's children outside any transaction, written in one."""

import dataclasses
import datetime as dt
import logging
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F

from answerable.core.leases import claim
from answerable.evidence import files
from answerable.evidence.models import File

from . import again, intake, spool
from .checking import Checker
from .kinds import Kind, kind_of
from .models import Attachment, Mail
from .parsed import Parsed, Unreadable
from .pool import Pool
from .spool import Envelope, Kept
from .written import NO_ADDRESS

log = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=10)
# A message that ended its reader this often is shown to a person instead.
MOST_ATTEMPTS = 3
PUT_OFF = dt.timedelta(minutes=1)  # what the disk would not give, or not take
_MOST_BYTES = 24_000_000  # in memory at a time, twice over; a larger message goes alone
_WAVE = 25


@dataclass(frozen=True, slots=True)
class _Result:
    """What came of one message, with its files in the store."""

    parsed: Parsed | Unreadable
    envelope: Envelope
    key: str = ""
    verdicts: dict[str, Any] = dataclasses.field(default_factory=dict)


def read_next(pool: Pool, *, by: uuid.UUID, now: dt.datetime, most: int, checker: Checker | None = None) -> int:
    """Read at most `most` messages that nobody has read; returns how many. While one wave is written, the next is parsed.

    Signatures are checked by `checker`; without one they are not.

    A message that was taken before and not finished is read alone: its reader may have ended for another's sake.
    """
    unread = Mail.objects.to_read()
    take = partial(claim, by=by, now=now, lasting=LEASE)
    mails = take(unread.filter(attempts=0), most=most) or take(unread, most=1)
    if not mails:
        return 0
    with ThreadPoolExecutor(pool.size, thread_name_prefix="parse") as threads:
        before: list[tuple[Mail, Future[_Result | None]]] = []
        for wave in _waves(mails):
            started = [(mail, threads.submit(_read, pool, checker, mail.digest, mail.attempts)) for mail in wave]
            _write(before, now=now)
            before = started
        _write(before, now=now)
    return len(mails)


def _read(pool: Pool, checker: Checker | None, digest: str, attempts: int) -> _Result | None:
    """Runs in a thread: no database here. None where this machine did not do its part, which is not the message's fault."""
    try:
        taken = _taken_down(digest)
        if taken is None:
            return _Result(Unreadable("missing"), Envelope(None, (), "upload"))
        return _parse(pool, checker, *taken, attempts)
    except OSError as error:
        log.error("mail %s waits: %s", digest, error.strerror)
        return None


def _taken_down(digest: str) -> tuple[Kept, bytes] | None:
    """None where the message is gone although the spool is there; `OSError` where the disk does not give it."""
    try:
        return spool.take_down(intake.folder(), digest)
    except FileNotFoundError:
        if spool.has_shelf(intake.folder(), digest):
            return None
        raise


def _parse(pool: Pool, checker: Checker | None, kept: Kept, raw: bytes, attempts: int) -> _Result:
    if attempts > MOST_ATTEMPTS:
        return _Result(Unreadable("crashed"), kept.envelope)
    parsed, key = pool.parse(raw), ""
    verdicts: dict[str, Any] = {}
    if isinstance(parsed, Parsed):
        verdicts = checker.check(raw) if checker else {}
        key = again.key_of(parsed)
        for attachment in parsed.attachments:
            files.store(attachment.sha256, attachment.content)
        # The bytes are in the store; what waits to be written is small.
        parsed = dataclasses.replace(
            parsed, attachments=tuple(dataclasses.replace(one, content=b"") for one in parsed.attachments)
        )
    return _Result(parsed, kept.envelope, key, verdicts)


def _write(results: list[tuple[Mail, "Future[_Result | None]"]], *, now: dt.datetime) -> None:
    """Afterwards what was read stands in its rows, unless somebody else had read it meanwhile; the rest is put off."""
    ended = [(mail, future.result()) for mail, future in results]
    read = [(mail, result) for mail, result in ended if result]
    with transaction.atomic():
        Mail.objects.filter(pk__in=[mail.pk for mail, result in ended if not result]).update(
            lease_until=now + PUT_OFF, attempts=F("attempts") - 1
        )
        unread = set(
            Mail.objects.filter(pk__in=[mail.pk for mail, _ in read], kind=Kind.UNREAD).values_list("pk", flat=True)
        )
        read = [(mail, result) for mail, result in read if mail.pk in unread]
        for mail, result in read:
            _fill(mail, result, now=now)
        # An upsert of rows that are all there: ten times as fast as bulk_update, which writes a CASE for every field.
        Mail.objects.bulk_create(
            [mail for mail, _ in read], update_conflicts=True, unique_fields=["uid"], update_fields=_FIELDS
        )
        _write_attachments(read, now=now)


_FIELDS = [
    "kind", "kind_reason", "kind_guessed", "subject", "from_name", "from_address", "message_id", "message_key", "in_reply_to",
    "references", "addressed_to", "report", "dated_at", "text", "reply_text", "notes", "unreadable_reason", "read_at",
    "verdicts", "lease_until", "leased_by",
]  # fmt: skip


def _fill(mail: Mail, result: _Result, *, now: dt.datetime) -> None:
    parsed = result.parsed
    verdict = kind_of(parsed, result.envelope)
    mail.kind, mail.kind_reason, mail.kind_guessed = verdict.kind, verdict.reason, verdict.guessed
    mail.read_at, mail.lease_until, mail.leased_by = now, None, None
    if isinstance(parsed, Unreadable):
        mail.unreadable_reason = parsed.reason
        return
    mail.message_key, mail.verdicts = result.key or mail.message_key, result.verdicts or None
    mail.subject = parsed.subject
    mail.from_name = parsed.from_name
    mail.from_address = "" if parsed.from_address == NO_ADDRESS else parsed.from_address
    mail.message_id, mail.dated_at = parsed.message_id, parsed.dated_at
    mail.in_reply_to, mail.references = list(parsed.in_reply_to), list(parsed.references)
    mail.addressed_to = list(dict.fromkeys((*parsed.delivered_to, *parsed.to, *parsed.cc)))
    mail.report = dataclasses.asdict(parsed.report) if parsed.report else None
    mail.text, mail.reply_text, mail.notes = parsed.text, parsed.reply_text, list(parsed.notes)


def _write_attachments(read: list[tuple[Mail, _Result]], *, now: dt.datetime) -> None:
    found = [
        (mail, number, one)
        for mail, result in read
        if isinstance(result.parsed, Parsed)
        for number, one in enumerate(result.parsed.attachments, start=1)
    ]
    rows = {
        one.sha256: File(sha256=one.sha256, size=one.size, media_type=one.media_type, added_at=now)
        for _, _, one in found
    }
    File.objects.bulk_create(rows.values(), ignore_conflicts=True, batch_size=200)
    Attachment.objects.bulk_create(
        [
            Attachment(
                mail=mail, position=n, name=one.name, media_type=one.media_type, size=one.size, file_id=one.sha256
            )
            for mail, n, one in found
        ],
        batch_size=200,
    )


def _waves(mails: list[Mail]) -> Iterator[list[Mail]]:
    """The messages in runs of at most `_WAVE` that together are not too large for memory."""
    wave: list[Mail] = []
    size = 0
    for mail in mails:
        if wave and (len(wave) >= _WAVE or size + mail.size > _MOST_BYTES):
            yield wave
            wave, size = [], 0
        wave.append(mail)
        size += mail.size
    if wave:
        yield wave
