"""Real SMTP and LMTP conversations with the intake, and what is left after it was killed."""

import asyncio
import datetime as dt
import os
import signal
import smtplib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from queue import Queue

import pytest

from answerable.inbound import listener, spool

DOMAIN = "answerable.example"
TO = f"anything.at.all@{DOMAIN}"


@contextmanager
def listening(folder: Path, **options: object) -> Iterator[int]:
    """The intake in a thread of this process; its port."""
    up: Queue[int] = Queue()
    loops: Queue[tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]] = Queue()

    async def serve() -> None:
        clock = partial(dt.datetime.now, dt.UTC)
        serving = asyncio.create_task(
            listener.serve("127.0.0.1", 0, folder=folder, domain=DOMAIN, clock=clock, ready=up.put, **options)
        )
        loops.put((asyncio.get_running_loop(), serving))
        await asyncio.wait([serving])

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    loop, serving = loops.get(timeout=10)
    try:
        yield up.get(timeout=10)
    finally:
        loop.call_soon_threadsafe(serving.cancel)
        thread.join(10)


def contents(folder: Path) -> list[bytes]:
    return sorted(spool.load(folder, kept.digest) for kept in spool.waiting(folder))


def test_it_takes_any_local_part_of_its_domain_and_no_other_domain(tmp_path: Path):
    with listening(tmp_path) as port, smtplib.SMTP("127.0.0.1", port) as client:
        refused = client.sendmail("", [TO, "x@ANSWERABLE.example", "x@elsewhere.example"], b"Subject: a\r\n\r\nb\r\n")
        assert list(refused) == ["x@elsewhere.example"] and refused["x@elsewhere.example"][0] == 550
    (kept,) = spool.waiting(tmp_path)
    assert kept.envelope == spool.Envelope("", (TO, f"x@{DOMAIN}"), "smtp")


@pytest.mark.parametrize(
    "raw",
    [
        b".a dot\r\n..two\r\nend.\r\n.\r\n last\r\n",
        b"x" * 300_000 + b"\r\n",
        b"\r\n",
        b"8 bit \xff\xfe and nul \x00\r\n",
        b"a bare\nline feed and\rreturn.\n.\n\r\n",
    ],
    ids=["dots", "long line", "nearly nothing", "8 bit", "bare line ends"],
)
def test_it_keeps_the_bytes_as_they_were_sent(tmp_path: Path, raw: bytes):
    with listening(tmp_path) as port, smtplib.SMTP("127.0.0.1", port) as client:
        client.ehlo()
        client.mail("a@office.example")
        client.rcpt(TO)
        client.docmd("DATA")
        client.send((b"\r\n" + raw).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n")
        assert client.getreply()[0] == 250
        assert client.noop()[0] == 250
    assert contents(tmp_path) == [raw]


def test_it_takes_an_address_in_any_script(tmp_path: Path):
    with listening(tmp_path) as port, smtplib.SMTP("127.0.0.1", port) as client:
        client.ehlo()
        client.command_encoding = "utf-8"
        assert client.docmd("MAIL", "FROM:<دفتر@office.example> SMTPUTF8")[0] == 250
        assert client.rcpt(TO)[0] == 250
        assert client.data(b"Subject: a\r\n\r\nb\r\n")[0] == 250
    (kept,) = spool.waiting(tmp_path)
    assert kept.envelope.mail_from == "دفتر@office.example"


def test_it_refuses_what_is_too_large_and_goes_on(tmp_path: Path):
    with listening(tmp_path, largest=100_000) as port, smtplib.SMTP("127.0.0.1", port) as client:
        client.ehlo()
        assert client.esmtp_features["size"] == "100000"
        client.docmd("MAIL", "FROM:<a@office.example>")
        client.rcpt(TO)
        assert client.data(b"x\r\n" * 50_000)[0] == 552
        client.sendmail("a@office.example", TO, b"small\r\n")
    assert contents(tmp_path) == [b"small\r\n"]


def test_it_puts_off_what_cannot_be_kept(tmp_path: Path):
    folder = tmp_path / "spool"
    folder.write_text("a file where the folder should be")
    with listening(folder) as port, smtplib.SMTP("127.0.0.1", port) as client:
        with pytest.raises(smtplib.SMTPDataError) as put_off:
            client.sendmail("a@office.example", TO, b"x\r\n")
        assert put_off.value.smtp_code == 452
        folder.unlink()
        client.sendmail("a@office.example", TO, b"x\r\n")
    assert contents(folder) == [b"x\r\n"]


def test_it_puts_off_when_it_fails_itself(tmp_path: Path):
    intake = listener.Intake(tmp_path, DOMAIN, "smtp", lambda: dt.datetime.now(dt.UTC))
    assert asyncio.run(intake.handle_exception(RuntimeError("x"))).startswith("451 ")


def test_it_answers_once_for_each_lmtp_recipient(tmp_path: Path):
    with listening(tmp_path, lmtp=True) as port, socket.create_connection(("127.0.0.1", port)) as line:
        talk = line.makefile("rwb")

        def say(words: str, answers: int = 1) -> list[bytes]:
            talk.write(words.encode() + b"\r\n")
            talk.flush()
            return [talk.readline()[:3] for _ in range(answers)]

        talk.readline()
        say("LHLO mx.example", 5)
        say("MAIL FROM:<>")
        assert say(f"RCPT TO:<a@{DOMAIN}>") == say(f"RCPT TO:<b@{DOMAIN}>") == [b"250"]
        assert say("RCPT TO:<c@elsewhere.example>") == [b"550"]
        assert say("DATA") == [b"354"]
        assert say("Subject: x\r\n\r\ny\r\n.", 2) == [b"250", b"250"]
        assert say("NOOP") == [b"250"]
    assert len(contents(tmp_path)) == 1


LISTEN = """
import datetime as dt, sys
from pathlib import Path
from answerable.inbound.listener import listen
listen("127.0.0.1", 0, folder=Path(sys.argv[1]), domain="answerable.example",
       clock=lambda: dt.datetime.now(dt.UTC), ready=lambda port: print(port, flush=True))
"""


def listener_process(folder: Path) -> tuple["subprocess.Popen[bytes]", int]:
    process = subprocess.Popen([sys.executable, "-c", LISTEN, str(folder)], stdout=subprocess.PIPE)
    assert process.stdout
    return process, int(process.stdout.readline())


def test_it_loses_nothing_that_it_answered_for_when_it_is_killed(tmp_path: Path):
    answered: list[bytes] = []
    for life in range(3):
        process, port = listener_process(tmp_path)
        clients = [threading.Thread(target=send_until_cut, args=(port, life, n, answered)) for n in range(4)]
        for client in clients:
            client.start()
        wait_until_longer(answered, 25 * (life + 1))
        os.kill(process.pid, signal.SIGKILL)
        for client in clients:
            client.join(10)
        process.wait()
        assert process.stdout
        process.stdout.close()
    kept = contents(tmp_path)
    assert len(answered) >= 75
    assert set(answered) <= set(kept)
    assert len(kept) == len(set(kept))


def send_until_cut(port: int, life: int, number: int, answered: list[bytes]) -> None:
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            for count in range(10_000):
                raw = f"Subject: {life} {number} {count}\r\n\r\n".encode() + b"words\r\n" * 200
                client.sendmail("a@office.example", TO, raw)
                answered.append(raw)
    except (OSError, smtplib.SMTPException):
        return


def wait_until_longer(answered: list[bytes], than: int) -> None:
    waited = threading.Event()
    for _ in range(1_000):
        if len(answered) > than:
            return
        waited.wait(0.01)
    raise AssertionError("it did not answer that often within ten seconds")


def test_it_ends_when_it_is_told_to(tmp_path: Path):
    process, _port = listener_process(tmp_path)
    process.terminate()
    assert process.wait(10) == 0
    assert process.stdout
    process.stdout.close()
