"""Reminders: when an addressee is silent, the next letter waits as a draft. A person sends it, or does not."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from answerable.core.ids import slug
from answerable.evidence.log import Done, append_many

from .drafting import new_reference
from .models import Ask, Letter, LetterAct, Recipient, Signatory, Version
from .states import LetterState


def prepare(silent: Sequence[Recipient], *, now: dt.datetime) -> list[Letter]:
    """Afterwards each letter with a silent addressee has one reminder as a draft, to the silent ones, copies as before.

    A letter that has an open reminder draft gets no second one: whoever fell silent later is added to it. Needs a
    surrounding transaction; a few statements however many letters there are.
    """
    by_letter: dict[int, list[Recipient]] = defaultdict(list)
    for one in silent:
        if one.kind == Recipient.Kind.TO:
            by_letter[one.letter_id].append(one)
    if not by_letter:
        return []
    open_drafts = {
        draft.reminder_of_id: draft
        for draft in Letter.objects.filter(reminder_of__in=by_letter, state=LetterState.DRAFT)
    }
    _join(open_drafts, by_letter)
    return _begin([pk for pk in by_letter if pk not in open_drafts], by_letter, now=now)


def _join(open_drafts: dict[int | None, Letter], by_letter: dict[int, list[Recipient]]) -> None:
    for of, draft in open_drafts.items():
        silent = by_letter[of or 0]
        there = list(draft.recipients.all())
        new = [one for one in silent if one.as_written not in {r.as_written for r in there}]
        position = max((r.position for r in there if r.kind == Recipient.Kind.TO), default=0)
        Recipient.objects.bulk_create(_again(one, draft, position + n) for n, one in enumerate(new, 1))


def _begin(letter_pks: Iterable[int], by_letter: dict[int, list[Recipient]], *, now: dt.datetime) -> list[Letter]:
    letters = list(
        Letter.objects.filter(pk__in=letter_pks)
        .select_related("mailbox")
        .prefetch_related("versions", "asks", "signatories", "recipients", "case")
    )
    reminders = Letter.objects.bulk_create(_reminder(letter, now=now) for letter in letters)
    pairs = list(zip(letters, reminders, strict=True))
    Version.objects.bulk_create(_version(of, draft, by_letter[of.pk], now=now) for of, draft in pairs)
    Ask.objects.bulk_create(
        (
            Ask(letter=draft, position=a.position, kind=a.kind, text=a.text)
            for of, draft in pairs
            for a in of.asks.all()
        ),
        batch_size=500,
    )
    Signatory.objects.bulk_create(
        (
            Signatory(letter=draft, position=s.position, name=s.name, role=s.role, place=s.place)
            for of, draft in pairs
            for s in of.signatories.all()
        ),
        batch_size=500,
    )
    Recipient.objects.bulk_create(
        (one for of, draft in pairs for one in _recipients(of, draft, by_letter[of.pk])), batch_size=500
    )
    append_many(
        LetterAct,
        [Done(draft, "draft", facts={"case": str(of.case.uid), "reminder_of": str(of.uid)}) for of, draft in pairs],
        now=now,
    )
    return reminders


def _reminder(of: Letter, *, now: dt.datetime) -> Letter:
    reference = new_reference()
    with translation.override(_language(of)):
        title = _("Reminder: %(title)s") % {"title": of.title}
    return Letter(
        case=of.case,
        reference=reference,
        slug=f"{slug(title)}-{reference[-4:].lower()}",
        title=title[:250],
        reminder_of=of,
        own_days=of.own_days,
        mailbox=of.mailbox,
        created_by_id=of.created_by_id,
        created_at=now,
        revised_at=now,
    )


def _version(of: Letter, draft: Letter, silent: Sequence[Recipient], *, now: dt.datetime) -> Version:
    words = next(v for v in of.versions.all() if v.is_authoritative)
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


def _recipients(of: Letter, draft: Letter, silent: Sequence[Recipient]) -> list[Recipient]:
    to = [_again(one, draft, n) for n, one in enumerate(silent, 1)]
    copies = [r for r in of.recipients.all() if r.kind == Recipient.Kind.COPY]
    return to + [_again(one, draft, n) for n, one in enumerate(copies, 1)]


def _again(one: Recipient, draft: Letter, position: int) -> Recipient:
    return Recipient(
        letter=draft,
        kind=one.kind,
        position=position,
        as_written=one.as_written,
        office_id=one.office_id,
        channel=one.channel,
        address=one.address,
    )


def _language(letter: Letter) -> str:
    return next((v.language for v in letter.versions.all() if v.is_authoritative), "en")
