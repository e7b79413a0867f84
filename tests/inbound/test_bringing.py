"""What a person brings: a message that a mail program saved, a whole mailbox, and what is neither."""

import datetime as dt

import pytest

from answerable import journey
from answerable.accounts.models import Team, User
from answerable.core.errors import Refused
from answerable.core.leases import mark_of
from answerable.dispatch.outbox import reply_address
from answerable.inbound import bringing, intake, reading
from answerable.inbound.bringing import Brought, bring_in, messages_in
from answerable.inbound.models import Mail, Reply
from answerable.inbound.parsed import Parsed, Unreadable
from answerable.inbound.parsing import parse
from tests.inbound import saved_by_outlook as outlook
from tests.inbound.saved_by_outlook import msg

ONE = b"From: registry@justice.example\nMessage-ID: <1@justice.example>\nSubject: one\n\nHe is in Marlow.\n"
TWO = b"From: registry@justice.example\nMessage-ID: <2@justice.example>\nSubject: two\n\nFrom now on:\n\nFrom here.\n"
OWN = b"From: Alice <ALICE@people.example>\nSubject: mine\n\nWhere is Nima?\n"
HEADERS = (
    "Received: from mx.example\r\nFrom: =?utf-8?q?R=C3=A9gistre?= <registry@justice.example>\r\n"
    "To: family@people.example\r\nMessage-ID: <1@justice.example>\r\nSubject: one\r\n"
    "Content-Type: multipart/alternative; boundary=gone\r\nDate: Mon, 2 Mar 2026 08:00:00 +0000\r\n\r\n"
)
AT = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
OUTLOOK_AT = int((AT - dt.datetime(1601, 1, 1, tzinfo=dt.UTC)).total_seconds()) * 10_000_000


def mbox(*messages: bytes, line: bytes = b"From - Mon Mar  2 08:00:00 2026\n") -> bytes:
    return b"".join(line + one.replace(b"\nFrom ", b"\n>From ") + b"\n" for one in messages)


@pytest.mark.parametrize("content", [ONE, b"\xef\xbb\xbf" + ONE, mbox(ONE), b"Received: from mx.example\r\n" + ONE])
def test_it_takes_one_message_as_it_came(content: bytes):
    (raw,) = messages_in(content)
    assert raw.endswith(ONE)


@pytest.mark.parametrize(
    "line",
    [
        b"From - Mon Mar  2 08:00:00 2026\n",
        b"From registry@justice.example Mon Mar  2 08:00:00 2026\r\n",
        b"From 1234567@xxx Mon Mar 02 08:00:00 +0000 2026\n",
    ],
)
def test_it_takes_each_message_of_a_mailbox(line: bytes):
    assert messages_in(mbox(ONE, TWO, ONE, line=line)) == [ONE, TWO, ONE]


def test_it_takes_what_a_mailbox_quotes_as_deep_as_it_was():
    assert messages_in(mbox(ONE) + b"From - x\nSubject: y\n\n>>From a\n>From b\n") == [
        ONE,
        b"Subject: y\n\n>From a\nFrom b\n",
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.4 x",
        b"PK\x03\x04 word/document.xml",
        b"<html><body>From: me</body></html>",
        b"Dear Sir,\n\nFrom: the family\n",
        b"From here on it is a letter.\n\nWords.\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5_000),
        b"\x00" * 100,
        b"",
    ],
)
def test_it_says_what_it_takes_where_it_is_no_message(content: bytes):
    with pytest.raises(Refused, match="choose an .eml, .msg or mbox file"):
        messages_in(content)


def test_it_has_limits(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bringing, "MOST_MESSAGES", 2)
    with pytest.raises(Refused, match="holds 3 messages, and at most 2"):
        messages_in(mbox(ONE, ONE, ONE))
    monkeypatch.setattr(bringing, "LARGEST", 10)
    with pytest.raises(Refused, match="too large"):
        messages_in(ONE)


def test_it_files_a_mailbox_as_guesses_and_leaves_out_what_the_team_wrote(
    dispatches, pool, team: Team, alice: User, now: dt.datetime
):
    address = reply_address(dispatches[0])
    assert bring_in(mbox(ONE, OWN, TWO), to=address, team=team, now=now) == Brought(2, left_out=1)
    assert bring_in(mbox(TWO, OWN), to=address, team=team, now=now) == Brought(1, left_out=1)
    read_all(pool, now)
    assert {(reply.mail.subject, reply.kind, reply.kind_guessed) for reply in Reply.objects.all()} == {
        ("one", "answer", True),
        ("two", "answer", True),
    }
    recipient = dispatches[0].recipient
    recipient.refresh_from_db()
    assert recipient.state == "waiting"
    assert bring_in(ONE, to=address, team=team, now=now) == Brought(1)
    with pytest.raises(Refused, match="from your own address"):
        bring_in(mbox(OWN, OWN), to=address, team=team, now=now)


def test_it_refuses_kindly_where_the_disk_does_not_take_it(dispatches, team: Team, now: dt.datetime):
    intake.folder().write_text("a file where the folder should be")
    with pytest.raises(Refused, match="could not be kept"):
        bring_in(ONE, to=reply_address(dispatches[0]), team=team, now=now)


def test_it_reads_what_outlook_saved(dispatches, pool, team: Team, now: dt.datetime):
    words = "He is in Marlow.\r\nنیما در مارلو است.\r\n"
    raw = msg(
        {outlook.SUBJECT: "one", outlook.HEADERS: HEADERS, outlook.BODY: words},
        files=[("پاسخ.pdf", "application/pdf", b"%PDF-1.4 " + bytes(9_000)), ("x", "not a type", b"small")],
    )
    bring_in(raw, to=reply_address(dispatches[0]), team=team, now=now)
    read_all(pool, now)
    mail = Mail.objects.get()
    assert (mail.from_name, mail.message_id, mail.dated_at) == ("Régistre", "<1@justice.example>", AT)
    assert mail.text == words.replace("\r\n", "\n").strip() and mail.kind == "answer"
    assert [(one.name, one.media_type, one.size) for one in mail.attachments.all()] == [
        ("پاسخ.pdf", "application/pdf", 9_009),
        ("x", "application/octet-stream", 5),
    ]
    assert intake.original(mail) == raw and Reply.objects.get().recipient == dispatches[0].recipient


def test_it_makes_headers_of_what_outlook_kept_where_none_came():
    parsed = parse(
        msg(
            {
                outlook.SUBJECT: "Your letter",
                outlook.SENDER: "registry@justice.example",
                outlook.SENDER_NAME: "Registry",
                outlook.SENT_AT: OUTLOOK_AT,
                outlook.MESSAGE_ID: "<3@justice.example>",
                outlook.HTML: b"<p>He is in <b>Marlow</b>.</p>",
            },
            to=["family@people.example"],
            files=[("a message", "message/rfc822", None)],
        )
    )
    assert isinstance(parsed, Parsed)
    assert (parsed.from_name, parsed.from_address) == ("Registry", "registry@justice.example")
    assert (parsed.subject, parsed.dated_at, parsed.message_id) == ("Your letter", AT, "<3@justice.example>")
    assert parsed.to == ("family@people.example",) and parsed.text == "He is in Marlow."
    assert parsed.notes == ("inside-original", "from-html") and parsed.attachments == ()


def test_it_keeps_a_broken_outlook_file_as_unreadable():
    whole = msg({outlook.BODY: "words" * 3_000})
    for broken in (
        whole[:2_000],
        whole[:600] + bytes(len(whole) - 600),
        whole.replace(b"\x1f\x00\x00\x10", b"\x02\x01\x00\x10"),
    ):
        assert isinstance(parse(broken), Parsed | Unreadable)
    assert isinstance(parse(whole[:2_000]), Unreadable)


def read_all(pool, now: dt.datetime) -> None:
    reading.read_next(pool, by=mark_of("here"), now=now, most=10)
    journey.receive(*Mail.objects.to_receive(), now=now)
