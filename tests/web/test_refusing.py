"""Where somebody comes who may not go on: a page with a sentence and a way out, in their language, never a dead end."""

import pytest
from django.test import Client

from answerable.accounts.models import Membership

pytestmark = pytest.mark.django_db


def _says(answer, status, words):
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert 'class="product"' in page


@pytest.mark.parametrize(("language", "words"), [("en", "There is nothing here"), ("fa", "اینجا چیزی نیست")])
def test_it_says_that_there_is_nothing_here_and_sets_no_cookie(client, language, words):
    answer = client.get("/letters/none/", headers={"accept-language": language})
    _says(answer, 404, words)
    assert not answer.cookies


def test_it_tells_a_reader_whom_to_ask(desk, case, alice):
    Membership.objects.filter(user=alice).update(role=Membership.Role.READER)
    _says(desk.get(f"/desk/cases/{case.uid}/edit/"), 403, "ask the owner of the team to let you write")


def test_it_explains_the_address_of_a_button_to_who_signed_in_anew(desk, case):
    _says(desk.get(f"/desk/cases/{case.uid}/close/"), 405, "This is done with a button")


def test_it_explains_a_page_that_was_open_too_long(case, alice):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    _says(browser.post(f"/desk/cases/{case.uid}/edit/", {"title": "x"}), 403, "copy what you typed")


def test_it_explains_what_is_too_large_to_be_taken_in(desk, case):
    _says(desk.post(f"/desk/cases/{case.uid}/edit/", {"summary": "x" * 6_000_000}), 400, "too large")


def test_it_says_how_long_to_wait_who_guessed_too_often(client, alice, settings):
    wrong = {"login": alice.email, "password": "wrong"}
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        last = client.post("/desk/account/login/", wrong)
    _says(last, 429, "Wait two minutes")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": "x" * 10_000}, "at most 200"),
        ({"title": "\u202e\u200b"}, "This field is required"),
        ({"title": "Nima", "country": "Wonderland"}, "This is no code of a country"),
    ],
    ids=["long", "invisible", "country"],
)
def test_it_keeps_what_was_typed_whole_and_says_what_is_wrong(desk, case, typed, words):
    answer = desk.post(f"/desk/cases/{case.uid}/edit/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert all(f'value="{value}"' in page for value in typed.values())
    case.refresh_from_db()
    assert (case.title, case.country, case.summary) == ("Nima", "", "")


def test_no_browser_cuts_what_is_pasted(desk, case):
    assert "maxlength" not in desk.get(f"/desk/cases/{case.uid}/edit/").content.decode()
    assert "maxlength" not in desk.get(f"/desk/cases/{case.uid}/letters/new/").content.decode()
