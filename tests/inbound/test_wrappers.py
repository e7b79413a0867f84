"""What words and files are wrapped in: Outlook's winmail.dat, PGP's armour, uuencode, messages inside messages."""

import base64
import binascii
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerable.inbound import inline, tnef
from answerable.inbound.attached import File
from answerable.inbound.parsed import Parsed
from answerable.inbound.parsing import parse
from tests.inbound.saved_by_outlook import winmail, winmail_properties

PDF = b"%PDF-1.4 " + bytes(300)
TEXT = "He is in Marlow.\nنیما در مارلو است."
WINMAIL = winmail(
    (0x69007, (1252).to_bytes(4, "little") + bytes(4)),
    (
        0x69003,
        winmail_properties(
            (0x03, 0x0017, bytes(4)),
            (0x1F, 0x8001, "x".encode("utf-16-le")),
            (0x40, 0x0039, bytes(8)),
            (0x1F, 0x1000, f"{TEXT}\0".encode("utf-16-le")),
        ),
    ),
    (0x69002, bytes(14)),
    (0x18010, b"ANSWER~1.PDF\0"),
    (0x6800F, PDF),
    (
        0x69005,
        winmail_properties((0x1F, 0x3707, "پاسخ ۱.pdf\0".encode("utf-16-le")), (0x1E, 0x370E, b"application/pdf\0")),
    ),
    (0x69002, bytes(14)),
    (0x18010, "Régistre.txt".encode("cp1252")),
    (0x6800F, b"words"),
)


def mixed(*parts: bytes) -> Parsed:
    whole = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"
    parsed = parse(b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + whole)
    assert isinstance(parsed, Parsed)
    return parsed


def as_part(media_type: str, content: bytes) -> bytes:
    return b"Content-Type: %s\r\nContent-Transfer-Encoding: base64\r\n\r\n%s" % (
        media_type.encode(),
        base64.encodebytes(content),
    )


@pytest.mark.parametrize("media_type", ["application/ms-tnef", 'application/octet-stream; name="WINMAIL.DAT"'])
def test_it_takes_words_and_files_out_of_winmail(media_type: str):
    parsed = mixed(as_part(media_type, WINMAIL))
    assert parsed.text == TEXT and parsed.notes == ("tnef-read",)
    assert [(one.name, one.media_type, one.size) for one in parsed.attachments[1:]] == [
        ("پاسخ ۱.pdf", "application/pdf", len(PDF)),
        ("Régistre.txt", "application/octet-stream", 5),
    ]
    assert parsed.attachments[0].content == WINMAIL


def test_it_believes_the_plain_words_before_those_of_winmail():
    assert mixed(b"\r\nIn the file.\r\n", as_part("application/ms-tnef", WINMAIL)).text == "In the file."


def test_it_takes_html_out_of_winmail():
    html = winmail((0x69003, winmail_properties((0x102, 0x1013, b"<p>He is in <b>Marlow</b>.</p>"))))
    assert mixed(as_part("application/ms-tnef", html)).text == "He is in Marlow."


def test_it_reads_what_old_exchange_wrote():
    assert (
        tnef.unwrap(winmail((0x69007, (1251).to_bytes(8, "little")), (0x2800C, "Письмо\0".encode("cp1251")))).text
        == "Письмо"
    )


@pytest.mark.parametrize("content", [b"", b"no winmail", WINMAIL[:40], WINMAIL[:-20], winmail((0x69003, b"\xff" * 60))])
def test_it_keeps_a_winmail_that_is_none(content: bytes):
    parsed = mixed(b"\r\nwords\r\n", as_part("application/ms-tnef", content))
    assert (parsed.text, parsed.notes, len(parsed.attachments)) == ("words", ("tnef",), 1)


@given(st.binary(max_size=300), st.integers(0, len(WINMAIL)))
def test_it_survives_any_winmail(noise: bytes, at: int):
    for raw in (WINMAIL[:at] + noise, WINMAIL[:at] + noise + WINMAIL[at + len(noise) :]):
        with contextlib.suppress(ValueError):
            assert len(tnef.unwrap(raw).files) <= len(raw)


def test_it_reads_words_signed_with_pgp():
    signed = (
        "Before.\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nHe is in Marlow.\n- - one\n- -----BEGIN x\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQAB\n=abcd\n-----END PGP SIGNATURE-----\nAfter.\n- two"
    )
    parsed = mixed(b"\r\n" + signed.replace("\n", "\r\n").encode())
    assert parsed.text == "Before.\nHe is in Marlow.\n- one\n-----BEGIN x\nAfter.\n- two"
    assert parsed.notes == ("pgp-signed",)


@pytest.mark.parametrize(
    "broken",
    [
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\nno empty line\n-----END PGP SIGNATURE-----",
        "-----BEGIN PGP SIGNED MESSAGE-----\n\nwords\n-----END PGP SIGNATURE-----",
        "-----BEGIN PGP SIGNED MESSAGE-----\n\nwords",
    ],
)
def test_it_hides_nothing_behind_a_broken_armour(broken: str):
    assert inline.unwrap(broken, [])[0] == broken


def test_it_names_what_it_cannot_open():
    assert mixed(b"\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQ==\r\n-----END PGP MESSAGE-----").notes == (
        "pgp-encrypted",
    )
    signed = mixed(b"\r\nwords\r\n", as_part("application/pkcs7-signature", b"\x30\x80"))
    assert signed.notes == ("smime-signed",) and signed.attachments[0].name == "smime.p7s"
    opaque = parse(b"Content-Type: application/pkcs7-mime\r\n\r\nx")
    assert isinstance(opaque, Parsed) and opaque.notes == ("smime",) and opaque.attachments[0].name == "smime.p7m"


def uuencoded(name: str, content: bytes) -> str:
    lines = [binascii.b2a_uu(content[at : at + 45]).decode() for at in range(0, len(content), 45)]
    return f"begin 644 {name}\n{''.join(lines)}`\nend"


def test_it_takes_uuencoded_files_out_of_the_words():
    text = f"Above.\n{uuencoded('a b.pdf', PDF)}\nBetween.\n{uuencoded('b.txt', b'x')}\nBelow."
    words, files = inline.unwrap(text, [])
    assert words == "Above.\nBetween.\nBelow."
    assert files == [File("a b.pdf", content=PDF), File("b.txt", content=b"x")]
    assert [one.media_type for one in mixed(b"\r\n" + text.encode()).attachments][0] == "application/pdf"


@pytest.mark.parametrize(
    "text", ["begin 644 a\nThis is a sentence.\nend", "begin 644 a\n#0V%T\n`", "begin with the end\nend", "\nend"]
)
def test_it_takes_sentences_for_sentences(text: str):
    assert inline.unwrap(text, []) == (text, [])


def test_it_names_a_message_inside_by_its_subject():
    inner = b"Content-Type: message/rfc822\r\n\r\nFrom: c@d.example\r\nSubject: =?utf-8?q?R=C3=A9ponse_1/2?=\r\n\r\nInner.\r\n"
    parsed = mixed(b"\r\nOuter.\r\n", inner, inner.replace(b"Subject", b"X"))
    assert parsed.text == "Outer."
    assert [one.name for one in parsed.attachments] == ["Réponse 1-2.eml", "attachment-2.eml"]
