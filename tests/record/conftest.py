"""The front over HTTP, and letters as they come to the record: sent, about a person with a stated ground."""

import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from answerable import journey
from answerable.cases.grounds import state_ground
from answerable.cases.models import Person
from answerable.record.front import Front


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def _behind(environ, start):
    start("404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", "6")])
    return [b"behind"]


@pytest.fixture
def port(tmp_path) -> Iterator[int]:
    """The front over the folders `record` and `static`, at this port; behind it everything is a 404 that says so."""
    front = Front(_behind, record=tmp_path / "record", static=tmp_path / "static")
    with make_server("127.0.0.1", 0, front, server_class=_Server, handler_class=_Quiet) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_port
        server.shutdown()


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
