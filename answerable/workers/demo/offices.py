"""`answerable offices`: the simulated offices. They take letters by SMTP and answer by SMTP, each in its manner.

They stay up after the story, so that letters a visitor writes are answered too: what an address does is told by its
first word (`silent@`, `away@`, `bounce@`, `full@`, `busy@`); any other `.example` address answers after a few seconds.
They keep what they still have to send in memory only: offices forget.
"""

import argparse
import asyncio
import datetime as dt
import heapq
import logging
import signal
import smtplib
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import format_datetime, make_msgid, parseaddr

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings

from answerable.core.instants import now
from answerable.dispatch.email import relay

from ..dying import end_with_parent
from . import words

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Manner:
    """How an office answers: after how long by the demonstration's clock, and with what."""

    after: dt.timedelta
    answer: Callable[[EmailMessage, str, str], Message]
    null_sender: bool = False


@dataclass(order=True)
class Pending:
    """An answer that an office still has to send."""

    at: dt.datetime
    sender: str = field(compare=False)
    recipient: str = field(compare=False)
    message: bytes = field(compare=False)


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options: where to listen and where to answer is in the environment, as for every child of `run`."""


def run(options: argparse.Namespace) -> int:
    """Take letters and answer them until told to stop."""
    end_with_parent()
    asyncio.run(_serve())
    return 0


async def _serve() -> None:
    server = relay()
    if server is None:
        raise SystemExit("ANSWERABLE_SMTP_URL does not say where the offices listen")
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    offices = Offices()
    door = await loop.create_server(lambda: SMTP(offices, enable_SMTPUTF8=True, loop=loop), server.host, server.port)
    posting = asyncio.create_task(offices.post())
    await stop.wait()
    posting.cancel()
    door.close()


class Offices:
    """All the offices of the demonstration, behind one SMTP server."""

    def __init__(self) -> None:
        self._pending: list[Pending] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take letters for `.example`; an office that does not exist at all is refused at the door."""
        if not address.lower().endswith(".example"):
            return "550 5.7.1 only invented offices live here"
        if address.lower().startswith("nobody@"):
            return "550 5.1.1 no such office"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 this office exists"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take the letter, and note what is to be answered and when."""
        letter = message_from_bytes(_bytes(envelope.content), policy=policy.default)
        for address in envelope.rcpt_tos:
            manner = manner_of(address)
            if manner is None:
                continue
            at = now() + manner.after
            answer = manner.answer(letter, address, envelope.mail_from or "")
            answer["Date"] = format_datetime(at)
            answer["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
            reply_to = parseaddr(str(letter.get("Reply-To") or letter.get("From") or ""))[1]
            sender, recipient = ("", envelope.mail_from or "") if manner.null_sender else (address, reply_to)
            if recipient:
                heapq.heappush(self._pending, Pending(at, sender, recipient, answer.as_bytes(policy=policy.SMTP)))
        return "250 2.0.0 received by the registry, thank you"

    async def post(self) -> None:
        """Send what has come of age, by real SMTP to the intake."""
        while True:
            while self._pending and self._pending[0].at <= now():
                due = heapq.heappop(self._pending)
                try:
                    await asyncio.to_thread(_send, due)
                except OSError as error:
                    log.warning("an office could not answer: %s", type(error).__name__)
                    heapq.heappush(
                        self._pending, Pending(now() + dt.timedelta(seconds=2), due.sender, due.recipient, due.message)
                    )
                    break
            await asyncio.sleep(0.2)


def _bytes(content: bytes | str | None) -> bytes:
    return content.encode() if isinstance(content, str) else content or b""


def _send(due: Pending) -> None:
    host, _colon, port = settings.ANSWERABLE_LISTEN.rpartition(":")
    with smtplib.SMTP(host, int(port), timeout=10) as smtp:
        smtp.sendmail(due.sender, [due.recipient], due.message)


def manner_of(address: str) -> Manner | None:
    """How the office at this address answers; None for one that stays silent."""
    first = address.partition("@")[0].lower()
    if first in MANNERS:
        return MANNERS[first]
    return Manner(dt.timedelta(seconds=4), words.answer)


MANNERS: dict[str, Manner | None] = {
    "silent": None,
    "minister": None,
    "primeminister": None,
    "wgad": None,
    "ombudsman": Manner(dt.timedelta(days=9), words.ombudsman),
    "embassy": Manner(dt.timedelta(minutes=3), words.out_of_office),
    "away": Manner(dt.timedelta(seconds=2), words.out_of_office),
    "committee": Manner(dt.timedelta(minutes=1), words.not_delivered, null_sender=True),
    "bounce": Manner(dt.timedelta(seconds=2), words.not_delivered, null_sender=True),
    "full": Manner(dt.timedelta(seconds=2), words.delayed, null_sender=True),
    "busy": Manner(dt.timedelta(seconds=3), words.acknowledgement),
}
