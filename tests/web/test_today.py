"""Today: what is due, what came in, what waits for a person; nothing of a stranger's."""

import datetime as dt

import pytest
from django.urls import reverse

from answerable import journey
from answerable.cases import grounds, opening
from answerable.core import instants
from tests.web import made

TODAY = "/desk/"


@pytest.fixture(autouse=True)
def at_once(now, monkeypatch):
    monkeypatch.setattr(instants, "offset", lambda: now + made.days(3) - dt.datetime.now(dt.UTC))


def text(desk, address=TODAY):
    answer = desk.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_says_what_is_due_and_that_the_date_is_the_writers_own(desk, case, alice, now):
    made.a_delivered_letter(case, alice, now)
    page = text(desk)
    assert "1 April 2026" in page
    assert "your own date; no law sets one" in page
    assert "set by law" not in page


def test_it_shows_what_waits_for_a_person(desk, case, alice, now):
    sent = made.a_sent_letter(case, alice, now)
    guessed = made.an_answer(made.a_delivered_letter(case, alice, now).recipients.get(), now, guessed=True)
    page = text(desk)
    assert "Send it yourself, then say that you did." in page
    assert reverse("letter", args=[sent.uid]) in page
    assert reverse("reply_reading", args=[guessed.uid]) in page


def test_it_shows_the_reminder_that_waits_as_a_draft(desk, case, alice, now):
    made.a_delivered_letter(case, alice, now)
    journey.tick(now=now + made.days(60))
    assert "reminder, a draft" in text(desk)


def test_the_second_person_is_asked_and_nobody_else(signed_in, case, alice, bob, now):
    person = opening.add_person(case, name="Nima Rad", by=alice, now=now)
    said = {
        "reason": "No contact.",
        "best_interest": "Silence puts him at risk.",
        "review_on": now.date() + made.days(30),
    }
    ground = grounds.state_ground(person, kind="cannot_be_asked", second_person=bob, by=alice, now=now, **said)
    assert "named you as the second person" in text(signed_in(bob))
    assert "named you as the second person" not in text(signed_in(alice))
    signed_in(bob).post(reverse("ground_agree", args=[ground.pk]))
    assert "named you as the second person" not in text(signed_in(bob))
    assert "is to be looked at again by" in text(signed_in(alice))


def test_a_long_list_is_cut_and_the_rest_is_one_step_away(desk, case, alice, now):
    for n in range(12):
        made.a_draft(case, alice, now, title=f"Draft {n}")
    assert text(desk).count("Draft ") < 12
    assert "?all=drafts" in text(desk)
    assert text(desk, f"{TODAY}?all=drafts").count(">Draft ") == 12


def test_a_stranger_sees_nothing_of_it(signed_in, charlie, case, alice, now):
    letter = made.a_delivered_letter(case, alice, now)
    made.an_answer(letter.recipients.get(), now)
    assert "Minister" not in text(signed_in(charlie))
