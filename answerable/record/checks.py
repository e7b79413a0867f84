"""What is looked at before a letter may be public: what forbids it, and what a person must have seen first.

The checks are deterministic and explain themselves. They are a start: they find what has a clear form, not all harm.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from answerable.cases.grounds import counting
from answerable.cases.models import Ground, Person
from answerable.core.errors import Refused
from answerable.letters.models import Letter, Version
from answerable.letters.states import LetterState
from answerable.letters.warnings import warnings

# Numbers that stand for one person: an IBAN (ISO 13616), long runs of digits as on identity cards and passports.
_NUMBERS = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}\b|\b(?:[A-Z]{1,2} ?)?\d{7,14}\b")


@dataclass(frozen=True)
class Finding:
    """One thing found: its kind, whether it forbids publishing, a sentence, and the words it is about ("" where none)."""

    kind: str
    forbids: bool
    sentence: str
    excerpt: str = ""

    @property
    def key(self) -> str:
        """What this finding is called when a person says that it was seen: the same for the same words."""
        return hashlib.sha256(f"{self.kind}\n{self.excerpt}".encode()).hexdigest()[:16]


def findings(letter: Letter, *, now: dt.datetime) -> list[Finding]:
    """Everything there is to say about publishing this letter now; what forbids it comes first."""
    found = [*_state(letter), *_grounds(letter, now), *_photo(letter), *_words(letter)]
    return sorted(found, key=lambda one: not one.forbids)


def check_publishable(letter: Letter, *, seen: Collection[str] = (), now: dt.datetime) -> list[Finding]:
    """The findings a person has seen. Refused where one forbids publishing, or is not among those `seen` (their keys)."""
    found = findings(letter, now=now)
    for one in found:
        if one.forbids:
            raise Refused(one.sentence, field=one.kind)
        if one.key not in seen:
            raise Refused(
                _("Look at what the checks found, and say of each that you have seen it: %(sentence)s")
                % {"sentence": one.sentence},
                field="seen",
            )
    return found


def _state(letter: Letter) -> Iterator[Finding]:
    if letter.state not in {LetterState.SEALED, LetterState.CLOSED}:
        yield Finding("state", True, _("Only a letter that was sent can be published: this one is still a draft."))


def _grounds(letter: Letter, now: dt.datetime) -> Iterator[Finding]:
    persons = list(letter.case.persons.prefetch_related("grounds"))
    if not persons:
        yield Finding(
            "person",
            True,
            _("The case names no person of concern: say whom it is about, and on what ground that may be shown."),
        )
    for person in persons:
        yield from _ground(person, now)


def _ground(person: Person, now: dt.datetime) -> Iterator[Finding]:
    ground = counting(person.grounds.all())
    name = {"name": person.name}
    if ground is None:
        yield Finding(
            "ground", True, _("There is no ground for showing anything about %(name)s: state one in the case.") % name
        )
    elif ground.kind == Ground.Kind.OBJECTED:
        yield Finding("ground", True, _("%(name)s has objected: nothing about this person is ever published.") % name)
    elif not ground.permits(now.date()):
        yield Finding(
            "ground",
            True,
            _("The ground for showing %(name)s was to be looked at again by now: do that in the case.") % name,
        )


def _photo(letter: Letter) -> Iterator[Finding]:
    if letter.photo_id and not letter.photo_alt.strip():
        yield Finding(
            "photo", True, _("The photo has no description for those who cannot see it: write what it shows.")
        )


def _words(letter: Letter) -> Iterator[Finding]:
    for warning in warnings(letter):
        if warning.kind in {"private", "guilt"}:
            yield Finding(warning.kind, False, warning.sentence, warning.excerpt)
    for version in letter.versions.all():
        yield from _numbers(version)


def _numbers(version: Version) -> Iterator[Finding]:
    for number in dict.fromkeys(_NUMBERS.findall(version.body)):
        yield Finding(
            "number", False, _("A number like that of an identity card, a passport or a bank account."), number
        )
