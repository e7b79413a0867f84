"""What is proposed for what stands on a letter, and when it is clear enough to be taken."""

import datetime as dt
import time

import pytest

from answerable.accounts.models import Team, User
from answerable.core.folding import fold
from answerable.directory import finding, keeping, shipping
from answerable.directory.models import Body, BodyName, Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def ardania(team: Team, now: dt.datetime) -> None:
    """The shipped bodies, a small country's, and one ministry of another country."""
    shipping.ship(now=now)
    for body, office, country in (
        ("Ministry of Justice of the Republic of Ardania", "Minister of Justice", ""),
        ("Office of the Prime Minister of the Republic of Ardania", "Prime Minister", ""),
        ("Ombudsman of the Republic of Ardania", "Ombudsman", ""),
        ("Parliament of Ardania", "Human Rights Committee", ""),
        ("Ministry of Justice", "Minister of Justice", "NO"),
        ("وزارت دادگستری جمهوری اسلامی ایران", "وزیر دادگستری", "IR"),
    ):
        of = keeping.add_body(name=body, team=team, by=None, now=now, country=country)
        keeping.add_office(body=of, name=office, team=team, by=None, now=now)


def taken(text: str, team: Team | None) -> str:
    found = finding.best(text, team=team)
    return str(found.office) if found else ""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (
            "Mr. Oren Valdis\nMinister of Justice\nMinistry of Justice of the Republic of Ardania\nVessa, Ardania",
            "Minister of Justice, Ministry of Justice of the Republic of Ardania",
        ),
        ("Minister of Justice of Ardania", "Minister of Justice, Ministry of Justice of the Republic of Ardania"),
        (
            "Office of the Prime Minister of the Republic of Ardania",
            "Prime Minister, Office of the Prime Minister of the Republic of Ardania",
        ),
        ("OMBUDSPERSON of Ardania", "Ombudsman, Ombudsman of the Republic of Ardania"),
        ("Human Rights Committee of the Parliament of Ardania", "Human Rights Committee, Parliament of Ardania"),
        ("Human Rights Committee\nParliament of Ardania", "Human Rights Committee, Parliament of Ardania"),
        ("UN Human Rights Committee", "Secretariat, Human Rights Committee: individual communication"),
        ("U.N. Working Group on Arbitrary Detention, Geneva", ""),
        ("UN Working Group on Arbitrary Detention", "Secretariat, UN Working Group on Arbitrary Detention"),
        ("کارگروه بازداشت خودسرانه", "Secretariat, UN Working Group on Arbitrary Detention"),
        ("وزارت دادگستري جمهوري اسلامي ايران", "وزیر دادگستری, وزارت دادگستری جمهوری اسلامی ایران"),
        ("CPT", "Secretariat, European Committee for the Prevention of Torture (CPT)"),
        ("Minister of Justice of Norway", "Minister of Justice, Ministry of Justice"),
        ("Minister of Justice", ""),  # whose?
        ("Human Rights Committee", ""),  # a parliament's, or the United Nations'?
        ("Ministry of Justice of the Republic of Norland", ""),
        ("Ministry of Foreign Affairs of Ardania", ""),
        ("International Court of Human Rights", ""),
        ("European Court of Human Rights", ""),  # an application, or interim measures?
        ("", ""),
        ("\u200f \n — \n", ""),
    ],
)
def test_it_takes_only_what_is_clear(ardania: None, team: Team, text: str, meant: str) -> None:
    assert taken(text, team) == meant


def test_it_proposes_real_courts_for_one_that_does_not_exist(ardania: None, team: Team) -> None:
    proposals = finding.propose("International Court of Human Rights", team=team)
    names = [one.office.body.name for one in proposals]
    assert names[0].startswith("European Court of Human Rights")
    assert "Inter-American Court of Human Rights" in names
    assert "international" in proposals[0].reason
    assert all(0 < one.score < finding.CLEAR for one in proposals)


def test_it_proposes_what_was_misspelled(ardania: None, team: Team) -> None:
    first = finding.propose("UN Workng Group on Arbitary Detention", team=team)[0]
    assert first.office.body.key == "un-wgad"


def test_it_knows_an_office_by_who_holds_it_and_asks(ardania: None, team: Team, now: dt.datetime) -> None:
    office = Office.objects.get(body__name="Ombudsman of the Republic of Ardania")
    keeping.add_holder(office=office, name="Ysolde Marn", by=None, now=now)
    assert finding.propose("Ms Ysolde Marn", team=team)[0].office == office
    assert finding.best("Ms Ysolde Marn", team=team) is None


def test_it_does_not_show_a_stranger_what_a_team_added(ardania: None, charlie: User) -> None:
    strangers = charlie.memberships.get().team
    assert taken("Ombudsman of the Republic of Ardania", strangers) == ""
    assert not finding.search("ardania", team=strangers)
    assert not finding.search_bodies("ardania", user=charlie)


def test_it_searches_by_the_beginnings_of_words_in_any_language(ardania: None, team: Team, alice: User) -> None:
    assert [o.body.key for o in finding.search("work arbit", team=team)] == ["un-wgad"]
    assert [b.key for b in finding.search_bodies("detencion arbitraria", user=alice)] == ["un-wgad"]
    assert [b.name for b in finding.search_bodies("prime ardania", user=alice)] == [
        "Office of the Prime Minister of the Republic of Ardania"
    ]
    assert not finding.search("orking", team=team)


def test_it_is_quick_in_a_directory_of_thousands(team: Team) -> None:
    kinds = ["Ministry of Justice", "Supreme Court", "Human Rights Committee", "Prison Service", "Ombudsman"]
    names = [f"{kind} of Land{n}ia" for n in range(600) for kind in kinds]
    bodies = Body.objects.bulk_create(Body(name=name, team=team) for name in names)
    BodyName.objects.bulk_create(BodyName(body=body, name=body.name, folded=fold(body.name)) for body in bodies)
    Office.objects.bulk_create(
        Office(name="Registry", body=body, team=team, slug=f"registry-{body.pk}") for body in bodies
    )
    began = time.perf_counter()
    found = finding.propose_each(["Human Rights Committee of Land77ia"] * 7, team=team)
    assert time.perf_counter() - began < 2
    assert found[6][0].office.body.name == "Human Rights Committee of Land77ia"
