"""Forms about cases: the case, the people in it, grounds, events, claims."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from answerable.accounts.models import Team, User
from answerable.cases import dates
from answerable.cases.models import Case, Claim, Event, Ground, Person
from answerable.cases.opening import Spelling
from answerable.core.errors import Refused

from .places import CountryField

DATE_HINT = _(
    "As exactly as you know it: 2021, 2021-05 or 2021-05-14. Add ~ for “about”, ? for “perhaps”. Years like 1400 are read in the Solar Hijri calendar."
)
_LONG = forms.Textarea(attrs={"rows": 4})


class InexactDateField(forms.CharField):
    """A date as exactly as it is known; its value is EDTF."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, help_text=DATE_HINT, **kwargs)
        self.widget.attrs["class"] = "short"

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        try:
            return dates.read(text).edtf if text else ""
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused


class CaseForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a case is called and what happened."""

    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"))
    country = CountryField()

    class Meta:
        model = Case
        fields = ["title", "public_title", "summary", "country"]
        widgets = {"summary": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "public_title": _("Shown only if a letter of the case is published. Empty: nothing of it is shown."),
        }

    def __init__(self, *args: Any, teams: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["team"])
        choice: Any = self.fields["team"]
        if teams is None:
            del self.fields["team"]
            return
        choice.queryset = teams
        if len(teams) == 1:
            choice.initial = teams[0]
            choice.widget = forms.HiddenInput()


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person of concern, with other spellings of the name, one a line."""

    born = InexactDateField(label=_("Born"), required=False)
    spellings = forms.CharField(
        label=_("Other spellings of the name"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_(
            "One a line, in any script: as it stands in papers, as officials write it. The language may follow after a bar: نیما راد | fa"
        ),
    )

    class Meta:
        model = Person
        fields = ["name", "born", "note"]
        widgets = {"note": _LONG}
        help_texts = {"note": _("Seen by your team only.")}

    field_order = ["name", "spellings", "born", "note"]

    def clean_spellings(self) -> list[Spelling]:
        found = []
        for line in self.cleaned_data["spellings"].splitlines():
            name, _bar, language = (part.strip() for part in line.partition("|"))
            if len(name) > 200 or len(language) > 12:
                raise forms.ValidationError(_("A spelling is too long: at most 200 characters a line."))
            if name:
                found.append(Spelling(name, language))
        return found


class ConsentForm(forms.Form):
    """The person agrees."""

    document = forms.CharField(
        label=_("How the person agreed"),
        max_length=300,
        help_text=_("For instance: a letter of 3 May 2026, kept by the family."),
    )


class AuthorityForm(forms.Form):
    """Somebody entitled agrees for the person."""

    relation = forms.CharField(
        label=_("Who agrees, and how they are related"),
        max_length=200,
        help_text=_("For instance: her mother, as guardian."),
    )
    document = forms.CharField(
        label=_("Which document shows it"),
        max_length=300,
        help_text=_("A birth certificate, a power of attorney, a decision of a court."),
    )


class CannotBeAskedForm(forms.Form):
    """The person cannot be asked; a second teammate has to agree."""

    reason = forms.CharField(label=_("Why the person cannot be asked"), widget=_LONG, max_length=4000)
    best_interest = forms.CharField(
        label=_("Why showing it is in the person's interest"), widget=_LONG, max_length=4000
    )
    second_person = forms.ModelChoiceField(
        User.objects.none(),
        empty_label=_("choose"),
        label=_("Second person who has to agree"),
        help_text=_("They see it on their own page “Today”. The ground counts only when they have agreed there."),
    )
    review_on = forms.DateField(
        label=_("To be looked at again on"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("After this day the ground no longer counts until it is stated anew."),
    )

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["second_person"]
        choice.queryset = others


class ObjectionForm(forms.Form):
    """The person objects: nothing to fill in but how it is known."""

    document = forms.CharField(label=_("How the objection became known"), max_length=300, required=False)


GROUND_FORMS: dict[str, type[forms.Form]] = {
    Ground.Kind.CONSENT: ConsentForm,
    Ground.Kind.AUTHORITY: AuthorityForm,
    Ground.Kind.CANNOT_BE_ASKED: CannotBeAskedForm,
    Ground.Kind.OBJECTED: ObjectionForm,
}


class EventForm(forms.ModelForm):  # type: ignore[type-arg]
    """Something that happened."""

    when = InexactDateField(label=_("When"))

    class Meta:
        model = Event
        fields = ["when", "what", "place", "source"]
        widgets = {"what": _LONG}


class ClaimForm(forms.ModelForm):  # type: ignore[type-arg]
    """What somebody states, with its source and the reply to it."""

    stated_on = InexactDateField(label=_("When it was stated"), required=False)

    class Meta:
        model = Claim
        fields = ["stated_by", "text", "source", "stated_on", "party_named", "reply", "reply_source"]
        widgets = {"text": _LONG, "reply": _LONG}
        help_texts = {
            "stated_by": _("A name or a role: it will read “X states that …”."),
            "reply": _("In their own words. It will stand as prominently as the claim."),
        }
