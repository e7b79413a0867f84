"""A spool of its own for every test, a pool that ends, and a letter that was delivered."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from answerable import journey
from answerable.accounts.models import User
from answerable.core.leases import mark_of
from answerable.inbound import intake, reading
from answerable.inbound.checking import Checker
from answerable.inbound.models import Mail
from answerable.inbound.pool import Pool
from answerable.inbound.spool import Envelope
from answerable.letters.models import Dispatch, Letter

Take = Callable[..., Mail]


@pytest.fixture(autouse=True)
def spool_folder(settings, tmp_path: Path) -> Path:
    """Where this test's mail is durable."""
    settings.ANSWERABLE_SPOOL = tmp_path / "spool"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "files", "base_url": None}},
    }
    return settings.ANSWERABLE_SPOOL


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """The children that parse, started once."""
    children = Pool(size=1)
    yield children
    children.close()


@pytest.fixture
def dispatches(letter: Letter, alice: User, now: dt.datetime) -> list[Dispatch]:
    """What was sent to the addressee and the ombudsman by e-mail, accepted, and to the court by post."""
    sent = journey.send(letter, route="host", by=alice, now=now)
    for dispatch in sent[:2]:
        Dispatch.objects.filter(pk=dispatch.pk).update(state="sending")
        journey.record_delivery(dispatch, server_words="250 ok", now=now)
    return sent


@pytest.fixture
def take(pool: Pool, now: dt.datetime, db: None) -> Take:
    """Take a message in and read it."""

    def taken(
        raw: bytes,
        *to: str,
        sender: str | None = "office@justice.example",
        way: str = "smtp",
        checker: Checker | None = None,
    ) -> Mail:
        mail = intake.take_in(raw, Envelope(sender, to, way), now=now)
        reading.read_next(pool, by=mark_of("here"), now=now, most=10, checker=checker)
        mail.refresh_from_db()
        return mail

    return taken
