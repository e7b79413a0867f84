"""The case of the demonstration: the person it is about, the ground for showing him, what happened, who says what."""

import datetime as dt

from answerable.accounts.models import Team, User
from answerable.cases.chronology import record_claim, record_event
from answerable.cases.grounds import state_ground
from answerable.cases.models import Case, Ground
from answerable.cases.opening import Spelling, add_person, open_case


def begin_case(team: Team, by: User, now: dt.datetime) -> Case:
    """Afterwards the case is open, with one person, his sister's authority to speak for him, events and a claim."""
    case = open_case(
        team=team,
        title="Marek Solenne",
        public_title="Marek Solenne, teacher of music",
        summary="Marek Solenne was taken from his home in Lisvik on 14 May 2026. His family does not know where he is.",
        country="XA",
        by=by,
        now=now,
    )
    person = add_person(
        case,
        name="Marek Solenne",
        born="1992~",
        spellings=[Spelling("مارک سولن", "fa"), Spelling("Марек Солен", "uk")],
        by=by,
        now=now,
    )
    state_ground(
        person,
        kind=Ground.Kind.AUTHORITY,
        relation="sister",
        document="declaration of the family, signed before a notary on 12 August 2026",
        by=by,
        now=now,
    )
    for when, what, place, source in EVENTS:
        record_event(case, when=when, what=what, place=place, source=source, by=by, now=now)
    record_claim(
        case,
        stated_by="The police station in Lisvik",
        text="It holds no record of Marek Solenne.",
        source="told to the family at the counter on 15 May 2026",
        stated_on="2026-05-15",
        party_named="",
        by=by,
        now=now,
    )
    return case


EVENTS = (
    (
        "2026-05-14",
        "Four men in plain clothes take Marek Solenne from his home.",
        "Lisvik",
        "the family, who were present",
    ),
    ("2026-05-15", "The police station says that it holds no record of him.", "Lisvik", "the family"),
    ("2026-06~", "The family writes to the ministry for the first time.", "", "copy kept by the family"),
    (
        "2026-07~",
        "The family writes again. The prison at Orlo returns a parcel.",
        "Orlo",
        "postal slip kept by the family",
    ),
)
