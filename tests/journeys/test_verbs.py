"""The verbs of the journey, one by one, against the database: what each changes, and what it leaves alone."""

import datetime as dt

import pytest

from answerable import journey
from answerable.clock.models import Clock
from answerable.core.errors import Refused
from answerable.dispatch import outbox
from answerable.dispatch.email import HandOver, Outcome
from answerable.evidence.sequencing import sequence
from answerable.evidence.verifying import verify_live
from answerable.inbound.models import Mail, Reply
from answerable.letters.drafting import revise
from answerable.letters.models import Dispatch, Letter, LetterAct, Recipient

DAY = dt.timedelta(days=1)


@pytest.fixture
def sent(letter, alice, now):
    """The letter, sent through the host's relay; nothing handed over yet."""
    journey.send(letter, route="host", by=alice, now=now)
    letter.refresh_from_db()
    return letter


@pytest.fixture
def minister(sent, now):
    """The addressee, to whom it was delivered."""
    return delivered(sent.recipients.get(kind="to"), now)


def delivered(recipient: Recipient, now: dt.datetime) -> Recipient:
    taken = {d.recipient_id: d for d in outbox.claim(now=now, node="n", most=9)}
    dispatch = taken.get(recipient.pk) or recipient.dispatches.get()
    assert journey.record_delivery(dispatch, server_words="250 kept", now=now)
    recipient.refresh_from_db()
    return recipient


def mail_to(dispatch: Dispatch, now: dt.datetime, kind: str = "answer", **fields: object) -> Mail:
    n = Mail.objects.count()
    return Mail.objects.create(
        digest=f"{n:064}",
        sha256=f"{n:064}",
        way="smtp",
        size=1,
        received_at=now,
        read_at=now,
        kind=kind,
        envelope_to=[outbox.reply_address(dispatch)],
        **fields,
    )


def test_it_seals_and_queues_one_dispatch_for_each_recipient(sent):
    assert sent.state == "sealed"
    assert len(sent.sealed_digest) == 64
    dispatches = Dispatch.objects.filter(recipient__letter=sent)
    assert sorted(d.channel for d in dispatches) == ["email", "email", "post"]
    assert len({d.message_id for d in dispatches}) == len({outbox.reply_address(d) for d in dispatches}) == 3
    assert all(r.thread for r in sent.recipients.all())
    assert not Clock.objects.exists()


def test_it_sends_once(sent, alice, now):
    with pytest.raises(Refused, match="sent already"):
        journey.send(sent, route="host", by=alice, now=now)
    with pytest.raises(Refused, match="can no longer change"):
        revise(sent, journey.drafting.as_draft(sent), by=alice, now=now)
    assert Dispatch.objects.count() == 3


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda letter: letter.recipients.filter(kind="to").delete(), "no addressee"),
        (lambda letter: letter.signatories.all().delete(), "Nobody has signed"),
        (lambda letter: letter.versions.update(subject=" "), "no subject"),
        (lambda letter: letter.versions.update(body="\n"), "no words"),
        (lambda letter: letter.recipients.filter(kind="to").update(address=""), "no e-mail address for Minister"),
        (
            lambda letter: letter.recipients.filter(kind="to").update(address="minister@"),
            "not a complete e-mail address",
        ),
    ],
)
def test_it_refuses_a_letter_that_cannot_arrive_and_keeps_the_draft(letter, alice, now, change, sentence):
    change(letter)
    with pytest.raises(Refused, match=sentence):
        journey.send(letter, route="host", by=alice, now=now)
    letter.refresh_from_db()
    assert letter.state == "draft"
    assert not Dispatch.objects.exists()


def test_it_writes_only_to_example_in_the_demonstration(letter, alice, now, settings):
    settings.ANSWERABLE_DEMO = True
    letter.recipients.filter(kind="to").update(address="minister@justice.invalid")
    with pytest.raises(Refused, match=r"\.example"):
        journey.send(letter, route="host", by=alice, now=now)


def test_it_starts_a_clock_for_each_ask_when_a_server_accepts(minister, now):
    assert minister.state == "waiting"
    clocks = {clock.ask.kind: clock for clock in minister.clocks.select_related("ask")}
    assert clocks["information"].basis == "law"
    assert clocks["information"].rule_id == "al-ati"
    assert clocks["plea"].basis == "own"


def test_it_gives_a_copy_the_writers_own_date_only(sent, now):
    copy = delivered(sent.recipients.get(kind="copy", channel="email"), now)
    assert [clock.basis for clock in copy.clocks.all()] == ["own"]


def test_it_records_delivery_once(minister, now):
    assert not journey.record_delivery(minister.accepted_dispatch, server_words="250 again", now=now)
    assert minister.clocks.count() == 2


def test_it_takes_a_persons_word_for_what_went_by_post(sent, alice, now):
    post = sent.recipients.get(channel="post")
    with pytest.raises(Refused, match="future"):
        journey.record_delivery(post.dispatches.get(), accepted_at=now + DAY, proof_number="RR1", by=alice, now=now)
    journey.record_delivery(post.dispatches.get(), accepted_at=now - DAY, proof_number="RR1", by=alice, now=now)
    post.refresh_from_db()
    assert (post.state, post.waiting_since_at) == ("waiting", now - DAY)
    assert post.dispatches.get().proof_number == "RR1"


def test_it_puts_off_with_growing_waits_and_gives_up_at_last(sent, now):
    waits = []
    for _try in range(30):
        taken = [d for d in outbox.claim(now=now, node="n", most=9) if d.recipient.kind == "to"]
        if not taken:
            break
        journey.record_failure(taken[0], HandOver(Outcome.PUT_OFF, "450 later"), now=now)
        taken[0].refresh_from_db()
        waits.append(taken[0].next_try_at - now)
        now = max(now, taken[0].next_try_at)
    dispatch = Dispatch.objects.get(recipient__kind="to")
    assert dispatch.state == "refused"
    assert dispatch.server_words == "450 later"
    assert waits[:-1] == sorted(waits[:-1])
    assert sum(waits[:-1], dt.timedelta()) > 4 * DAY


def test_it_never_hands_over_what_became_unknown(sent, now):
    taken = outbox.claim(now=now, node="n", most=9)
    assert len(taken) == 2
    assert outbox.claim(now=now, node="m", most=9) == []
    for dispatch in outbox.stranded(now=now, node="n"):
        journey.record_failure(dispatch, HandOver(Outcome.UNKNOWN, "the worker ended"), now=now)
    assert outbox.claim(now=now + 99 * DAY, node="n", most=9) == []
    assert {d.state for d in Dispatch.objects.filter(channel="email")} == {"unknown"}


def test_it_lets_a_person_decide_what_became_of_an_unknown_one(sent, alice, now):
    dispatch = outbox.claim(now=now, node="n", most=1)[0]
    journey.record_failure(dispatch, HandOver(Outcome.UNKNOWN, "lost"), now=now)
    assert journey.record_delivery(dispatch, proof_note="their registry confirmed it", by=alice, now=now)
    assert dispatch.decided_by == alice


def test_it_stops_the_clock_by_an_answer_to_the_address_of_the_dispatch(minister, now):
    replies = journey.receive(mail_to(minister.accepted_dispatch, now + DAY), now=now + DAY)
    minister.refresh_from_db()
    assert [r.recipient for r in replies] == [minister]
    assert (minister.state, minister.answered_at) == ("answered", now + DAY)
    assert {c.state for c in minister.clocks.all()} == {"answered"}


@pytest.mark.parametrize("kind", ["automatic", "acknowledgement", "delayed", "other", "unreadable"])
def test_it_lets_nothing_but_an_answer_stop_the_clock(minister, now, kind):
    extra = {"unreadable_reason": "too-large"} if kind == "unreadable" else {}
    assert journey.receive(mail_to(minister.accepted_dispatch, now, kind, **extra), now=now)
    minister.refresh_from_db()
    assert minister.state == "waiting"
    assert {c.state for c in minister.clocks.all()} == {"running"}
    journey.tick(now=now + 40 * DAY)
    minister.refresh_from_db()
    assert minister.state == "no_reply_recorded"


def test_it_voids_the_clock_by_a_bounce(minister, now):
    dispatch = minister.accepted_dispatch
    journey.receive(mail_to(dispatch, now, "bounce", kind_reason="dsn-failed"), now=now)
    minister.refresh_from_db()
    dispatch.refresh_from_db()
    assert (minister.state, minister.accepted_dispatch, dispatch.state) == ("planned", None, "bounced")
    assert {c.state for c in minister.clocks.all()} == {"void"}
    assert journey.tick(now=now + 400 * DAY) == 0


def test_it_receives_a_message_once(minister, now):
    mail = mail_to(minister.accepted_dispatch, now)
    assert len(journey.receive(mail, now=now)) == 1
    assert journey.receive(mail, now=now) == []
    assert Reply.objects.count() == 1


def test_it_holds_what_matches_nothing_and_files_it_when_a_person_says_so(minister, alice, now):
    mail = mail_to(minister.accepted_dispatch, now)
    Mail.objects.update(envelope_to=["desk@answerable.example"])
    mail.refresh_from_db()
    assert journey.receive(mail, now=now) == []
    mail.refresh_from_db()
    assert mail.state == "held"
    reply = journey.file(mail, minister, by=alice, now=now)
    minister.refresh_from_db()
    assert minister.state == "answered"
    with pytest.raises(Refused, match="not in the pen"):
        journey.file(mail, minister, by=alice, now=now)
    journey.unfile(reply, by=alice, now=now)
    minister.refresh_from_db()
    mail.refresh_from_db()
    assert (minister.state, mail.state) == ("waiting", "held")
    assert {c.state for c in minister.clocks.all()} == {"running"}


def test_it_records_an_answer_by_phone(minister, alice, now):
    journey.record_answer(minister, way="phone", text="They called.", answered_at=now, by=alice, now=now)
    minister.refresh_from_db()
    assert minister.state == "answered"


def test_it_counts_a_persons_reading_and_lets_it_be_taken_back(minister, alice, now):
    reply = journey.receive(mail_to(minister.accepted_dispatch, now, "acknowledgement"), now=now)[0]
    journey.record_reading(reply, is_answer=True, outcome="token", by=alice, now=now)
    minister.refresh_from_db()
    assert minister.state == "answered"
    reply.refresh_from_db()
    journey.record_reading(reply, is_answer=False, by=alice, now=now)
    minister.refresh_from_db()
    assert minister.state == "waiting"


def test_it_records_no_reply_drafts_one_reminder_and_does_nothing_twice(minister, now):
    law, own = sorted(minister.clocks.all(), key=lambda clock: clock.due_at)
    assert journey.tick(now=law.due_at - dt.timedelta(seconds=1)) == 0
    assert journey.tick(now=law.due_at) == 1
    minister.refresh_from_db()
    assert minister.state == "no_reply_recorded"
    reminder = Letter.objects.get(reminder_of=minister.letter)
    assert reminder.state == "draft"
    assert [r.as_written for r in reminder.recipients.filter(kind="to")] == [minister.as_written]
    assert reminder.recipients.filter(kind="copy").count() == 2
    assert "No reply from you has been recorded" in reminder.versions.get().body
    assert journey.tick(now=law.due_at) == 0
    assert journey.tick(now=own.due_at) == 1
    assert Letter.objects.filter(reminder_of=minister.letter).count() == 1
    assert LetterAct.objects.filter(verb="record_non_reply").count() == 1


def test_it_catches_up_after_a_long_silence(minister, sent, now):
    delivered(sent.recipients.get(kind="copy", channel="email"), now)
    assert journey.tick(now=now + 900 * DAY) == 3
    assert {r.state for r in sent.recipients.exclude(channel="post")} == {"no_reply_recorded"}


def test_it_records_a_late_answer(minister, now):
    journey.tick(now=now + 90 * DAY)
    journey.receive(mail_to(minister.accepted_dispatch, now + 91 * DAY), now=now + 91 * DAY)
    minister.refresh_from_db()
    assert minister.state == "answered"
    assert minister.no_reply_at == now + 90 * DAY


def test_it_closes_a_letter_when_nobody_has_time_left_and_still_files_what_comes(minister, alice, now):
    letter = minister.letter
    with pytest.raises(Refused, match="still has time to answer"):
        journey.close(letter, by=alice, now=now)
    journey.tick(now=now + 90 * DAY)
    journey.close(letter, by=alice, now=now + 90 * DAY)
    assert letter.state == "closed"
    with pytest.raises(Refused, match="was sent can be closed"):
        journey.close(letter, by=alice, now=now + 90 * DAY)
    journey.receive(mail_to(minister.accepted_dispatch, now + 91 * DAY), now=now + 91 * DAY)
    minister.refresh_from_db()
    assert minister.state == "answered"


def test_it_logs_every_act_and_the_log_holds(minister, alice, now):
    journey.receive(mail_to(minister.accepted_dispatch, now), now=now)
    journey.tick(now=now + 90 * DAY)
    verbs = list(LetterAct.objects.values_list("verb", flat=True))
    assert verbs == ["draft", "send", "record_delivery", "receive"]
    sequence(now=now)
    verdict = verify_live()
    assert verdict.holds, verdict.faults
