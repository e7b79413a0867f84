"""One hand-over by SMTP, against servers that say, do and break what servers do. All of them are real sockets."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from answerable.dispatch.email import HandOver, Outcome, Server, hand_over

MESSAGE = b"From: a@people.example\r\nTo: b@office.example\r\n\r\n.a line that begins with a dot\r\nend\r\n"
GREETING, EHLO, MAIL, RCPT, DATA, DOT, QUIT = (
    "220 hello",
    "250 hello",
    "250 ok",
    "250 ok",
    "354 go on",
    "250 2.0.0 kept as 17",
    "221 bye",
)


class Script:
    """A server that answers as told. An answer of None hangs up instead."""

    def __init__(self, *answers: str | None) -> None:
        self.answers = answers
        self.message = b""
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]

    def serve(self) -> None:
        connection, _address = self.listening.accept()
        with connection, connection.makefile("rb") as lines:
            for number, answer in enumerate(self.answers):
                if number and not self._read(lines, in_data=self.answers[number - 1] == DATA):
                    return
                if answer is None:
                    return
                connection.sendall(answer.encode() + b"\r\n")

    def _read(self, lines, *, in_data: bool) -> bool:
        while line := lines.readline():
            if not in_data:
                return True
            if line == b".\r\n":
                return True
            self.message += line
        return False


@contextmanager
def server(*answers: str | None) -> Iterator[Script]:
    script = Script(*answers)
    thread = threading.Thread(target=script.serve)
    thread.start()
    try:
        yield script
    finally:
        script.listening.close()
        thread.join(timeout=5)


def handed_to(script: Script) -> HandOver:
    return hand_over(
        MESSAGE,
        sender="a@people.example",
        recipient="b@office.example",
        server=Server("127.0.0.1", script.port),
        timeout=3,
    )


def test_it_is_accepted_when_the_server_says_250_and_the_words_are_kept():
    with server(GREETING, EHLO, MAIL, RCPT, DATA, DOT, QUIT) as script:
        assert handed_to(script) == HandOver(Outcome.ACCEPTED, "250 2.0.0 kept as 17")
    assert b"..a line that begins with a dot\r\n" in script.message
    assert script.message.count(b"\r\n") == MESSAGE.count(b"\r\n")


def test_it_keeps_words_that_every_database_takes():
    with server(GREETING, EHLO, MAIL, RCPT, DATA, "250 kept\0 as 17", QUIT) as script:
        assert handed_to(script) == HandOver(Outcome.ACCEPTED, "250 kept as 17")


@pytest.mark.parametrize(
    "after_the_dot",
    [["550 never heard of"], [None], ["221 bye", "and more"]],
    ids=["quit is refused", "it hangs up on quit", "it goes on talking"],
)
def test_it_stays_accepted_whatever_happens_afterwards(after_the_dot):
    with server(GREETING, EHLO, MAIL, RCPT, DATA, DOT, *after_the_dot) as script:
        assert handed_to(script).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(
    "answers",
    [
        (GREETING, EHLO, "550 5.7.1 not from you"),
        (GREETING, EHLO, MAIL, "550 5.1.1 no such office"),
        (GREETING, EHLO, MAIL, RCPT, "554 no"),
        (GREETING, EHLO, MAIL, RCPT, DATA, "554 5.6.0 we do not like the words"),
    ],
    ids=["at MAIL", "at RCPT", "at DATA", "after the dot"],
)
def test_it_is_refused_by_an_explicit_5xx(answers):
    with server(*answers, QUIT) as script:
        said = handed_to(script)
    assert said.outcome is Outcome.REFUSED
    assert said.words == answers[-1]


@pytest.mark.parametrize(
    "answers",
    [
        ("421 too busy",),
        (GREETING, EHLO, "451 later"),
        (GREETING, EHLO, MAIL, "450 4.2.0 greylisted"),
        (GREETING, EHLO, MAIL, RCPT, "451 later"),
        (GREETING, EHLO, MAIL, RCPT, DATA, "452 4.3.1 full"),
        (GREETING, EHLO, MAIL, None),
        (GREETING, EHLO, MAIL, RCPT, None),
        (None,),
    ],
    ids=[
        "greeting",
        "MAIL",
        "RCPT",
        "DATA",
        "after the dot",
        "hangs up at RCPT",
        "hangs up at DATA",
        "hangs up at once",
    ],
)
def test_it_is_put_off_while_nothing_was_handed_over_or_by_an_explicit_4xx(answers):
    with server(*answers, QUIT) as script:
        assert handed_to(script).outcome is Outcome.PUT_OFF


def test_it_is_put_off_when_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    said = hand_over(MESSAGE, sender="a@people.example", recipient="b@office.example", server=Server("127.0.0.1", port))
    assert said.outcome is Outcome.PUT_OFF


@pytest.mark.parametrize("answer", [None, "nonsense without a code"], ids=["hangs up", "babbles"])
def test_it_is_unknown_once_the_message_left_and_no_clear_answer_came(answer):
    with server(GREETING, EHLO, MAIL, RCPT, DATA, answer) as script:
        assert handed_to(script).outcome is Outcome.UNKNOWN


def test_it_is_put_off_when_a_password_cannot_be_said_to_the_server():
    with server(GREETING, "250-hello\r\n250 AUTH PLAIN LOGIN", QUIT) as script:
        account = Server("127.0.0.1", script.port, username="alice", password="schlüssel")
        said = hand_over(MESSAGE, sender="a@people.example", recipient="b@office.example", server=account)
    assert said.outcome is Outcome.PUT_OFF
    nowhere = Server("mail..example", 25)
    said = hand_over(MESSAGE, sender="a@people.example", recipient="b@office.example", server=nowhere)
    assert said.outcome is Outcome.PUT_OFF
