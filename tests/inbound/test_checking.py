"""Signatures: what holds, for whom, and what a hostile one can cost. Keys and DNS are made here; the children are real."""

import base64
import time

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from answerable.inbound.checking import Checker
from answerable.inbound.models import Mail
from answerable.inbound.senders import verified

BODY = b"\r\n\r\nHe is in Marlow.\r\n"


@pytest.fixture(scope="module")
def key() -> tuple[bytes, str]:
    """A private key, and the record that publishes its other half."""
    pair = rsa.generate_private_key(65537, 2048)
    form = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    public = pair.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return pair.private_bytes(serialization.Encoding.PEM, *form), "v=DKIM1; k=rsa; p=" + _base64(public)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


@pytest.fixture
def asked() -> list[str]:
    """The names that were looked up."""
    return []


@pytest.fixture
def checker(key, asked):
    """A checker whose DNS has one key for every domain, and no policy but one."""

    def resolve(name: str) -> str | None:
        asked.append(name)
        if "_domainkey" in name:
            return key[1]
        return "v=DMARC1; p=reject; adkim=s" if name == "_dmarc.strict.example" else None

    made = Checker(resolve, seconds=10)
    yield made
    made.close()


def signed(key, *, by: str, sender: str = "Minister <minister@justice.example>", **how) -> bytes:
    raw = f"From: {sender}\r\nSubject: Your letter\r\nTo: team@people.example".encode() + BODY
    return dkim.sign(raw, b"mail", by.encode(), key[0], include_headers=[b"from", b"subject"], **how) + raw


@pytest.mark.parametrize(
    ("by", "sender", "aligned"),
    [
        ("justice.example", "minister@justice.example", "justice.example"),
        ("justice.example", "minister@registry.justice.example", "registry.justice.example"),
        ("justice-gov.example", "minister@justice-gov.example", "justice-gov.example"),
        ("gov.example", "minister@justice-gov.example", ""),
        ("bulk.example", "minister@justice.example", ""),
        ("mail.justice.example", "minister@justice.example", "justice.example"),
        ("mail.justice.example", "minister@registry.justice.example", ""),
        ("strict.example", "minister@strict.example", "strict.example"),
        ("strict.example", "minister@sub.strict.example", ""),
        ("justice.example", "a@justice.example, b@elsewhere.example", ""),
    ],
)
def test_it_says_for_which_sender_a_signature_holds(checker, key, by, sender, aligned):
    found = checker.check(signed(key, by=by, sender=sender))
    assert found["dkim"] == [{"domain": by, "result": "pass"}]
    assert (found["aligned"], found["arc"], found["spf"]) == (aligned, "none", "unknown")


@pytest.mark.parametrize("changed", [(b"Marlow", b"Barlow"), (b"Your letter", b"Your money")])
def test_it_sees_that_a_signed_message_was_changed(checker, key, changed):
    found = checker.check(signed(key, by="justice.example").replace(*changed))
    assert (found["dkim"][0]["result"], found["aligned"]) == ("fail", "")


def test_it_does_not_trust_a_signature_that_leaves_words_open(checker, key):
    raw = signed(key, by="justice.example", length=True) + b"Send money.\r\n"
    found = checker.check(raw)
    assert (found["dkim"][0]["result"], found["aligned"]) == ("partial", "")


def test_it_checks_the_chain_of_who_passed_it_on(checker, key):
    raw = b"Authentication-Results: list.example; dkim=pass\r\n" + signed(key, by="justice.example")
    sealed = b"".join(dkim.arc_sign(raw, b"mail", b"list.example", key[0], b"list.example", include_headers=[b"from"]))
    assert checker.check(sealed + raw)["arc"] == "pass"
    assert checker.check((sealed + raw).replace(b"Marlow", b"Barlow"))["arc"] == "fail"


def test_it_asks_nobody_about_a_message_that_is_not_signed(checker, asked):
    assert checker.check(b"From: a@justice.example\r\nSubject: x\r\n\r\nDKIM-Signature: in the words\r\n") == {}
    assert asked == []


def test_it_checks_nothing_for_a_while_when_the_dns_does_not_answer(key):
    asked = []

    def silent(name: str) -> str | None:
        asked.append(name)
        raise OSError("nobody there")

    checker = Checker(silent)
    try:
        assert checker.check(signed(key, by="justice.example"))["dkim"][0]["result"] == "unknown"
        assert checker.check(signed(key, by="justice.example")) == {}
        assert len(asked) == 1
    finally:
        checker.close()


def test_it_gives_up_on_what_takes_too_long_and_checks_the_next(key):
    hostile = signed(key, by="justice.example", canonicalize=(b"relaxed", b"relaxed"))
    hostile = hostile.replace(b"Marlow", b"x" + b" " * 400_000 + b"y")
    checker = Checker(lambda _name: key[1], seconds=3)
    try:
        started = time.monotonic()
        assert checker.check(hostile) == {}
        assert time.monotonic() - started < 8
        assert checker.check(signed(key, by="justice.example"))["aligned"] == "justice.example"
    finally:
        checker.close()


@pytest.mark.parametrize("record", [None, "", "v=DKIM1; p=", "v=DKIM1; p=!!!", "k=rsa; p=" + "A" * 5_000, "\x00"])
def test_it_survives_whatever_the_dns_says(key, record):
    checker = Checker(lambda _name: record)
    try:
        assert checker.check(signed(key, by="justice.example"))["dkim"][0]["result"] == "fail"
    finally:
        checker.close()


@pytest.mark.parametrize(
    "header", [b"DKIM-Signature: ", b"DKIM-Signature: v=1; d=\xff; b=" + b"=" * 999, b"ARC-Seal: i=99"]
)
def test_it_survives_a_signature_that_is_none(checker, header):
    found = checker.check(header + b"\r\nFrom: a@justice.example" + BODY)
    assert found["aligned"] == "" and {one["result"] for one in found["dkim"]} <= {"fail"}


def test_it_keeps_what_a_signature_shows_with_the_message(take, checker, key):
    mail = take(signed(key, by="justice.example"), "info@answerable.example", checker=checker)
    assert mail.verdicts["aligned"] == "justice.example"
    unsigned = take(b"From: a@justice.example" + BODY, "info@answerable.example", checker=checker)
    assert unsigned.verdicts is None


@pytest.mark.parametrize(
    ("verdicts", "sentence"),
    [
        (None, "Unverified: nothing that was checked"),
        ({"dkim": [{"domain": "justice.example", "result": "unknown"}], "aligned": ""}, "Unverified: nothing that was"),
        (
            {"dkim": [{"domain": "justice.example", "result": "fail"}], "aligned": ""},
            "Unverified: it has a signature that",
        ),
        (
            {"dkim": [{"domain": "bulk.example", "result": "pass"}], "aligned": ""},
            "Unverified: its signature holds, but",
        ),
        ({"dkim": [], "aligned": "elsewhere.example"}, "comes from elsewhere.example."),
        ({"dkim": [], "aligned": "mail.justice.example"}, "comes from mail.justice.example, which is known for"),
    ],
)
def test_it_says_in_words_what_is_known_of_the_sender(verdicts, sentence):
    assert sentence in verified(Mail(verdicts=verdicts), {"justice.example"})


def test_it_knows_signatures_of_the_newer_kind():
    """RFC 8463: Ed25519."""
    pair = ed25519.Ed25519PrivateKey.generate()
    raw = serialization.Encoding.Raw
    seed = pair.private_bytes(raw, serialization.PrivateFormat.Raw, serialization.NoEncryption())
    public = pair.public_key().public_bytes(raw, serialization.PublicFormat.Raw)
    checker = Checker(lambda name: f"v=DKIM1; k=ed25519; p={_base64(public)}" if "_domainkey" in name else None)
    try:
        letter = signed((_base64(seed).encode(), ""), by="justice.example", signature_algorithm=b"ed25519-sha256")
        assert checker.check(letter)["aligned"] == "justice.example"
    finally:
        checker.close()
