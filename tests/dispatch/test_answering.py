"""The page that a letter can be answered on: what its address is, and which letter an address belongs to."""

import uuid

import pytest
from django.urls import reverse

from answerable import journey
from answerable.core.ids import derived_token
from answerable.dispatch import answering
from answerable.dispatch.outbox import reply_address, reply_token


@pytest.fixture
def dispatch(letter, alice, now):
    return journey.send(letter, route="host", by=alice, now=now)[0]


def test_the_page_has_the_secret_of_the_reply_address(dispatch, settings):
    settings.ANSWERABLE_URL = "https://letters.example"
    link = answering.reply_link(dispatch)
    assert link == f"https://letters.example{reverse('reply_page', args=[reply_token(dispatch.uid)])}"
    assert reply_token(dispatch.uid) in reply_address(dispatch)


@pytest.mark.parametrize("url", ["http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"])
def test_a_page_that_nobody_else_can_open_is_not_named_but_in_the_demonstration(dispatch, settings, url):
    settings.ANSWERABLE_URL = url
    assert answering.reply_link(dispatch) == ""
    settings.ANSWERABLE_DEMO = True
    assert answering.reply_link(dispatch).startswith(f"{url}/reply/")


def test_it_is_found_however_it_was_typed(dispatch):
    token = reply_token(dispatch.uid)
    typed = token.upper().replace("0", "O").replace("1", "l")
    for one in (token, typed, f" {token} "):
        assert answering.opened_by(one) == (dispatch, reply_address(dispatch))


def test_it_is_found_when_the_host_has_another_key(dispatch, settings):
    token, address = reply_token(dispatch.uid), reply_address(dispatch)
    settings.SECRET_KEY = "another"
    assert answering.opened_by(token) == (dispatch, address)


@pytest.mark.parametrize(
    "typed", ["", "x", "\x00", "🜁" * 26, "0" * 26, "a" * 100_000, derived_token("k", "reply", uuid.UUID(int=0))]
)
def test_nothing_is_found_for_what_is_no_secret_of_ours(dispatch, typed):
    assert answering.opened_by(typed) is None
