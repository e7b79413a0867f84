"""Drafting: the words and recipients of a letter while they may still change."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from answerable.accounts.models import Mailbox, User
from answerable.cases.models import Case
from answerable.core.errors import Refused
from answerable.core.ids import slug, token
from answerable.directory.models import Channel, Office
from answerable.evidence.log import append
from answerable.evidence.models import File

from .models import Ask, Enclosure, Letter, LetterAct, Recipient, Signatory, Version
from .parts import read_parts
from .states import LetterState, move


@dataclass(frozen=True)
class Words:
    """The letter in one language."""

    language: str
    subject: str
    body: str
    salutation: str = ""
    closing: str = ""


@dataclass(frozen=True)
class Someone:
    """A recipient: as it stands on the letter, the office it means (if known), and how it is reached."""

    as_written: str
    office: Office | None = None
    channel: str = Channel.EMAIL
    address: str = ""


@dataclass(frozen=True)
class Asked:
    """One ask: its kind (`Ask.Kind`) and its words."""

    kind: str
    text: str


@dataclass(frozen=True)
class Signed:
    """One signatory."""

    name: str
    role: str = ""
    place: str = ""


@dataclass(frozen=True)
class Enclosed:
    """One enclosure: a kept file under a title."""

    title: str
    file: File


@dataclass(frozen=True)
class Draft:
    """Everything a draft holds. The first version is the authoritative one."""

    title: str
    versions: Sequence[Words]
    to: Sequence[Someone] = ()
    copies: Sequence[Someone] = ()
    asks: Sequence[Asked] = ()
    signatories: Sequence[Signed] = ()
    enclosures: Sequence[Enclosed] = ()
    own_days: int = 30
    mailbox: Mailbox | None = None
    reminders_by_themselves: bool = False
    photo: File | None = None
    photo_alt: str = ""
    photo_caption: str = ""
    source: File | None = None
    source_name: str = field(default="")


def begin(case: Case, draft: Draft, *, by: User, now: dt.datetime, reminder_of: Letter | None = None) -> Letter:
    """Afterwards the case has a new draft with these words. Refused where two recipients are the same office."""
    check_recipients(draft)
    reference = new_reference()
    with transaction.atomic():
        letter = Letter.objects.create(
            case=case,
            reference=reference,
            slug=f"{slug(draft.title)}-{reference[-4:].lower()}",
            reminder_of=reminder_of,
            created_by=by,
            created_at=now,
            revised_at=now,
            reminders_chosen_by=by if draft.reminders_by_themselves else None,
            **_letter_fields(draft),
        )
        _lay_down_parts(letter, draft)
        append(LetterAct, letter, "draft", by=by.uid, now=now, case=str(case.uid))
    return letter


def revise(letter: Letter, draft: Draft, *, by: User, now: dt.datetime) -> Letter:
    """Afterwards the draft holds exactly these words, and leaves when a person sends it. Refused once it is sealed."""
    check_recipients(draft)
    chosen_by = (letter.reminders_chosen_by or by) if draft.reminders_by_themselves else None
    with transaction.atomic():
        rows = Letter.objects.filter(pk=letter.pk, state=LetterState.DRAFT)
        if not rows.update(revised_at=now, leaves_at=None, reminders_chosen_by=chosen_by, **_letter_fields(draft)):
            raise Refused(_("This letter has been sent: its words can no longer change. Write a new letter instead."))
        for part in (Version, Ask, Signatory, Enclosure, Recipient):
            part._default_manager.filter(letter=letter).delete()
        _lay_down_parts(letter, draft)
        append(LetterAct, letter, "revise", by=by.uid, now=now)
    letter.refresh_from_db()
    return letter


def discard(letter: Letter, *, by: User, now: dt.datetime) -> None:
    """Afterwards the draft is discarded; its words stay until somebody erases the case. Refused once sealed."""
    with transaction.atomic():
        if not move("letter", Letter.objects.filter(pk=letter.pk), LetterState.DISCARDED):
            raise Refused(_("Only a draft can be discarded, and this letter has been sent."))
        append(LetterAct, letter, "discard", by=by.uid, now=now)


def check_recipients(draft: Draft) -> None:
    """Refused where one office stands twice among the recipients, or no version has words."""
    if not draft.versions:
        raise Refused(_("The letter has no words yet: write it in at least one language."), field="body")
    languages = [words.language for words in draft.versions]
    if len(set(languages)) < len(languages):
        raise Refused(_("Two versions are in the same language: keep one of them."), field="language")
    offices = [one.office for one in (*draft.to, *draft.copies) if one.office]
    for office in offices:
        if offices.count(office) > 1:
            raise Refused(
                _("%(office)s stands twice among the recipients: take one of them away.") % {"office": office},
                field="to",
            )


def new_reference() -> str:
    """A reference that can be read out over the phone, as AN-7K3M-2QXD; 40 bits, so no two letters share one."""
    drawn = token(40).upper()
    return f"AN-{drawn[:4]}-{drawn[4:]}"


def as_draft(letter: Letter) -> Draft:
    """What the letter holds now, in the shape that `begin` and `revise` take."""
    read_parts(letter)
    recipients = list(letter.recipients.all())

    def someone(kind: str) -> list[Someone]:
        return [Someone(r.as_written, r.office, r.channel, r.address) for r in recipients if r.kind == kind]

    return Draft(
        title=letter.title,
        versions=[Words(v.language, v.subject, v.body, v.salutation, v.closing) for v in letter.versions.all()],
        to=someone(Recipient.Kind.TO),
        copies=someone(Recipient.Kind.COPY),
        asks=[Asked(a.kind, a.text) for a in letter.asks.all()],
        signatories=[Signed(s.name, s.role, s.place) for s in letter.signatories.all()],
        enclosures=[Enclosed(e.title, e.file) for e in letter.enclosures.all()],
        own_days=letter.own_days,
        mailbox=letter.mailbox,
        reminders_by_themselves=letter.reminders_chosen_by_id is not None,
        photo=letter.photo,
        photo_alt=letter.photo_alt,
        photo_caption=letter.photo_caption,
        source=letter.source,
        source_name=letter.source_name,
    )


def _letter_fields(draft: Draft) -> dict[str, object]:
    names = ("title", "own_days", "mailbox", "photo", "photo_alt", "photo_caption", "source", "source_name")
    return {name: getattr(draft, name) for name in names}


def _lay_down_parts(letter: Letter, draft: Draft) -> None:
    Version.objects.bulk_create(
        Version(
            letter=letter,
            language=words.language,
            is_authoritative=not position,
            subject=words.subject,
            salutation=words.salutation,
            body=words.body,
            closing=words.closing,
        )
        for position, words in enumerate(draft.versions)
    )
    Ask.objects.bulk_create(
        Ask(letter=letter, position=n, kind=ask.kind, text=ask.text) for n, ask in enumerate(draft.asks, 1)
    )
    Signatory.objects.bulk_create(
        Signatory(letter=letter, position=n, name=one.name, role=one.role, place=one.place)
        for n, one in enumerate(draft.signatories, 1)
    )
    Enclosure.objects.bulk_create(
        Enclosure(letter=letter, position=n, title=one.title, file=one.file)
        for n, one in enumerate(draft.enclosures, 1)
    )
    Recipient.objects.bulk_create(
        Recipient(
            letter=letter,
            kind=kind,
            position=n,
            as_written=one.as_written,
            office=one.office,
            channel=one.channel,
            address=one.address.strip(),
        )
        for kind, everyone in ((Recipient.Kind.TO, draft.to), (Recipient.Kind.COPY, draft.copies))
        for n, one in enumerate(everyone, 1)
    )
