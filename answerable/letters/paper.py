"""A letter put on paper: what stands on the sheet of one recipient, and that sheet as PDF or picture."""

import datetime as dt

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from answerable.directory.models import Channel

from . import page
from .models import Letter, Recipient, Version
from .page import Labels, Page, Sender, Signatory
from .plain import asks_to_print, in_one_line, where_to_answer


def page_of(
    version: Version,
    *,
    recipient: Recipient | None = None,
    reply_to: str = "",
    reply_link: str = "",
    stamped_at: dt.datetime,
) -> Page:
    """The sheet that goes to `recipient`, in this version's language; without one, the sheet as it is for everybody.

    `stamped_at` dates a letter that is not sealed yet.
    """
    letter = version.letter
    everybody = list(letter.recipients.all())
    addressees = [one for one in everybody if one.kind == Recipient.Kind.TO]
    copies = [one for one in everybody if one.kind == Recipient.Kind.COPY]
    is_copy = recipient is not None and recipient.kind == Recipient.Kind.COPY
    signatories = [Signatory(one.name, one.role, one.place) for one in letter.signatories.all()]
    with translation.override(version.language):
        return Page(
            language=version.language,
            labels=_labels(),
            recipient=tuple(_lines(recipient)) if recipient else _all_lines(addressees),
            kind="copy" if is_copy else "to",
            copy_of=tuple(in_one_line(one.as_written) for one in addressees) if is_copy else (),
            sender=_sender(letter),
            place_and_date=_place_and_date(signatories, letter.sealed_at or stamped_at),
            reference=letter.reference,
            subject=version.subject,
            salutation=version.salutation,
            paragraphs=tuple(version.paragraphs),
            asks=tuple(asks_to_print(version)),
            closing=version.closing,
            signatories=tuple(signatories),
            enclosures=tuple(one.title for one in letter.enclosures.all()),
            copies=tuple(in_one_line(one.as_written) for one in copies),
            reply_to=where_to_answer(letter, reply_to, reply_link),
        )


def pdf_of(version: Version, *, recipient: Recipient | None = None, reply_to: str = "", reply_link: str = "") -> bytes:
    """The sheet as PDF. The same words give the same bytes: it is stamped with when they were sealed, or last changed."""
    at = _stamp(version)
    sheet = page_of(version, recipient=recipient, reply_to=reply_to, reply_link=reply_link, stamped_at=at)
    return page.pdf(sheet, stamped_at=at)


def sheets_in(version: Version) -> int:
    """How many sheets the version takes."""
    return page.page_count(page_of(version, stamped_at=_stamp(version)))


def picture_of(version: Version, number: int) -> bytes:
    """One sheet, counted from 1, as PNG. Refused where there is no such sheet."""
    return page.png(page_of(version, stamped_at=_stamp(version)), page_number=number)


def _stamp(version: Version) -> dt.datetime:
    return version.letter.sealed_at or version.letter.revised_at


def _labels() -> Labels:
    return Labels(
        reference=_("Our reference"),
        copy=_("Copy"),
        copy_of=_("Of a letter to"),
        copies=_("Copies to"),
        enclosures=_("Enclosures"),
    )


def _all_lines(addressees: list[Recipient]) -> tuple[str, ...]:
    """Several addressees one under the other: each in full while they fit in the window, else each in one line."""
    full = [line for one in addressees for line in _lines(one)]
    return tuple(full) if len(full) <= 6 else tuple(in_one_line(one.as_written) for one in addressees)


def _lines(recipient: Recipient) -> list[str]:
    """The lines in the window of the envelope: as written, and where post goes to, what the address adds."""
    lines = [line.strip() for line in recipient.as_written.splitlines() if line.strip()]
    if recipient.channel == Channel.POST:
        lines += [line.strip() for line in recipient.address.splitlines() if line.strip() and line.strip() not in lines]
    return lines


def _sender(letter: Letter) -> Sender:
    team = letter.case.team
    return Sender(team.name, tuple(line.strip() for line in team.postal_address.splitlines() if line.strip()))


def _place_and_date(signatories: list[Signatory], at: dt.datetime) -> str:
    """Where the first who signs is, and the day."""
    place = signatories[0].place if signatories else ""
    return ", ".join(part for part in (place, date_format(at, "DATE_FORMAT")) if part)
