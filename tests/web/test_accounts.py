"""Getting in and working with a team, through the pages."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from answerable.accounts import beginning, inviting
from answerable.accounts.models import Membership, Team, User
from answerable.core import instants

pytestmark = pytest.mark.django_db
FIRST = {
    "name": "Alice",
    "email": "alice@people.example",
    "password": "a quay in the morning",
    "team_name": "Friends of Nima",
}
HERE = {"SERVER_NAME": "localhost", "REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture(autouse=True)
def fixed_clock(now: dt.datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ANSWERABLE_HOME", tmp_path)
    monkeypatch.setattr(instants, "offset", lambda: now - dt.datetime.now(dt.UTC))


@pytest.fixture
def as_alice(alice: User) -> Client:
    client = Client()
    client.force_login(alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_it_leads_everybody_to_the_first_run_until_somebody_has_an_account() -> None:
    for address in ("/", "/desk/account/login/"):
        assert Client().get(address)["Location"] == "/desk/start/"
    client = Client(**HERE)
    answer = client.post("/desk/start/", FIRST)
    assert answer["Location"] == "/desk/" and client.session["_auth_user_id"]
    assert User.objects.get().is_superuser
    assert Client(**HERE).post("/desk/start/", FIRST)["Location"] == "/desk/account/login/"
    assert "published" in Client().get("/").content.decode()


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"REMOTE_ADDR": "203.0.113.7"},
        {"HTTP_X_FORWARDED_FOR": "203.0.113.7"},
        {"HTTP_X_REAL_IP": "203.0.113.7"},
        {"SERVER_NAME": "letters.example"},
        {"REMOTE_ADDR": ""},
    ],
)
def test_it_asks_for_the_printed_code_from_anywhere_else(elsewhere: dict[str, str], settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "letters.example"]
    client = Client(**{**HERE, **elsewhere})
    for code in ("", "wrong"):
        answer = client.post("/desk/start/", FIRST | {"code": code})
        assert answer.status_code == 422 and "a quay in the morning" in answer.content.decode()
        assert not User.objects.exists()
    assert client.post("/desk/start/", FIRST | {"code": beginning.start_code()}).status_code == 302


def test_it_keeps_what_was_typed_and_says_what_to_change_beside_the_field() -> None:
    page = (
        Client(**HERE)
        .post("/desk/start/", FIRST | {"password": "short", "postal_address": "1 Quay Street"})
        .content.decode()
    )
    assert 'href="#id_password"' in page and "1 Quay Street" in page and "alice@people.example" in page


def test_it_shows_an_invitation_once_and_takes_a_new_person_in(as_alice: Client, team: Team) -> None:
    page = as_alice.post(f"/desk/team/{team.uid}/invite/", {"role": "reader", "note": "Dana"}).content.decode()
    secret = page.split("/desk/join/")[1].split("/")[0]
    assert secret not in as_alice.get("/desk/team/").content.decode()
    dana = Client()
    assert "Friends of Nima" in dana.get(f"/desk/join/{secret}/").content.decode()
    account = {"name": "Dana", "email": "dana@people.example", "password": "three wet umbrellas"}
    assert dana.post(f"/desk/join/{secret}/", account)["Location"] == "/desk/"
    assert Membership.objects.get(user__name="Dana").role == "reader"
    assert Client().get(f"/desk/join/{secret}/").status_code == 410


def test_it_lets_a_signed_in_person_join_a_second_team(
    alice: User, team: Team, charlie: User, now: dt.datetime
) -> None:
    _invitation, secret = inviting.invite(team, role="writer", note="", by=alice, now=now)
    client = Client()
    client.force_login(charlie, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(f"/desk/join/{secret}/").status_code == 302
    page = client.get("/desk/team/").content.decode()
    assert "Friends of Nima" in page and "Strangers" in page


def test_it_tells_an_owner_why_she_cannot_leave(as_alice: Client, alice: User, team: Team) -> None:
    member = team.memberships.get(user=alice)
    page = as_alice.post(f"/desk/team/{team.uid}/members/{member.pk}/remove/")
    assert page.status_code == 422 and "only owner" in page.content.decode()


def test_it_speaks_the_language_one_chose_and_sends_nobody_elsewhere(as_alice: Client, alice: User) -> None:
    answer = as_alice.post("/desk/language/", {"language": "fa", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/desk/"
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME]["path"] == "/desk/"
    alice.refresh_from_db()
    assert alice.language == "fa"
    assert 'dir="rtl"' in as_alice.get("/desk/team/").content.decode()
    assert as_alice.post("/desk/language/", {"language": "xx"}).status_code == 404


def test_it_never_shows_a_mailbox_password_again(as_alice: Client, team: Team) -> None:
    typed = {
        "address": "team@people.example", "username": "team", "password": "opal harbour", "smtp_host": "smtp.people.example",
        "smtp_port": 465, "smtp_security": "tls", "imap_port": 993, "imap_security": "tls", "imap_folder": "INBOX", "in_use": "on",
    }  # fmt: skip
    wrong = as_alice.post(f"/desk/team/{team.uid}/mailboxes/new/", typed | {"smtp_security": "none"})
    assert wrong.status_code == 422 and "smtp.people.example" in wrong.content.decode()
    assert as_alice.post(f"/desk/team/{team.uid}/mailboxes/new/", typed).status_code == 302
    mailbox = team.mailboxes.get()
    assert "opal harbour" not in as_alice.get(f"/desk/team/{team.uid}/mailboxes/{mailbox.pk}/").content.decode()
    kept = as_alice.post(f"/desk/team/{team.uid}/mailboxes/{mailbox.pk}/", typed | {"password": ""})
    assert kept.status_code == 302
    mailbox.refresh_from_db()
    assert mailbox.password == "opal harbour"


def test_it_marks_the_link_for_a_new_password_as_sent_by_a_machine(alice: User, settings, mailoutbox) -> None:
    settings.ANSWERABLE_SMTP_URL = "smtp://127.0.0.1:25"
    Client().post("/desk/account/password/reset/", {"email": alice.email})
    (sent,) = mailoutbox
    assert sent.message()["Auto-Submitted"] == "auto-generated" and sent.to == [alice.email]


def test_it_sends_the_link_for_a_new_password_to_nobody_else_and_nowhere_else(client, alice, mailoutbox, settings):
    settings.ANSWERABLE_URL = "https://letters.example"
    settings.ALLOWED_HOSTS = ["charlie.example"]  # even where somebody allowed it
    address = "/desk/account/password/reset/"
    client.post(address, {"email": "somebody@elsewhere.example"}, headers={"host": "charlie.example"})
    assert mailoutbox == []
    client.post(address, {"email": alice.email}, headers={"host": "charlie.example"})
    [message] = mailoutbox
    assert message.to == [alice.email]
    assert "https://letters.example/desk/account/password/reset/key/" in message.body
    assert "charlie.example/desk" not in message.body


def test_it_offers_no_link_that_never_arrives_where_no_mail_is_sent(as_alice: Client, settings) -> None:
    for relay, offered in (("", False), ("smtp://127.0.0.1:25", True)):
        settings.ANSWERABLE_SMTP_URL = relay
        page = as_alice.get("/desk/account/password/change/").content.decode()
        assert ("/desk/account/password/reset/" in page) is offered
        assert ("Whoever keeps this host" in page) is not offered


def test_a_link_that_was_used_leads_its_user_back_to_the_desk(as_alice: Client) -> None:
    page = as_alice.get("/desk/join/00000000000000000000000000/")
    assert page.status_code == 410 and "Go to the desk" in page.content.decode()
