"""Looking up and adding to the directory, and bringing a letter in, through the pages."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import answerable
from answerable.accounts.models import Team, User
from answerable.core import instants
from answerable.directory import keeping, shipping
from answerable.directory.models import Body, Contact, Office
from answerable.letters.models import Letter

pytestmark = pytest.mark.django_db
PAGE = Path(answerable.__file__).parent / "data" / "demo" / "open-letter.html"
MOST_QUERIES = 15


@pytest.fixture(autouse=True)
def fixed_clock(now: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instants, "offset", lambda: now - dt.datetime.now(dt.UTC))


@pytest.fixture
def as_alice(alice: User, now: dt.datetime) -> Client:
    shipping.ship(now=now)
    client = Client()
    client.force_login(alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


WHOLE = {
    "body": "Ministry of Justice of Ardania",
    "office": "Minister of Justice",
    "channel": "email",
    "value": "minister@justice.example",
}


def test_it_adds_a_body_with_its_office_and_address_or_nothing(as_alice: Client, team: Team) -> None:
    wrong = as_alice.post("/desk/directory/new/", WHOLE | {"team": team.pk, "value": "nonsense"})
    assert (
        wrong.status_code == 422
        and 'href="#id_value"' in wrong.content.decode()
        and "nonsense" in wrong.content.decode()
    )
    assert not Body.objects.filter(team=team)
    answer = as_alice.post("/desk/directory/new/", WHOLE | {"team": team.pk})
    page = as_alice.get(answer["Location"]).content.decode()
    assert "minister@justice.example" in page and "not checked" in page
    again = as_alice.post("/desk/directory/new/", WHOLE | {"team": team.pk})
    assert again.status_code == 422 and 'href="#id_body"' in again.content.decode()


def test_it_says_in_a_sentence_that_a_holder_ends_before_beginning(
    as_alice: Client, team: Team, now: dt.datetime
) -> None:
    body = keeping.add_body(name="Ministry of Justice of Ardania", team=team, by=None, now=now)
    office = keeping.add_office(body=body, name="Minister", team=team, by=None, now=now)
    days = {"name": "Oren Valdis", "from_on": "2026-01-01", "until_on": "2020-01-01"}
    page = as_alice.post(f"/desk/directory/offices/{office.uid}/holders/new/", days).content.decode()
    assert 'href="#id_until_on"' in page and "holder_until" not in page
    assert not office.holders.exists()


def test_it_takes_no_team_that_is_not_ones_own(as_alice: Client, charlie: User) -> None:
    strangers = charlie.memberships.get().team
    assert as_alice.post("/desk/directory/new/", WHOLE | {"team": strangers.pk}).status_code == 422
    assert not Body.objects.filter(team=strangers)


def test_it_says_beside_a_shipped_address_that_it_must_be_checked_and_keeps_the_check_as_ones_own(
    as_alice: Client, team: Team, alice: User
) -> None:
    body = Body.objects.get(key="un-wgad")
    page = as_alice.get(f"/desk/directory/{body.uid}/").content.decode()
    assert "not checked: check it before a letter goes out" in page
    shared = Contact.objects.get(office__body=body)
    as_alice.post(f"/desk/directory/contacts/{shared.pk}/check/", {"source": "their own page", "team": team.pk})
    own = Contact.objects.get(team=team)
    assert (own.value, own.checked_by, own.source) == (shared.value, alice, "their own page")
    shared.refresh_from_db()
    assert shared.checked_on is None


def test_it_proposes_what_is_near_when_nothing_has_the_name(as_alice: Client) -> None:
    page = as_alice.get("/desk/directory/?q=International Court of Humann Rights").content.decode()
    assert "Nothing has this name" in page and "European Court of Human Rights" in page


def _posted(page: Any) -> dict[str, Any]:
    """What a browser would send for the form of a page."""
    return {field.html_name: field.value() or "" for field in page.context["form"]}


def test_it_brings_a_page_in_and_keeps_it_as_a_draft(as_alice: Client, team: Team) -> None:
    upload = SimpleUploadedFile("open-letter.html", PAGE.read_bytes(), "text/html")
    answer = as_alice.post(
        "/desk/import/", {"team": team.pk, "file": upload, "source_name": "https://families.example/"}
    )
    page = as_alice.get(answer["Location"])
    form = page.context["form"]
    assert [part.unsure for part in form.recipients][:6] == [True] * 6
    posted = _posted(page)
    court = next(n for n in range(9) if posted[f"written-{n}"] == "International Court of Human Rights")
    chosen = Office.objects.get(body__key="echr")
    wrong = as_alice.post(answer["Location"], posted | {"title": "", "body": "Changed words"})
    assert wrong.status_code == 422 and "Changed words" in wrong.content.decode()
    kept = as_alice.post(
        answer["Location"],
        posted | {f"office-{court}": str(chosen.pk), "case_title": "Marek", "name-1": "Ilse Solenne"},
    )
    letter = Letter.objects.get()
    assert kept["Location"] == f"/desk/letters/{letter.uid}/edit/"
    assert (
        letter.case.title == "Marek" and letter.case.team == team and letter.source_name == "https://families.example/"
    )
    assert {one.as_written: one.office for one in letter.recipients.all()}[
        "International Court of Human Rights"
    ] == chosen
    assert [one.name for one in letter.signatories.all()] == ["Tamsin Solenne", "Ilse Solenne"]
    assert letter.versions.get().body.startswith("We are the family")


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({}, "There is nothing to read yet"),
        ({"pasted": "Dear Minister", "file": SimpleUploadedFile("a.txt", b"Dear Minister")}, "take one of them away"),
        ({"file": SimpleUploadedFile("a.html", b"x" * (5 * 1024 * 1024 + 1))}, "too large"),
        ({"file": SimpleUploadedFile("a.html", b"<div>" * 200_000)}, "There is something to put right"),
    ],
)
def test_it_says_what_is_wrong_with_what_was_brought(
    as_alice: Client, team: Team, posted: dict[str, Any], words: str
) -> None:
    answer = as_alice.post("/desk/import/", posted | {"team": team.pk, "source_name": "from a friend"})
    assert answer.status_code == 422
    assert words in answer.content.decode() and "from a friend" in answer.content.decode()
    assert not Letter.objects.exists()


def test_it_asks_the_database_little_however_much_there_is(
    as_alice: Client, alice: User, team: Team, now: dt.datetime, django_assert_max_num_queries: Any
) -> None:
    body = keeping.add_body(name="Ministry of Justice of Ardania", team=team, by=alice, now=now)
    for number in range(12):
        office = keeping.add_office(body=body, name=f"Desk {number}", team=team, by=alice, now=now)
        keeping.add_holder(office=office, name="Oren Valdis", by=alice, now=now)
        keeping.add_contact(office=office, channel="email", value="desk@justice.example", team=team, by=alice, now=now)
    upload = SimpleUploadedFile("open-letter.html", PAGE.read_bytes(), "text/html")
    read = as_alice.post("/desk/import/", {"team": team.pk, "file": upload})["Location"]
    for address in (
        "/desk/directory/",
        "/desk/directory/?q=nothing so named",
        f"/desk/directory/{body.uid}/",
        "/desk/team/",
        "/desk/import/",
        read,
    ):
        with django_assert_max_num_queries(MOST_QUERIES - 1):
            assert as_alice.get(address).status_code == 200
