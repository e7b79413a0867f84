"""Every address, against Alice, Bob, Bob as a reader, Charlie and nobody."""

import datetime as dt
import importlib.util
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from answerable.accounts.models import Membership, Team, User
from answerable.core import instants
from tests.web.matrix import PEOPLE, Row

MODULES = [
    import_module(name)
    for name in ("tests.web.matrix_accounts", "tests.web.matrix_desk")
    if importlib.util.find_spec(name)
]
ROWS: list[Row] = [row for module in MODULES for row in module.ROWS]
EMPTY = {"csrfmiddlewaretoken": "as every form has one"}
SIGN_IN = ("/desk/account/login/", "/desk/start/")


def _named(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _named(pattern.url_patterns)
        else:
            yield pattern.name or str(pattern.pattern)


def test_it_has_a_row_for_every_address():
    missing = sorted(set(_named(get_resolver().url_patterns)) - {row.name for row in ROWS})
    assert not missing, f"say in tests/web/matrix_*.py who may see: {missing}"


@pytest.fixture
def things(team: Team, alice: User, bob: User, now: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(instants, "offset", lambda: now - dt.datetime.now(dt.UTC))
    made: dict[str, Any] = {}
    for module in MODULES:
        made |= module.things(team=team, alice=alice, bob=bob, now=now)
    return made


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join([row.name, *sorted(row.args.values())]))
def test_it_gives_each_person_what_is_theirs(row: Row, things: dict[str, Any], charlie: User) -> None:
    address = _address(row, things)
    assert _answers("get", address) == row.get
    if row.post:
        assert _answers("post", address) == row.post


def _answers(method: str, address: str) -> str:
    """What each of PEOPLE gets, each before anybody has changed anything."""
    answers = []
    for person in PEOPLE:
        with transaction.atomic():
            answers.append(_short(getattr(_browser_of(person), method)(address, EMPTY if method == "post" else {})))
            transaction.set_rollback(True)
    return " ".join(answers)


def _browser_of(person: str) -> Client:
    client = Client()
    if person == "reader":
        Membership.objects.filter(user__name="Bob").update(role=Membership.Role.READER)
    if person != "nobody":
        name = "Bob" if person == "reader" else person.capitalize()
        client.force_login(User.objects.get(name=name), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _address(row: Row, things: dict[str, Any]) -> str:
    wanted = {
        name
        for one in _all(get_resolver().url_patterns)
        if one.name == row.name
        for name in one.pattern.converters or one.pattern.regex.groupindex
    }
    try:
        return reverse(row.name, kwargs={name: things[row.args.get(name, name)] for name in wanted})
    except NoReverseMatch as error:
        raise AssertionError(f"{row.name} has no address with {wanted}") from error


def _all(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _all(pattern.url_patterns)
        else:
            yield pattern


def _short(response: HttpResponse) -> str:
    if response.status_code not in (301, 302, 303):
        return str(response.status_code)
    return "in" if response["Location"].startswith(SIGN_IN) else "go"
