"""E-mail: the message of a dispatch, and one hand-over of it by SMTP (RFC 5321), with nothing left unsaid."""

import contextlib
import datetime as dt
import re
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from enum import Enum
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from answerable.accounts.mailboxes import check_servers, is_this_machine
from answerable.accounts.models import Mailbox
from answerable.evidence.files import content
from answerable.letters.models import Dispatch
from answerable.letters.parts import read_parts
from answerable.letters.plain import authoritative

from .outbox import reply_address


class Outcome(Enum):
    """What one hand-over came to."""

    ACCEPTED = "accepted"  # 250 after the last dot
    REFUSED = "refused"  # an explicit 5xx
    PUT_OFF = "put off"  # an explicit 4xx, or nothing was handed over: may be tried again
    UNKNOWN = "unknown"  # the message left and no answer came: never tried again by itself


@dataclass(frozen=True)
class HandOver:
    """The outcome, and the server's own words."""

    outcome: Outcome
    words: str


@dataclass(frozen=True)
class Server:
    """Where mail is handed in: host, port, security, and credentials if it wants them.

    Security is "tls" or "starttls" (the certificate must hold, or nothing is sent), "opportunistic" (STARTTLS where it is
    offered, with whatever certificate, RFC 7435), or "none".
    """

    host: str
    port: int
    security: str = "none"
    username: str = ""
    password: str = ""


@dataclass(frozen=True)
class Enclosed:
    """A file that goes with the message."""

    name: str
    media_type: str
    content: bytes


def server_of(dispatch: Dispatch) -> Server | None:
    """The server this dispatch is handed to: the letter's own mailbox, or this host's relay; None where there is none."""
    mailbox = dispatch.recipient.letter.mailbox
    if dispatch.route == Dispatch.Route.MAILBOX:
        return mailbox_server(mailbox) if mailbox else None
    return relay()


def relay() -> Server | None:
    """This host's relay, from `ANSWERABLE_SMTP_URL`: smtps://, smtp+starttls://, smtp+opportunistic:// or smtp://."""
    if not settings.ANSWERABLE_SMTP_URL:
        return None
    url = urlsplit(settings.ANSWERABLE_SMTP_URL)
    security = {"smtps": "tls", "smtp+starttls": "starttls", "smtp+opportunistic": "opportunistic"}.get(
        url.scheme, "none"
    )
    port = url.port or {"tls": 465, "starttls": 587}.get(security, 25)
    return Server(url.hostname or "localhost", port, security, unquote(url.username or ""), unquote(url.password or ""))


def mailbox_server(mailbox: Mailbox) -> Server:
    """The SMTP account of a mailbox. Refused where it may not be talked to: in the demonstration, any but this machine's."""
    check_servers(mailbox)
    return Server(mailbox.smtp_host, mailbox.smtp_port, mailbox.smtp_security, mailbox.username, mailbox.password)


def sender_of(dispatch: Dispatch) -> tuple[str, str]:
    """(name, address) in From: the writer's own mailbox or account, or the dispatch's own reply address."""
    letter = dispatch.recipient.letter
    signatory = next(iter(letter.signatories.all()), None)
    name = signatory.name if signatory else letter.case.team.name
    if dispatch.route in {Dispatch.Route.MAILBOX, Dispatch.Route.WRITER}:
        return name, letter.mailbox.address if letter.mailbox else letter.created_by.email
    return name, reply_address(dispatch)


def answers_to(dispatch: Dispatch) -> str:
    """The one address answers should come to: our own where this host takes mail in, unless a mailbox is read instead."""
    if dispatch.route == Dispatch.Route.MAILBOX or not settings.ANSWERABLE_RECEIVES_MAIL:
        return sender_of(dispatch)[1]
    return reply_address(dispatch)


def compose(dispatch: Dispatch, *, text: str, pdf: bytes, now: dt.datetime) -> bytes:
    """The message of a dispatch: the letter as text, its page as PDF, its enclosures. The same Message-ID every time.

    Each recipient gets a message of its own; who else got it stands in the letter. A person wrote it to one office, so
    neither Auto-Submitted (RFC 3834 section 5) nor List-Unsubscribe (RFC 8058) belongs on it, but for the first on a
    reminder that left by itself.
    """
    letter = dispatch.recipient.letter
    read_parts(letter)
    version = authoritative(letter)
    message = EmailMessage(policy=policy.SMTP)
    name, address = sender_of(dispatch)
    # Not formataddr: what that has encoded is folded without its quotes, and a name becomes an address of its own.
    message["From"] = Address(_one_line(name), addr_spec=address)
    message["To"] = dispatch.address
    message["Subject"] = f"{_one_line(version.subject)} [{letter.reference}]"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = dispatch.message_id
    if answers_to(dispatch) != address:
        message["Reply-To"] = answers_to(dispatch)
    earlier = _earlier_message_ids(dispatch)
    if earlier:
        message["References"] = " ".join(earlier[-20:])
    message["Content-Language"] = version.language
    if letter.leaves_at:
        message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="quoted-printable")
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename=f"{letter.reference}.pdf")
    for enclosure in letter.enclosures.all():
        maintype, _slash, subtype = enclosure.file.media_type.partition("/")
        message.add_attachment(
            content(enclosure.file),
            maintype=maintype,
            subtype=subtype or "octet-stream",
            filename=_one_line(enclosure.title),
        )
    return message.as_bytes()


# Seconds for the message itself to leave, and again for the answer to it (RFC 5321 sections 4.5.3.2.5 and 4.5.3.2.6):
# whoever gives up sooner does not know whether it arrived.
PATIENCE = 600


def hand_over(message: bytes, *, sender: str, recipient: str, server: Server, timeout: float = 60) -> HandOver:
    """Hand `message` to `server`, once. Says which of the four outcomes it was; raises nothing of the network's.

    Until the message itself has begun to leave, every failure is `PUT_OFF` or `REFUSED`; from then on, the loss of
    the connection is `UNKNOWN`, since the server may have taken it (RFC 5321 section 4.5.3.2.6, RFC 1047).
    """
    if server.username and server.security not in {"tls", "starttls"} and not is_this_machine(server.host):
        return HandOver(Outcome.PUT_OFF, f"{server.host}: a password is not sent in the clear; choose TLS or STARTTLS")
    left = False
    smtp: smtplib.SMTP | None = None
    try:
        smtp = _connected(server, timeout)
        for code, words, wanted in _envelope(smtp, sender, recipient):
            if code not in wanted:
                return _said(code, words)
        left = True
        if smtp.sock:
            smtp.sock.settimeout(PATIENCE)
        smtp.send(_stuffed(message))
        return _said(*smtp.getreply())
    except smtplib.SMTPResponseException as error:
        said = _said(error.smtp_code, error.smtp_error)
        return HandOver(Outcome.UNKNOWN, said.words) if left else said
    except (OSError, smtplib.SMTPException, ValueError) as error:  # ValueError: a name or password that cannot be sent
        return HandOver(Outcome.UNKNOWN if left else Outcome.PUT_OFF, f"{type(error).__name__}: {error}")
    finally:
        _leave(smtp)


def _envelope(smtp: smtplib.SMTP, sender: str, recipient: str) -> Iterator[tuple[int, bytes, set[int]]]:
    """The conversation up to DATA: each answer of the server beside the codes that let it go on."""
    options = [] if (sender + recipient).isascii() else ["SMTPUTF8"]
    yield *smtp.mail(sender, options), {250}
    yield *smtp.rcpt(recipient), {250, 251}
    yield *smtp.docmd("DATA"), {354}


def _stuffed(message: bytes) -> bytes:
    """The message as it goes over the wire: CRLF line ends, dots doubled, ended by the dot (RFC 5321 section 4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", message).removesuffix(b"\r\n")
    return re.sub(rb"(?m)^\.", b"..", lines) + b"\r\n.\r\n"


def _leave(smtp: smtplib.SMTP | None) -> None:
    """Hang up. What goes wrong here changes nothing of what the server said before."""
    if smtp is not None:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            smtp.quit()
        smtp.close()


def _connected(server: Server, timeout: float) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security == "opportunistic":
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=timeout)
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.security == "starttls" or (server.security == "opportunistic" and smtp.has_extn("starttls")):
            smtp.starttls(context=context)
        smtp.ehlo_or_helo_if_needed()
        if server.username:
            smtp.login(server.username, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _said(code: int, words: bytes | str) -> HandOver:
    outcome = {2: Outcome.ACCEPTED, 4: Outcome.PUT_OFF, 5: Outcome.REFUSED}.get(code // 100, Outcome.UNKNOWN)
    return HandOver(outcome, _words(code, words))


def _words(code: int, words: bytes | str) -> str:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {said}".replace("\0", "")[:2000]  # PostgreSQL takes no NUL


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _earlier_message_ids(dispatch: Dispatch) -> list[str]:
    """Message-IDs of what was sent before in the same thread, oldest first, so that their mail program files it right."""
    thread = dispatch.recipient.thread_id
    if thread is None:
        return []
    earlier = Dispatch.objects.filter(recipient__thread=thread, queued_at__lt=dispatch.queued_at).exclude(
        pk=dispatch.pk
    )
    return list(earlier.order_by("queued_at").values_list("message_id", flat=True))


def no_relay_sentence() -> str:
    """What a writer is told where this host has no way to send."""
    return _(
        "This host has no mail server to send through: connect a mailbox of yours, or download the message and send it yourself."
    )
