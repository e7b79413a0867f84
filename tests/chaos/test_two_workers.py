"""Two `work` on one database, killed at any time, while letters leave and answers come."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from answerable.dispatch.outbox import reply_address
from answerable.inbound.models import Mail
from answerable.letters.models import Dispatch
from answerable.workers.working import LINES
from tests.chaos.answers import answer, hand_in
from tests.chaos.bounds import LONG
from tests.chaos.conftest import Sender, port_in
from tests.chaos.test_kills import all_is_filed_once
from tests.parts.processes import Home, listens, wait_until
from tests.parts.relay import Relay

pytestmark = pytest.mark.journey
LETTERS = 200 if LONG else 12
KILLING = max(LONG, 3.0)  # seconds


@contextmanager
def killed_at_random(home: Home, seed: str) -> Iterator[list[int]]:
    """A `work` that is killed and started again for as long as the block runs, then left alive; yields its deaths."""
    chance, stop, deaths = random.Random(seed), threading.Event(), []
    alive = ExitStack()
    worker = alive.enter_context(home.started("work"))

    def kill() -> None:
        nonlocal worker
        while not stop.wait(chance.uniform(0.2, 3)):
            worker.kill()
            deaths.append(worker.wait())
            alive.close()
            worker = alive.enter_context(home.started("work"))

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield deaths
    finally:
        stop.set()
        killer.join()
        alive.close()


def test_it_sends_once_and_files_once_however_two_workers_die(
    home: Home, sender: Sender, taking: Relay, chance: random.Random
):
    arrived = sender.deliver()
    to = reply_address(arrived)
    kept = [answer(number, to) for number in range(LETTERS)]
    queued: list[Dispatch] = []
    port = port_in(home, "ANSWERABLE_LISTEN")
    with home.started("listen"):
        wait_until(lambda: listens(port), what="the listener")
        with (
            killed_at_random(home, f"{chance.random()}") as first,
            killed_at_random(home, f"{chance.random()}") as second,
        ):
            for raw in kept:
                queued.append(sender.send())
                assert hand_in(port, raw, to) == 250
                time.sleep(KILLING / LETTERS)
    assert first and second
    with home.started("work"), home.started("work"):
        ours = Dispatch.objects.filter(pk__in=[one.pk for one in queued])
        wait_until(lambda: not ours.filter(state__in=["queued", "sending"]).exists(), what="all to have left")
        wait_until(lambda: not Mail.objects.filter(state="stored").exists(), what="all to be filed")
        wait_until(lambda: Mail.objects.count() == LETTERS, what="all to have come")
    all_is_filed_once(home, kept, arrived)
    ends = dict(ours.values_list("message_id", "state"))
    assert set(ends.values()) <= {"accepted", "unknown"}
    assert set(taking.times.values()) == {1}
    assert {one for one, state in ends.items() if state == "accepted"} <= set(taking.taken)
    # What a worker has in its hands when it dies is in doubt, and nothing else.
    at_once = sum(line.name.startswith("mail out") for line in LINES)
    assert list(ends.values()).count("unknown") <= at_once * (len(first) + len(second))
    home.command("verify")
