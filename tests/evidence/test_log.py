"""The log: acts commit, entries are ordered gaplessly, and every kind of tampering is seen."""

import datetime as dt
import json
import uuid

import pytest
import rfc8785
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from answerable.accounts.models import TeamAct
from answerable.evidence.log import append, canonical
from answerable.evidence.models import Checkpoint, Entry
from answerable.evidence.sequencing import sequence
from answerable.evidence.verifying import act_kinds, verify_live


@pytest.fixture
def logged(team, alice, now):
    for n in range(5):
        with transaction.atomic():
            append(TeamAct, team, "rename", by=alice.uid, now=now + dt.timedelta(minutes=n), round=n)
    return list(TeamAct.objects.filter(verb="rename"))


def test_it_refuses_an_act_outside_a_transaction(transactional_db, team, now):
    with pytest.raises(RuntimeError):
        append(TeamAct, team, "rename", by=None, now=now)


def test_it_keeps_no_entry_of_an_act_that_was_rolled_back(team, now):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        append(TeamAct, team, "rename", by=None, now=now)
        raise ZeroDivisionError
    assert not Entry.objects.exists()


def test_it_orders_entries_gaplessly_and_signs_what_it_ordered(logged, now):
    assert sequence(now=now) == 5
    assert sorted(Entry.objects.values_list("position", flat=True)) == [0, 1, 2, 3, 4]
    assert sequence(now=now) == 0
    assert Checkpoint.objects.count() == 1
    verdict = verify_live()
    assert verdict.holds
    assert (verdict.entries, verdict.acts, verdict.checkpoints) == (5, 5, 1)


def test_it_holds_over_several_checkpoints(logged, team, now):
    sequence(now=now)
    with transaction.atomic():
        append(TeamAct, team, "rename", by=None, now=now)
    sequence(now=now)
    verdict = verify_live()
    assert verdict.holds
    assert verdict.checkpoints == 2


def test_it_names_no_account_or_subject_in_an_entry(logged):
    columns = {field.name for field in Entry._meta.fields}
    assert columns == {"id", "commitment", "at", "position"}


def test_it_stays_whole_when_the_words_of_an_act_are_erased(logged, now):
    sequence(now=now)
    logged[2].delete()
    assert verify_live().holds


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        ("UPDATE accounts_teamact SET verb = 'invite' WHERE id = {act}", "not those that were logged"),
        ("UPDATE evidence_entry SET commitment = '{zeros}' WHERE position = 1", "not those that were logged"),
        ("UPDATE evidence_entry SET position = 99 WHERE position = 2", "Entry 2 is missing"),
        ("UPDATE evidence_checkpoint SET root = '{zeros}'", "another root"),
        ("UPDATE evidence_checkpoint SET note = SUBSTR(note, 1, LENGTH(note) - 6) || 'AAA=='", "signature"),
        ("UPDATE evidence_checkpoint SET key_id = '{zeros}'", "not this host's"),
        ("UPDATE evidence_checkpoint SET size = 6", "only 5 are there"),
    ],
)
def test_it_sees_tampering(logged, now, tampering, said):
    sequence(now=now)
    with connection.cursor() as cursor:
        cursor.execute(tampering.format(act=logged[0].pk, zeros="0" * 64))
    faults = verify_live().faults
    assert any(said in fault for fault in faults), faults


plain = (
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(exclude_categories=["Cs"]))
)
facts = st.dictionaries(
    st.text("abcdefghijklmnopqrstuvwxyzABC_09", max_size=8),
    st.recursive(
        plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcXYZ"), inner, max_size=3)
    ),
    max_size=5,
)


@given(facts)
def test_it_commits_to_the_bytes_of_rfc_8785(said):
    uid, at = uuid.UUID(int=7), dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
    content = canonical(TeamAct, uid, "rename", None, at, said)
    assert content == rfc8785.dumps(json.loads(content))


@pytest.mark.parametrize("said", [{"ß": 1}, {"share": 0.5}, {"large": 2**53}, {"at": dt.date(2026, 3, 2)}])
def test_it_logs_no_fact_that_two_programs_could_write_differently(team, now, said):
    with pytest.raises(ValueError, match="fact"), transaction.atomic():
        append(TeamAct, team, "rename", by=None, now=now, **said)


def test_it_looks_at_every_room_that_logs(db):
    assert {kind._meta.app_label for kind in act_kinds()} >= {"accounts", "cases", "directory", "letters"}
