"""Publishing: on stated grounds, with everything found looked at, and undone with one act."""

import pytest
from django.urls import reverse

from answerable.cases import grounds, opening
from tests.web import made


@pytest.fixture
def person(case, alice, now):
    return opening.add_person(case, name="Nima Rad", by=alice, now=now)


@pytest.fixture
def letter(case, alice, now, person):
    return made.a_delivered_letter(case, alice, now)


def page_of(letter):
    return reverse("letter_publish", args=[letter.uid])


def test_without_a_ground_there_is_no_button_and_no_way(desk, letter):
    page = desk.get(page_of(letter)).content.decode()
    assert "There is no ground for showing" in page
    assert "Publish the letter" not in page
    assert desk.post(page_of(letter), {"do": "publish"}).status_code == 422
    letter.refresh_from_db()
    assert letter.record_state == "private"


def test_it_is_published_on_a_ground_and_withdrawn(desk, letter, person, alice, now):
    grounds.state_ground(person, kind="consent", document="A letter", by=alice, now=now)
    assert desk.post(page_of(letter), {"do": "publish"}).status_code == 302
    letter.refresh_from_db()
    assert letter.record_state == "published"
    assert f"/letters/{letter.slug}/" in desk.get(page_of(letter)).content.decode()
    withdraw = reverse("letter_withdraw", args=[letter.uid])
    assert desk.post(withdraw, {"reason": "He asked us to."}).status_code == 302
    assert desk.post(withdraw, {"reason": ""}).status_code in {302, 422}
    letter.refresh_from_db()
    assert letter.record_state == "withdrawn"
    assert "He asked us to." not in str([act.facts for act in letter.acts.all()])


def test_what_the_checks_found_has_to_be_looked_at(desk, case, person, alice, now):
    grounds.state_ground(person, kind="consent", by=alice, now=now)
    letter = made.a_delivered_letter(case, alice, now, body="Call me: +44 20 7946 0123.")
    page = desk.get(page_of(letter))
    assert "+44 20 7946 0123" in page.content.decode()
    assert "(optional)" not in page.content.decode()
    refused = desk.post(page_of(letter), {"do": "publish"})
    assert refused.status_code == 422 and "Tick each" in refused.content.decode()
    keys = [finding.key for finding in page.context["to_see"]]
    assert desk.post(page_of(letter), {"seen": keys}).status_code == 302
    letter.refresh_from_db()
    assert letter.record_state == "published"


def test_the_preview_is_the_page_itself(desk, letter):
    page = desk.get(reverse("letter_public_preview", args=[letter.uid])).content.decode()
    assert "Where is Nima?" in page
    assert made.OFFICE not in page
