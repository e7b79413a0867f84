"""The letter form as one whole: many rows of small forms, read into a draft and shown from one.

Every button of the page saves the draft first; what else it does (one more row, one row less, an office taken from the
directory) is done to the draft before it is saved. So nothing that was typed is ever lost, and no script is needed.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext as _

from answerable.accounts.models import Team
from answerable.core.errors import Refused
from answerable.directory.models import Office
from answerable.evidence.models import File
from answerable.evidence.uploads import keep_document, keep_photo
from answerable.letters import addressing
from answerable.letters.drafting import Asked, Draft, Enclosed, Signed, Someone, Words

from .letters import AskForm, EnclosureForm, LetterForm, RecipientForm, SignatoryForm, VersionForm

MOST_ROWS = 40
PARTS: dict[str, type[forms.Form]] = {
    "versions": VersionForm,
    "to": RecipientForm,
    "copies": RecipientForm,
    "asks": AskForm,
    "signatories": SignatoryForm,
    "enclosures": EnclosureForm,
}
_FORMSETS: "dict[str, type[BaseFormSet[Any]]]" = {
    name: formset_factory(form, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True)
    for name, form in PARTS.items()
}
_NEEDED = {"versions", "to", "asks", "signatories"}
_OF_RECIPIENTS = {"to", "copies"}


@dataclass(frozen=True)
class Button:
    """What a button of the form asks for beside saving: `verb` and what it is about, as "remove:asks:2"."""

    verb: str
    about: tuple[str, ...] = ()

    @classmethod
    def pressed(cls, posted: QueryDict) -> "Button":
        """The button that was pressed; plain saving where none is known."""
        verb, *about = (posted.get("do") or "save").split(":")
        if verb == "save" and posted.get("find", "").strip():
            verb = "find"
        return cls(verb, tuple(about))

    def number(self, at: int) -> int:
        """The number in that place, -1 where there is none."""
        return int(self.about[at]) if len(self.about) > at and self.about[at].isdecimal() else -1


class Composer:
    """The letter form, posted or shown."""

    def __init__(self, *, team: Team, letter: LetterForm, parts: "dict[str, BaseFormSet[Any]]") -> None:
        self.team = team
        self.letter = letter
        self.parts = parts
        self.refused: list[str] = []

    @classmethod
    def posted(cls, data: QueryDict, files: Any, *, team: Team) -> "Composer":
        """The form as it came."""
        data = data.copy()  # where files that were kept are carried on
        parts = {name: _FORMSETS[name](data, files, prefix=name, **_given(name, team)) for name in PARTS}
        return cls(team=team, letter=LetterForm(data, files, team=team), parts=parts)

    @classmethod
    def showing(cls, draft: Draft, *, team: Team, one_more: str = "") -> "Composer":
        """The form with what the draft holds, one empty row where a letter needs one, and `one_more` in that part."""
        rows = _rows(draft)
        parts = {}
        for name, formset in _FORMSETS.items():
            wanted = rows[name] + ([{}] if name == one_more or (name in _NEEDED and not rows[name]) else [])
            parts[name] = formset(prefix=name, initial=wanted, **_given(name, team))
        letter = LetterForm(team=team, initial=_letter_row(draft))
        return cls(team=team, letter=letter, parts=parts)

    def is_valid(self, *, now: dt.datetime) -> bool:
        """Whether everything can be saved as it stands.

        Either way what was uploaded is kept and carried on by the form, so that nobody chooses a file twice.
        """
        self._is_filled_in()
        _carry_on(self.letter, "photo", keep_photo, now=now)
        for form in self.parts["enclosures"].forms:
            _carry_on(form, "file", keep_document, now=now)
        return self._is_filled_in()

    def _is_filled_in(self) -> bool:
        return all([self.letter.is_valid(), *(part.is_valid() for part in self.parts.values())])

    @property
    def errors(self) -> list[tuple[str, str]]:
        """What is wrong, as (sentence, id of the field it is about)."""
        found = [(sentence, "main") for sentence in self.refused] + _errors_of(self.letter)
        for name, part in self.parts.items():
            found += [(str(error), name) for error in part.non_form_errors()]
            found += [error for form in part.forms for error in _errors_of(form)]
        return found

    def draft(self) -> Draft:
        """What was typed, as a draft."""
        said = self.letter.cleaned_data
        versions = [Words(**row) for row in self._rows("versions")]
        return Draft(
            title=said["title"] or (versions[0].subject if versions else "") or _("Letter without a title"),
            versions=versions,
            to=[self._someone(row) for row in self._rows("to") if _is_someone(row)],
            copies=[self._someone(row) for row in self._rows("copies") if _is_someone(row)],
            asks=[Asked(row["kind"] or "plea", row["text"]) for row in self._rows("asks") if row["text"]],
            signatories=[Signed(**row) for row in self._rows("signatories") if row["name"]],
            enclosures=[one for row in self._rows("enclosures") if (one := _enclosed(row))],
            own_days=said["own_days"],
            mailbox=said["mailbox"],
            reminders_by_themselves=said["reminders_by_themselves"],
            photo=said["photo_kept"],
            photo_alt=said["photo_alt"],
            photo_caption=said["photo_caption"],
        )

    def refuse(self, refused: Refused) -> None:
        """Afterwards the form says what was refused."""
        self.refused.append(refused.sentence)

    def _rows(self, name: str) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.parts[name].forms if form.cleaned_data]

    def _someone(self, row: dict[str, Any]) -> Someone:
        """A recipient as typed; an address that was left empty is the directory's for that channel."""
        office: Office | None = row["office"]
        address = row["address"].strip()
        channel = row["channel"] or "email"
        if office and not address:
            channel, address = addressing.reach(office, team=self.team, channel=channel)
        return Someone(row["as_written"], office, channel, address)


def without(draft: Draft, part: str, number: int) -> Draft:
    """The draft with one row less; the last version is never taken away."""
    rows = list(getattr(draft, part)) if part in PARTS else []
    if not 0 <= number < len(rows) or (part == "versions" and len(rows) == 1):
        return draft
    del rows[number]
    changed: dict[str, Any] = {part: rows}
    return replace(draft, **changed)


def with_office(draft: Draft, part: str, office: Office, *, team: Team, on: dt.date) -> Draft:
    """The draft with this office among its addressees or copies, and a salutation where there is none."""
    rows = [*getattr(draft, part), addressing.someone(office, team=team, on=on)]
    changed: dict[str, Any] = {part: rows}
    return _saluted(replace(draft, **changed), on=on)


def meaning(draft: Draft, part: str, number: int, office: Office | None, *, team: Team, on: dt.date) -> Draft:
    """The draft with the office that one recipient means, or with none; its words stay as they were written."""
    rows: list[Someone] = list(getattr(draft, part))
    if not 0 <= number < len(rows):
        return draft
    rows[number] = replace(rows[number], office=office)
    if office and not rows[number].address:
        channel, address = addressing.reach(office, team=team)
        rows[number] = replace(rows[number], channel=channel, address=address)
    changed: dict[str, Any] = {part: rows}
    return _saluted(replace(draft, **changed), on=on)


def beginning(language: str) -> Draft:
    """An empty draft in that language."""
    return Draft("", [Words(language, "", "", closing=addressing.closing(language))])


def _saluted(draft: Draft, *, on: dt.date) -> Draft:
    """The draft with a salutation proposed to its first addressee, in each version that has none."""
    first = draft.to[0].office if draft.to else None
    if first is None:
        return draft
    versions = [
        words
        if words.salutation
        else replace(words, salutation=addressing.salutation(first, language=words.language, on=on))
        for words in draft.versions
    ]
    return replace(draft, versions=versions)


def _rows(draft: Draft) -> dict[str, list[dict[str, Any]]]:
    """Each part of the draft as the rows of its forms."""

    def recipients(everyone: Sequence[Someone]) -> list[dict[str, Any]]:
        return [
            {"as_written": one.as_written, "office": one.office, "channel": one.channel, "address": one.address}
            for one in everyone
        ]

    return {
        "versions": [vars(words) for words in draft.versions],
        "to": recipients(draft.to),
        "copies": recipients(draft.copies),
        "asks": [vars(ask) for ask in draft.asks],
        "signatories": [vars(one) for one in draft.signatories],
        "enclosures": [{"title": one.title, "file_kept": one.file} for one in draft.enclosures],
    }


def _letter_row(draft: Draft) -> dict[str, Any]:
    names = ("own_days", "mailbox", "reminders_by_themselves", "photo_alt", "photo_caption")
    taken = {_("Letter without a title"), *(words.subject for words in draft.versions[:1])}
    title = "" if draft.title in taken else draft.title
    return {name: getattr(draft, name) for name in names} | {"photo_kept": draft.photo, "title": title}


def _given(name: str, team: Team) -> dict[str, Any]:
    return {"form_kwargs": {"team": team}} if name in _OF_RECIPIENTS else {}


def _is_someone(row: dict[str, Any]) -> bool:
    return bool(row["as_written"].strip() or row["office"] or row["address"].strip())


def _enclosed(row: dict[str, Any]) -> Enclosed | None:
    file: File | None = row["file_kept"]
    return Enclosed(row["title"] or _("Enclosure"), file) if file else None


def _carry_on(form: forms.Form, field: str, keep: Callable[..., File], *, now: dt.datetime) -> None:
    """Afterwards the file that was uploaded is kept, and the form holds it; one of no use is an error of its field."""
    uploaded = form.cleaned_data.get(field)
    if not uploaded:
        return
    try:
        file = keep(uploaded.read(), field=field, now=now)
    except Refused as refused:
        form.add_error(field, refused.sentence)
        return
    kept = f"{field}_kept"
    held = {kept: file}
    if "title" in form.fields and not form.cleaned_data.get("title"):
        held["title"] = uploaded.name[:200]
    for name, value in held.items():
        form.cleaned_data[name] = value
        cast(QueryDict, form.data)[form.add_prefix(name)] = form.fields[name].prepare_value(value)


def _errors_of(form: forms.Form) -> list[tuple[str, str]]:
    found = [(str(error), "main") for error in form.non_field_errors()]
    for field in form:
        found += [(f"{field.label}: {error}", field.auto_id) for error in field.errors]
    return found
