"""What stands between a queued dispatch and a server: in the demonstration nothing leaves, whatever was queued before."""

import socket
from collections.abc import Iterator

import pytest

from answerable import journey
from answerable.accounts.models import Mailbox
from answerable.letters.models import Dispatch, Letter
from answerable.workers import duties
from tests.web.made import a_case, a_draft


@pytest.fixture
def relay(settings) -> Iterator[socket.socket]:
    """A door at which nobody may knock."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0.2)
        settings.ANSWERABLE_SMTP_URL = f"smtp://127.0.0.1:{door.getsockname()[1]}"
        yield door


@pytest.fixture
def letter(team, alice, now) -> Letter:
    return a_draft(a_case(team, alice, now), alice, now, to="minister@justice.invalid")


def nobody_knocks(door: socket.socket) -> bool:
    with pytest.raises(TimeoutError):
        door.accept()
    return True


def test_it_writes_to_no_real_address_that_was_queued_before_the_demonstration(letter, alice, now, relay, settings):
    journey.send(letter, route="host", by=alice, now=now)
    settings.ANSWERABLE_DEMO = True
    assert duties.deliver(now) == 1
    dispatch = Dispatch.objects.get()
    assert (dispatch.state, ".example" in dispatch.server_words) == ("refused", True)
    assert nobody_knocks(relay)


def test_it_uses_no_mailbox_elsewhere_in_the_demonstration(letter, team, alice, now, settings):
    box = Mailbox(team=team, address="alice@people.example", username="alice", smtp_host="mail.people.example")
    box.password = "a key"
    box.save()
    Letter.objects.update(mailbox=box)
    journey.send(letter, route="mailbox", by=alice, now=now)
    Dispatch.objects.update(address="minister@justice.example")
    settings.ANSWERABLE_DEMO = True
    duties.deliver(now)
    assert Dispatch.objects.get().state == "refused"


def test_it_is_put_off_while_the_password_of_the_mailbox_cannot_be_opened(letter, team, alice, now):
    box = Mailbox(team=team, address="alice@people.example", username="alice", smtp_host="mail.people.example")
    box.sealed_password = b"sealed on another host"
    box.save()
    Letter.objects.update(mailbox=box)
    journey.send(letter, route="mailbox", by=alice, now=now)
    duties.deliver(now)
    assert Dispatch.objects.get().state == "queued"
