"""What `work` does by itself, where the order of the duties matters."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError

from answerable.accounts.models import Mailbox
from answerable.core.leases import claim, mark_of
from answerable.dispatch.email import HandOver, Outcome
from answerable.dispatch.outbox import reply_address
from answerable.inbound import intake, spool
from answerable.inbound.models import Mail
from answerable.inbound.spool import Envelope
from answerable.letters.models import Dispatch, Recipient
from answerable.workers import duties
from tests.web.made import a_case, a_delivered_letter, a_sent_letter

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def spool_folder(settings, tmp_path: Path) -> Iterator[Path]:
    """A spool of the test's own; the parsing children are ended after it."""
    settings.ANSWERABLE_SPOOL = tmp_path / "spool"
    yield settings.ANSWERABLE_SPOOL
    duties.end()


@pytest.fixture
def recipient(team, alice, now) -> Recipient:
    """Somebody who got Alice's letter."""
    return a_delivered_letter(a_case(team, alice, now), alice, now).recipients.get()


def last_day(recipient: Recipient) -> dt.datetime:
    """The last instant at which an answer is in time by every date."""
    return min(clock.due_at for clock in recipient.clocks.all()) - dt.timedelta(minutes=1)


def answer(recipient: Recipient, folder: Path, at: dt.datetime, *, headers: bytes = b"") -> None:
    """An answer lies in the spool since then; nobody has looked at it."""
    to = reply_address(recipient.dispatches.get())
    raw = b"From: registry@ministry.example\r\nSubject: Re\r\n" + headers + b"\r\nHe is in Marlow.\r\n"
    spool.keep(folder, raw, Envelope("registry@ministry.example", (to,), "smtp"), now=at)


def test_it_lets_no_date_pass_before_mail_that_lies_in_the_spool(recipient: Recipient, spool_folder: Path):
    in_time = last_day(recipient)
    answer(recipient, spool_folder, in_time)
    late = in_time + 40 * DAY
    assert duties.tick(late) == 0
    assert duties.adopt_mail(late) == 1
    assert duties.tick(late) == 0
    assert Recipient.objects.get(pk=recipient.pk).state == "waiting"


def test_it_counts_an_answer_by_when_it_came_and_not_by_when_it_was_read(recipient: Recipient, spool_folder: Path):
    in_time = last_day(recipient)
    answer(recipient, spool_folder, in_time)
    late = in_time + 40 * DAY
    duties.adopt_mail(late)
    duties.tick(late)
    assert duties.read_mail(late) == 1
    assert duties.receive_mail(late) == 1
    assert duties.tick(late) == 0
    here = Recipient.objects.get(pk=recipient.pk)
    assert (here.state, here.answered_at, here.no_reply_at) == ("answered", in_time, None)
    assert {clock.state for clock in here.clocks.all()} == {"answered"}
    assert not here.letter.reminders.exists()


def test_it_lets_dates_pass_that_no_waiting_mail_can_meet(recipient: Recipient, spool_folder: Path):
    after = last_day(recipient) + 40 * DAY
    answer(recipient, spool_folder, after)
    intake.adopt_orphans(now=after, most=10)
    assert duties.tick(after + DAY) == 2
    assert Recipient.objects.get(pk=recipient.pk).state == "no_reply_recorded"
    duties.read_mail(after + DAY)
    duties.receive_mail(after + DAY)
    here = Recipient.objects.get(pk=recipient.pk)
    assert (here.state, here.answered_at) == ("answered", after)


def test_it_lets_no_date_pass_before_the_mailboxes_were_looked_into(recipient: Recipient, team):
    late = last_day(recipient) + 40 * DAY
    box = Mailbox(team=team, address="team@people.example", username="team", imap_host="imap.people.example")
    box.password = "secret"
    box.save()
    assert duties.tick(late) == 0
    Mailbox.objects.update(last_polled_at=late - DAY)
    assert duties.tick(late) == 0
    Mailbox.objects.update(last_polled_at=late)
    assert duties.tick(late) == 2


def test_it_lets_dates_pass_although_a_machine_replied_in_time(recipient: Recipient, spool_folder: Path):
    in_time = last_day(recipient)
    answer(recipient, spool_folder, in_time, headers=b"Auto-Submitted: auto-replied\r\n")
    late = in_time + 40 * DAY
    duties.adopt_mail(late)
    duties.read_mail(late)
    duties.receive_mail(late)
    assert duties.tick(late) == 2
    assert Recipient.objects.get(pk=recipient.pk).state == "no_reply_recorded"


@pytest.fixture
def queued(team, alice, now, settings) -> Dispatch:
    """A letter of Alice's that waits to leave by the relay."""
    settings.ANSWERABLE_SMTP_URL = "smtp://relay.example"
    letter = a_sent_letter(a_case(team, alice, now), alice, now, route="host")
    return letter.recipients.get().dispatches.get()


def test_it_keeps_what_a_server_said_until_the_database_takes_it(queued: Dispatch, now, monkeypatch):
    calls = []

    def hand_over(*_args, **_more):
        calls.append(1)
        return HandOver(Outcome.ACCEPTED, "250 taken")

    def away(*_args, **_more):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(duties.email, "hand_over", hand_over)
    with monkeypatch.context() as outage:
        outage.setattr(duties.journey, "record_delivery", away)
        for _ in range(3):
            with pytest.raises(OperationalError):
                duties.deliver(now)
    queued.refresh_from_db()
    assert queued.state == "sending"
    duties.deliver(now)
    queued.refresh_from_db()
    assert (queued.state, queued.server_words, len(calls)) == ("accepted", "250 taken", 1)


def test_it_takes_up_at_once_what_a_killed_predecessor_was_reading(recipient: Recipient, spool_folder: Path, now):
    duties.begin("here-0", now)
    assert duties.read_mail(now) == 0
    answer(recipient, spool_folder, now)
    duties.adopt_mail(now)
    claim(Mail.objects.to_read(), by=mark_of("here-0"), now=now, lasting=DAY, most=10)
    assert duties.read_mail(now) == 0
    duties.begin("here-0", now)
    assert duties.read_mail(now) == 1
