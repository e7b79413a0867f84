"""Forms for a letter that exists already: bringing it in, and putting right what was read."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from answerable.accounts.models import Team
from answerable.cases.models import Case
from answerable.directory import finding
from answerable.directory.finding import Proposal
from answerable.evidence.models import File
from answerable.importers.keeping import once, recipient, spoken, written
from answerable.importers.kinds import likely_kind
from answerable.importers.letter import Reading
from answerable.letters import addressing
from answerable.letters.drafting import Asked, Draft, Signed, Words
from answerable.letters.models import Ask

from .letters import LANGUAGES

LARGEST = 5 * 1024 * 1024
MOST_ROWS = 60
NEW_CASE = "new"
_LINES = {"rows": 3, "dir": "auto"}


class BringForm(forms.Form):
    """A page or a text, pasted or as a file."""

    team = forms.ModelChoiceField(Team.objects.none(), label=gettext_lazy("For which team"), empty_label=None)
    file = forms.FileField(
        label=gettext_lazy("A file"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("A saved web page, a text or an e-mail (.html, .txt, .eml), at most 5 megabytes."),
    )
    pasted = forms.CharField(
        label=gettext_lazy("Or paste the text of the letter, or the source of the page"),
        required=False,
        strip=False,
        max_length=1_000_000,
        widget=forms.Textarea(attrs={"rows": 10, "class": "words", "dir": "auto"}),
    )
    source_name = forms.CharField(
        label=gettext_lazy("Where it comes from"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("The address of the page, or how you came by the letter. It is kept with the draft."),
    )

    def __init__(self, *args: Any, teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["team"]
        choice.queryset = Team.objects.filter(pk__in=[team.pk for team in teams])
        choice.initial = teams[0].pk
        if len(teams) == 1:
            choice.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file = data.get("file")
        if file and data.get("pasted", "").strip():
            raise forms.ValidationError(_("You chose a file and pasted a text: take one of them away."))
        if not file and not data.get("pasted", "").strip() and not self.errors:
            raise forms.ValidationError(_("There is nothing to read yet: choose a file or paste the letter."))
        if file and file.size > LARGEST:
            self.add_error("file", _("The file is too large: at most 5 megabytes. Paste the letter instead."))
        return data

    @property
    def source(self) -> tuple[bytes, str, str]:
        """The bytes, the name of the file ("" for what was pasted) and the media type as it was given."""
        file = self.cleaned_data.get("file")
        if file:
            return file.read(), file.name, file.content_type or "application/octet-stream"
        return self.cleaned_data["pasted"].encode(), "", "text/plain"


@dataclass(frozen=True)
class Part:
    """One row of the form: its fields, and whether nobody could say which office is meant."""

    fields: Sequence[BoundField]
    unsure: bool = False


class ReadForm(forms.Form):
    """What was read, to be put right. The numbers of rows come from the reading, which is the same each time."""

    def __init__(self, *args: Any, reading: Reading, team: Team, cases: Sequence[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reading = reading
        self.team = team
        self.cases = cases
        texts = written(reading)
        self.proposals = finding.propose_each(texts, team=team, most=3)
        self.meant = once([finding.clear(near) for near in self.proposals])
        self.addressed = len(reading.addressees)
        self._add_words()
        for number, text in enumerate(texts[:MOST_ROWS]):
            self._add_recipient(number, text)
        self._add_recipient(len(texts[:MOST_ROWS]), "")
        for number, ask in enumerate([*reading.asks[:MOST_ROWS], ""]):
            self._add_ask(number, ask)
        for number, one in enumerate([*reading.signatories[:MOST_ROWS], None]):
            self._add_signatory(number, *((one.name, one.role, one.place) if one else ("", "", "")))
        self._add_case()

    def _add_words(self) -> None:
        read = self.reading
        language = spoken(read)
        known = dict(LANGUAGES)
        self.fields["title"] = forms.CharField(label=_("Title"), max_length=250, initial=read.title[:250])
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), choices=(known | {language: known.get(language, language)}).items(), initial=language
        )
        self.fields["salutation"] = _line(_("Salutation"), read.salutation, most=250)
        self.fields["body"] = forms.CharField(
            label=_("Letter"),
            max_length=200_000,
            initial="\n\n".join(read.body),
            help_text=_("Leave an empty line between paragraphs."),
            widget=forms.Textarea(attrs={"rows": 16, "class": "words", "dir": "auto", "lang": language}),
        )
        self.fields["closing"] = _line(_("Closing"), addressing.closing(language), most=250)

    def _add_recipient(self, number: int, text: str) -> None:
        near = self.proposals[number] if text else []
        meant = self.meant[number] if text else None
        kind = _("Addressee") if number < self.addressed else _("Copy") if text else _("One more copy")
        self.fields[f"written-{number}"] = forms.CharField(
            label=kind,
            required=False,
            max_length=2000,
            initial=text,
            help_text="" if text else _("Leave empty what is not wanted."),
            widget=forms.Textarea(attrs=_LINES) if "\n" in text else forms.TextInput(attrs={"dir": "auto"}),
        )
        if near:
            self.fields[f"office-{number}"] = forms.ChoiceField(
                label=_("Which office is meant"),
                required=False,
                choices=[
                    *((str(one.office.pk), _told(one)) for one in near),
                    ("", _("None of these: as written, no known body")),
                ],
                initial=str(meant.pk) if meant else "",
                widget=forms.RadioSelect,
            )

    def _add_ask(self, number: int, text: str) -> None:
        self.fields[f"ask-{number}"] = forms.CharField(
            label=_("What is asked") if text else _("One more"),
            required=False,
            max_length=4000,
            initial=text,
            widget=forms.Textarea(attrs=_LINES),
        )
        self.fields[f"kind-{number}"] = forms.ChoiceField(
            label=_("Kind"), choices=Ask.Kind.choices, initial=likely_kind(text), widget=forms.RadioSelect
        )

    def _add_signatory(self, number: int, name: str, role: str, place: str) -> None:
        self.fields[f"name-{number}"] = _line(_("Name"), name)
        self.fields[f"role-{number}"] = _line(_("Role"), role)
        self.fields[f"place-{number}"] = _line(_("Place"), place)

    def _add_case(self) -> None:
        choices = [(NEW_CASE, _("A new case")), *((str(case.uid), case.title) for case in self.cases)]
        self.fields["case"] = forms.ChoiceField(label=_("Case"), choices=choices, initial=NEW_CASE)
        self.fields["case_title"] = forms.CharField(
            label=_("Title of the new case"),
            required=False,
            max_length=200,
            initial=self.reading.title[:200],
            help_text=_("How you speak of it among yourselves. Only your team sees it."),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("case") == NEW_CASE and not data.get("case_title"):
            self.add_error("case_title", _("Give the new case a title, or choose a case that exists."))
        return data

    @property
    def recipients(self) -> list[Part]:
        """The recipients; those that nobody could match come first."""
        rows = [
            Part(fields, unsure=bool(self.reading_of(number)) and self.meant[number] is None)
            for number, fields in enumerate(self._rows("written", "office"))
        ]
        return sorted(rows, key=lambda row: not row.unsure)

    @property
    def asks(self) -> list[Part]:
        """The asks, each with its kind."""
        return [Part(fields) for fields in self._rows("ask", "kind")]

    @property
    def signatories(self) -> list[Part]:
        """The signatories."""
        return [Part(fields) for fields in self._rows("name", "role", "place")]

    def reading_of(self, number: int) -> str:
        """The recipient as it was read; "" for the empty row."""
        return str(self.fields[f"written-{number}"].initial)

    def draft(self, *, source: File, source_name: str) -> Draft:
        """The draft as it was put right."""
        data = self.cleaned_data
        offices = {office.pk: office for near in self.proposals for office in (one.office for one in near)}
        everyone = [
            (number, recipient(text, offices.get(int(data.get(f"office-{number}") or 0)), team=self.team))
            for number, text in self._filled("written")
        ]
        return Draft(
            title=data["title"],
            versions=[Words(data["language"], data["title"], data["body"], data["salutation"], data["closing"])],
            to=[one for number, one in everyone if number < self.addressed],
            copies=[one for number, one in everyone if number >= self.addressed],
            asks=[Asked(data[f"kind-{number}"], text) for number, text in self._filled("ask")],
            signatories=[
                Signed(name, data[f"role-{number}"], data[f"place-{number}"]) for number, name in self._filled("name")
            ],
            source=source,
            source_name=source_name,
        )

    def _filled(self, kind: str) -> Iterator[tuple[int, str]]:
        numbers = range(sum(name.startswith(f"{kind}-") for name in self.fields))
        return ((n, self.cleaned_data[f"{kind}-{n}"]) for n in numbers if self.cleaned_data[f"{kind}-{n}"])

    def _rows(self, *kinds: str) -> Iterable[list[BoundField]]:
        count = sum(name.startswith(f"{kinds[0]}-") for name in self.fields)
        for number in range(count):
            yield [self[f"{kind}-{number}"] for kind in kinds if f"{kind}-{number}" in self.fields]


def _line(label: str, initial: str, *, most: int = 200) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        initial=initial[:most],
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


def _told(proposal: Proposal) -> str:
    return f"{proposal.office}. {proposal.reason}"
