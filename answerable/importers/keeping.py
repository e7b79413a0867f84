"""What was read becomes the draft of a letter, its recipients matched to the directory where that is clear."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from answerable.accounts.models import Team, User
from answerable.cases import opening
from answerable.cases.models import Case
from answerable.directory import finding
from answerable.directory.finding import Proposal
from answerable.directory.models import Office
from answerable.evidence.models import File
from answerable.letters import addressing, drafting
from answerable.letters.drafting import Asked, Draft, Signed, Someone, Words
from answerable.letters.models import Letter

from .kinds import likely_kind
from .letter import Reading
from .people import Addressee

LONGEST_TITLE = 250
LONGEST_NAME = 200


def as_draft(reading: Reading, *, team: Team, source: File | None, source_name: str) -> Draft:
    """The reading as a draft of `team`. A recipient that is not clearly one office stays as written, and has none.

    Where two recipients would be the same office, the second stays as written: a letter goes to an office once.
    """
    texts = written(reading)
    meant = once([finding.clear(near) for near in finding.propose_each(texts, team=team, most=2)])
    everyone = [recipient(text, office, team=team) for text, office in zip(texts, meant, strict=True)]
    addressed = len(reading.addressees)
    language = spoken(reading)
    title = reading.title[:LONGEST_TITLE]
    return Draft(
        title=title,
        versions=[
            Words(
                language,
                title,
                "\n\n".join(reading.body),
                reading.salutation[:LONGEST_TITLE],
                addressing.closing(language),
            )
        ],
        to=everyone[:addressed],
        copies=everyone[addressed:],
        asks=[Asked(likely_kind(ask), ask) for ask in reading.asks],
        signatories=[
            Signed(one.name[:LONGEST_NAME], one.role[:LONGEST_NAME], one.place[:LONGEST_NAME])
            for one in reading.signatories
        ],
        source=source,
        source_name=source_name,
    )


def spoken(reading: Reading) -> str:
    """The language of the letter; English, to be put right, where nobody could tell (`und`)."""
    return "en" if reading.language == "und" else reading.language


def written(reading: Reading) -> list[str]:
    """The addressees, then the copies, each as it stands on the letter."""
    return [*map(block, reading.addressees), *reading.copies]


def block(addressee: Addressee) -> str:
    """The lines of an address: as they stand on the letter, else put together from what was read."""
    if addressee.as_written:
        return "\n".join(addressee.as_written)
    return "\n".join(
        part for part in (addressee.name, addressee.office, addressee.institution, addressee.country) if part
    )


def once(found: Sequence[Proposal | None]) -> list[Office | None]:
    """The offices, each only the first time it comes."""
    seen: set[int] = set()
    offices: list[Office | None] = []
    for one in found:
        new = one is not None and one.office.pk not in seen
        offices.append(one.office if one and new else None)
        seen |= {one.office.pk} if one else set()
    return offices


def recipient(as_written: str, office: Office | None, *, team: Team) -> Someone:
    """A recipient as written, reached by the best channel that the team knows for the office."""
    if office is None:
        return Someone(as_written)
    channel, address = addressing.reach(office, team=team)
    return Someone(as_written, office, channel, address)


def keep(draft: Draft, *, case: Case | None, team: Team, case_title: str, by: User, now: dt.datetime) -> Letter:
    """Afterwards the draft stands in `case` or, without one, in a new case of the team. Both or neither."""
    with transaction.atomic():
        into = case or opening.open_case(team=team, title=case_title, by=by, now=now)
        return drafting.begin(into, draft, by=by, now=now)
