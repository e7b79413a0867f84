"""A team's own mailbox, on a real IMAP server: taken once, marked only when it is durable, left unseen."""

import datetime as dt
from collections.abc import Iterator

import pytest
from imap_tools.mailbox import MailBoxUnencrypted

from answerable.accounts.models import Mailbox, Team
from answerable.inbound import intake, mailbox, spool
from answerable.inbound.models import Mail

from . import dovecot

RAW = b"From: office@justice.example\r\nSubject: %d\r\n\r\nWords.\r\n"
pytestmark = pytest.mark.skipif(dovecot.program() is None, reason="needs Dovecot")


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    with dovecot.dovecot() as port:
        yield port


@pytest.fixture
def account(team: Team, server: int) -> Mailbox:
    """The family's mailbox, empty."""
    account = Mailbox(
        team=team,
        address=dovecot.USER,
        username=dovecot.USER,
        imap_host="127.0.0.1",
        imap_port=server,
        imap_security=Mailbox.Security.NONE,
    )
    account.password = dovecot.PASSWORD
    account.save()
    with box(server) as inbox:
        inbox.delete(inbox.uids())
    return account


def box(port: int) -> MailBoxUnencrypted:
    return MailBoxUnencrypted("127.0.0.1", port).login(dovecot.USER, dovecot.PASSWORD)


def put(port: int, *numbers: int, at: dt.datetime) -> None:
    with box(port) as inbox:
        for number in numbers:
            inbox.append(RAW % number, dt=at)


def flags(port: int) -> list[tuple[str, ...]]:
    with box(port) as inbox:
        return [message.flags for message in inbox.fetch(mark_seen=False)]


def test_it_takes_each_message_once_and_leaves_it_unseen(account, server: int, now: dt.datetime):
    put(server, 1, 2, at=now)
    assert mailbox.poll(account, now=now) == 2
    put(server, 3, at=now)
    assert mailbox.poll(account, now=now) == 1
    assert mailbox.poll(account, now=now) == 0
    assert sorted(Mail.objects.values_list("subject", "way", "envelope_from")) == [(n, "imap", None) for n in "123"]
    assert intake.original(Mail.objects.get(subject="1")) == RAW % 1
    assert all(mailbox.TAKEN in each and mailbox.SEEN not in each for each in flags(server))


def test_it_marks_nothing_that_it_could_not_keep(account, server: int, now: dt.datetime):
    put(server, 1, at=now)
    intake.folder().write_text("a file where the folder should be")
    assert mailbox.poll(account, now=now) == 0
    account.refresh_from_db()
    assert account.last_error.startswith("not-kept") and mailbox.TAKEN not in flags(server)[0]
    intake.folder().unlink()
    assert mailbox.poll(account, now=now) == 1
    account.refresh_from_db()
    assert account.last_error == ""


def test_it_makes_one_row_when_it_was_killed_before_it_marked(account, server: int, now: dt.datetime):
    put(server, 1, at=now)
    spool.keep(intake.folder(), RAW % 1, spool.Envelope(None, (account.address,), "imap"), now=now)
    intake.adopt_orphans(now=now, most=10)
    mailbox.poll(account, now=now)
    assert Mail.objects.count() == 1


def test_it_leaves_the_past_alone(account, server: int, now: dt.datetime):
    put(server, 1, at=now - mailbox.LOOKS_BACK - dt.timedelta(days=2))
    assert mailbox.poll(account, now=now) == 0


def test_it_says_what_went_wrong(account, server: int, now: dt.datetime):
    account.password = "wrong"
    account.save()
    assert mailbox.poll(account, now=now) == 0
    account.refresh_from_db()
    assert "AUTHENTICATIONFAILED" in account.last_error and account.last_polled_at == now
    account.imap_host, account.imap_port = "127.0.0.1", 1
    assert mailbox.poll(account, now=now) == 0
    account.refresh_from_db()
    assert account.last_error.startswith("ConnectionRefusedError")


def test_it_counts_a_message_from_when_it_reached_the_mailbox(account, server: int, now: dt.datetime):
    came_at = now - dt.timedelta(days=12, hours=3)
    put(server, 1, at=came_at)
    put(server, 2, at=now + dt.timedelta(days=1))  # a server whose clock is wrong
    assert mailbox.poll(account, now=now) == 2
    assert Mail.objects.get(subject="1").received_at == came_at
    assert Mail.objects.get(subject="2").received_at == now


def test_it_looks_back_from_when_all_went_well_last(account, server: int, now: dt.datetime):
    mailbox.poll(account, now=now)
    put(server, 1, at=now + dt.timedelta(days=1))
    account.refresh_from_db()
    account.imap_port = 1
    later = now + 3 * mailbox.LOOKS_BACK
    mailbox.poll(account, now=later)
    account.refresh_from_db()
    assert (account.last_polled_at, account.last_fetched_at) == (later, now)
    assert mailbox.poll(account, now=later) == 1
