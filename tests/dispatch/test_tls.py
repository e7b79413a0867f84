"""What crosses the network in clear, and what never does: against a real SMTP server with a certificate made here."""

import datetime as dt
import ipaddress
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from answerable.accounts.models import Mailbox
from answerable.dispatch.email import HandOver, Outcome, Server, hand_over, mailbox_server, relay
from tests.parts.processes import free_port

MESSAGE = b"From: a@people.example\r\nTo: b@office.example\r\n\r\nWhere is Nima?\r\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine that signs itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "relay.example")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("relay") / "relay.pem"
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(key.private_bytes(*form) + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts that certificate, as a host tells it to for a relay of its own."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


class Relay:
    """Notes of each message whether it came over TLS, and of each password whether it did."""

    def __init__(self) -> None:
        self.messages: list[bool] = []
        self.passwords: list[bool] = []
        self.talked = 0

    async def handle_EHLO(self, server, session, _envelope, hostname, responses) -> list[str]:
        self.talked += 1
        session.host_name = hostname
        return responses

    async def handle_DATA(self, server, _session, _envelope) -> str:
        self.messages.append(over_tls(server))
        return "250 kept"

    def authenticate(self, server, _session, _envelope, _mechanism, _auth) -> AuthResult:
        self.passwords.append(over_tls(server))
        return AuthResult(success=True)


def over_tls(server: SMTP) -> bool:
    return server.transport.get_extra_info("ssl_object") is not None


@pytest.fixture(params=["plain"])
def kind(request) -> str:
    """How the relay speaks: "plain", "starttls" where it offers that, "tls" from the start."""
    return request.param


@pytest.fixture
def running(kind: str, certificate: Path) -> Iterator[tuple[Relay, int]]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    handler = Relay()
    secured = {"starttls": {"tls_context": context}, "tls": {"ssl_context": context}}.get(kind, {})
    port = free_port()
    controller = Controller(
        handler, hostname="127.0.0.1", port=port, authenticator=handler.authenticate, auth_require_tls=False, **secured
    )
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


def handed(port: int, security: str, **credentials: str) -> HandOver:
    server = Server("127.0.0.1", port, security, **credentials)
    return hand_over(MESSAGE, sender="a@people.example", recipient="b@office.example", server=server, timeout=5)


@pytest.mark.parametrize(("kind", "security"), [("starttls", "starttls"), ("tls", "tls")], indirect=["kind"])
def test_it_hands_over_by_tls_to_a_relay_whose_certificate_holds(running, trusted, security: str):
    relay, port = running
    assert handed(port, security, username="team", password="opal").outcome is Outcome.ACCEPTED
    assert relay.messages == [True] and relay.passwords == [True]


@pytest.mark.parametrize(("kind", "security"), [("starttls", "starttls"), ("tls", "tls")], indirect=["kind"])
def test_it_sends_nothing_to_a_relay_whose_certificate_does_not_hold(running, security: str):
    relay, port = running
    said = handed(port, security, username="team", password="opal")
    assert said.outcome is Outcome.PUT_OFF and "CERTIFICATE_VERIFY_FAILED" in said.words
    assert relay.messages == relay.passwords == []


def test_it_sends_nothing_in_clear_where_starttls_is_required_and_not_offered(running, trusted):
    relay, port = running
    said = handed(port, "starttls", username="team", password="opal")
    assert said.outcome is Outcome.PUT_OFF and "STARTTLS" in said.words
    assert relay.talked and relay.messages == relay.passwords == []


@pytest.mark.parametrize(("kind", "tls"), [("starttls", True), ("plain", False)], indirect=["kind"])
def test_it_takes_the_tls_that_is_offered_where_that_is_enough(running, tls: bool):
    relay, port = running
    assert handed(port, "opportunistic").outcome is Outcome.ACCEPTED
    assert relay.messages == [tls]


@pytest.mark.parametrize("security", ["none", "opportunistic"])
def test_it_says_no_password_in_clear_but_to_this_machine(running, security: str):
    relay, port = running
    assert handed(port, security, username="team", password="opal").outcome is Outcome.ACCEPTED
    assert relay.passwords == [False]
    elsewhere = Server("relay.example", 25, security, "team", "opal")
    said = hand_over(MESSAGE, sender="a@people.example", recipient="b@office.example", server=elsewhere)
    assert said.outcome is Outcome.PUT_OFF and "not sent in the clear" in said.words


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["starttls", "tls"], indirect=True)
def test_it_hands_over_by_a_mailbox_as_the_mailbox_says(running, trusted, team, kind: str):
    relay, port = running
    box = Mailbox(team=team, address="team@people.example", username="team", smtp_host="127.0.0.1", smtp_port=port)
    box.smtp_security, box.password = kind, "opal"
    said = hand_over(
        MESSAGE, sender="a@people.example", recipient="b@office.example", server=mailbox_server(box), timeout=5
    )
    assert said.outcome is Outcome.ACCEPTED
    assert relay.messages == relay.passwords == [True]


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtps://a%40b:p%2Fq@relay.example", Server("relay.example", 465, "tls", "a@b", "p/q")),
        ("smtp+starttls://relay.example", Server("relay.example", 587, "starttls")),
        ("smtp+opportunistic://relay.example", Server("relay.example", 25, "opportunistic")),
        ("smtp://127.0.0.1:2525", Server("127.0.0.1", 2525, "none")),
        ("", None),
    ],
)
def test_it_reads_from_the_url_how_the_relay_is_spoken_to(settings, url: str, server: Server | None):
    settings.ANSWERABLE_SMTP_URL = url
    assert relay() == server
