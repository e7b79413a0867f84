"""Reminders: when an addressee is silent, the next letter waits as a draft. A person sends it, or does not.

Where somebody has chosen so for a letter, they leave by themselves: see `letters.unattended`.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from django.db import connection
from django.db.models import Prefetch
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from answerable.core.ids import slug
from answerable.evidence.log import Done, append_many

from .drafting import new_reference
from .models import Letter, LetterAct, Recipient, Version
from .states import LetterState
from .unattended import leaving


def prepare(silent: Collection[int], *, now: dt.datetime) -> list[Letter]:
    """Afterwards each letter with a silent addressee has one reminder as a draft, to the silent ones, copies as before.

    `silent` are the keys of recipients. A letter that has an open reminder draft gets no second one: whoever fell
    silent later is added to it. Needs a surrounding transaction; a few statements however many letters there are.
    """
    to = Recipient.objects.filter(pk__in=silent, kind=Recipient.Kind.TO).values_list("letter_id", "pk")
    of = dict.fromkeys(letter for letter, _pk in to)
    drafts = Letter.objects.filter(reminder_of__in=of, state=LetterState.DRAFT).values_list("reminder_of", "pk")
    open_drafts = {letter: draft for letter, draft in drafts if letter}
    for letter, draft in open_drafts.items():
        _add(draft, [pk for of_letter, pk in to if of_letter == letter])
    return _begin(
        [pk for pk in of if pk not in open_drafts], [pk for letter, pk in to if letter not in open_drafts], now
    )


def _begin(letter_pks: Collection[int], silent: Sequence[int], now: dt.datetime) -> list[Letter]:
    words = Version.objects.filter(is_authoritative=True).defer("body")
    rows = (
        Letter.objects.filter(pk__in=letter_pks)
        .select_related("case", "reminder_of")
        .only(
            "uid", "reference", "title", "sealed_at", "own_days", "mailbox", "created_by", "case__uid", "leaves_at",
            "reminders_chosen_by", "reminder_of__reminders_chosen_by",
        )
    )  # fmt: skip
    letters = list(rows.prefetch_related(Prefetch("versions", words), "asks"))
    unattended = leaving(letters)
    reminders = Letter.objects.bulk_create(
        _reminder(of, leaves_at=now if of.pk in unattended else None, now=now) for of in letters
    )
    pairs = list(zip(letters, reminders, strict=True))
    Version.objects.bulk_create(_version(of, draft, now=now) for of, draft in pairs)
    _copy_parts([draft.pk for draft in reminders], silent)
    facts = [{"case": str(of.case.uid), "reminder_of": str(of.uid)} for of in letters]
    done = [Done(draft.pk, draft.uid, "draft", facts=fact) for draft, fact in zip(reminders, facts, strict=True)]
    append_many(LetterAct, done, now=now)
    return reminders


def _add(draft: int, silent: Collection[int]) -> None:
    """Give an open draft these addressees too, after those it has by now; who stands in it already is not added."""
    there = list(Recipient.objects.filter(letter=draft))
    known = {_who(one) for one in there}
    last = max((one.position for one in there if one.kind == Recipient.Kind.TO), default=0)
    late = [one for one in Recipient.objects.filter(pk__in=silent) if _who(one) not in known]
    same = ("kind", "as_written", "office_id", "channel", "address")
    Recipient.objects.bulk_create(
        Recipient(letter_id=draft, position=position, **{name: getattr(one, name) for name in same})
        for position, one in enumerate(late, last + 1)
    )


def _who(recipient: Recipient) -> int | str:
    return recipient.office_id or recipient.as_written


def _copy_parts(drafts: Sequence[int], silent: Sequence[int]) -> None:
    """Give the drafts the asks and signatories of what they remind of, its silent addressees, and its copies."""
    _copy(drafts, "letters_ask", "position, kind, text")
    _copy(drafts, "letters_signatory", "position, name, role, place")
    copies = Recipient.objects.filter(letter__reminders__in=drafts, kind=Recipient.Kind.COPY)
    _copy_recipients(drafts, [*silent, *copies.values_list("pk", flat=True)])


def _copy_recipients(drafts: Sequence[int], recipients: Sequence[int]) -> None:
    """Give the drafts these recipients of what they remind of."""
    new_uid = "lower(hex(randomblob(16)))" if connection.vendor == "sqlite" else "gen_random_uuid()"
    columns = "kind, position, as_written, office_id, channel, address"
    _copy(drafts, "letters_recipient", columns, also={"uid": new_uid, "state": "'planned'"}, only=recipients)


def _copy(
    drafts: Sequence[int], table: str, columns: str, *, also: Mapping[str, str] = {}, only: Sequence[int] | None = None
) -> None:
    """Give each draft the rows of the letter it reminds of, or `only` those with these keys.

    In the database, since they are the same rows again: to read and write them here would take most of a tick.
    """
    if not drafts or only == []:
        return
    old = ", ".join(f"old.{column}" for column in columns.split(", "))
    which = f" AND old.id IN ({_marks(only)})" if only else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(['letter_id', *also])}, {columns}) "
            f"SELECT {', '.join(['draft.id', *also.values()])}, {old} FROM letters_letter draft "
            f"JOIN {table} old ON old.letter_id = draft.reminder_of_id WHERE draft.id IN ({_marks(drafts)}){which}",
            [*drafts, *(only or ())],
        )


def _marks(values: Sequence[int]) -> str:
    return ", ".join(["%s"] * len(values))


def _reminder(of: Letter, *, leaves_at: dt.datetime | None, now: dt.datetime) -> Letter:
    reference = new_reference()
    with translation.override(_words(of).language):
        title = _("Reminder: %(title)s") % {"title": of.title}
    return Letter(
        case=of.case,
        reference=reference,
        slug=f"{slug(title)}-{reference[-4:].lower()}",
        title=title[:250],
        reminder_of=of,
        leaves_at=leaves_at,
        own_days=of.own_days,
        mailbox_id=of.mailbox_id,
        created_by_id=of.created_by_id,
        created_at=now,
        revised_at=now,
    )


def _version(of: Letter, draft: Letter, *, now: dt.datetime) -> Version:
    words = _words(of)
    with translation.override(words.language):
        sent_on = date_format(of.sealed_at or now, "DATE_FORMAT")
        body = [
            _("On %(date)s we wrote to you under the reference %(reference)s: “%(subject)s”.")
            % {"date": sent_on, "reference": of.reference, "subject": words.subject},
            _("No reply from you has been recorded by %(date)s.") % {"date": date_format(now, "DATE_FORMAT")},
            _("We ask you again:"),
            *(f"{n}. {ask.text}" for n, ask in enumerate(of.asks.all(), 1)),
            _("If an answer is on its way, or if another office is the right one, please tell us so."),
        ]
        subject = _("Reminder: %(title)s") % {"title": words.subject}
    return Version(
        letter=draft,
        language=words.language,
        is_authoritative=True,
        subject=subject[:250],
        salutation=words.salutation,
        body="\n\n".join(body),
        closing=words.closing,
    )


def _words(letter: Letter) -> Version:
    """The authoritative version; a sealed letter has one."""
    return next(version for version in letter.versions.all() if version.is_authoritative)
