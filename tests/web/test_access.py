"""Every address, against Alice, Bob, Bob as a reader, Charlie and nobody."""

from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from answerable.accounts.models import Membership, User
from tests.web.everything import ROWS, address, names
from tests.web.matrix import PEOPLE, Row

EMPTY = {"csrfmiddlewaretoken": "as every form has one"}
SIGN_IN = ("/desk/account/login/", "/desk/start/")


def test_it_has_a_row_for_every_address():
    missing = sorted(names() - {row.name for row in ROWS})
    assert not missing, f"say in tests/web/matrix_*.py who may see: {missing}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join([row.name, *sorted(row.args.values())]))
def test_it_gives_each_person_what_is_theirs(row: Row, things: dict[str, Any], charlie: User) -> None:
    where = address(row, things)
    assert _answers("get", where) == row.get
    if row.post:
        assert _answers("post", where) == row.post


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


def _short(response: HttpResponse) -> str:
    if response.status_code not in (301, 302, 303):
        return str(response.status_code)
    return "in" if response["Location"].startswith(SIGN_IN) else "go"
