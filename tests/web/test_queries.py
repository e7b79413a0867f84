"""As many statements however much there is: Today, a case, a letter, a thread."""

import datetime as dt

import pytest
from django.urls import reverse

from answerable import journey
from answerable.cases import chronology, grounds, opening
from answerable.core import instants
from answerable.letters.drafting import Someone
from tests.web import made

MOST = 15


@pytest.fixture
def letter(case, alice, bob, now, monkeypatch):
    """A case in which much has happened; its first letter, with a thread of forty messages."""
    monkeypatch.setattr(instants, "offset", lambda: now + made.days(90) - dt.datetime.now(dt.UTC))
    for n in range(3):
        person = opening.add_person(case, name=f"Person {n}", by=alice, now=now)
        grounds.state_ground(person, kind="consent", by=alice, now=now)
        chronology.record_event(case, when="2021", what="Something.", by=alice, now=now)
        chronology.record_claim(case, stated_by="X", text="Y", source="Z", by=alice, now=now)
    office = made.an_office(now)
    copies = [Someone(f"Office {n}", None, "email", f"office{n}@copies.example") for n in range(8)]
    letters = [made.a_delivered_letter(case, alice, now + made.days(n), office=office, copies=copies) for n in range(3)]
    recipient = letters[0].recipients.first()
    for n in range(40):
        kind = "answer" if n == 30 else "automatic"
        made.an_answer(recipient, now + made.days(5 + n), text=f"Message {n}", kind=kind)
    for n in range(3):
        made.a_held_message(now, subject=f"{letters[n].reference}", sender="clerk@court.example")
        made.a_sent_letter(case, alice, now + made.days(n), office=office)
    journey.tick(now=now + made.days(80))
    return letters[0]


def test_every_page_asks_a_constant_number_of_times(desk, case, letter, django_assert_max_num_queries):
    thread = letter.recipients.first().thread
    pages = [
        reverse("today"),
        reverse("cases"),
        reverse("case", args=[case.uid]),
        reverse("letter", args=[letter.uid]),
        reverse("thread", args=[thread.uid]),
        f"{reverse('thread', args=[thread.uid])}?page=2",
        reverse("pen"),
        reverse("letter_publish", args=[letter.uid]),
    ]
    for page in pages:
        with django_assert_max_num_queries(MOST, info=page):
            assert desk.get(page).status_code == 200, page
