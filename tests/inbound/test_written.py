"""An answer written on our page, as a message: the same bytes each time, and nothing in it that it did not say."""

import datetime as dt
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerable.inbound.again import key_of
from answerable.inbound.kinds import Kind, kind_of
from answerable.inbound.parsed import Parsed
from answerable.inbound.parsing import parse
from answerable.inbound.spool import Envelope
from answerable.inbound.written import NO_ADDRESS, Written, as_message

TO = "r.00000000000000000000000000@answerable.example"
OPENED = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
ENVELOPE = Envelope(None, (TO,), "page")


def made(name="Ana Berisha", post="Registry", email="", text="He is in Marlow.", files=(), opened_at=OPENED):
    written = Written(name, post, email, text, files)
    return as_message(written, to=TO, subject="Where is Nima? [AN-7K3M-2QXD]", opened_at=opened_at)


def read(raw: bytes) -> Parsed:
    parsed = parse(raw)
    assert isinstance(parsed, Parsed)
    return parsed


def test_it_says_who_wrote_what_to_which_letter():
    parsed = read(made(email="ana@ministry.example", files=(("plan.pdf", b"%PDF-1.7 ..."), ("note.txt", b"seen"))))
    assert (parsed.from_name, parsed.from_address) == ("Ana Berisha, Registry", "ana@ministry.example")
    assert (parsed.to, parsed.subject) == ((TO,), "Re: Where is Nima? [AN-7K3M-2QXD]")
    assert (parsed.text, parsed.dated_at) == ("He is in Marlow.", OPENED)
    assert [(one.name, one.content) for one in parsed.attachments] == [
        ("plan.pdf", b"%PDF-1.7 ..."),
        ("note.txt", b"seen"),
    ]
    assert parsed.attachments[0].media_type == "application/pdf"


def test_it_is_a_message_that_any_program_reads():
    message = message_from_bytes(made(), policy=policy.default)
    assert message["X-Answerable-Way"] == "reply page"
    assert message["From"].addresses[0].addr_spec == NO_ADDRESS
    assert message["Date"].datetime == OPENED
    assert message["Message-ID"].endswith("@answerable.example>")
    assert not message.defects


def test_it_is_the_same_bytes_when_posted_twice_and_the_same_answer_from_another_opening():
    files = (("plan.pdf", b"%PDF-1.7 ..."),)
    again = made(files=files, opened_at=OPENED + dt.timedelta(hours=1))
    assert made(files=files) == made(files=files) != again
    assert key_of(read(made(files=files))) == key_of(read(again))
    assert key_of(read(made(files=files))) != key_of(read(made(files=files, name="Somebody else")))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ana\r\nBcc: everybody@elsewhere.example", "Ana Bcc: everybody@elsewhere.example, Registry"),
        ('"Ana" <boss@ministry.example>, (x)\\', '"Ana" <boss@ministry.example>, (x)\\, Registry'),
        ("=?utf-8?q?Minister?=", None),
        ("آنا بریشا", "آنا بریشا, Registry"),
        ("A\x00n\u202ea\u2066 \u2028B", "An a B, Registry"),
        ("بهاره رضایی\u200cنژاد", "بهاره رضایی\u200cنژاد, Registry"),
        ("ن" * 10_000, None),
    ],
)
def test_a_name_is_never_more_than_a_name(name, shown):
    raw = made(name=name)
    head = raw.split(b"\r\n\r\n")[0]
    message = message_from_bytes(raw)
    assert sorted(message.keys()) == sorted(message_from_bytes(made()).keys())
    assert max(map(len, head.split(b"\r\n"))) < 998
    parsed = read(raw)
    assert parsed.from_address == NO_ADDRESS
    assert shown is None or parsed.from_name == shown


@pytest.mark.parametrize(
    "name", ["a\r\nX: y.pdf", "../../etc/passwd", '"; filename="b.exe', "ن" * 3_000 + ".pdf", "\x00", ""]
)
def test_a_file_is_never_called_more_than_a_name(name):
    (attachment,) = read(made(files=((name, b"%PDF-1.7"),))).attachments
    assert attachment.content == b"%PDF-1.7"
    assert len(attachment.name) <= 150
    assert not set(attachment.name) & set("\r\n\x00/")
    assert attachment.name


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("He is in Marlow.", (Kind.ANSWER, False)),
        ("550 5.1.1 user unknown. This is what your letter came back with.", (Kind.ANSWER, False)),
        ("We acknowledge receipt of your letter.", (Kind.ACKNOWLEDGEMENT, True)),
    ],
)
def test_a_person_wrote_it_whatever_it_looks_like(text, kind):
    report = (
        "report.eml",
        b"Auto-Submitted: auto-replied\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed",
    )
    for raw in (made(text=text, email="mailer-daemon@ministry.example"), made(text=f"{text} " * 60, files=(report,))):
        verdict = kind_of(read(raw), ENVELOPE)
        assert (verdict.kind, verdict.guessed) in {kind, (Kind.ANSWER, False)}
    assert kind_of(read(made(text=text)), ENVELOPE).kind == kind[0]


@given(st.text(max_size=400), st.text(max_size=40), st.binary(max_size=200))
def test_it_loses_no_word_and_breaks_at_none(text, name, content):
    raw = made(text=text, name=name, files=((name, content),))
    assert raw == made(text=text, name=name, files=((name, content),))
    parsed = read(raw)
    lines = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    assert parsed.text.strip() == lines.strip()
    assert [one.content for one in parsed.attachments] == [content]
