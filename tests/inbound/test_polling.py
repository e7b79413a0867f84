"""A mailbox that cannot be looked into: that is noted, and it keeps neither the others nor the clock waiting."""

import socket
import threading
from collections.abc import Iterator

import pytest

from answerable.accounts.models import Mailbox
from answerable.inbound import mailbox


@pytest.fixture
def server() -> Iterator[int]:
    """The port of a server that greets, and waits to hear who is there."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=_greet, args=(door,), daemon=True).start()
        yield door.getsockname()[1]


def _greet(door: socket.socket) -> None:
    line, _who = door.accept()
    with line, line.makefile("rb") as said:
        line.sendall(b"* OK here\r\n")
        while command := said.readline():
            tag = command.split()[0]
            line.sendall(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")


@pytest.fixture
def account(team) -> Mailbox:
    account = Mailbox(
        team=team,
        address="alice@people.example",
        username="alice",
        imap_host="127.0.0.1",
        imap_port=1,
        imap_security="none",
    )
    account.password = "a key"
    account.save()
    return account


def polled(account: Mailbox, now) -> Mailbox:
    assert mailbox.poll(account, now=now) == 0
    account.refresh_from_db()
    assert (account.last_polled_at, account.last_fetched_at) == (now, None)
    return account


def test_it_notes_a_password_that_was_sealed_with_another_key(account, server: int, now):
    account.sealed_password, account.imap_port = b"sealed on another host", server
    assert polled(account, now).last_error.startswith("InvalidToken")


def test_it_looks_into_no_mailbox_elsewhere_in_the_demonstration(account, now, settings):
    account.imap_host = "imap.people.example"
    settings.ANSWERABLE_DEMO = True
    assert polled(account, now).last_error.startswith("Refused")
