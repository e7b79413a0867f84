"""Two jobs that order the log at the same moment, on a database that lets them: what was placed stays placed."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from answerable.evidence.models import Entry
from answerable.evidence.sequencing import sequence, sign
from answerable.evidence.verifying import verify_live

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]
NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
EARLIER = 200
LATE, PLACED = 900, 901  # the numbers of two entries; the one with the lower came to light later


def entry(pk: int, position: int | None = None) -> Entry:
    return Entry(pk=pk, commitment=f"{pk:064x}", at=NOW, position=position)


@pytest.fixture
def entries() -> None:
    """The two lie in the table's first and last page: then the database looks at the one with the higher number first."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE evidence_entry SET (fillfactor = 50)")
    Entry.objects.bulk_create([entry(PLACED), *(entry(pk + 1, pk) for pk in range(EARLIER)), entry(LATE)])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE evidence_entry RESET (fillfactor)")
    sign(now=NOW)


def test_it_moves_no_entry_that_another_job_has_placed(entries):
    reading, others_are_done = threading.Event(), threading.Event()

    def hold_back(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith("UPDATE"):
            reading.set()
            others_are_done.wait(20)
        return execute(sql, *rest)

    def second_job() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET enable_indexscan = off")
        with connection.execute_wrapper(hold_back):
            sequence(now=NOW)
        connection.close()

    job = threading.Thread(target=second_job)
    job.start()
    assert reading.wait(20)
    Entry.objects.filter(pk=PLACED).update(position=EARLIER)
    sign(now=NOW)
    others_are_done.set()
    job.join()
    sequence(now=NOW)
    assert Entry.objects.get(pk=PLACED).position == EARLIER
    assert Entry.objects.get(pk=LATE).position == EARLIER + 1
    assert verify_live().holds, verify_live().faults
