"""When something goes wrong here: a sentence in the visitor's language, never a traceback, and no need of the database."""

import pytest
from django.db import OperationalError, connection
from django.test import Client

from answerable.web.views import today


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def broken(error: Exception):
    def asked(*_args, **_more):
        raise error

    return asked


@pytest.mark.parametrize(("language", "words"), [("en", "Not now"), ("fa", "اکنون نمی‌شود")])
def test_it_says_that_the_database_is_away(visitor: Client, alice, language: str, words: str):
    visitor.force_login(alice)
    with connection.execute_wrapper(broken(OperationalError("the server closed the connection"))):
        page = visitor.get("/desk/", headers={"accept-language": language})
    assert (page.status_code, page["Retry-After"], page["Cache-Control"]) == (503, "30", "no-store")
    html = page.content.decode()
    assert words in html and f'lang="{language}"' in html
    assert "Traceback" not in html and "closed the connection" not in html


def test_it_says_that_something_went_wrong(visitor: Client, alice, monkeypatch):
    monkeypatch.setattr(today, "now", broken(ValueError("Alice's address")))
    visitor.force_login(alice)
    page = visitor.get("/desk/")
    assert page.status_code == 500 and "Retry-After" not in page
    assert "our fault" in page.content.decode() and "Alice" not in page.content.decode()
