"""The spool: durable, the same once, settled, and honest about a disk that would not have it."""

import datetime as dt
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from answerable.inbound.spool import Envelope, NotKept, digest, keep, kept_in, load, settle, sweep, waiting

RAW = b"Subject: x\r\n\r\nwords \x00\xff\r\n"
ENVELOPE = Envelope("office@Ministry.Example", ("r.b@Answerable.example", "r.a@answerable.example"), "smtp")


def test_it_keeps_the_bytes_and_the_envelope(tmp_path: Path, now: dt.datetime):
    kept = keep(tmp_path / "spool", RAW, ENVELOPE, now=now)
    assert load(tmp_path / "spool", kept.digest) == RAW
    assert kept_in(tmp_path / "spool", kept.digest) == kept
    assert kept.envelope.rcpt_tos == ("r.a@answerable.example", "r.b@answerable.example")
    assert kept.envelope.mail_from == "office@ministry.example"


def test_it_keeps_addresses_that_are_no_text(tmp_path: Path, now: dt.datetime):
    envelope = Envelope(b"caf\xe9@x.example".decode("utf-8", "surrogateescape"), (), "smtp")
    kept = keep(tmp_path, RAW, envelope, now=now)
    assert kept_in(tmp_path, kept.digest).envelope == envelope


def test_it_keeps_the_same_message_once_whatever_the_way_and_time(tmp_path: Path, now: dt.datetime):
    first = keep(tmp_path, RAW, ENVELOPE, now=now)
    again = keep(tmp_path, RAW, Envelope(ENVELOPE.mail_from, ENVELOPE.rcpt_tos, "lmtp"), now=now + dt.timedelta(days=1))
    assert first.digest == again.digest and len(list(waiting(tmp_path))) == 1
    settle(tmp_path, first.digest)
    keep(tmp_path, RAW, ENVELOPE, now=now)
    assert not list(waiting(tmp_path)) and load(tmp_path, first.digest) == RAW


def test_it_tells_the_null_sender_from_an_unknown_one():
    assert digest(RAW, Envelope("", (), "smtp")) != digest(RAW, Envelope(None, (), "smtp"))


def test_it_settles_twice(tmp_path: Path, now: dt.datetime):
    kept = keep(tmp_path, RAW, ENVELOPE, now=now)
    settle(tmp_path, kept.digest)
    settle(tmp_path, kept.digest)
    assert kept_in(tmp_path, kept.digest) == kept


def test_it_says_so_when_nothing_was_kept(tmp_path: Path, now: dt.datetime):
    (tmp_path / "spool").write_text("a file where the folder should be")
    with pytest.raises(NotKept):
        keep(tmp_path / "spool", RAW, ENVELOPE, now=now)


def test_it_keeps_again_after_its_folders_were_removed(tmp_path: Path, now: dt.datetime):
    keep(tmp_path, RAW, ENVELOPE, now=now)
    for path in (tmp_path / "new").iterdir():
        path.unlink()
    (tmp_path / "new").rmdir()
    (tmp_path / "part").rmdir()
    kept = keep(tmp_path, RAW, ENVELOPE, now=now)
    assert load(tmp_path, kept.digest) == RAW


def test_it_passes_over_what_is_not_its_own(tmp_path: Path, now: dt.datetime):
    keep(tmp_path, RAW, ENVELOPE, now=now)
    (tmp_path / "new" / "notes.txt").write_text("mine")
    (tmp_path / "new" / ("0" * 64)).write_text("not a spool file")
    assert len(list(waiting(tmp_path))) == 1
    with pytest.raises(FileNotFoundError):
        load(tmp_path, "../../secret.key")


def test_it_sweeps_only_old_pieces(tmp_path: Path, now: dt.datetime):
    keep(tmp_path, RAW, ENVELOPE, now=now)
    old, new = tmp_path / "part" / "old", tmp_path / "part" / "new"
    for path, age in ((old, 2), (new, 0)):
        path.write_text("half")
        at = (now - dt.timedelta(days=age)).timestamp()
        os.utime(path, (at, at))
    sweep(tmp_path, now=now)
    assert not old.exists() and new.exists()


def test_it_passes_over_what_is_not_ours_and_gives_the_rest(tmp_path: Path, now: dt.datetime):
    kept = keep(tmp_path, b"Subject: hello\r\n\r\n", ENVELOPE, now=now)
    for number, line in enumerate([b"", b"null\n", b"{}\n", b'{"rcpt_tos": 3}\n', b"\xff\n"]):
        (tmp_path / "new" / f"{number:064}").write_bytes(line)
    (tmp_path / "new" / ("a" * 64)).mkdir()
    assert [one.digest for one in waiting(tmp_path)] == [kept.digest]


def test_it_finds_a_message_that_is_settled_while_it_looks(tmp_path: Path, now: dt.datetime):
    names = [keep(tmp_path, b"%d" % n, ENVELOPE, now=now).digest for n in range(300)]
    with ThreadPoolExecutor(2) as threads:
        settling = threads.submit(lambda: [settle(tmp_path, name) for name in names])
        while not settling.done():
            for name in names:
                assert kept_in(tmp_path, name).digest == name


def test_it_syncs_what_a_killed_process_had_renamed_before_it_says_kept(tmp_path: Path, now: dt.datetime, monkeypatch):
    first = keep(tmp_path, RAW, ENVELOPE, now=now)
    synced, sync = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (synced.append(Path(os.readlink(f"/proc/self/fd/{fd}"))), sync(fd)))
    keep(tmp_path, RAW, ENVELOPE, now=now)
    settle(tmp_path, first.digest)
    keep(tmp_path, RAW, ENVELOPE, now=now)
    assert synced == [tmp_path / "new", tmp_path / "kept" / first.digest[:2]]
