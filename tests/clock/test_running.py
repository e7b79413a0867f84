"""Clocks of recipients: they start with a delivery, stop with an answer, are void with a bounce, and fall due once."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from answerable.cases.models import Case
from answerable.clock.models import Clock
from answerable.clock.running import fallen_due, run_on, start, stop, void
from answerable.clock.wording import sentence
from answerable.core.errors import Refused
from answerable.directory.models import Body, Office
from answerable.letters.models import Ask, Letter, Recipient

DAY = dt.timedelta(days=1)


@pytest.fixture
def letter(team, alice, now):
    case = Case.objects.create(team=team, title="Nima", slug="nima", opened_at=now)
    made = Letter.objects.create(
        case=case,
        reference="AN-1",
        title="Where is Nima?",
        own_days=30,
        created_by=alice,
        created_at=now,
        revised_at=now,
        slug="nima-1",
    )
    for position, kind in enumerate(("information", "plea")):
        Ask.objects.create(letter=made, position=position, kind=kind, text=f"Please ({kind})")
    return made


@pytest.fixture
def addressee(letter):
    return recipient_of(letter, "AL", "Europe/Tirane")


def recipient_of(letter, country, time_zone, *, kind="to", subdivision=""):
    position = letter.recipients.count()
    body = Body.objects.create(
        name=f"Ministry {position}", country=country, subdivision=subdivision, time_zone=time_zone
    )
    office = Office.objects.create(body=body, name="Registry", folded="registry", slug=f"office-{position}")
    return Recipient.objects.create(
        letter=letter, kind=kind, position=position, as_written="The Registry", office=office
    )


def states(recipient):
    return [clock.state for clock in Clock.objects.filter(recipient=recipient).order_by("pk")]


def test_it_runs_a_clock_for_each_ask_and_calls_only_one_law(addressee, now):
    law, wish = start(addressee, accepted_at=now, now=now)
    assert (law.ask.kind, law.basis, law.rule_id, law.is_law) == ("information", "law", "al-ati", True)
    assert (wish.ask.kind, wish.basis, wish.rule_id, wish.is_law) == ("plea", "own", "", False)
    law.refresh_from_db()
    # Ten working days from 3 March 2026; 16 March stands for Summer Day, 14 March, a Saturday.
    assert law.due_on == dt.date(2026, 3, 17)
    assert law.due_at == dt.datetime(2026, 3, 17, 23, 0, tzinfo=dt.UTC)
    assert law.counted_from_on == dt.date(2026, 3, 3)
    assert "al-ati" in sentence(law.how[0])
    assert all(sentence(fact) for fact in law.assumed)
    assert wish.due_on == dt.date(2026, 4, 1)


def test_it_gives_a_copy_the_writers_own_date(letter, now):
    (clock,) = start(recipient_of(letter, "AL", "Europe/Tirane", kind="copy"), accepted_at=now, now=now)
    assert (clock.ask, clock.basis, clock.due_on) == (None, "own", dt.date(2026, 4, 1))


def test_it_gives_a_recipient_that_matches_no_office_the_writers_own_date(letter, now):
    unknown = Recipient.objects.create(
        letter=letter, kind="to", position=9, as_written="International Court of Letters"
    )
    assert {clock.basis for clock in start(unknown, accepted_at=now, now=now)} == {"own"}


def test_it_gives_a_letter_without_asks_one_own_date(addressee, letter, now):
    letter.asks.all().delete()
    (clock,) = start(addressee, accepted_at=now, now=now)
    assert (clock.ask, clock.basis) == (None, "own")


@pytest.mark.parametrize(
    ("country", "subdivision", "rule_id"),
    [
        ("DE", "", "de-ati"),
        ("DE", "BY", ""),
        ("GB", "SCT", "gb-sct-ati"),
        ("al", "", "al-ati"),
        ("NO", "", ""),
        ("SE", "", ""),
        ("", "", ""),
    ],
)
def test_it_takes_a_law_only_where_it_binds_and_is_fit(letter, now, country, subdivision, rule_id):
    clock, _wish = start(recipient_of(letter, country, "UTC", subdivision=subdivision), accepted_at=now, now=now)
    assert clock.rule_id == rule_id


def test_it_receives_on_the_day_it_is_at_the_office(letter):
    evening = dt.datetime(2026, 3, 2, 22, 0, tzinfo=dt.UTC)
    far = recipient_of(letter, "", "Pacific/Kiritimati", kind="copy")
    (clock,) = start(far, accepted_at=evening, now=evening)
    assert clock.counted_from_on == dt.date(2026, 3, 4)


def test_it_survives_a_time_zone_that_is_none(letter, now):
    (clock,) = start(recipient_of(letter, "AL", "Mars/Base", kind="copy"), accepted_at=now, now=now)
    assert clock.assumed == [{"say": "zone_unknown"}]


def test_it_starts_once(addressee, now):
    first = start(addressee, accepted_at=now, now=now)
    assert start(addressee, accepted_at=now + DAY, now=now + DAY) == first
    assert Clock.objects.count() == 2


def test_it_refuses_a_delivery_in_the_future(addressee, now):
    with pytest.raises(Refused):
        start(addressee, accepted_at=now + DAY, now=now)
    assert not Clock.objects.exists()


def test_it_is_void_with_a_bounce_and_starts_anew(addressee, now):
    start(addressee, accepted_at=now, now=now)
    fallen_due(now + 20 * DAY)
    assert void(addressee, now=now + 21 * DAY) == 2
    assert void(addressee, now=now + 21 * DAY) == 0
    law, _wish = start(addressee, accepted_at=now + 22 * DAY, now=now + 22 * DAY)
    assert law.due_on > dt.date(2026, 4, 1)
    assert states(addressee) == ["void", "void", "running", "running"]


def test_it_stops_with_an_answer(addressee, now):
    start(addressee, accepted_at=now, now=now)
    assert stop(addressee, now=now + DAY) == 2
    assert stop(addressee, now=now + DAY) == 0
    assert fallen_due(now + 90 * DAY) == []
    assert {clock.ended_at for clock in Clock.objects.all()} == {now + DAY}


def test_it_keeps_a_passed_date_passed_when_a_late_answer_comes(addressee, now):
    start(addressee, accepted_at=now, now=now)
    fallen_due(now + 20 * DAY)
    assert stop(addressee, now=now + 21 * DAY) == 1
    assert states(addressee) == ["passed", "answered"]


def test_it_runs_on_when_an_answer_was_none(addressee, now):
    start(addressee, accepted_at=now, now=now)
    stop(addressee, now=now + DAY)
    assert run_on(addressee) == 2
    assert len(fallen_due(now + 90 * DAY)) == 2


def test_it_falls_due_at_the_instant_and_once(addressee, now):
    law, _wish = start(addressee, accepted_at=now, now=now)
    assert fallen_due(law.due_at - dt.timedelta(microseconds=1)) == []
    (fallen,) = fallen_due(law.due_at)
    assert (fallen, fallen.state, fallen.recipient_id) == (law, "passed", addressee.pk)
    assert fallen_due(law.due_at) == []
    law.refresh_from_db()
    assert (law.state, law.ended_at) == ("passed", law.due_at)


def test_it_catches_up_in_batches_with_few_queries(letter, now, django_assert_max_num_queries):
    for _each in range(4):
        start(recipient_of(letter, "AL", "Europe/Tirane"), accepted_at=now, now=now)
    late = now + 365 * DAY
    with django_assert_max_num_queries(4):  # two of them are the savepoint's
        first = fallen_due(late, most=5)
    second = fallen_due(late, most=5)
    assert [len(first), len(second), len(fallen_due(late, most=5))] == [5, 3, 0]
    assert [clock.due_at for clock in first + second] == sorted(clock.due_at for clock in first + second)


def test_it_undoes_what_fell_due_when_the_consequence_is_not_recorded(addressee, now):
    start(addressee, accepted_at=now, now=now)
    with pytest.raises(RuntimeError), transaction.atomic():
        assert fallen_due(now + 90 * DAY)
        raise RuntimeError("the log could not be written")
    assert len(fallen_due(now + 90 * DAY)) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"basis": "law"},
        {"rule_id": "al-ati"},
        {"state": "passed", "ended_at": None},
        {"ended_at": dt.datetime(2026, 3, 2, tzinfo=dt.UTC)},
        {"due_on": dt.date(2026, 1, 1)},
    ],
)
def test_it_keeps_what_is_absolute_in_the_database(letter, now, wrong):
    start(recipient_of(letter, "AL", "Europe/Tirane", kind="copy"), accepted_at=now, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Clock.objects.update(**wrong)


@pytest.mark.parametrize("kind", ["to", "copy"])
def test_it_has_one_clock_for_one_ask_in_the_database(letter, now, kind):
    clock, *_others = start(recipient_of(letter, "AL", "Europe/Tirane", kind=kind), accepted_at=now, now=now)
    clock.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        clock.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_it_can_be_migrated_back():
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes("clock")
    MigrationExecutor(connection).migrate([("clock", None)])
    assert "clock_clock" not in connection.introspection.table_names()
    MigrationExecutor(connection).migrate(latest)
    assert "clock_clock" in connection.introspection.table_names()
