"""The children that parse: they answer, they are stopped, and one hostile message harms no other."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from answerable.inbound.parsed import Parsed, Unreadable
from answerable.inbound.pool import Pool

SMALL = b"From: a@office.example\r\nSubject: s\r\n\r\nwords\r\n"
WITH_FILE = (
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nwords\r\n--b\r\nContent-Type: application/pdf\r\n"
    b"Content-Disposition: attachment; filename=a.pdf\r\n\r\n%PDF-1.4 x\r\n--b--\r\n"
)


@pytest.fixture
def pool() -> Iterator[Pool]:
    with_two = Pool(size=2)
    yield with_two
    with_two.close()


def test_it_parses_in_a_child_that_stays(pool: Pool):
    first, second = pool.parse(SMALL), pool.parse(WITH_FILE)
    assert isinstance(first, Parsed) and first.text == "words"
    assert isinstance(second, Parsed) and second.attachments[0].content == b"%PDF-1.4 x"
    (child,) = pool._resting
    assert child.done == 2 and child.process.pid != os.getpid()


def test_it_parses_a_message_of_no_bytes(pool: Pool):
    assert isinstance(pool.parse(b""), Parsed)


def test_it_blames_no_message_when_a_child_does_not_come_up(pool: Pool, tmp_path: Path, monkeypatch):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o700)
    with monkeypatch.context() as upgrade:
        upgrade.setattr(sys, "executable", str(broken))
        with pytest.raises(ChildProcessError):
            pool.parse(SMALL)
    assert isinstance(pool.parse(SMALL), Parsed)


def test_it_holds_no_process_before_it_is_used():
    assert not Pool()._resting


def test_it_goes_on_when_a_resting_child_was_killed(pool: Pool):
    pool.parse(SMALL)
    os.kill(pool._resting[0].process.pid, signal.SIGKILL)
    assert isinstance(pool.parse(SMALL), Parsed)


def test_it_stops_what_takes_too_long():
    slow = Pool(size=1, seconds=0.05)
    many = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\nContent-Type: text/html\r\n\r\n<p>x\r\n" * 400 * 100
    )
    assert slow.parse(many[:3_000_000]) == Unreadable("too-slow")
    patient = Pool(size=1)
    assert isinstance(patient.parse(SMALL), Parsed)
    patient.close()


def test_it_stops_what_wants_too_much_memory():
    narrow = Pool(size=1, memory=150_000_000)
    assert isinstance(narrow.parse(SMALL), Parsed)
    assert narrow.parse(SMALL + b"words and words\r\n" * 3_000_000) == Unreadable("too-much-memory")
    assert isinstance(narrow.parse(SMALL), Parsed)
    narrow.close()


def test_it_replaces_a_child_after_many_messages():
    pool = Pool(size=1, most_messages=2)
    for _ in range(2):
        pool.parse(SMALL)
    assert not pool._resting


def test_it_serves_several_threads_with_few_children(pool: Pool):
    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(pool.parse, [SMALL] * 60))
    assert all(isinstance(result, Parsed) for result in results)
    assert len(pool._resting) <= 2 and threading.active_count() < 20


def test_it_ends_its_children(pool: Pool):
    pool.parse(SMALL)
    process = pool._resting[0].process
    pool.close()
    assert process.returncode == 0
