"""`answerable listen`: mail in, by SMTP or LMTP. It needs no database: what it took is durable, the rows follow."""

import argparse

from django.conf import settings

from answerable.core.instants import now
from answerable.inbound.listener import listen

from .dying import end_with_parent


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and in which language of mail."""
    host, _colon, port = settings.ANSWERABLE_LISTEN.rpartition(":")
    parser.add_argument("--host", default=host, help=f"the address to listen on (ANSWERABLE_LISTEN, {host})")
    parser.add_argument(
        "--port", type=int, default=int(port), help=f"the port to listen on (ANSWERABLE_LISTEN, {port})"
    )
    parser.add_argument("--lmtp", action="store_true", help="speak LMTP (RFC 2033), as Postfix and Exim hand mail over")


def run(options: argparse.Namespace) -> int:
    """Take mail until told to stop."""
    end_with_parent()
    listen(
        options.host,
        options.port,
        folder=settings.ANSWERABLE_SPOOL,
        domain=settings.ANSWERABLE_MAIL_DOMAIN,
        clock=now,
        lmtp=options.lmtp,
    )
    return 0
