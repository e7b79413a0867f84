"""How fast `tick` finds what fell due: dates a second, with log entries and reminder drafts, and when it is run again.

100,000 recipients wait, of whom 10,000 have fallen due; each letter has one addressee and four copies.
Run as `python -m bench.tick`; on SQLite in a folder of its own, or on an empty database named by DATABASE_URL.
"""

import datetime as dt
import os
import tempfile
import time
from collections.abc import Iterator

import django

_home = tempfile.TemporaryDirectory(prefix="answerable-bench-")
os.environ.update(ANSWERABLE_HOME=_home.name, DJANGO_SETTINGS_MODULE="answerable.conf.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from answerable import journey  # noqa: E402
from answerable.accounts.models import Team, User  # noqa: E402
from answerable.cases.models import Case  # noqa: E402
from answerable.clock.models import Clock  # noqa: E402
from answerable.letters.models import Ask, Dispatch, Letter, Recipient, Version  # noqa: E402

WAITING, DUE, EACH = 100_000, 10_000, 5
SENT_AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
NOW = SENT_AT + dt.timedelta(days=31)
FLOOR = 5_000  # dates a second


def main() -> None:
    """Print both figures, and whether the floor was held."""
    call_command("migrate", verbosity=0)
    _prepare()
    first, took = _timed()
    again, took_again = _timed()
    if (first, again) != (DUE, 0):
        raise SystemExit(f"tick found {first} dates and then {again}: expected {DUE} and none")
    rate = DUE / took
    print(
        f"tick: {rate:,.0f} dates a second over {WAITING:,} waiting ({connection.vendor}); {rate / FLOOR:.1f} times the floor"
    )
    print(f"tick, run again: nothing is due, {took_again * 1000:.1f} ms")


def _timed() -> tuple[int, float]:
    started = time.perf_counter()
    return journey.tick(now=NOW), time.perf_counter() - started


def _prepare() -> None:
    """Write the rows as they stand when letters have been delivered: most of them yesterday, a tenth a month ago."""
    with transaction.atomic():
        user = User.objects.create_user("alice@people.example", name="Alice")
        team = Team.objects.create(name="Bench", created_at=SENT_AT)
        case = Case.objects.create(team=team, title="Bench", slug="bench", opened_at=SENT_AT)
        letters = Letter.objects.bulk_create(_letters(case, user), batch_size=500)
        Version.objects.bulk_create(
            (
                Version(
                    letter=one, language="en", is_authoritative=True, subject=one.title, body="Where is he?\n\n" * 8
                )
                for one in letters
            ),
            batch_size=500,
        )
        Ask.objects.bulk_create(
            (Ask(letter=one, position=0, kind="plea", text="Tell us.") for one in letters), batch_size=500
        )
        recipients = Recipient.objects.bulk_create(
            (one for letter in letters for one in _recipients(letter)), batch_size=500
        )
        Dispatch.objects.bulk_create(map(_dispatch, recipients), batch_size=500)
        Clock.objects.bulk_create(map(_clock, range(WAITING), recipients), batch_size=500)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE letters_recipient SET state = 'waiting', waiting_since_at = %s, accepted_dispatch_id = "
                "(SELECT d.id FROM letters_dispatch d WHERE d.recipient_id = letters_recipient.id)",
                [SENT_AT],
            )
            cursor.execute(
                "UPDATE letters_letter SET state = 'sealed', sealed_at = %s, sealed_digest = 'bench'", [SENT_AT]
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _letters(case: Case, user: User) -> Iterator[Letter]:
    for number in range(WAITING // EACH):
        yield Letter(
            case=case,
            reference=f"B-{number}",
            slug=f"b-{number}",
            title=f"Letter {number}",
            created_by=user,
            created_at=SENT_AT,
            revised_at=SENT_AT,
        )


def _recipients(letter: Letter) -> Iterator[Recipient]:
    for position in range(EACH):
        kind = Recipient.Kind.COPY if position else Recipient.Kind.TO
        yield Recipient(letter=letter, kind=kind, position=position, as_written=f"Office {position}\nQuay 1")


def _dispatch(recipient: Recipient) -> Dispatch:
    return Dispatch(
        recipient=recipient,
        channel="post",
        state="accepted",
        message_id=f"<{recipient.pk}@bench.example>",
        reply_hash=f"{recipient.pk:064x}",
        queued_at=SENT_AT,
        next_try_at=SENT_AT,
        accepted_at=SENT_AT,
    )


def _clock(number: int, recipient: Recipient) -> Clock:
    delivered_at = SENT_AT if number < DUE else NOW - dt.timedelta(days=1)
    due_on = delivered_at.date() + dt.timedelta(days=30)
    return Clock(
        recipient=recipient,
        basis="own",
        started_at=delivered_at,
        counted_from_on=delivered_at.date() + dt.timedelta(days=1),
        due_on=due_on,
        due_at=dt.datetime.combine(due_on, dt.time(), dt.UTC),
        how=[{"say": "own_days", "days": 30}],
    )


if __name__ == "__main__":
    main()
