"""Mail in by SMTP and LMTP. The answer 250 follows the spool's fsync; no database is needed, and none is asked."""

import asyncio
import datetime as dt
import logging
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP
from aiosmtpd.smtp import Envelope as Transaction

from .spool import Envelope, NotKept, Way, keep

log = logging.getLogger(__name__)

LARGEST = 40_000_000  # bytes of one message, announced as SIZE (RFC 1870)
MOST_RECIPIENTS = 1_000
_WRITERS = 8  # threads: an fsync of several files together takes hardly longer than of one
_CHUNK = 65_536

KEPT = "250 2.0.0 kept"
NOT_KEPT = "452 4.3.1 cannot keep the message now, try again later"
NOT_NOW = "451 4.3.0 could not do this now, try again later"
NOT_HERE = "550 5.7.1 no mail is taken for this domain"
TOO_MANY = "452 4.5.3 too many recipients in one go, send the rest in another"
TOO_LARGE = "552 5.3.4 the message is larger than {} bytes"


class Intake:
    """What aiosmtpd asks: which recipients are ours, and what becomes of a message."""

    def __init__(self, folder: Path, domain: str, way: Way, clock: Callable[[], dt.datetime]) -> None:
        self._folder = folder
        self._domain = domain.lower()
        self._way = way
        self._clock = clock
        self._writers = ThreadPoolExecutor(_WRITERS, thread_name_prefix="spool")

    async def handle_RCPT(
        self, _server: SMTP, _session: Any, envelope: Transaction, address: str, options: list[str]
    ) -> str:
        """Every local part of our domain is ours; RFC 5321 4.5.1 asks for `postmaster` without a domain too."""
        _, at, domain = address.rpartition("@")
        if domain.lower() != self._domain and (at or address.lower() != "postmaster"):
            return NOT_HERE
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 ok"

    async def take(self, given: Transaction, raw: bytes) -> str:
        """Afterwards the message is durable, or the answer says that it is not."""
        sender = "" if given.mail_from == "<>" else str(given.mail_from)
        envelope = Envelope(sender, tuple(given.rcpt_tos), self._way)
        now = self._clock()
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._writers, lambda: keep(self._folder, raw, envelope, now=now))
        except NotKept as error:
            log.error("a message could not be kept: %s", error)
            return NOT_KEPT
        return KEPT

    async def handle_exception(self, error: Exception) -> str:
        """Whatever fails here, the sender keeps the message and tries again."""
        log.error("intake: %s", type(error).__name__)
        return NOT_NOW


class _Smtp(SMTP):
    """aiosmtpd's conversation, with DATA read in large pieces: lines of any length, and no work for each of them."""

    line_length_limit = _CHUNK
    largest = LARGEST
    event_handler: Intake

    async def smtp_DATA(self, arg: str) -> None:
        if await self.check_helo_needed():
            return
        given = self.envelope
        if given is None or not given.rcpt_tos:
            await self.push("503 5.5.1 need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 syntax: DATA")
            return
        await self.push("354 end data with <CR><LF>.<CR><LF>")
        raw = await self._content()
        self.envelope = self._create_envelope()
        if raw is None:
            answer = TOO_LARGE.format(self.largest)
        else:
            try:
                answer = await self.event_handler.take(given, raw)
            except Exception as error:
                answer = await self.event_handler.handle_exception(error)
        await self._say(answer, given.rcpt_tos)

    async def _say(self, answer: str, recipients: list[str]) -> None:
        await self.push(answer)

    async def _content(self) -> bytes | None:
        """The message, up to the line that is a single dot between CRLFs (no other line end counts: RFC 5321 2.3.8,
        against smuggling), dots unstuffed. None where it is larger than the limit; it is read to its end all the same."""
        pieces: list[bytes] = []
        size, tail = 0, b"\r\n"
        while not tail.endswith(b"\r\n.\r\n"):
            try:
                piece = await self._reader.readuntil(b".\r\n")
            except asyncio.LimitOverrunError as more:
                piece = await self._reader.read(more.consumed)
            self._reset_timeout()
            tail = (tail + piece)[-5:]
            size += len(piece)
            if size > self.largest:
                pieces.clear()
            else:
                pieces.append(piece)
        if size > self.largest:
            return None
        return (b"\r\n" + b"".join(pieces))[:-3].replace(b"\r\n.", b"\r\n")[2:]


class _Lmtp(_Smtp, LMTP):
    """LMTP (RFC 2033): one answer after DATA for each recipient, in their order."""

    async def _say(self, answer: str, recipients: list[str]) -> None:
        for _ in recipients:
            await self.push(answer)


async def serve(
    host: str,
    port: int,
    *,
    folder: Path,
    domain: str,
    clock: Callable[[], dt.datetime],
    lmtp: bool = False,
    largest: int = LARGEST,
    ready: Callable[[int], None] = lambda _port: None,
) -> None:
    """Take mail for `domain` into the spool at `folder` until cancelled. `ready` is told the port (0 asks for any)."""
    intake = Intake(folder, domain, "lmtp" if lmtp else "smtp", clock)
    loop = asyncio.get_running_loop()

    def conversation() -> SMTP:
        one = (_Lmtp if lmtp else _Smtp)(
            intake, data_size_limit=largest, enable_SMTPUTF8=True, hostname=domain, ident="Answerable", loop=loop
        )
        one.largest = largest
        return one

    server = await loop.create_server(conversation, host, port, backlog=512)
    async with server:
        ready(server.sockets[0].getsockname()[1])
        await server.serve_forever()


def listen(host: str, port: int, **options: Any) -> None:
    """`serve`, until SIGTERM or SIGINT. What was not answered 250 by then is still with its sender."""

    async def until_told() -> None:
        serving = asyncio.ensure_future(serve(host, port, **options))
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, serving.cancel)
        try:
            await serving
        except asyncio.CancelledError:
            log.info("told to end")

    asyncio.run(until_told())
