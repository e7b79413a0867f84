"""Cases, the people in them, grounds and chronology: what is written, and that each act is logged."""

import datetime as dt

import pytest

from answerable.cases import chronology, grounds, opening
from answerable.cases.models import Case, Ground
from answerable.cases.opening import Spelling
from answerable.core.errors import Refused
from answerable.evidence.log import recommit


@pytest.fixture
def case(team, alice, now):
    return opening.open_case(team=team, title="Nima", public_title="Where is Nima?", country="ir", by=alice, now=now)


@pytest.fixture
def nima(case, alice, now):
    return opening.add_person(
        case, name="Nima Rad", spellings=[Spelling("نیما راد", "fa"), Spelling(" ")], by=alice, now=now
    )


def verbs(case):
    return [act.verb for act in case.acts.all()]


def test_it_opens_a_case_that_only_its_team_sees(case, alice, bob, charlie):
    assert list(Case.objects.seen_by(alice)) == list(Case.objects.seen_by(bob)) == [case]
    assert not Case.objects.seen_by(charlie).exists()
    assert case.slug.startswith("where-is-nima-")
    assert case.country == "IR"


def test_it_closes_and_reopens_a_case_once(case, alice, now):
    for _twice in range(2):
        opening.close_case(case, by=alice, now=now)
    opening.reopen_case(case, by=alice, now=now)
    case.refresh_from_db()
    assert case.closed_at is None
    assert verbs(case) == ["open", "close", "reopen"]


def test_it_keeps_the_other_spellings_of_a_name_and_logs_no_name(case, nima, alice, now):
    assert [(v.name, v.language) for v in nima.variants.all()] == [("نیما راد", "fa")]
    opening.change_person(nima, name="Nima Rad", born="1990~", spellings=[Spelling("Neema Rad")], by=alice, now=now)
    assert [v.name for v in nima.variants.all()] == ["Neema Rad"]
    assert "Nima" not in "".join(str(act.facts) for act in case.acts.all())
    for act in case.acts.all():
        assert recommit(act) == act.entry.commitment


def test_it_does_not_lose_an_objection_with_the_person(nima, alice, now):
    objection = grounds.state_ground(nima, kind=Ground.Kind.OBJECTED, by=alice, now=now)
    with pytest.raises(Refused):
        opening.remove_person(nima, by=alice, now=now)
    grounds.revoke(objection, by=alice, now=now)
    opening.remove_person(nima, by=alice, now=now)
    assert not nima.case.persons.exists()


def test_it_shows_nobody_without_a_ground(nima, now):
    assert not grounds.may_be_shown(nima.grounds.all(), on=now.date())


def test_an_objection_outweighs_a_newer_consent(nima, alice, now):
    grounds.state_ground(nima, kind=Ground.Kind.OBJECTED, by=alice, now=now)
    grounds.state_ground(nima, kind=Ground.Kind.CONSENT, by=alice, now=now + dt.timedelta(days=1))
    assert not grounds.may_be_shown(nima.grounds.all(), on=now.date())


def test_it_counts_the_newest_ground_and_none_that_was_taken_back(nima, alice, now):
    consent = grounds.state_ground(nima, kind=Ground.Kind.CONSENT, by=alice, now=now)
    assert grounds.may_be_shown(nima.grounds.all(), on=now.date())
    grounds.revoke(consent, by=alice, now=now)
    assert grounds.counting(nima.grounds.all()) is None
    with pytest.raises(Refused):
        grounds.revoke(consent, by=alice, now=now)


def cannot_be_asked(nima, alice, second, now):
    return grounds.state_ground(
        nima,
        kind=Ground.Kind.CANNOT_BE_ASKED,
        reason="No contact since the arrest.",
        best_interest="Silence puts him at risk.",
        second_person=second,
        review_on=now.date() + dt.timedelta(days=90),
        by=alice,
        now=now,
    )


def test_a_ground_that_takes_two_counts_only_when_the_second_agreed(nima, alice, bob, now):
    ground = cannot_be_asked(nima, alice, bob, now)
    assert not grounds.may_be_shown(nima.grounds.all(), on=now.date())
    with pytest.raises(Refused):
        grounds.agree(ground, by=alice, now=now)
    grounds.agree(ground, by=bob, now=now)
    assert grounds.may_be_shown(nima.grounds.all(), on=now.date())
    assert not grounds.may_be_shown(nima.grounds.all(), on=now.date() + dt.timedelta(days=91))
    with pytest.raises(Refused):
        grounds.agree(ground, by=bob, now=now)


@pytest.mark.parametrize("who", ["alice", "charlie", "nobody"])
def test_the_second_person_is_another_of_the_team(nima, alice, charlie, now, who):
    second = {"alice": alice, "charlie": charlie, "nobody": None}[who]
    with pytest.raises(Refused) as refused:
        cannot_be_asked(nima, alice, second, now)
    assert refused.value.field == "second_person"


@pytest.mark.parametrize("day", ["0026-03-02", "2026-03-02", "3026-03-02"])
def test_the_day_to_look_again_is_to_come_and_not_far(nima, bob, alice, now, day):
    said = {"reason": "No contact.", "best_interest": "Silence harms.", "second_person": bob, "by": alice, "now": now}
    with pytest.raises(Refused) as refused:
        grounds.state_ground(nima, kind=Ground.Kind.CANNOT_BE_ASKED, review_on=dt.date.fromisoformat(day), **said)
    assert refused.value.field == "review_on"


def test_authority_needs_a_relation_and_a_document(nima, alice, now):
    with pytest.raises(Refused) as refused:
        grounds.state_ground(nima, kind=Ground.Kind.AUTHORITY, relation="mother", by=alice, now=now)
    assert refused.value.field == "document"
    assert not nima.grounds.exists()


def test_it_orders_events_by_their_earliest_day(case, alice, now):
    later = chronology.record_event(case, when="2021-05-14", what="He was moved.", by=alice, now=now)
    earlier = chronology.record_event(case, when="about May 2021", what="He was arrested.", by=alice, now=now)
    assert list(case.events.all()) == [earlier, later]
    chronology.change_event(earlier, when="2022", what="He was arrested.", by=alice, now=now)
    assert list(case.events.all()) == [later, earlier]
    chronology.remove_event(later, by=alice, now=now)
    assert verbs(case)[1:] == ["record_event", "record_event", "change_event", "remove_event"]


def test_a_claim_has_a_source_and_a_reply_has_a_party(case, alice, now):
    said = {"stated_by": "His sister", "text": "He was beaten.", "by": alice, "now": now}
    with pytest.raises(Refused) as refused:
        chronology.record_claim(case, source=" ", **said)
    assert refused.value.field == "source"
    with pytest.raises(Refused) as refused:
        chronology.record_claim(case, source="Interview", reply="We deny it.", **said)
    assert refused.value.field == "party_named"
    claim = chronology.record_claim(case, source="Interview", party_named="The prison", reply="We deny it.", **said)
    chronology.remove_claim(claim, by=alice, now=now)
    assert verbs(case) == ["open", "record_claim", "remove_claim"]
