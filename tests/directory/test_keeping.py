"""Adding to the directory and correcting it; the bodies that come with the product."""

import datetime as dt

import pytest

from answerable.accounts.models import Team, User
from answerable.core.errors import Refused
from answerable.directory import finding, keeping, shipping
from answerable.directory.models import Body, BodyAct, Channel, Contact, Office
from answerable.evidence.log import recommit

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(team: Team, alice: User, now: dt.datetime) -> Office:
    body = keeping.add_body(
        name="Ministry of Justice of Ardania", other_names=["MoJ", "MoJ", " "], team=team, by=alice, now=now
    )
    return keeping.add_office(body=body, name="Minister of Justice", team=team, by=alice, now=now)


def test_it_ships_each_body_once_and_leaves_what_people_changed(alice: User, now: dt.datetime) -> None:
    added = shipping.ship(now=now)
    assert added == Body.objects.filter(team=None, key__isnull=False).count() > 50
    body = Body.objects.get(key="un-wgad")
    body.note = "Put right by a person"
    keeping.revise_body(body, other_names=[], by=alice, now=now)
    Body.objects.get(key="un-wgeid").delete()
    assert shipping.ship(now=now) == 1
    assert Body.objects.get(key="un-wgad").note == "Put right by a person"
    assert shipping.ship(now=now) == 0


def test_it_ships_addresses_as_not_checked_and_no_office_for_a_kind_of_body(db: None, now: dt.datetime) -> None:
    shipping.ship(now=now)
    contacts = Contact.objects.filter(office__body__key="un-wgad")
    assert [(c.value, c.checked_on) for c in contacts] == [(contacts[0].value, None)]
    assert contacts[0].value.endswith("@un.org") and contacts[0].source
    assert not Contact.objects.filter(office__body__key="echr-r39")  # "never e-mail"
    assert not Office.objects.filter(body__key="national-ombudsman")


def test_it_gives_each_office_an_address_of_its_own_and_words_to_be_found_by(
    office: Office, charlie: User, now: dt.datetime
) -> None:
    theirs = charlie.memberships.get().team
    body = keeping.add_body(name=office.body.name, team=theirs, by=charlie, now=now)
    again = keeping.add_office(body=body, name="Minister of Justice", team=theirs, by=charlie, now=now)
    assert office.slug == "minister-of-justice-ministry-of-justice-of-ardania"
    assert again.slug.startswith(office.slug) and again.slug != office.slug
    assert office.folded == "minister of justice ministry of justice of ardania"


def test_it_refuses_the_same_post_and_the_same_address_twice(office: Office, team: Team, now: dt.datetime) -> None:
    known = {"office": office, "channel": Channel.EMAIL, "by": None, "now": now}
    own = keeping.add_contact(value="minister@justice.example", team=team, **known)
    with pytest.raises(Refused, match="stands here already") as refused:
        keeping.add_contact(value="Minister@justice.example", team=team, **known)
    assert refused.value.field == "value"
    keeping.add_contact(value="minister@justice.example", team=None, **known)
    Contact.objects.filter(pk=own.pk).update(out_of_use_on=now.date())
    keeping.add_contact(value="minister@justice.example", team=team, **known)
    with pytest.raises(Refused, match="stands here already"):
        keeping.add_office(body=office.body, name="minister of JUSTICE", team=team, by=None, now=now)


@pytest.mark.parametrize(
    ("form_of_address", "said"),
    [("", "Vera Hoti"), ("Ms", "Ms Vera Hoti"), ("Her Excellency Ms Vera Hoti", "Her Excellency Ms Vera Hoti")],
)
def test_it_names_a_holder_once(office: Office, form_of_address: str, said: str, now: dt.datetime) -> None:
    made = keeping.add_holder(office=office, name="Vera Hoti", form_of_address=form_of_address, by=None, now=now)
    assert made.addressed == said


def test_it_finds_an_office_by_the_new_name_of_its_body(
    office: Office, team: Team, alice: User, now: dt.datetime
) -> None:
    body = office.body
    body.name = "Ministry of Law of Ardania"
    keeping.revise_body(body, other_names=["Ministry of Justice of Ardania"], by=alice, now=now)
    assert list(finding.search("law", team=team)) == [office]
    assert finding.best("Ministry of Justice of Ardania", team=team) is not None
    assert not finding.search("moj", team=team)


def test_it_refuses_a_body_twice_a_time_zone_that_is_none_and_an_address_that_is_none(
    office: Office, team: Team, now: dt.datetime
) -> None:
    with pytest.raises(Refused) as twice:
        keeping.add_body(name="ministry of  JUSTICE of Ardania", team=team, by=None, now=now)
    assert twice.value.field == "name"
    for zone in ("Europe/Vessa", "../../etc/passwd", ""):
        with pytest.raises(Refused) as nowhere:
            keeping.add_body(name="Court of Ardania", team=team, by=None, now=now, time_zone=zone)
        assert nowhere.value.field == "time_zone"
    for channel, value in (
        (Channel.EMAIL, "a@b@c"),
        (Channel.EMAIL, "a@b.example\nBcc: x@y.example"),
        (Channel.FORM, "javascript:alert(1)"),
        (Channel.POST, "  "),
    ):
        with pytest.raises(Refused):
            keeping.add_contact(office=office, channel=channel, value=value, team=team, by=None, now=now)
    assert not Contact.objects.exists()


def test_it_says_who_checked_an_address_and_offers_it_no_more_when_it_is_out_of_use(
    office: Office, team: Team, alice: User, now: dt.datetime
) -> None:
    contact = keeping.add_contact(
        office=office, channel=Channel.EMAIL, value="minister@justice.example", team=team, by=alice, now=now
    )
    assert contact.checked_on is None
    keeping.check_contact(contact, source="their letterhead", by=alice, now=now)
    contact.refresh_from_db()
    assert (contact.checked_on, contact.checked_by, contact.source) == (now.date(), alice, "their letterhead")
    keeping.retire_contact(contact, by=alice, now=now)
    contact.refresh_from_db()
    assert contact.out_of_use_on == now.date()


def test_it_refuses_a_holder_who_ends_before_beginning(office: Office, alice: User, now: dt.datetime) -> None:
    with pytest.raises(Refused):
        keeping.add_holder(
            office=office,
            name="Oren Valdis",
            by=alice,
            now=now,
            from_on=dt.date(2026, 2, 1),
            until_on=dt.date(2026, 1, 1),
        )


def test_it_logs_every_change(office: Office, alice: User, team: Team, now: dt.datetime) -> None:
    keeping.revise_office(office, by=alice, now=now)
    acts = BodyAct.objects.filter(subject=office.body).select_related("entry")
    assert [act.verb for act in acts] == ["add_body", "add_office", "revise_office"]
    assert all(recommit(act) == act.entry.commitment for act in acts)
