"""The first run happens once, and not for whoever comes by first."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.conf import settings

from answerable.accounts import beginning
from answerable.accounts.models import Membership, Team, TeamAct, User
from answerable.core.errors import Refused

FIRST = {
    "name": "Alice",
    "email": "Alice@People.example",
    "password": "a quay in the morning",
    "team_name": "Friends of Nima",
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "ANSWERABLE_HOME", tmp_path)
    return tmp_path


@pytest.mark.django_db
def test_it_makes_the_keeper_and_the_first_team_once(home: Path, now: dt.datetime) -> None:
    beginning.start_code()
    user = beginning.begin(**FIRST, country="de", now=now)
    assert user.is_superuser and user.check_password(FIRST["password"]) and user.email == "alice@people.example"
    assert Membership.objects.get(user=user).role == "owner"
    assert Team.objects.get().country == "DE"
    assert TeamAct.objects.get().verb == "begin"
    assert not (home / "start-code").exists()
    with pytest.raises(Refused):
        beginning.begin(**{**FIRST, "email": "charlie@people.example"}, now=now)
    assert User.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("weak", ["short", "1234567890", "alice@people.example"])
def test_it_refuses_a_weak_password_and_keeps_nothing(home: Path, now: dt.datetime, weak: str) -> None:
    with pytest.raises(Refused) as why:
        beginning.begin(**{**FIRST, "password": weak}, now=now)
    assert why.value.field == "password"
    assert not User.objects.exists() and not Team.objects.exists()


def test_it_knows_its_code_however_it_is_typed(home: Path) -> None:
    code = beginning.start_code()
    assert len(code) == 12 and beginning.start_code() == code
    assert (os.stat(home / "start-code").st_mode & 0o777) == 0o600
    assert [file.name for file in home.iterdir()] == ["start-code"]
    assert beginning.is_start_code(f" {code.upper().replace('0', 'o')} ")
    assert (
        not beginning.is_start_code("")
        and not beginning.is_start_code(code[:-1])
        and not beginning.is_start_code("é" * 12)
    )
