"""`answerable run` as an operator meets it: what dies is started again, and nothing outlives it."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parts.processes import Home, command_of, free_port, listens, runs, tree, wait_until
from tests.parts.visitor import Visitor

pytestmark = pytest.mark.journey


@pytest.fixture
def home(tmp_path: Path, empty_database: str) -> Home:
    return Home(tmp_path, empty_database, {"ANSWERABLE_LISTEN": f"127.0.0.1:{free_port()}"})


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def running(home: Home, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`answerable run`, serving."""
    with home.started("run", "--port", str(port)) as process:
        wait_until(lambda: is_whole(process.pid, home, port), what="web, listen and work")
        yield process


def is_whole(pid: int, home: Home, port: int) -> bool:
    """Whether all three children of the process run, and two of them can be reached."""
    listening = int(home.more["ANSWERABLE_LISTEN"].rpartition(":")[2])
    return len(children(pid)) == 3 and listens(listening) and listens(port)


def children(pid: int) -> dict[str, int]:
    """The processes that `run` started itself, by their command."""
    return {command_of(one).split()[1]: one for one in tree(pid) if parent(one) == pid and command_of(one)}


def parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def test_it_starts_what_was_killed_again(running: subprocess.Popen[bytes], home: Home, port: int):
    before = children(running.pid)
    assert set(before) == {"web", "listen", "work"}
    family = tree(before["web"])
    assert len(family) == 3  # the server and its two workers
    for killed in before.values():
        os.kill(killed, signal.SIGKILL)
    wait_until(lambda: is_whole(running.pid, home, port), what="new ones")
    after = children(running.pid)
    assert not set(after.values()) & set(before.values())
    wait_until(lambda: not any(map(runs, family)), seconds=15, what="the old workers of the server to end")
    assert Visitor(f"http://127.0.0.1:{port}").get("/desk/start/").status == 200
    assert "listen ended with -9; it is started again" in home.said.read_text()


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_with_all_its_children(running: subprocess.Popen[bytes], told: signal.Signals):
    family = tree(running.pid)
    running.send_signal(told)
    assert running.wait(15) == 0
    assert [one for one in family if runs(one)] == []


def test_its_children_end_when_it_is_killed(running: subprocess.Popen[bytes]):
    family = tree(running.pid)
    assert len(family) >= 6
    running.kill()
    wait_until(lambda: not any(map(runs, family)), seconds=20, what="the children to end")
