"""A team's own mailbox, read by IMAP: a message is marked as taken only after it is durable here."""

import datetime as dt
import imaplib
import logging
import time

from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

from answerable.accounts.mailboxes import check_servers
from answerable.accounts.models import Mailbox

from . import intake
from .spool import Envelope, NotKept

log = logging.getLogger(__name__)

# A keyword of our own, so that the writer's read and unread marks stay as they are; \\Seen where the server keeps none.
TAKEN = "AnswerableTaken"
SEEN = "\\Seen"
# A mailbox that is connected today does not pour its years into the holding pen. Later it looks back from the last
# time that all went well, so that what came while nobody could look is not missed.
LOOKS_BACK = dt.timedelta(days=30)
_MOST = 100
_SECONDS = 30


def poll(account: Mailbox, *, now: dt.datetime) -> int:
    """Take in what is new in the account's folder, at most 100 messages; returns how many. What went wrong is kept in
    `account.last_error` as a code and the server's words, and tried again at the next poll."""
    taken, error = 0, ""
    try:
        check_servers(account)
        with _connected(account) as box:
            mark = TAKEN if _keeps_keywords(box) else SEEN
            since = f"SINCE {(account.last_fetched_at or now) - LOOKS_BACK:%d-%b-%Y}"
            for uid in box.uids(f"{'UNSEEN' if mark == SEEN else f'UNKEYWORD {TAKEN}'} {since}")[:_MOST]:
                taken += _take(box, uid, account, mark=mark, now=now)
    except NotKept as full:
        error = f"not-kept: {full}"
    except (
        Exception
    ) as failure:  # a server may say anything: the other mailboxes have their turn, and the clock goes on
        error = f"{type(failure).__name__}: {failure}"[:500]
        log.warning("mailbox %s could not be read: %s", account.pk, type(failure).__name__)
    fetched = {} if error else {"last_fetched_at": now}
    Mailbox.objects.filter(pk=account.pk).update(last_polled_at=now, last_error=error, **fetched)
    return taken


def _take(box: BaseMailBox, uid: str, account: Mailbox, *, mark: str, now: dt.datetime) -> int:
    raw, arrived_at = _fetch(box, uid)
    if raw is None:
        return 0
    # It counts from when it reached the mailbox, not from when this machine was next switched on.
    at = min(arrived_at or now, now)
    intake.take_in(raw, Envelope(None, (account.address,), "imap", account.team_id), now=at)
    box.flag([uid], {mark}, True)
    return 1


def _fetch(box: BaseMailBox, uid: str) -> tuple[bytes | None, dt.datetime | None]:
    """The bytes of one message, unparsed and left unseen, or None where it is gone; and when the server got it."""
    answer, data = box.client.uid("fetch", uid, "(INTERNALDATE BODY.PEEK[])")
    if answer != "OK":
        return None, None
    parts = [part for part in data if isinstance(part, tuple) and len(part) > 1]
    said = b" ".join(part if isinstance(part, bytes) else part[0] for part in data if part)
    arrived = imaplib.Internaldate2tuple(said)  # in this machine's zone
    at = dt.datetime.fromtimestamp(time.mktime(arrived), dt.UTC) if arrived else None
    return (bytes(parts[0][1]) if parts else None), at


def _keeps_keywords(box: BaseMailBox) -> bool:
    """Whether the server stores keywords of a client's own (RFC 3501 section 7.1, PERMANENTFLAGS)."""
    said = box.client.untagged_responses.get("PERMANENTFLAGS") or [b""]
    return b"\\*" in (said[-1] or b"")


def _connected(account: Mailbox) -> BaseMailBox:
    kinds = {
        Mailbox.Security.TLS: MailBox,
        Mailbox.Security.STARTTLS: MailBoxStartTls,
        Mailbox.Security.NONE: MailBoxUnencrypted,
    }
    box: BaseMailBox = kinds[Mailbox.Security(account.imap_security)](
        account.imap_host, account.imap_port, timeout=_SECONDS
    )
    return box.login(account.username, account.password, initial_folder=account.imap_folder)
