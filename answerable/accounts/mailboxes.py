"""A team's own mailboxes: the accounts letters may leave through and answers are fetched from."""

import datetime as dt
import imaplib
import ipaddress
import smtplib
import ssl
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted

from answerable.core.errors import Refused
from answerable.evidence.log import append

from .models import Mailbox, TeamAct, User

PATIENCE = 10  # seconds a server has to answer a test


def keep(mailbox: Mailbox, *, password: str, by: User, now: dt.datetime) -> None:
    """Afterwards the mailbox is as the caller set it, with its password sealed; "" leaves the password as it was.

    Refused where it has no server at all, has a name or password that no server takes, sends a password in the clear over a network, names a machine that the
    demonstration may not reach, or is in the team already.
    """
    check_servers(mailbox)
    if not password and not mailbox.sealed_password:
        raise Refused(
            _("The password is missing: many providers give one for a single program in their settings."),
            field="password",
        )
    if Mailbox.objects.filter(team=mailbox.team_id, address__iexact=mailbox.address).exclude(pk=mailbox.pk).exists():
        raise Refused(_("Your team has this mailbox already: change that one."), field="address")
    if not password.isascii():
        raise Refused(
            _("Mail servers take only plain letters, digits and signs in a password: set such a one at your provider."),
            field="password",
        )
    if password:
        mailbox.password = password
    with transaction.atomic():
        mailbox.save()
        append(TeamAct, mailbox.team, "keep_mailbox", by=by.uid, now=now, mailbox=mailbox.pk)


def remove(mailbox: Mailbox, *, by: User, now: dt.datetime) -> None:
    """Afterwards the mailbox and its password are gone from here. Letters sent from it stay as they are."""
    with transaction.atomic():
        append(TeamAct, mailbox.team, "remove_mailbox", by=by.uid, now=now, mailbox=mailbox.pk)
        mailbox.delete()


def check_servers(mailbox: Mailbox) -> None:
    """Refused, with the field to change, where the mailbox's servers may not be talked to."""
    for field in ("username", "smtp_host", "imap_host", "imap_folder"):
        said = getattr(mailbox, field)
        if not said.isprintable() or (field == "username" and not said.isascii()):
            raise Refused(
                _("This has characters that no server understands, such as a line break: type it again."), field=field
            )
    if not mailbox.smtp_host and not mailbox.imap_host:
        raise Refused(_("Name the server for sending, the server for receiving, or both."), field="smtp_host")
    for host, security, field in (
        (mailbox.smtp_host, mailbox.smtp_security, "smtp"),
        (mailbox.imap_host, mailbox.imap_security, "imap"),
    ):
        if not host or is_this_machine(host):
            continue
        if settings.ANSWERABLE_DEMO:
            raise Refused(
                _("This is a demonstration: it talks to servers on this machine only."), field=f"{field}_host"
            )
        if security == Mailbox.Security.NONE:
            raise Refused(
                _("Your password would cross the network for everybody to read: choose TLS or STARTTLS."),
                field=f"{field}_security",
            )


def try_out(mailbox: Mailbox) -> list[tuple[bool, str]]:
    """Sign in to each of the mailbox's servers, now. Returns for each whether it worked, and a sentence."""
    check_servers(mailbox)
    results = []
    if mailbox.smtp_host:
        results.append(_tried(_sign_in_to_smtp, mailbox, _("Sending works."), _("Sending does not work")))
    if mailbox.imap_host:
        results.append(_tried(_sign_in_to_imap, mailbox, _("Receiving works."), _("Receiving does not work")))
    return results


def is_this_machine(host: str) -> bool:
    """Whether the name or address means the loopback interface."""
    if host.rstrip(".").lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _tried(sign_in: Callable[[Mailbox], None], mailbox: Mailbox, good: str, bad: str) -> tuple[bool, str]:
    try:
        sign_in(mailbox)
    except (smtplib.SMTPAuthenticationError, imaplib.IMAP4.error, ImapToolsError):
        why = _("the server did not take the user name and password, or does not have the folder.")
    except TimeoutError:
        why = _("the server did not answer in time. Check its name and port.")
    except ssl.SSLError:
        why = _("the connection could not be secured. Check the port and the kind of security.")
    except (OSError, smtplib.SMTPException, ValueError):
        why = _("there is no mail server at this name and port. Check both.")
    else:
        return True, good
    return False, f"{bad}: {why}"


def _sign_in_to_smtp(mailbox: Mailbox) -> None:
    context = ssl.create_default_context()
    if mailbox.smtp_security == Mailbox.Security.TLS:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(mailbox.smtp_host, mailbox.smtp_port, timeout=PATIENCE, context=context)
    else:
        smtp = smtplib.SMTP(mailbox.smtp_host, mailbox.smtp_port, timeout=PATIENCE)
    with smtp:
        if mailbox.smtp_security == Mailbox.Security.STARTTLS:
            smtp.starttls(context=context)
        smtp.login(mailbox.username, mailbox.password)


def _sign_in_to_imap(mailbox: Mailbox) -> None:
    context = ssl.create_default_context()
    host, port = mailbox.imap_host, mailbox.imap_port
    if mailbox.imap_security == Mailbox.Security.TLS:
        imap: BaseMailBox = MailBox(host, port, timeout=PATIENCE, ssl_context=context)
    elif mailbox.imap_security == Mailbox.Security.STARTTLS:
        imap = MailBoxStartTls(host, port, timeout=PATIENCE, ssl_context=context)
    else:
        imap = MailBoxUnencrypted(host, port, timeout=PATIENCE)
    with imap.login(mailbox.username, mailbox.password, initial_folder=mailbox.imap_folder):
        pass
