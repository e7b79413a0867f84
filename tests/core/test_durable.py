"""Whole or absent: what is left where the disk would not have it, and when several ask at once."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

from answerable.core.durable import make_once, write_whole


def test_it_replaces_a_file_with_a_whole_one(tmp_path: Path):
    path = tmp_path / "log.key"
    write_whole(path, b"one")
    write_whole(path, b"another")
    assert path.read_bytes() == b"another"
    assert [one.name for one in tmp_path.iterdir()] == ["log.key"]


def test_it_leaves_what_was_there_when_the_disk_takes_no_more(tmp_path: Path):
    path = tmp_path / "page"
    path.write_bytes(b"as it was")
    program = (
        "import resource, signal, sys; from pathlib import Path; from answerable.core.durable import write_whole\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "write_whole(Path(sys.argv[1]), bytes(1000))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True)
    assert "File too large" in done.stderr, done.stderr
    assert path.read_bytes() == b"as it was"
    assert list(tmp_path.iterdir()) == [path]


def test_it_makes_a_thing_once_however_many_ask(tmp_path: Path):
    numbers = count()
    with ThreadPoolExecutor(8) as threads:
        got = list(threads.map(lambda _: make_once(tmp_path / "id", lambda: str(next(numbers)).encode()), range(40)))
    assert set(got) == {(tmp_path / "id").read_bytes()}
    assert [one.name for one in tmp_path.iterdir()] == ["id"]
    assert (tmp_path / "id").stat().st_mode & 0o077 == 0


def test_it_says_that_a_folder_is_gone(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "gone" / "file", b"x")
