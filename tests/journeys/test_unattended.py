"""Reminders that leave by themselves: only where somebody chose so, to whom the letter reached, and twice at most."""

import datetime as dt
from dataclasses import replace

import pytest

from answerable import journey
from answerable.dispatch import email, outbox
from answerable.letters import drafting, unattended
from answerable.letters.drafting import Someone, as_draft
from answerable.letters.models import Dispatch, Letter, LetterAct
from tests.web.made import OFFICE, a_case, a_draft, an_answer

DAY = dt.timedelta(days=1)
COPIES = [
    Someone("The Ombudsman", None, "email", "ombudsman@people.example"),
    Someone("The Court\n1 Square", None, "post", "1 Square\nMarlow"),
]


@pytest.fixture
def case(team, alice, now):
    return a_case(team, alice, now)


@pytest.fixture
def letter(case, alice, now):
    """A letter of Alice's, handed over; she chose that its reminders leave by themselves."""
    draft = a_draft(case, alice, now, copies=COPIES)
    unattended.choose(draft, by_themselves=True, by=alice, now=now)
    journey.send(draft, route="host", by=alice, now=now)
    hand_over(now)
    draft.refresh_from_db()
    return draft


def hand_over(at):
    """The relay takes everything that waits."""
    for dispatch in outbox.claim(now=at, node="n"):
        assert journey.record_delivery(dispatch, server_words="250 kept", now=at)


def reminder_of(letter):
    return Letter.objects.get(reminder_of=letter)


def test_it_leaves_by_itself_to_those_who_took_the_letter(letter, alice, now):
    journey.tick(now=now + 40 * DAY)
    reminder = reminder_of(letter)
    assert (reminder.state, reminder.leaves_at) == ("sealed", now + 40 * DAY)
    sent = Dispatch.objects.filter(recipient__letter=reminder)
    assert {(d.address, d.route, d.state) for d in sent} == {
        (OFFICE, "host", "queued"),
        ("ombudsman@people.example", "host", "queued"),
    }
    act = LetterAct.objects.get(subject=reminder, verb="send")
    assert act.by is None and act.facts["chosen_by"] == str(alice.uid)
    journey.tick(now=now + 40 * DAY)
    assert sent.count() == 2


def test_it_says_that_a_machine_sent_it_and_a_letter_does_not(letter, now):
    journey.tick(now=now + 40 * DAY)
    for one, marked in ((letter, False), (reminder_of(letter), True)):
        dispatch = Dispatch.objects.get(recipient__letter=one, recipient__kind="to")
        message = email.compose(dispatch, text="Text", pdf=b"%PDF", now=now)
        assert (b"Auto-Submitted: auto-generated" in message) is marked


def test_it_sends_two_and_leaves_the_third_to_a_person(letter, now):
    last, at = letter, now
    for _reminder in range(2):
        at += 40 * DAY
        journey.tick(now=at)
        last = reminder_of(last)
        assert last.state == "sealed"
        hand_over(at)
    journey.tick(now=at + 40 * DAY)
    assert (reminder_of(last).state, reminder_of(last).leaves_at) == ("draft", None)
    assert reminder_of(last).recipients.filter(channel="post").count() == 0


def test_it_sends_two_at_most_also_where_addressees_fall_silent_one_by_one(case, alice, now):
    letter = a_draft(case, alice, now)
    draft = as_draft(letter)
    others = [Someone(f"Office {n}", None, "email", f"o{n}@people.example") for n in range(3)]
    drafting.revise(letter, replace(draft, to=[*draft.to, *others], reminders_by_themselves=True), by=alice, now=now)
    journey.send(letter, route="host", by=alice, now=now)
    for n, dispatch in enumerate(outbox.claim(now=now, node="n")):
        journey.record_delivery(dispatch, server_words="250 kept", accepted_at=now, now=now)
        dispatch.recipient.clocks.update(due_at=now + n * DAY)
    for n in range(4):
        journey.tick(now=now + n * DAY)
    states = list(Letter.objects.filter(reminder_of=letter).order_by("pk").values_list("state", flat=True))
    assert states == ["sealed", "sealed", "draft"]


def test_it_waits_as_a_draft_where_nobody_chose(case, alice, now):
    letter = a_draft(case, alice, now)
    journey.send(letter, route="host", by=alice, now=now)
    hand_over(now)
    journey.tick(now=now + 40 * DAY)
    assert reminder_of(letter).state == "draft"


def test_it_waits_as_a_draft_once_the_choice_is_taken_back(letter, alice, bob, now):
    journey.tick(now=now + 40 * DAY)
    first = reminder_of(letter)
    hand_over(now + 40 * DAY)
    unattended.choose(first, by_themselves=False, by=bob, now=now + 41 * DAY)
    journey.tick(now=now + 90 * DAY)
    assert reminder_of(first).state == "draft"
    acts = LetterAct.objects.filter(verb="choose_reminders")
    assert [(a.subject_id, a.by, a.facts["by_themselves"]) for a in acts] == [
        (letter.pk, alice.uid, True),
        (letter.pk, bob.uid, False),
    ]


@pytest.mark.parametrize("given", [{"route": "writer"}, {"address": "elsewhere@ministry.example"}, {"channel": "form"}])
def test_it_waits_as_a_draft_where_an_addressee_did_not_take_the_letter_there(letter, now, given):
    Dispatch.objects.filter(recipient__letter=letter, recipient__kind="to").update(**given)
    if "channel" in given:
        letter.recipients.filter(kind="to").update(**given)
    journey.tick(now=now + 40 * DAY)
    reminder = reminder_of(letter)
    assert (reminder.state, reminder.leaves_at) == ("draft", None)
    assert reminder.recipients.count() == 3


def test_it_leaves_no_draft_that_a_person_has_taken_up(letter, bob, now, monkeypatch):
    monkeypatch.setattr(unattended, "to_leave", lambda *_now, **_most: [])
    journey.tick(now=now + 40 * DAY)
    reminder = reminder_of(letter)
    monkeypatch.undo()
    drafting.revise(reminder, as_draft(reminder), by=bob, now=now + 40 * DAY)
    journey.tick(now=now + 40 * DAY)
    assert reminder_of(letter).state == "draft"


def test_it_leaves_nothing_after_an_answer(letter, now, monkeypatch):
    monkeypatch.setattr(unattended, "to_leave", lambda *_now, **_most: [])
    journey.tick(now=now + 40 * DAY)
    monkeypatch.undo()
    an_answer(letter.recipients.get(kind="to"), now + 41 * DAY)
    journey.tick(now=now + 41 * DAY)
    assert reminder_of(letter).state == "draft"


def test_it_waits_as_a_draft_where_it_cannot_be_sealed(letter, now, settings):
    settings.ANSWERABLE_DEMO = True
    Dispatch.objects.filter(address=OFFICE).update(address="registry@ministry.invalid")
    letter.recipients.filter(kind="to").update(address="registry@ministry.invalid")
    journey.tick(now=now + 40 * DAY)
    assert (reminder_of(letter).state, reminder_of(letter).recipients.count()) == ("draft", 3)
