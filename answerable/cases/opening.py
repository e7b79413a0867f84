"""Opening a case, and the people it is about."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from answerable.accounts.models import Team, User
from answerable.core.errors import Refused
from answerable.core.ids import slug, token
from answerable.evidence.log import append

from . import dates
from .models import Case, CaseAct, Ground, Person, PersonName


@dataclass(frozen=True)
class Spelling:
    """Another way a person's name is written, and in which language (BCP 47; "" where nobody knows)."""

    name: str
    language: str = ""


def open_case(
    *, team: Team, title: str, public_title: str = "", summary: str = "", country: str = "", by: User, now: dt.datetime
) -> Case:
    """Afterwards the team has a case that nobody else sees."""
    with transaction.atomic():
        case = Case.objects.create(
            team=team,
            title=title,
            public_title=public_title,
            slug=f"{slug(public_title or 'case')}-{token(40)}",  # the address is public: never the private title
            summary=summary,
            country=country.upper(),
            opened_at=now,
        )
        append(CaseAct, case, "open", by=by.uid, now=now)
    return case


def change_case(
    case: Case, *, title: str, public_title: str = "", summary: str = "", country: str = "", by: User, now: dt.datetime
) -> None:
    """Afterwards the case says this. Its address on the record stays what it was."""
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(
            title=title, public_title=public_title, summary=summary, country=country.upper()
        )
        append(CaseAct, case, "change", by=by.uid, now=now)
    case.refresh_from_db()


def close_case(case: Case, *, by: User, now: dt.datetime) -> None:
    """Afterwards the case stands among the closed ones. Its threads stay open: an answer may still come."""
    with transaction.atomic():
        if Case.objects.filter(pk=case.pk, closed_at__isnull=True).update(closed_at=now):
            append(CaseAct, case, "close", by=by.uid, now=now)


def reopen_case(case: Case, *, by: User, now: dt.datetime) -> None:
    """Afterwards the case stands among the open ones again."""
    with transaction.atomic():
        if Case.objects.filter(pk=case.pk, closed_at__isnull=False).update(closed_at=None):
            append(CaseAct, case, "reopen", by=by.uid, now=now)


def add_person(
    case: Case,
    *,
    name: str,
    born: str = "",
    note: str = "",
    spellings: Sequence[Spelling] = (),
    by: User,
    now: dt.datetime,
) -> Person:
    """Afterwards the case is about this person too. Nothing about them may be shown before a ground is stated."""
    born = dates.read(born, field="born").edtf if born else ""
    with transaction.atomic():
        person = Person.objects.create(case=case, name=name, born=born, note=note)
        _spell(person, spellings)
        append(CaseAct, case, "add_person", by=by.uid, now=now, person=str(person.uid))
    return person


def change_person(
    person: Person,
    *,
    name: str,
    born: str = "",
    note: str = "",
    spellings: Sequence[Spelling] = (),
    by: User,
    now: dt.datetime,
) -> None:
    """Afterwards this is what is known of the person, with exactly these other spellings."""
    born = dates.read(born, field="born").edtf if born else ""
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(name=name, born=born, note=note)
        PersonName.objects.filter(person=person).delete()
        _spell(person, spellings)
        append(CaseAct, person.case, "change_person", by=by.uid, now=now, person=str(person.uid))
    person.refresh_from_db()


def remove_person(person: Person, *, by: User, now: dt.datetime) -> None:
    """Afterwards the case is not about this person. Refused where they objected: the objection must not be lost."""
    with transaction.atomic():
        if person.grounds.filter(kind=Ground.Kind.OBJECTED, revoked_at__isnull=True).exists():
            raise Refused(
                _(
                    "This person objected to being shown, and that has to stand: take the objection back first, if it no longer holds."
                )
            )
        append(CaseAct, person.case, "remove_person", by=by.uid, now=now, person=str(person.uid))
        person.delete()


def _spell(person: Person, spellings: Sequence[Spelling]) -> None:
    PersonName.objects.bulk_create(
        PersonName(person=person, name=one.name, language=one.language) for one in spellings if one.name.strip()
    )
