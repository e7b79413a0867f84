"""Disks that are full, read-only or gone: the sender keeps the message, is told so, and all goes on by itself afterwards."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from answerable.core.instants import now
from answerable.dispatch.outbox import reply_address
from answerable.inbound import intake, spool
from answerable.inbound.models import Mail
from tests.chaos.answers import NOBODY, OFFICE, answer, each_is_one_row, hand_in
from tests.chaos.conftest import a_home, a_sender, port_in
from tests.chaos.test_kills import adopted, all_is_filed_once
from tests.parts.databases import rows_of
from tests.parts.disk import Disk, small_disk
from tests.parts.processes import Home, listens, wait_until

pytestmark = pytest.mark.journey
Trouble = Callable[[Disk], None]
TROUBLES = [Disk.fill, Disk.use_up_inodes, lambda disk: disk.allow_writing(False)]
NAMES = ["full", "without inodes", "read-only"]


@pytest.fixture
def disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Disk]:
    """A small disk at this place in the test's folder."""
    try:
        with small_disk(tmp_path / request.param, megabytes=12) as mounted:
            yield mounted
    except RuntimeError as missing:
        pytest.skip(str(missing))


@pytest.fixture
def bare(tmp_path: Path, settings, db) -> Home:
    """A home without a database of its own; its rows are made here."""
    settings.ANSWERABLE_SPOOL = tmp_path / "home" / "spool"
    (tmp_path / "home").mkdir(exist_ok=True)
    return a_home(tmp_path / "home", "")


def goes_on_after(home: Home, trouble: Callable[[], None], mend: Callable[[], None]) -> None:
    """While there is trouble 4xx and 75, and nothing is there of it; afterwards, without a hand, 250 and 0."""
    port = port_in(home, "ANSWERABLE_LISTEN")
    big = [answer(number, more=bytes(30_000)) for number in range(4)]
    with home.started("listen"):
        wait_until(lambda: listens(port), what="the listener")
        assert hand_in(port, big[0]) == 250
        home.command("deliver", "--sender", OFFICE, NOBODY, given=big[1])
        adopted(home)
        trouble()
        for _ in range(3):
            assert hand_in(port, big[2]) in {451, 452}
        said = home.command("deliver", "--sender", OFFICE, NOBODY, given=big[3], code=75)
        assert "could not be kept" in said and "Traceback" not in said
        mend()
        assert not list(spool.waiting(home.folder / "spool"))
        assert hand_in(port, big[2]) == 250
        home.command("deliver", "--sender", OFFICE, NOBODY, given=big[3])
    adopted(home)
    each_is_one_row(home.folder / "spool", big)


@pytest.mark.parametrize("disk", ["home/spool"], indirect=True, ids=[""])
@pytest.mark.parametrize("trouble", TROUBLES, ids=NAMES)
def test_it_keeps_nothing_it_could_not_and_goes_on_by_itself(disk: Disk, bare: Home, trouble: Trouble):
    goes_on_after(bare, lambda: trouble(disk), disk.mend)


def test_it_goes_on_when_the_spool_is_no_folder_for_a_while(bare: Home, tmp_path: Path):
    here, away = bare.folder / "spool", tmp_path / "away"

    def trouble() -> None:
        here.rename(away)
        here.write_bytes(b"")

    def mend() -> None:
        here.unlink()
        away.rename(here)

    goes_on_after(bare, trouble, mend)


def test_it_lays_out_a_spool_that_vanished(bare: Home):
    port = port_in(bare, "ANSWERABLE_LISTEN")
    with bare.started("listen"):
        wait_until(lambda: listens(port), what="the listener")
        assert hand_in(port, answer(0)) == 250
        (bare.folder / "spool").rename(bare.folder / "taken away")
        assert hand_in(port, answer(1)) == 250
    intake.adopt_orphans(now=now(), most=10)
    each_is_one_row(bare.folder / "spool", [answer(1)])


@pytest.mark.parametrize("disk", ["home"], indirect=True, ids=[""])
def test_it_goes_on_with_everything_when_the_disk_has_room_again(disk: Disk, empty_database: str, django_db_blocker):
    """The whole home on a disk that fills up while all of it runs; on SQLite the database with it."""
    if empty_database.startswith("sqlite"):
        empty_database = f"sqlite:///{disk.folder / 'answerable.sqlite3'}"
    home = a_home(disk.folder, empty_database)
    home.command("migrate")
    port = port_in(home, "ANSWERABLE_LISTEN")
    with django_db_blocker.unblock(), rows_of(empty_database):
        arrived = a_sender().deliver()
        to = reply_address(arrived)
        with home.started("listen"), home.started("work"):
            wait_until(lambda: listens(port), what="the listener")
            assert hand_in(port, answer(0, to), to) == 250
            wait_until(lambda: Mail.objects.filter(state="matched").exists(), what="the first to be filed")
            disk.fill()
            large = answer(1, to, more=bytes(2_000_000))
            assert hand_in(port, large, to) == 452
            disk.mend()
            assert hand_in(port, large, to) == 250
            wait_until(lambda: Mail.objects.filter(state="matched").count() == 2, what="the second to be filed")
        all_is_filed_once(home, [answer(0, to), large], arrived)
