"""A mail server that letters are handed to: it takes everything and counts what it took."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Relay:
    """What a relay took: the Message-IDs, in their order."""

    def __init__(self, seconds: float) -> None:
        self.taken: list[str] = []
        self._seconds = seconds

    @property
    def times(self) -> Counter[str]:
        """How often each message was taken."""
        return Counter(self.taken)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Take it, and be as slow about it as was asked for."""
        self.taken.append(str(message_from_bytes(envelope.content or b"")["Message-ID"]))
        await asyncio.sleep(self._seconds)
        return "250 taken"


@contextmanager
def relay(port: int, *, seconds: float = 0.0) -> Iterator[Relay]:
    """A relay on this port while the block runs; it takes `seconds` over each message."""
    taking = Relay(seconds)
    controller = Controller(taking, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield taking
    finally:
        controller.stop()
