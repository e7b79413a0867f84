"""Rules that hold whatever the code does: sealed words never change, a waiting recipient was delivered to.

They are triggers, since no check constraint can look at another row. Both databases get the same rules.
Erasing (DELETE) stays possible: a family may take its words away, nobody may alter them.
"""

from django.db import migrations

# table: (columns that are words, how to find the letter of the row)
WORDS = {
    "letters_version": ["letter_id", "language", "is_authoritative", "subject", "salutation", "body", "closing"],
    "letters_ask": ["letter_id", "position", "kind", "text"],
    "letters_signatory": ["letter_id", "position", "name", "role", "place"],
    "letters_enclosure": ["letter_id", "position", "title", "file_id"],
    "letters_recipient": ["letter_id", "kind", "position", "as_written"],
}
SEALED = "a sealed letter's words never change"
WAITING = "a waiting recipient has an accepted dispatch"
ONE_ID = "a dispatch keeps its Message-ID"


def rules():
    """(name, event and table, condition over NEW and OLD, sentence) of every rule; {r} is true where rows are compared."""
    for table, columns in WORDS.items():
        changed = " OR ".join(f"NEW.{c} IS DISTINCT FROM OLD.{c}" for c in columns)
        sealed = "EXISTS (SELECT 1 FROM letters_letter l WHERE l.id = {row}.letter_id AND l.state <> 'draft')"
        yield f"{table}_sealed_update", f"UPDATE ON {table}", f"({changed}) AND {sealed.format(row='OLD')}", SEALED
        yield f"{table}_sealed_insert", f"INSERT ON {table}", sealed.format(row="NEW"), SEALED
    yield (
        "letters_letter_sealed",
        "UPDATE ON letters_letter",
        "OLD.sealed_digest <> '' AND (NEW.sealed_digest <> OLD.sealed_digest OR NEW.state IN ('draft', 'discarded') "
        "OR NEW.title <> OLD.title OR NEW.reference <> OLD.reference)",
        SEALED,
    )
    delivered = "EXISTS (SELECT 1 FROM letters_dispatch d WHERE d.id = NEW.accepted_dispatch_id AND d.recipient_id = NEW.id AND d.state = 'accepted')"
    yield (
        "letters_recipient_waiting_update",
        "UPDATE ON letters_recipient",
        f"NEW.state = 'waiting' AND OLD.state <> 'waiting' AND NOT {delivered}",
        WAITING,
    )
    yield (
        "letters_recipient_waiting_insert",
        "INSERT ON letters_recipient",
        f"NEW.state = 'waiting' AND NOT {delivered}",
        WAITING,
    )
    yield (
        "letters_dispatch_left",
        "UPDATE ON letters_dispatch",
        "OLD.state = 'accepted' AND NEW.state <> 'accepted' AND EXISTS "
        "(SELECT 1 FROM letters_recipient r WHERE r.accepted_dispatch_id = NEW.id AND r.state = 'waiting')",
        WAITING,
    )
    yield (
        "letters_dispatch_one_id",
        "UPDATE ON letters_dispatch",
        "NEW.message_id <> OLD.message_id OR NEW.reply_hash <> OLD.reply_hash",
        ONE_ID,
    )


def lay_down(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for name, event, condition, sentence in rules():
        sentence = sentence.replace("'", "''")
        if vendor == "sqlite":
            condition = condition.replace("IS DISTINCT FROM", "IS NOT")
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            )
        else:
            # PostgreSQL takes no subquery in WHEN, so the condition stands in the function.
            schema_editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $rule$ BEGIN IF {condition} THEN "
                f"RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = '{sentence}'; END IF; RETURN NEW; END $rule$"
            )
            schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW EXECUTE FUNCTION {name}()")


def take_up(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for name, event, _condition, _sentence in rules():
        if vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {event.split()[-1]}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")


class Migration(migrations.Migration):
    dependencies = [("letters", "0001_initial")]
    operations = [migrations.RunPython(lay_down, take_up)]
