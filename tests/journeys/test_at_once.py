"""An answer that is recorded at the very moment its date passes, on a database that lets both go on."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from answerable import journey
from answerable.letters.models import LetterAct, Recipient
from tests.web.made import a_case, a_delivered_letter

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def test_it_records_no_silence_of_who_answers_at_that_moment(team, alice, now):
    recipient = a_delivered_letter(a_case(team, alice, now), alice, now).recipients.get()
    late = now + dt.timedelta(days=90)
    about_to_move, answered = threading.Event(), threading.Event()

    def hold_back(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith('UPDATE "letters_recipient"'):
            about_to_move.set()
            answered.wait(3)
        return execute(sql, *rest)

    def clock() -> None:
        try:
            with connection.execute_wrapper(hold_back):
                passed.append(journey.tick(now=late))
        finally:
            connection.close()

    passed: list[int] = []
    ticking = threading.Thread(target=clock)
    ticking.start()
    assert about_to_move.wait(20)
    journey.record_answer(recipient, way="phone", text="He is here.", answered_at=late, by=alice, now=late)
    answered.set()
    ticking.join()
    assert passed == [2]
    here = Recipient.objects.get(pk=recipient.pk)
    recorded = LetterAct.objects.filter(verb="record_non_reply").exists()
    assert here.state == "answered"
    assert (here.no_reply_at is not None) == recorded == here.letter.reminders.exists()
