"""A home whose letters leave through a counting relay, Alice in it, and the chance that decides what breaks when."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from django.conf import settings

from answerable import journey
from answerable.accounts.beginning import begin
from answerable.accounts.models import Team, User
from answerable.cases.models import Case
from answerable.core.instants import now
from answerable.letters.models import Dispatch, Letter
from tests.chaos.bounds import chance_of
from tests.parts.databases import rows_of
from tests.parts.processes import Home, free_port
from tests.parts.relay import Relay, relay
from tests.web.made import a_case, a_draft


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> Random:
    return chance_of(request.node.name)


@pytest.fixture
def home(tmp_path: Path, empty_database: str, django_db_blocker) -> Iterator[Home]:
    """A home of its own, migrated; the models look into its database."""
    here = a_home(tmp_path, empty_database)
    here.command("migrate")
    with django_db_blocker.unblock(), rows_of(empty_database):
        yield here


def a_home(folder: Path, database: str) -> Home:
    """A home with a relay and a listener on ports of their own, and the key that the tests know."""
    more = {
        "ANSWERABLE_SMTP_URL": f"smtp://127.0.0.1:{free_port()}",
        "ANSWERABLE_LISTEN": f"127.0.0.1:{free_port()}",
        "ANSWERABLE_SECRET_KEY": str(settings.SECRET_KEY),
        "ANSWERABLE_MOST_A_DAY_TO_DOMAIN": "0",
        "ANSWERABLE_MOST_A_DAY_TO_ADDRESS": "0",
    }
    return Home(folder, database, more)


@dataclass
class Sender:
    """Alice at her desk: her letters wait to leave by the relay."""

    alice: User
    case: Case

    def send(self) -> Dispatch:
        """One letter more."""
        letter = a_draft(self.case, self.alice, now())
        journey.send(letter, route="host", by=self.alice, now=now())
        return dispatch_of(letter)

    def deliver(self) -> Dispatch:
        """One letter that arrived, for replies to come to."""
        dispatch = self.send()
        Dispatch.objects.filter(pk=dispatch.pk).update(state="sending")
        journey.record_delivery(dispatch, server_words="250 taken", now=now())
        return dispatch


def dispatch_of(letter: Letter) -> Dispatch:
    return Dispatch.objects.get(recipient__letter=letter)


@pytest.fixture
def sender(home: Home) -> Sender:
    return a_sender()


def a_sender() -> Sender:
    """Alice, her team and her case, in the database that the models look into."""
    alice = begin(
        name="Alice",
        email="alice@people.example",
        password="correct horse battery",
        team_name="Friends of Nima",
        now=now(),
    )
    return Sender(alice, a_case(Team.objects.of(alice).get(), alice, now()))


@pytest.fixture
def taking(home: Home) -> Iterator[Relay]:
    """The relay of the home, running."""
    with relay(port_in(home, "ANSWERABLE_SMTP_URL"), seconds=0.02) as running:
        yield running


def port_in(home: Home, name: str) -> int:
    """The port at the end of a setting."""
    return int(home.more[name].rpartition(":")[2])
