"""No letter is sent twice, whatever dies when: real `work` processes, real SMTP."""

import datetime as dt
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from answerable import journey
from answerable.accounts.beginning import begin
from answerable.accounts.models import Team
from answerable.core.instants import now
from answerable.letters.drafting import Someone
from answerable.letters.models import Dispatch, Letter
from tests.parts.databases import rows_of
from tests.parts.processes import Home, free_port, wait_until
from tests.parts.relay import relay
from tests.web.made import a_case, a_draft

pytestmark = pytest.mark.journey

LETTERS = 30


@pytest.fixture
def home(tmp_path: Path, empty_database: str, django_db_blocker) -> Iterator[Home]:
    """A home whose letters leave through a relay on a free port; the models look into its database."""
    relay = f"smtp://127.0.0.1:{free_port()}"
    here = Home(
        tmp_path, empty_database, {"ANSWERABLE_SMTP_URL": relay, "ANSWERABLE_SECRET_KEY": str(settings.SECRET_KEY)}
    )
    here.command("migrate")
    with django_db_blocker.unblock(), rows_of(empty_database):
        yield here


def port_of(home: Home) -> int:
    return int(home.more["ANSWERABLE_SMTP_URL"].rpartition(":")[2])


def send(at: dt.datetime, copies: int = 0) -> Letter:
    """A letter of Alice's waits to leave, to the minister and as many copies."""
    alice = begin(
        name="Alice",
        email="alice@people.example",
        password="correct horse battery",
        team_name="Friends of Nima",
        now=at,
    )
    others = [Someone(f"Office {n}", None, "email", f"office{n}@people.example") for n in range(copies)]
    letter = a_draft(a_case(Team.objects.of(alice).get(), alice, at), alice, at, copies=others)
    journey.send(letter, route="host", by=alice, now=at)
    return letter


class HangsAfterTheDot:
    """An SMTP server that takes a message and never says what became of it."""

    def __init__(self, port: int) -> None:
        self.taken: list[bytes] = []
        self._door = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            line, _who = self._door.accept()
            threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        said = line.makefile("rb")
        line.sendall(b"220 here\r\n")
        while command := said.readline():
            if command.upper().startswith(b"DATA"):
                line.sendall(b"354 go on\r\n")
                self.taken.append(b"".join(iter(said.readline, b".\r\n")))
                time.sleep(600)
            line.sendall(b"250 ok\r\n")


def test_it_does_not_send_again_what_a_killed_worker_had_in_its_hands(home: Home):
    letter = send(now())
    server = HangsAfterTheDot(port_of(home))
    with home.started("work") as worker:
        wait_until(lambda: server.taken, what="a hand-over")
        worker.kill()
        worker.wait()
    dispatch = Dispatch.objects.get(recipient__letter=letter)
    assert dispatch.state == "sending"
    assert dispatch.message_id.encode() in server.taken[0]
    with home.started("work"):
        wait_until(lambda: Dispatch.objects.get().state == "unknown", what="the doubt to be seen")
        time.sleep(2)
    assert len(server.taken) == 1
    assert Dispatch.objects.get().state == "unknown"
    recipient = letter.recipients.get()
    assert recipient.state == "planned" and not recipient.clocks.exists()


def test_it_sends_each_letter_once_however_many_work(home: Home):
    with relay(port_of(home), seconds=0.05) as taking, home.started("work"), home.started("work"):
        wait_until((home.folder / "work.1.lock").exists, what="two workers")
        letter = send(now(), copies=LETTERS - 1)
        dispatches = Dispatch.objects.filter(recipient__letter=letter)
        wait_until(lambda: dispatches.filter(state="accepted").count() == LETTERS, what="all to have left")
        time.sleep(1)
    assert taking.times == dict.fromkeys(dispatches.values_list("message_id", flat=True), 1)
    assert letter.recipients.filter(state="waiting").count() == LETTERS
    workers = {mark.partition("/")[0] for mark in dispatches.values_list("sending_by", flat=True)}
    assert len(workers) == 2
