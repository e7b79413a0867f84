"""What is looked at before a letter is shown to the world: grounds first, then what its words would give away.

Some findings forbid; the others are for the person who publishes, who may have good reasons. Nothing here guesses:
the same letter gives the same findings.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from answerable.cases.grounds import counting, may_be_shown
from answerable.cases.models import Ground
from answerable.core.errors import Refused
from answerable.letters.models import Letter
from answerable.letters.states import LetterState
from answerable.letters.warnings import warnings

# A passport or file number: one to three letters and six to nine digits; a personal number: nine to fourteen digits.
_NUMBER = re.compile(r"(?<!\w)(?:[A-Z]{1,3}[ -]?\d{6,9}|\d{9,14})(?!\w)")
_ABOUT_WORDS = {"private", "guilt", "threat", "insult"}


@dataclass(frozen=True)
class Finding:
    """What was found: its kind, a sentence for whoever publishes, the words it is about, and whether it forbids."""

    kind: str
    sentence: str
    excerpt: str = ""
    forbids: bool = False


def findings(letter: Letter, *, now: dt.datetime) -> list[Finding]:
    """Everything to know before this letter is published, what forbids it first."""
    found = [*_seal(letter), *_grounds(letter, now.date()), *_photo(letter), *_words(letter), *_signatories(letter)]
    return sorted(found, key=lambda one: not one.forbids)


def check_publishable(letter: Letter, *, now: dt.datetime) -> None:
    """Refused, with the first reason, where something forbids that this letter is published."""
    for finding in findings(letter, now=now):
        if finding.forbids:
            raise Refused(finding.sentence)


def _seal(letter: Letter) -> Iterator[Finding]:
    if letter.state not in {LetterState.SEALED, LetterState.CLOSED}:
        yield Finding("draft", _("Only a letter that was sent can be published: send it first."), forbids=True)


def _grounds(letter: Letter, on: dt.date) -> Iterator[Finding]:
    for person in letter.case.persons.prefetch_related("grounds"):
        grounds = list(person.grounds.all())
        if may_be_shown(grounds, on=on):
            continue
        ground = counting(grounds)
        if ground and ground.kind == Ground.Kind.OBJECTED:
            sentence = _("%(person)s objected to being shown: no letter of this case can be published.")
        elif ground:
            sentence = _("The ground for showing %(person)s was to be looked at again: state it anew on the case.")
        else:
            sentence = _("No ground is stated for showing %(person)s: state one on the case.")
        yield Finding("ground", sentence % {"person": person.name}, forbids=True)


def _photo(letter: Letter) -> Iterator[Finding]:
    if letter.photo_id and not letter.photo_alt.strip():
        sentence = _("The photo has no description: say what it shows, for those who cannot see it.")
        yield Finding("photo", sentence, forbids=True)


def _words(letter: Letter) -> Iterator[Finding]:
    for warning in warnings(letter):
        if warning.kind in _ABOUT_WORDS:
            yield Finding(warning.kind, warning.sentence, warning.excerpt)
    for version in letter.versions.all():
        for match in _NUMBER.finditer(version.body):
            sentence = _("This looks like the number of a passport, a person or a file. Everybody will read it.")
            yield Finding("number", sentence, match[0])


def _signatories(letter: Letter) -> Iterator[Finding]:
    count = letter.signatories.count()
    if count:
        sentence = ngettext(
            "%(count)d person has signed, whose name everybody will read: make sure that they agree.",
            "%(count)d people have signed, whose names everybody will read: make sure that they agree.",
            count,
        )
        yield Finding("signatories", sentence % {"count": count})
