"""`kill -9` at the write points of listen, deliver and work: what was answered for is there once, nothing leaves twice."""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from random import Random

import pytest

from answerable.core.instants import now
from answerable.dispatch.outbox import reply_address
from answerable.inbound import intake, spool
from answerable.inbound.models import Attachment, Mail, Reply
from answerable.letters.models import Dispatch
from tests.chaos.answers import NOBODY, OFFICE, answer, each_is_one_row, hand_in
from tests.chaos.bounds import some
from tests.chaos.conftest import Sender
from tests.parts.processes import Home, free_port, listens, wait_until
from tests.parts.relay import Relay

pytestmark = pytest.mark.journey
NEVER = 1_000_000
KILLED = -9


def dying(number: int, *command: str) -> list[str]:
    return [sys.executable, "-m", "tests.chaos.dying", str(number), *command]


def points_in(said: str) -> int:
    """How many write points a process passed, by its last words."""
    return int(re.findall(r"passed (\d+) points", said)[-1])


@pytest.fixture
def bare(tmp_path: Path, settings, db) -> Iterator[Home]:
    """Homes without a database of their own: listen and deliver need none. Their rows are made here."""
    settings.ANSWERABLE_SPOOL = tmp_path / "spool"
    yield Home(tmp_path, "")


def adopted(home: Home) -> None:
    while intake.adopt_orphans(now=now(), most=250):
        pass


def test_it_keeps_what_deliver_said_0_to(bare: Home, chance: Random):
    numbers = count()

    def deliver(point: int) -> tuple[bytes, subprocess.CompletedProcess[str]]:
        raw = answer(next(numbers))
        done = subprocess.run(
            dying(point, "deliver", "--sender", OFFICE, NOBODY), input=raw, capture_output=True, env=bare.environment
        )
        return raw, done

    _raw, whole = deliver(NEVER)
    points = points_in(whole.stderr.decode())
    kept = [_raw]
    for point in some(points, short=5, chance=chance):
        raw, done = deliver(point)
        assert done.returncode in {0, KILLED}
        # A mail server hands over again what it got no 0 for.
        bare.command("deliver", "--sender", OFFICE, NOBODY, given=raw)
        kept.append(raw)
    adopted(bare)
    each_is_one_row(bare.folder / "spool", kept)


@contextmanager
def listening(home: Home, *command: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The listener that `command` starts, on a port of its own."""
    port = free_port()
    with home.said.open("ab") as said:
        process = subprocess.Popen([*command, "--port", str(port)], env=home.environment, stderr=said)
    try:
        wait_until(lambda: listens(port) or process.poll() is not None, what="the listener")
        yield process, port
    finally:
        process.terminate()
        process.wait(20)


def test_it_keeps_what_listen_said_250_to(bare: Home, chance: Random):
    """Three messages each time, the last of them once more: as a sender does who did not hear the answer."""
    numbers, kept = count(), []
    with listening(bare, *dying(NEVER, "listen")) as (process, port):
        kept += [answer(next(numbers)) for _ in range(3)]
        assert [hand_in(port, raw) for raw in kept] == [250, 250, 250]
    points = points_in(bare.said.read_text())
    with listening(bare, *dying(NEVER, "listen")) as (_process, alive):
        for point in some(points, short=7, chance=chance):
            batch = [answer(next(numbers)) for _ in range(3)]
            with listening(bare, *dying(point, "listen")) as (process, port):
                said = {raw: hand_in(port, raw) for raw in batch}
            assert set(said.values()) <= {250, 0}
            assert 0 in said.values() or process.returncode != KILLED or point == points
            taken = {spool.load(bare.folder / "spool", one.digest) for one in spool.waiting(bare.folder / "spool")}
            assert {raw for raw, code in said.items() if code == 250} <= taken
            for raw in [raw for raw, code in said.items() if not code] + batch[-1:]:
                assert hand_in(alive, raw) == 250
            kept += batch
    adopted(bare)
    each_is_one_row(bare.folder / "spool", kept)


class Working:
    """`work --once`, as often as one likes, each time killed where one likes."""

    def __init__(self, home: Home) -> None:
        self._said = home.said.open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.dying"],
            env=home.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said, text=True,
        )  # fmt: skip

    def once(self, point: int = NEVER) -> int:
        """The code it ended with."""
        assert self._process.stdin and self._process.stdout
        print(json.dumps([point, "work", "--once"]), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def end(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(20)
        self._said.close()


@pytest.fixture
def working(home: Home) -> Iterator[Working]:
    workers = Working(home)
    yield workers
    workers.end()


def test_it_sends_once_and_files_once_wherever_work_is_killed(
    home: Home, working: Working, sender: Sender, taking: Relay, chance: Random
):
    arrived = sender.deliver()
    to, numbers, kept = reply_address(arrived), count(), []

    def round_of(point: int) -> int:
        queued = sender.send()
        came = [answer(next(numbers), to) for _ in range(2)]
        for raw in came:
            spool.keep(home.folder / "spool", raw, spool.Envelope(OFFICE, (to,), "smtp"), now=now())
        code = working.once(point)
        if code:
            assert code == KILLED and working.once() == 0
        kept.extend(came)
        queued.refresh_from_db()
        assert queued.state in {"accepted", "unknown"} and (code or queued.state == "accepted")
        assert taking.times[queued.message_id] <= 1
        assert taking.times[queued.message_id] == 1 or queued.state == "unknown"
        assert queued.recipient.state == ("waiting" if queued.state == "accepted" else "planned")
        return code

    assert round_of(NEVER) == 0  # the first makes the home's keys and folders
    assert round_of(NEVER) == 0
    points = points_in(home.said.read_text())
    assert points > 20
    for point in some(points, short=7, chance=chance):
        round_of(point)
    all_is_filed_once(home, kept, arrived)
    assert set(taking.times.values()) == {1}
    home.command("verify")


def all_is_filed_once(home: Home, kept: list[bytes], arrived: Dispatch) -> None:
    """Every answer is one row, filed once with the letter it came for, its file whole in the store."""
    each_is_one_row(home.folder / "spool", kept)
    assert set(Mail.objects.values_list("state", "kind")) == {("matched", "answer")}
    assert Reply.objects.filter(recipient=arrived.recipient).count() == Reply.objects.count() == len(kept)
    assert Attachment.objects.count() == len(kept)
    for sha256 in Attachment.objects.values_list("file_id", flat=True):
        stored = home.folder / "files" / sha256[:2] / sha256[2:4] / sha256
        assert hashlib.sha256(stored.read_bytes()).hexdigest() == sha256
