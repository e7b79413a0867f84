"""What holds whatever the code does, because the database refuses everything else."""

import pytest
from django.db import IntegrityError, connection, transaction

from answerable.dispatch import outbox
from answerable.letters import sealing
from answerable.letters.models import Ask, Dispatch, Enclosure, Letter, Recipient, Signatory, Version


@pytest.fixture
def sealed(letter, now):
    with transaction.atomic():
        sealing.seal(letter, now=now)
    return letter


@pytest.fixture
def dispatch(sealed, now):
    return outbox.queue(sealed.recipients.get(kind="to"), route="host", now=now)


def refused(sentence):
    """A context in which the database refuses, with this sentence."""
    return pytest.raises(IntegrityError, match=sentence)


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Version, {"body": "other words"}),
        (Version, {"language": "de"}),
        (Ask, {"text": "another ask"}),
        (Ask, {"kind": "petition"}),
        (Signatory, {"name": "Charlie"}),
        (Recipient, {"as_written": "Somebody else"}),
        (Recipient, {"kind": "copy", "position": 9}),
        (Letter, {"title": "Another title"}),
        (Letter, {"state": "draft"}),
        (Letter, {"sealed_digest": "0" * 64}),
    ],
)
def test_it_never_changes_a_word_of_a_sealed_letter(sealed, model, change):
    rows = model.objects.filter(pk=sealed.pk) if model is Letter else model.objects.filter(letter=sealed)
    one = rows.order_by("pk")[0]
    with refused("sealed letter's words never change"), transaction.atomic():
        model.objects.filter(pk=one.pk).update(**change)


def test_it_adds_no_words_to_a_sealed_letter(sealed):
    for new in (
        Version(letter=sealed, language="de", subject="x", body="y"),
        Ask(letter=sealed, position=9, kind="plea", text="x"),
        Signatory(letter=sealed, position=9, name="Charlie"),
        Recipient(letter=sealed, kind="copy", position=9, as_written="One more"),
    ):
        with refused("sealed letter's words never change"), transaction.atomic():
            new.save()


def test_it_lets_a_draft_change_and_a_sealed_letter_be_matched_to_an_office(letter, sealed, office):
    Recipient.objects.filter(letter=sealed, kind="to").update(office=None)
    Recipient.objects.filter(letter=sealed, kind="to").update(office=office, address="new@justice.example")


def test_it_has_the_same_digest_for_the_same_words(sealed):
    assert sealing.words_digest(sealed) == sealed.sealed_digest


def test_it_lets_nobody_wait_to_whom_nothing_was_delivered(dispatch, now):
    recipient = dispatch.recipient
    waiting = {"state": "waiting", "waiting_since_at": now, "accepted_dispatch": dispatch}
    with refused("recipient_waiting_was_delivered|accepted dispatch"), transaction.atomic():
        Recipient.objects.filter(pk=recipient.pk).update(state="waiting")
    with refused("a waiting recipient has an accepted dispatch"), transaction.atomic():
        Recipient.objects.filter(pk=recipient.pk).update(**waiting)
    Dispatch.objects.filter(pk=dispatch.pk).update(state="accepted", accepted_at=now)
    Recipient.objects.filter(pk=recipient.pk).update(**waiting)
    with refused("a waiting recipient has an accepted dispatch"), transaction.atomic():
        Dispatch.objects.filter(pk=dispatch.pk).update(state="bounced")


def test_it_does_not_accept_another_recipients_dispatch_as_delivery(dispatch, sealed, now):
    Dispatch.objects.filter(pk=dispatch.pk).update(state="accepted", accepted_at=now)
    other = sealed.recipients.filter(kind="copy").first()
    with refused("a waiting recipient has an accepted dispatch"), transaction.atomic():
        Recipient.objects.filter(pk=other.pk).update(state="waiting", waiting_since_at=now, accepted_dispatch=dispatch)


def test_it_gives_a_dispatch_one_message_id_for_its_life(dispatch):
    with refused("keeps its Message-ID"), transaction.atomic():
        Dispatch.objects.filter(pk=dispatch.pk).update(message_id="<other@answerable.example>")
    with refused("(?i)unique"), transaction.atomic():
        Dispatch.objects.create(
            recipient=dispatch.recipient.letter.recipients.filter(kind="copy").first(),
            channel="email",
            message_id=dispatch.message_id,
            reply_hash="1" * 64,
            queued_at=dispatch.queued_at,
            next_try_at=dispatch.queued_at,
        )


def test_it_hands_a_letter_to_one_recipient_by_one_dispatch_at_a_time(dispatch, now):
    with refused("(?i)unique"), transaction.atomic():
        outbox.queue(dispatch.recipient, route="host", now=now)


def test_it_still_has_every_rule_after_all_migrations(db):
    """SQLite drops a table's triggers when a later migration rebuilds it: then that migration must lay them down again."""
    catalogue = (
        "sqlite_master WHERE type = 'trigger'" if connection.vendor == "sqlite" else "pg_trigger WHERE NOT tgisinternal"
    )
    column = "name" if connection.vendor == "sqlite" else "tgname"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {catalogue}")
        there = {name for (name,) in cursor.fetchall()}
    tables = [m._meta.db_table for m in (Version, Ask, Signatory, Enclosure, Recipient)]
    wanted = {f"{table}_sealed_{event}" for table in tables for event in ("update", "insert")}
    wanted |= {"letters_letter_sealed", "letters_recipient_waiting_update", "letters_recipient_waiting_insert"}
    assert wanted | {"letters_dispatch_left", "letters_dispatch_one_id"} <= there
