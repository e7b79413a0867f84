"""The same message more than once: one reply for each recipient, each delivery kept, nobody's mail shown to others."""

import base64
import datetime as dt
import smtplib

import pytest
from imap_tools.mailbox import MailBoxUnencrypted

from answerable import journey
from answerable.accounts.models import Mailbox, Team, User
from answerable.core.leases import mark_of
from answerable.dispatch.outbox import reply_address
from answerable.inbound import filing, intake, mailbox, reading
from answerable.inbound.matching import match_all
from answerable.inbound.models import Mail, Reply
from answerable.inbound.pool import Pool
from answerable.letters.models import Dispatch

from . import dovecot
from .test_listener import listening

HEAD = b"From: Office <registry@justice.example>\r\nMessage-ID: <1@justice.example>\r\nSubject: Your letter\r\n"
RAW = HEAD + b"\r\nHe is in Marlow.\r\n"
TRAVELLED = (
    b"Return-Path: <registry@justice.example>\r\nReceived: from mx.example; Mon, 2 Mar 2026 08:00:00 +0000\r\n" + RAW
)
REENCODED = HEAD + b"Content-Transfer-Encoding: base64\n\n" + base64.b64encode(b"He is in Marlow.\n")
OTHER_WORDS = HEAD + b"\r\nHe is in Tirane.\r\n"
PEN = "nobody-known@answerable.example"


@pytest.fixture
def received(take, now: dt.datetime):
    """Take a message in, read it and receive it."""

    def receive(raw: bytes, *to: str, **how: str | None) -> Mail:
        mail = take(raw, *to, **how)
        journey.receive(mail, now=now)
        mail.refresh_from_db()
        return mail

    return receive


def a_mailbox(team: Team, address: str = "family@people.example") -> Mailbox:
    return Mailbox.objects.create(team=team, address=address, username=address)


def came_to(account: Mailbox, mail: Mail, now: dt.datetime) -> Mail:
    """The message as if it had come to that mailbox."""
    Mail.objects.filter(pk=mail.pk).update(team=account.team)
    mail.refresh_from_db()
    journey.receive(mail, now=now)
    mail.refresh_from_db()
    return mail


@pytest.mark.parametrize("again", [RAW, TRAVELLED, REENCODED, RAW.replace(b"\r\n", b"\n")])
def test_it_is_one_reply_whatever_was_added_on_the_way(dispatches, received, again: bytes):
    address = reply_address(dispatches[0])
    first = received(RAW, address)
    second = received(again, address, sender=None, way="imap")
    assert Reply.objects.get().mail == first
    assert (second.same_as, second.state) == (first, "matched")
    assert intake.original(second) == again


def test_it_is_another_reply_when_the_words_are_others(dispatches, received):
    address = reply_address(dispatches[0])
    received(RAW, address)
    other = received(OTHER_WORDS, address)
    unnamed = received(RAW.replace(b"Message-ID", b"X-Id"), address)
    assert other.same_as is None and unnamed.same_as is None and Reply.objects.count() == 3


def test_it_is_a_reply_to_each_letter_whose_address_it_came_to(dispatches, received):
    first, second = (received(RAW, reply_address(one)) for one in dispatches[:2])
    assert {(one.mail, one.recipient) for one in Reply.objects.all()} == {
        (first, dispatches[0].recipient),
        (second, dispatches[1].recipient),
    }
    both = received(TRAVELLED, *(reply_address(one) for one in dispatches[:2]))
    assert Reply.objects.count() == 2 and both.same_as_id in {first.pk, second.pk}


def test_it_stays_out_of_a_thread_from_which_a_person_took_it(dispatches, received, alice: User, now: dt.datetime):
    address = reply_address(dispatches[0])
    first = received(RAW, address)
    journey.unfile(Reply.objects.get(), by=alice, now=now)
    assert received(TRAVELLED, address).same_as == first
    first.refresh_from_db()
    assert first.state == "held" and not Reply.objects.filter(undone_at=None).exists()


def test_it_waits_in_the_pen_once(dispatches, received, alice: User, now: dt.datetime):
    first, second = received(RAW, PEN), received(TRAVELLED, PEN)
    assert (first.state, second.same_as) == ("held", first)
    assert list(Mail.objects.held()) == [first]
    reply = journey.file(first, dispatches[0].recipient, by=alice, now=now)
    assert reply.mail == first and not Mail.objects.held().exists()


def test_it_leaves_the_pen_when_it_comes_again_and_says_whom_it_is_for(dispatches, received, now: dt.datetime):
    held, beside = received(RAW, PEN), received(TRAVELLED, PEN)
    certain = received(RAW, reply_address(dispatches[0]))
    held.refresh_from_db()
    beside.refresh_from_db()
    assert held.same_as == beside.same_as == certain and Reply.objects.get().mail == certain


def test_it_settles_both_of_one_batch(dispatches, take, now: dt.datetime):
    mails = [take(RAW, reply_address(dispatches[0])), take(TRAVELLED, reply_address(dispatches[0])), take(RAW, PEN)]
    assert len(journey.receive(*mails, now=now)) == 1
    assert Mail.objects.exclude(same_as=None).count() == 2 and not Mail.objects.held().exists()


def test_it_is_one_reply_when_a_person_files_what_another_delivery_brought(
    dispatches, take, team: Team, alice: User, now: dt.datetime
):
    strangers = a_mailbox(Team.objects.create(name="Others", created_at=now), "others@people.example")
    first = take(RAW, reply_address(dispatches[0]))
    journey.receive(first, now=now)
    theirs = came_to(strangers, take(TRAVELLED, "others@people.example", sender=None, way="imap"), now)
    assert theirs.state == "held" and theirs.same_as is None
    filing.take_from_pen(theirs, by=alice, now=now)
    assert filing.file(theirs, dispatches[0].recipient, by=alice, now=now).mail == first
    theirs.refresh_from_db()
    assert theirs.same_as == first and Reply.objects.count() == 1


def test_it_files_again_what_was_taken_out_when_a_person_says_so(dispatches, received, alice: User, now: dt.datetime):
    first = received(RAW, reply_address(dispatches[0]))
    journey.unfile(Reply.objects.get(), by=alice, now=now)
    first.refresh_from_db()
    journey.file(first, dispatches[0].recipient, by=alice, now=now)
    first.refresh_from_db()
    assert (first.state, first.same_as) == ("matched", None) and Reply.objects.get().undone_at is None


def test_it_shows_no_team_what_came_to_anothers_mailbox(dispatches, take, team: Team, charlie: User, now: dt.datetime):
    theirs = a_mailbox(Team.objects.of(charlie).get(), "charlie@people.example")
    ours = came_to(a_mailbox(team), take(RAW, "family@people.example", sender=None, way="imap"), now)
    also = came_to(theirs, take(TRAVELLED, "charlie@people.example", sender=None, way="imap"), now)
    assert ours.state == also.state == "held"
    assert list(Mail.objects.held_for(charlie)) == [also]


def test_it_lets_those_who_see_the_first_download_the_second(dispatches, received, alice: User, charlie: User):
    received(RAW, reply_address(dispatches[0]))
    second = received(TRAVELLED, reply_address(dispatches[0]))
    assert second in Mail.objects.seen_by(alice) and second not in Mail.objects.seen_by(charlie)


def test_the_database_holds_to_one_reply(dispatches, take, now: dt.datetime):
    """Two workers that do not see each other's transaction: the second is refused, tries again, and finds the first."""
    address = reply_address(dispatches[0])
    first, second = take(RAW, address), take(TRAVELLED, address)
    blind = match_all([first, second])
    filing.file_all(filing.settle(blind[:1], now=now), now=now)
    Mail.objects.filter(pk=second.pk).update(state="matched")
    with pytest.raises(Exception, match="(?i)unique"):
        filing.file_all(blind[1:], now=now)


@pytest.mark.skipif(dovecot.program() is None, reason="needs Dovecot")
@pytest.mark.parametrize("lmtp_first", [True, False])
def test_it_is_one_reply_by_lmtp_and_from_a_mailbox(
    dispatches: list[Dispatch], team: Team, pool: Pool, now: dt.datetime, lmtp_first: bool
):
    address = reply_address(dispatches[0])
    raw = RAW.replace(b"Subject", f"To: {address}\r\nSubject".encode())

    def by_lmtp() -> None:
        with listening(intake.folder(), lmtp=True) as port, smtplib.LMTP("127.0.0.1", port) as line:
            line.sendmail("registry@justice.example", [address], raw)
        intake.adopt_orphans(now=now, most=10)

    def by_imap() -> None:
        with dovecot.dovecot() as port:
            with MailBoxUnencrypted("127.0.0.1", port).login(dovecot.USER, dovecot.PASSWORD) as inbox:
                inbox.append(b"Received: from mx.example; Mon, 2 Mar 2026 08:00:00 +0000\r\n" + raw, dt=now)
            account = Mailbox(
                team=team, address=dovecot.USER, username=dovecot.USER, imap_host="127.0.0.1", imap_port=port,
                imap_security=Mailbox.Security.NONE,
            )  # fmt: skip
            account.password = dovecot.PASSWORD
            account.save()
            assert mailbox.poll(account, now=now) == 1

    for bring in (by_lmtp, by_imap) if lmtp_first else (by_imap, by_lmtp):
        bring()
        reading.read_next(pool, by=mark_of("here"), now=now, most=10)
        journey.receive(*Mail.objects.to_receive(), now=now)
    reply = Reply.objects.get()
    assert reply.mail.way == ("lmtp" if lmtp_first else "imap") and reply.recipient == dispatches[0].recipient
    assert set(Mail.objects.values_list("way", "state")) == {("lmtp", "matched"), ("imap", "matched")}
    assert reply.mail.further.count() == 1
