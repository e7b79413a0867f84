"""What turns out otherwise than it was taken for: late bounces, answers that were none, letters sent again in doubt."""

import datetime as dt
from dataclasses import replace

import pytest

from answerable import journey
from answerable.dispatch import again, outbox
from answerable.dispatch.email import HandOver, Outcome
from answerable.inbound.models import Mail
from answerable.letters import drafting
from answerable.letters.drafting import Someone
from answerable.letters.models import Dispatch, Letter, Recipient
from tests.journeys.test_verbs import delivered, mail_to

DAY = dt.timedelta(days=1)


@pytest.fixture
def sent(letter: Letter, alice, now) -> Letter:
    """The letter, sent through the host's relay; nothing handed over yet."""
    journey.send(letter, route="host", by=alice, now=now)
    letter.refresh_from_db()
    return letter


@pytest.fixture
def minister(sent: Letter) -> Recipient:
    """The addressee, to whom nothing was handed over yet."""
    return sent.recipients.get(kind="to")


@pytest.fixture
def lost(minister: Recipient, alice, now) -> Dispatch:
    """A dispatch of which nobody knows what became; the letter was sent once more, and waits to leave."""
    dispatch = next(d for d in outbox.claim(now=now, node="n", most=9) if d.recipient_id == minister.pk)
    journey.record_failure(dispatch, HandOver(Outcome.UNKNOWN, "lost"), now=now)
    again.send_again(minister, channel="email", address=minister.address, route="host", by=alice, now=now)
    return dispatch


def told(recipient: Recipient, alice, now):
    return journey.record_answer(recipient, way="phone", text="They will look.", answered_at=now, by=alice, now=now)


def test_it_receives_the_bounce_of_a_lost_dispatch_that_was_sent_again(lost, minister, now):
    journey.receive(mail_to(lost, now, "bounce", kind_reason="report-failed"), now=now)
    lost.refresh_from_db()
    assert (lost.state, Mail.objects.get().state) == ("bounced", "matched")
    second = minister.dispatches.last()
    assert second.state == "queued"
    assert delivered(minister, now).accepted_dispatch == second


def test_it_does_not_count_a_lost_dispatch_as_arrived_once_it_was_sent_again(lost, alice, now):
    assert not journey.record_delivery(lost, proof_note="they have it", by=alice, now=now)
    lost.refresh_from_db()
    assert lost.state == "unknown"


def test_it_believes_a_bounce_that_is_quicker_than_the_worker(minister, now):
    outbox.claim(now=now, node="n", most=9)
    dispatch = minister.dispatches.get()
    journey.receive(mail_to(dispatch, now, "bounce", kind_reason="report-failed"), now=now)
    assert not journey.record_delivery(dispatch, server_words="250 kept", now=now)
    minister.refresh_from_db()
    assert (minister.dispatches.get().state, minister.state) == ("bounced", "planned")
    assert not minister.clocks.exists()


def test_it_takes_back_an_answer_that_came_before_anything_was_delivered(minister, alice, now):
    reply = told(minister, alice, now)
    journey.record_reading(reply, is_answer=False, by=alice, now=now)
    minister.refresh_from_db()
    assert (minister.state, minister.answered_at) == ("planned", None)
    assert delivered(minister, now).state == "waiting"


def test_it_starts_the_clock_that_an_answer_had_kept_from_starting(minister, alice, now):
    reply = told(minister, alice, now)
    assert delivered(minister, now).state == "answered"
    journey.record_reading(reply, is_answer=False, by=alice, now=now + DAY)
    minister.refresh_from_db()
    assert (minister.state, minister.waiting_since_at) == ("waiting", now)
    assert [clock.state for clock in minister.clocks.all()] == ["running", "running"]


def test_it_takes_back_an_answer_to_a_letter_that_came_back(minister, alice, now):
    reply = told(delivered(minister, now), alice, now)
    journey.record_bounce(minister.dispatches.get(), words="550 no such user", now=now)
    minister.refresh_from_db()
    assert minister.state == "answered"
    journey.record_reading(reply, is_answer=False, by=alice, now=now)
    minister.refresh_from_db()
    assert (minister.state, minister.accepted_dispatch) == ("planned", None)
    assert {clock.state for clock in minister.clocks.all()} == {"void"}


@pytest.mark.parametrize("added", ["Somebody else", "The Prime Minister"])
def test_it_adds_who_falls_silent_later_to_a_reminder_that_the_writer_has_changed(letter, alice, now, added):
    words = drafting.as_draft(letter)
    second = Someone("The Prime Minister", None, "email", "pm@government.example")
    drafting.revise(letter, replace(words, to=[*words.to, second], copies=[]), by=alice, now=now)
    journey.send(letter, route="writer", by=alice, now=now)
    for recipient, on in zip(letter.recipients.all(), (now, now + 60 * DAY), strict=True):
        journey.record_delivery(recipient.dispatches.get(), by=alice, now=on)
    journey.tick(now=now + 50 * DAY)
    reminder = letter.reminders.get()
    words = drafting.as_draft(reminder)
    changed = [*words.to, Someone(added, None, "email", "else@government.example")]
    drafting.revise(reminder, replace(words, to=changed), by=alice, now=now)
    journey.tick(now=now + 150 * DAY)
    names = list(reminder.recipients.values_list("as_written", flat=True))
    assert names == ["Minister\nMinistry of Justice", *dict.fromkeys([added, "The Prime Minister"])]


def test_it_shows_the_words_of_nothing_that_was_found_to_be_no_answer(minister, alice, now):
    reply = journey.receive(mail_to(delivered(minister, now).accepted_dispatch, now), now=now)[0]
    journey.show(reply, shown=True, by=alice, now=now)
    journey.record_reading(reply, is_answer=False, by=alice, now=now)
    reply.refresh_from_db()
    assert reply.shown_at is None


def test_it_shows_what_was_filed_wrong_only_when_somebody_says_so_again(minister, alice, now):
    reply = journey.receive(mail_to(delivered(minister, now).accepted_dispatch, now), now=now)[0]
    journey.show(reply, shown=True, by=alice, now=now)
    journey.unfile(reply, by=alice, now=now)
    assert journey.file(reply.mail, minister, by=alice, now=now).shown_at is None


def test_it_calls_nobody_silent_by_a_day_before_which_the_answer_had_come(minister, alice, now):
    delivered(minister, now)
    journey.tick(now=now + 90 * DAY)
    law, own = minister.clocks.order_by("due_at")
    came_at = law.due_at + DAY
    assert came_at < own.due_at
    late = now + 100 * DAY
    journey.record_answer(minister, way="paper", text="A letter.", answered_at=came_at, by=alice, now=late)
    assert list(minister.clocks.order_by("due_at").values_list("state", flat=True)) == ["passed", "answered"]


@pytest.fixture
def doubtful(minister: Recipient, now) -> Dispatch:
    """A dispatch that was handed over at `now`, and nobody knows whether it arrived."""
    dispatch = next(d for d in outbox.claim(now=now, node="n", most=9) if d.recipient_id == minister.pk)
    journey.record_failure(dispatch, HandOver(Outcome.UNKNOWN, "lost"), now=now)
    return dispatch


def states(recipient: Recipient) -> tuple[list[str], str]:
    recipient.refresh_from_db()
    return [dispatch.state for dispatch in recipient.dispatches.order_by("pk")], recipient.state


@pytest.mark.parametrize("kind", ["automatic", "acknowledgement", "delayed", "other", "unreadable"])
def test_it_knows_by_what_comes_for_it_that_it_arrived(doubtful, minister, now, kind):
    mail = mail_to(doubtful, now + DAY, kind, unreadable_reason="failed" if kind == "unreadable" else "")
    journey.receive(mail, now=now + DAY)
    assert states(minister) == (["accepted"], "waiting")
    assert minister.waiting_since_at == doubtful.sending_at == now
    assert {clock.started_at for clock in minister.clocks.all()} == {now}


def test_it_knows_by_an_answer_that_it_arrived_and_was_answered(doubtful, minister, now):
    journey.receive(mail_to(doubtful, now + DAY), mail_to(doubtful, now + 2 * DAY), now=now + 2 * DAY)
    assert states(minister) == (["accepted"], "answered")
    assert (minister.answered_at, minister.accepted_dispatch) == (now + DAY, doubtful)
    assert {clock.state for clock in minister.clocks.all()} == {"answered"}


def test_it_knows_by_a_bounce_that_it_left_and_came_back(doubtful, minister, now):
    journey.receive(mail_to(doubtful, now + DAY, "bounce", kind_reason="report-failed"), now=now + DAY)
    assert states(minister) == (["bounced"], "planned")


def test_it_takes_the_second_one_back_when_the_first_has_arrived(lost, minister, now):
    journey.receive(mail_to(lost, now + DAY), now=now + DAY)
    assert states(minister) == (["accepted", "cancelled"], "answered")
    assert outbox.claim(now=now + DAY, node="n") == []


def test_it_leaves_the_doubt_where_the_second_one_has_left_already(lost, minister, now):
    delivered(minister, now)
    journey.receive(mail_to(lost, now + DAY), now=now + DAY)
    assert states(minister) == (["unknown", "accepted"], "answered")


def test_it_counts_what_came_while_it_was_still_being_handed_over(minister, now):
    dispatch = next(d for d in outbox.claim(now=now, node="n", most=9) if d.recipient_id == minister.pk)
    journey.receive(mail_to(dispatch, now, "automatic"), now=now)
    journey.record_failure(dispatch, HandOver(Outcome.UNKNOWN, "lost"), now=now + DAY)
    assert states(minister) == (["accepted"], "waiting")
    assert minister.waiting_since_at == now
