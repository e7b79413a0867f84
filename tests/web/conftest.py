"""What the tests of the pages share: a case, and a browser of Alice's."""

import pytest
from django.test import Client

from tests.web import made


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
