"""From the spool to rows: adopted once whatever comes twice, read once, and shown when it cannot be read."""

import datetime as dt
import hashlib
import sys
import threading
from pathlib import Path

import pytest
from django.db import OperationalError, connection, connections

from answerable.core.leases import let_go, mark_of
from answerable.evidence.files import content
from answerable.inbound import intake, reading, spool
from answerable.inbound.models import Attachment, Mail
from answerable.inbound.pool import Pool
from answerable.inbound.spool import Envelope, Kept

RAW = b"From: Office <office@justice.example>\r\nSubject: =?utf-8?q?R=C3=A9ponse?=\r\n\r\nWords.\r\n"
ENVELOPE = Envelope("office@justice.example", ("someone@answerable.example",), "smtp")
WITH_FILE = (
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nwords\r\n--b\r\nContent-Type: application/pdf\r\n"
    b"Content-Disposition: attachment; filename=a.pdf\r\n\r\n%PDF-1.4 x\r\n--b--\r\n"
)
ME = mark_of("here")
pytestmark = pytest.mark.django_db


def test_it_makes_a_row_of_what_it_takes_in(now: dt.datetime):
    mail = intake.take_in(RAW, ENVELOPE, now=now)
    assert isinstance(mail, Mail)
    assert (mail.kind, mail.state, mail.subject) == ("unread", "stored", "Réponse")
    assert mail.envelope_to == ["someone@answerable.example"] and mail.sha256 == hashlib.sha256(RAW).hexdigest()
    assert intake.original(mail) == RAW
    assert not list(spool.waiting(intake.folder()))


def test_it_makes_one_row_of_the_same_message(now: dt.datetime):
    first = intake.take_in(RAW, ENVELOPE, now=now)
    again = intake.take_in(RAW, Envelope(ENVELOPE.mail_from, ENVELOPE.rcpt_tos, "lmtp"), now=now)
    other = intake.take_in(RAW, Envelope("", ENVELOPE.rcpt_tos, "smtp"), now=now)
    assert first == again != other
    assert Mail.objects.count() == 2


def test_it_adopts_what_the_listener_kept_with_the_time_it_came(now: dt.datetime):
    for number in range(5):
        spool.keep(intake.folder(), RAW + b"%d" % number, ENVELOPE, now=now)
    later = now + dt.timedelta(hours=5)
    assert [intake.adopt_orphans(now=later, most=3) for _ in range(3)] == [3, 2, 0]
    assert set(Mail.objects.values_list("received_at", flat=True)) == {now} and Mail.objects.count() == 5


def test_it_adopts_once_what_a_killed_worker_had_a_row_for(now: dt.datetime):
    kept = spool.keep(intake.folder(), RAW, ENVELOPE, now=now)
    intake.adopt(kept)
    (intake.folder() / "kept" / kept.digest[:2] / kept.digest).rename(intake.folder() / "new" / kept.digest)
    intake.adopt_orphans(now=now, most=10)
    assert Mail.objects.count() == 1 and not list(spool.waiting(intake.folder()))


def test_it_keeps_what_the_database_cannot_take_now(now: dt.datetime, monkeypatch: pytest.MonkeyPatch):
    def away(**_given: object) -> None:
        raise OperationalError("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr(Mail.objects, "get_or_create", away)
        assert isinstance(intake.take_in(RAW, ENVELOPE, now=now), Kept)
    assert intake.adopt_orphans(now=now, most=10) == 1


@pytest.mark.django_db(transaction=True)
def test_it_makes_one_row_when_two_take_the_same_message_at_once(now: dt.datetime):
    both = threading.Barrier(2)

    def take() -> None:
        both.wait()
        intake.take_in(RAW, ENVELOPE, now=now)
        connections.close_all()

    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        take_twice = [
            threading.Thread(target=lambda: spool.keep(intake.folder(), RAW, ENVELOPE, now=now)) for _ in "ab"
        ]
    else:
        take_twice = [threading.Thread(target=take) for _ in "ab"]
    for thread in take_twice:
        thread.start()
    for thread in take_twice:
        thread.join()
    intake.adopt_orphans(now=now, most=10)
    assert Mail.objects.count() == 1


def test_it_reads_each_message_once(pool, now: dt.datetime):
    for number in range(4):
        intake.take_in(RAW + b"%d" % number, ENVELOPE, now=now)
    assert [reading.read_next(pool, by=ME, now=now, most=3) for _ in range(3)] == [3, 1, 0]
    assert set(Mail.objects.values_list("kind", "kind_reason", "from_name")) == {("answer", "written", "Office")}


def test_it_keeps_attachments_by_their_content(pool, take, now: dt.datetime):
    first, second = take(WITH_FILE, "a@answerable.example"), take(WITH_FILE, "b@answerable.example")
    files = {one.attachments.get().file for one in (first, second)}
    (file,) = files
    assert content(file) == b"%PDF-1.4 x" and file.media_type == "application/pdf"


def test_it_shows_what_cannot_be_read(take, now: dt.datetime):
    mail = take(b"Subject: hello\r\n" + b"X-A: b\r\n" * 3_000, "a@answerable.example")
    assert (mail.kind, mail.unreadable_reason, mail.subject) == ("unreadable", "too-many-headers", "hello")


def test_it_reads_again_what_a_killed_worker_had_taken(pool, now: dt.datetime):
    intake.take_in(RAW, ENVELOPE, now=now)
    reading.claim(Mail.objects.to_read(), by=mark_of("dead"), now=now, lasting=reading.LEASE, most=1)
    assert reading.read_next(pool, by=ME, now=now, most=1) == 0
    assert reading.read_next(pool, by=ME, now=now + reading.LEASE, most=1) == 1


def test_it_gives_up_on_what_ended_its_reader_too_often(pool, now: dt.datetime):
    intake.take_in(RAW, ENVELOPE, now=now)
    Mail.objects.update(attempts=reading.MOST_ATTEMPTS)
    reading.read_next(pool, by=ME, now=now, most=1)
    assert Mail.objects.get().unreadable_reason == "crashed"


def test_it_says_so_when_the_bytes_are_gone(pool, now: dt.datetime):
    mail = intake.take_in(RAW, ENVELOPE, now=now)
    (intake.folder() / "kept" / mail.digest[:2] / mail.digest).unlink()
    reading.read_next(pool, by=ME, now=now, most=1)
    assert Mail.objects.get().unreadable_reason == "missing"


def test_it_waits_for_a_spool_that_is_away(pool, now: dt.datetime, tmp_path: Path):
    intake.take_in(RAW, ENVELOPE, now=now)
    intake.folder().rename(tmp_path / "away")
    for minute in range(2 * reading.MOST_ATTEMPTS):
        assert reading.read_next(pool, by=ME, now=now + minute * reading.PUT_OFF, most=10) == 1
    assert Mail.objects.get().kind == "unread"
    (tmp_path / "away").rename(intake.folder())
    assert reading.read_next(pool, by=ME, now=now + dt.timedelta(hours=1), most=10) == 1
    assert Mail.objects.get().kind == "answer"


def test_it_reads_an_attachment_again_when_the_store_takes_it(pool, now: dt.datetime, tmp_path: Path):
    intake.take_in(WITH_FILE, ENVELOPE, now=now)
    intake.take_in(RAW, ENVELOPE, now=now)
    (tmp_path / "files").write_bytes(b"in the way")
    for minute in range(2 * reading.MOST_ATTEMPTS):
        reading.read_next(pool, by=ME, now=now + minute * reading.PUT_OFF, most=10)
    assert sorted(Mail.objects.values_list("kind", flat=True)) == ["answer", "unread"]
    (tmp_path / "files").unlink()
    reading.read_next(pool, by=ME, now=now + dt.timedelta(hours=1), most=10)
    assert content(Attachment.objects.get().file) == b"%PDF-1.4 x"


def test_it_waits_for_a_reader_that_cannot_be_started(now: dt.datetime, monkeypatch):
    readers = Pool(size=1)
    intake.take_in(RAW, ENVELOPE, now=now)
    with monkeypatch.context() as upgrade:
        upgrade.setattr(sys, "executable", "/nowhere/python")
        for minute in range(2 * reading.MOST_ATTEMPTS):
            reading.read_next(readers, by=ME, now=now + minute * reading.PUT_OFF, most=10)
    assert Mail.objects.get().kind == "unread"
    reading.read_next(readers, by=ME, now=now + dt.timedelta(hours=1), most=10)
    readers.close()
    assert Mail.objects.get().kind == "answer"


def test_it_reads_what_was_taken_with_a_poisonous_message(pool, now: dt.datetime):
    for number in range(5):
        intake.take_in(b"X-N: %d\r\n" % number + RAW, ENVELOPE, now=now)
    for _ in range(2):
        reading.claim(Mail.objects.to_read(), by=mark_of("dead"), now=now, lasting=reading.LEASE, most=5)
        let_go(Mail.objects.to_read(), by=mark_of("dead"))
    assert [reading.read_next(pool, by=ME, now=now, most=5) for _ in range(6)] == [1, 1, 1, 1, 1, 0]
    assert set(Mail.objects.values_list("kind", flat=True)) == {"answer"}


def test_it_stores_addresses_that_no_database_takes(take):
    mail = take(RAW, "nul\x00@answerable.example", sender=b"\xff@x.example".decode("utf-8", "surrogateescape"))
    assert mail.envelope_from == "?@x.example" and mail.envelope_to == ["nul@answerable.example"]
