"""What is found before a letter is published: grounds forbid, words want to be seen."""

import datetime as dt

import pytest

from answerable.cases.grounds import agree, state_ground
from answerable.cases.models import Person
from answerable.core.errors import Refused
from answerable.evidence.files import keep
from answerable.letters.drafting import Words, revise
from answerable.letters.models import Letter
from answerable.record.checks import check_publishable, findings


def found_of(letter, now, kind):
    return [one for one in findings(letter, now=now) if one.kind == kind]


def test_it_lets_a_sent_letter_about_a_consenting_person_through(sent, consented, now):
    assert check_publishable(sent, now=now) == []


def test_it_refuses_a_draft(letter, consented, now):
    with pytest.raises(Refused, match="still a draft"):
        check_publishable(letter, now=now)


def test_it_refuses_a_case_about_nobody(sent, now):
    with pytest.raises(Refused, match="no person of concern"):
        check_publishable(sent, now=now)


def test_it_refuses_without_a_ground_for_each_person(sent, consented, case, now):
    Person.objects.create(case=case, name="Bahar")
    with pytest.raises(Refused, match="no ground for showing anything about Bahar"):
        check_publishable(sent, now=now)


def test_it_never_shows_who_objected_whatever_else_was_stated(sent, consented, alice, now):
    state_ground(consented, kind="objected", by=alice, now=now)
    state_ground(consented, kind="consent", by=alice, now=now + dt.timedelta(days=1))
    with pytest.raises(Refused, match="Nima has objected"):
        check_publishable(sent, now=now + dt.timedelta(days=2))


def test_it_refuses_a_ground_that_was_to_be_looked_at_again(sent, nima, alice, bob, now):
    review = now.date() + dt.timedelta(days=30)
    stated = {"reason": "no contact", "best_interest": "he would be looked for", "review_on": review}
    ground = state_ground(nima, kind="cannot_be_asked", second_person=bob, by=alice, now=now, **stated)
    with pytest.raises(Refused, match="no ground"):
        check_publishable(sent, now=now)
    agree(ground, by=bob, now=now)
    check_publishable(sent, now=now)
    with pytest.raises(Refused, match="looked at again"):
        check_publishable(sent, now=now + dt.timedelta(days=31))


def test_it_refuses_a_photo_that_nobody_described(sent, consented, now):
    Letter.objects.filter(pk=sent.pk).update(photo=keep(b"jpeg", media_type="image/jpeg", now=now))
    sent.refresh_from_db()
    with pytest.raises(Refused, match="no description"):
        check_publishable(sent, now=now)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Write to sister@people.example.", "private"),
        ("Call us on +355 44 123 4567.", "private"),
        ("We live in 12 Quay Street.", "private"),
        ("His passport is BG 1234567.", "number"),
        ("Her personal number is ۰۰۱۲۳۴۵۶۷۸.", "number"),
        ("The director is a murderer.", "guilt"),
    ],
)
def test_it_points_at_words_without_forbidding(letter, draft, alice, now, body, kind):
    draft.versions[0] = Words("en", "Where is Nima?", body)
    revise(letter, draft, by=alice, now=now)
    found = found_of(letter, now, kind)
    assert found
    assert all(one.excerpt in body and not one.forbids for one in found)


@pytest.mark.parametrize("body", ["Since 2021-05-14 we wait.", "Law 119/2014, article 15.", "For 1825 days."])
def test_it_does_not_take_dates_and_laws_for_numbers_of_people(letter, draft, alice, now, body):
    draft.versions[0] = Words("en", "Where is Nima?", body)
    revise(letter, draft, by=alice, now=now)
    assert not found_of(letter, now, "number") + found_of(letter, now, "private")


def test_it_refuses_until_a_person_has_seen_each_finding(letter, draft, consented, alice, now):
    draft.versions[0] = Words("en", "Where is Nima?", "Write to sister@people.example.")
    sent = revise(letter, draft, by=alice, now=now)
    Letter.objects.filter(pk=sent.pk).update(state="sealed", sealed_at=now, sealed_digest="0" * 64)
    sent.refresh_from_db()
    with pytest.raises(Refused, match="say of each that you have seen it"):
        check_publishable(sent, now=now)
    (private,) = found_of(sent, now, "private")
    assert check_publishable(sent, seen=[private.key], now=now) == [private]
