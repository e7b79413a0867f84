"""A letter that was read becomes a draft whose recipients are matched where that is clear."""

import datetime as dt
from pathlib import Path

import pytest

import answerable
from answerable.accounts.models import Team, User
from answerable.cases.models import Case
from answerable.core.errors import Refused
from answerable.directory import keeping as directory
from answerable.directory import shipping
from answerable.evidence import files
from answerable.importers import keeping
from answerable.importers.kinds import likely_kind
from answerable.importers.letter import Reading
from answerable.importers.reading import read

pytestmark = pytest.mark.django_db
PAGE = Path(answerable.__file__).parent / "data" / "demo" / "open-letter.html"


@pytest.fixture
def reading() -> Reading:
    return read(PAGE.read_bytes(), name=PAGE.name)


@pytest.fixture
def ardania(team: Team, alice: User, now: dt.datetime) -> None:
    shipping.ship(now=now)
    for body, office, address in (
        ("Ministry of Justice of the Republic of Ardania", "Minister of Justice", "minister@justice.example"),
        ("Ombudsman of the Republic of Ardania", "Ombudsman", ""),
    ):
        of = directory.add_body(name=body, team=team, by=alice, now=now)
        post = directory.add_office(body=of, name=office, team=team, by=alice, now=now)
        directory.add_contact(office=post, channel="post", value="1 Palace Square\nVessa", team=team, by=alice, now=now)
        if address:
            directory.add_contact(office=post, channel="email", value=address, team=team, by=alice, now=now)


def test_it_matches_what_is_clear_and_leaves_the_rest_as_written(
    ardania: None, team: Team, reading: Reading, now: dt.datetime
) -> None:
    source = files.keep(PAGE.read_bytes(), media_type="text/html", now=now)
    draft = keeping.as_draft(reading, team=team, source=source, source_name="https://families.example/")
    [to] = draft.to
    assert to.office and to.office.name == "Minister of Justice"
    assert (to.channel, to.address) == ("email", "minister@justice.example")
    matched = {one.as_written: (one.office.body.key or one.office.name) if one.office else "" for one in draft.copies}
    assert matched == {
        "Office of the Prime Minister of the Republic of Ardania": "",
        "Ombudsman of the Republic of Ardania": "Ombudsman",
        "UN Working Group on Arbitrary Detention": "un-wgad",
        "Embassy of Norland in Vessa": "",
        "Human Rights Committee of the Parliament of Ardania": "",
        "International Court of Human Rights": "",
    }
    assert [one.channel for one in draft.copies][:3] == ["email", "post", "email"]
    assert [ask.kind for ask in draft.asks] == ["information", "plea"]
    assert draft.signatories[0].name == "Tamsin Solenne"
    assert draft.source == source and draft.versions[0].body.count("\n\n") == len(reading.body) - 1


def test_it_writes_to_an_office_once(ardania: None, team: Team) -> None:
    twice = Reading(
        True, 0.9, title="Twice", body=["We ask you."], copies=["UN Working Group on Arbitrary Detention", "WGAD"]
    )
    copies = keeping.as_draft(twice, team=team, source=None, source_name="").copies
    assert [bool(one.office) for one in copies] == [True, False]


def test_it_keeps_the_draft_and_its_case_or_neither(
    ardania: None, team: Team, alice: User, reading: Reading, now: dt.datetime
) -> None:
    draft = keeping.as_draft(reading, team=team, source=None, source_name="")
    letter = keeping.keep(draft, case=None, team=team, case_title="Marek", by=alice, now=now)
    assert letter.case.title == "Marek" and letter.recipients.count() == 7
    office = draft.to[0].office
    wrong = keeping.Draft("Twice", draft.versions, [keeping.Someone("A", office), keeping.Someone("B", office)])
    with pytest.raises(Refused):
        keeping.keep(wrong, case=None, team=team, case_title="Another", by=alice, now=now)
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("We ask you to tell us in writing where he is held.", "information"),
        ("از شما می‌خواهیم به ما بگویید او کجا نگهداری می‌شود.", "information"),
        ("Nous vous prions de nous informer où se trouve notre fils.", "information"),
        ("We ask you to investigate the death of Nima.", "petition"),
        ("Ju lutemi hetoni rastin.", "petition"),
        ("We beg you to let his sister visit him.", "plea"),
        ("", "plea"),
    ],
)
def test_it_guesses_the_kind_of_an_ask(sentence: str, kind: str) -> None:
    assert likely_kind(sentence) == kind
