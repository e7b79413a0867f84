"""A database that is locked for long, or down and up again: mail is taken all the same, and its rows follow by themselves."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from answerable.dispatch.outbox import reply_address
from answerable.inbound import spool
from answerable.inbound.models import Mail
from tests.chaos.answers import answer, hand_in
from tests.chaos.bounds import LONG
from tests.chaos.conftest import a_home, a_sender, port_in
from tests.chaos.test_kills import all_is_filed_once
from tests.parts import postgres
from tests.parts.databases import rows_of
from tests.parts.processes import free_port, listens, wait_until
from tests.parts.relay import relay
from tests.parts.visitor import Visitor

pytestmark = pytest.mark.journey
AWAY = 2  # seconds; SQLite's waiting for a lock, 20 seconds, is outlasted in the long version only
SOON = 1.5  # seconds: nothing that asks a locked database answers within them


@dataclass
class Outage:
    """A database's URL, and what takes it away and brings it back."""

    url: str
    begin: Callable[[], object]
    end: Callable[[], object]


@pytest.fixture
def outage(tmp_path: Path) -> Iterator[Outage]:
    """Of the kind of database that the suite runs on: SQLite locked by another process's writing, or PostgreSQL stopped."""
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        with postgres.stoppable() as cluster:
            yield Outage(cluster.url, cluster.stop, cluster.start)
        return
    file = tmp_path / "answerable.sqlite3"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    yield Outage(f"sqlite:///{file}", lambda: other.execute("BEGIN IMMEDIATE"), lambda: other.execute("ROLLBACK"))
    other.close()


def test_it_takes_mail_while_the_database_is_away_and_makes_its_rows_later(
    tmp_path: Path, outage: Outage, django_db_blocker
):
    home = a_home(tmp_path, outage.url)
    home.command("migrate")
    port, web = port_in(home, "ANSWERABLE_LISTEN"), free_port()
    visitor = Visitor(f"http://127.0.0.1:{web}")
    with (
        relay(port_in(home, "ANSWERABLE_SMTP_URL")) as taking,
        home.started("listen"),
        home.started("work"),
        home.started("web", "--port", str(web)),
    ):
        wait_until(lambda: listens(port) and listens(web), what="listen and web")
        with django_db_blocker.unblock(), rows_of(outage.url):
            sender = a_sender()
            arrived = sender.deliver()
            to = reply_address(arrived)
        kept = [answer(number, to) for number in range(5)]
        assert hand_in(port, kept[0], to) == 250
        with django_db_blocker.unblock(), rows_of(outage.url):
            wait_until(lambda: Mail.objects.filter(state="matched").exists(), what="the first to be filed")
            leaving = sender.send()
        outage.begin()
        try:
            started = time.monotonic()
            for raw in kept[1:]:
                assert hand_in(port, raw, to) == 250
            home.command("deliver", "--sender", "registry@ministry.example", to, given=kept[1])
            assert time.monotonic() - started < SOON + 1
            assert len(list(spool.waiting(home.folder / "spool"))) == 4
            time.sleep(max(0.0, started + AWAY - time.monotonic()))
            says_so(visitor, outage)
        finally:
            outage.end()
        with django_db_blocker.unblock(), rows_of(outage.url):
            wait_until(lambda: Mail.objects.filter(state="matched").count() == 5, what="all to be filed")
            all_is_filed_once(home, kept, arrived)
            wait_until(lambda: gone(leaving), what="the letter to have left")
            assert set(taking.times.values()) == {1}
        assert visitor.get("/desk/").status == 200


def gone(dispatch) -> bool:
    dispatch.refresh_from_db()
    assert dispatch.state in {"queued", "sending", "accepted"}
    return dispatch.state == "accepted"


def says_so(visitor: Visitor, outage: Outage) -> None:
    """What needs the database says that it is away. While it is only locked, that is what writes, after a while."""
    assert visitor.get("/static/css/base.css").status == 200
    if outage.url.startswith("sqlite"):
        page = visitor.get("/desk/account/login/")
        assert page.status == 200
        if not LONG:
            return
        page = visitor.fill(page, "login", login="alice@people.example", password="correct horse battery")
    else:
        page = visitor.get("/desk/start/")
    assert (page.status, page.headers["retry-after"]) == (503, "30")
    assert "Not now" in page.text and "Traceback" not in page.text
