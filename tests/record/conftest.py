"""Letters as they come to the record: sent by the journey's own verbs, about a person with a stated ground."""

import pytest

from answerable import journey
from answerable.cases.grounds import state_ground
from answerable.cases.models import Person


@pytest.fixture
def sent(letter, alice, now):
    """A letter that was sent, about nobody in particular."""
    journey.send(letter, route="host", by=alice, now=now)
    letter.refresh_from_db()
    return letter


@pytest.fixture
def nima(case):
    """The person of concern."""
    return Person.objects.create(case=case, name="Nima")


@pytest.fixture
def consented(nima, alice, now):
    """Nima, who agrees."""
    state_ground(nima, kind="consent", by=alice, now=now)
    return nima
