"""Garbled mail, all the way from the spool to the pen: read or unreadable, but no reader ends, and nothing stays behind."""

import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from answerable import journey
from answerable.core.instants import now
from answerable.core.leases import mark_of
from answerable.inbound import intake, reading
from answerable.inbound.models import Mail
from answerable.inbound.pool import Pool
from answerable.inbound.spool import Envelope
from tests.chaos.bounds import LONG
from tests.chaos.garbling import garbled

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
AT_ONCE = 25
SLOW = 15.0  # seconds for a batch, on a machine that has other things to do


@pytest.fixture
def pool() -> Iterator[Pool]:
    children = Pool(size=1)
    yield children
    children.close()


@pytest.fixture(autouse=True)
def folders(settings, tmp_path: Path) -> None:
    settings.ANSWERABLE_SPOOL = tmp_path / "spool"
    options = {"location": tmp_path / "files", "base_url": None}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}


def test_it_reads_whatever_comes_or_says_why_not(pool: Pool, chance: Random, tmp_path: Path):
    until, number = time.monotonic() + max(LONG, 2), 0
    while time.monotonic() < until:
        batch = [garbled(chance) for _ in range(AT_ONCE)]
        for one, raw in enumerate(batch):
            (tmp_path / f"{one}.eml").write_bytes(raw)  # left behind by a failing run, to be looked at
            sender = chance.choice(["office@ministry.example", "", None])
            intake.take_in(raw, Envelope(sender, (f"r.{number}-{one}@answerable.example",), "smtp"), now=now())
        started = time.monotonic()
        while reading.read_next(pool, by=mark_of("here"), now=now(), most=AT_ONCE):
            pass
        assert time.monotonic() - started < SLOW
        new = Mail.objects.to_receive()
        assert len(new) == AT_ONCE
        assert not [mail.unreadable_reason for mail in new if mail.unreadable_reason in {"crashed", "too-slow"}]
        journey.receive(*new, now=now())
        assert set(Mail.objects.values_list("state", flat=True)) <= {"held", "matched"}
        number += 1
    print(f"{number * AT_ONCE} garbled messages")
