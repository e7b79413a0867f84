"""What the tests of the pages share: a case, and a browser of Alice's."""

import datetime as dt

import pytest
from django.test import Client

from answerable.core import instants
from tests.web import everything, made


@pytest.fixture
def case(team, alice, now):
    return made.a_case(team, alice, now)


@pytest.fixture
def signed_in():
    """A browser in which this person is signed in."""

    def sign_in(user):
        browser = Client()
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return browser

    return sign_in


@pytest.fixture
def desk(signed_in, alice):
    return signed_in(alice)


@pytest.fixture
def things(team, alice, bob, now, monkeypatch):
    """One of everything that an address can be about, by the name of the argument; the clock stands at `now`."""
    monkeypatch.setattr(instants, "offset", lambda: now - dt.datetime.now(dt.UTC))
    return everything.one_of_everything(team=team, alice=alice, bob=bob, now=now)
