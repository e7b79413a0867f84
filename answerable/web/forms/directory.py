"""Forms about the directory: bodies, offices, holders, contacts."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from answerable.accounts.models import Team
from answerable.core.errors import Refused
from answerable.directory import keeping
from answerable.directory.models import Body, Channel, Contact, Holder, Office

from .places import CountryField

_DAY = forms.DateInput(attrs={"type": "date"})
_INTERNATIONAL = _("Its two letters, as at the end of web addresses there: DE, IR; empty for an international body.")
_SOURCE_HINT = _("Where you found it: a web page, a letterhead, a telephone call and its date.")


class TeamChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Whose it will be: asked of those who write in several teams, and of the keeper, who may share it."""

    def __init__(self, teams: Sequence[Team], *, may_share: bool) -> None:
        alone = len(teams) == 1 and not may_share
        super().__init__(
            Team.objects.filter(pk__in=[team.pk for team in teams]),
            label=_("For whom"),
            help_text=_("What is one team’s is seen by nobody else."),
            initial=teams[0].pk if teams else None,
            required=not may_share,
            empty_label=_("everybody on this host") if may_share else None,
            widget=forms.HiddenInput if alone else forms.Select,
        )


class BodyForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a body is called and where it is."""

    other_names = forms.CharField(
        label=_("Other names"),
        required=False,
        max_length=4000,
        help_text=_("One a line: in other languages, abbreviations, former names. Letters are matched by them."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    country = CountryField(help_text=_INTERNATIONAL)
    web_page = forms.URLField(label=_("Web page"), required=False, assume_scheme="https")

    class Meta:
        model = Body
        fields = ["name", "country", "time_zone", "languages", "web_page", "source", "note"]
        widgets = {
            "note": forms.Textarea(attrs={"rows": 3}),
            "source": forms.TextInput,
        }
        help_texts = {
            "time_zone": _("As in Europe/Paris. Days to answer end at midnight there."),
            "languages": _("Codes of the languages it reads, as in: en fr."),
            "source": _SOURCE_HINT,
        }

    field_order = ["name", "other_names"]

    def clean_other_names(self) -> list[str]:
        names = [line.strip() for line in self.cleaned_data["other_names"].splitlines() if line.strip()]
        if any(len(name) > 250 for name in names):
            raise forms.ValidationError(_("One of the names is longer than 250 characters: shorten it."))
        return names


class OfficeForm(forms.ModelForm):  # type: ignore[type-arg]
    """A post or desk that letters go to."""

    class Meta:
        model = Office
        fields = ["name", "salutation"]
        help_texts = {
            "name": _("The letter goes to the post, not the person: “Minister of Justice”, “Registry”."),
            "salutation": _("How a letter to it begins: “Your Excellency,”"),
        }


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """How an office is reached."""

    checked = forms.BooleanField(
        label=_("I have checked it today against the source"),
        required=False,
    )

    class Meta:
        model = Contact
        fields = ["channel", "value", "source"]
        widgets = {
            "channel": forms.RadioSelect,
            "value": forms.Textarea(attrs={"rows": 2}),
            "source": forms.TextInput,
        }
        help_texts = {
            "value": _("An e-mail address, a postal address, the web address of a form, or a door to knock at."),
            "source": _SOURCE_HINT,
        }

    field_order = ["channel", "value", "source", "checked"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["channel"]
        choice.choices = Channel.choices
        self.fields["channel"].initial = Channel.EMAIL


class WholeForm(forms.Form):
    """A body with one office and one way to reach it, on one page."""

    body = forms.CharField(
        label=_("Body"), max_length=250, help_text=_("The institution: “Ministry of Justice of Ardania”.")
    )
    country = CountryField(help_text=_INTERNATIONAL)
    office = forms.CharField(
        label=_("Post or desk"),
        max_length=250,
        help_text=_("Whom letters go to in it: “Minister of Justice”, “Registry”."),
    )
    salutation = forms.CharField(
        label=_("Salutation"),
        max_length=200,
        required=False,
        help_text=_("How a letter to it begins: “Your Excellency,”"),
    )
    holder = forms.CharField(label=_("Who holds the post now"), max_length=200, required=False)
    channel = forms.ChoiceField(
        label=_("How it is reached"), choices=Channel.choices, initial=Channel.EMAIL, widget=forms.RadioSelect
    )
    value = forms.CharField(
        label=_("Address"),
        max_length=2000,
        required=False,
        help_text=_("You can leave it empty and add it when you know it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    source = forms.CharField(label=_("Source"), max_length=500, required=False, help_text=_SOURCE_HINT)
    checked = forms.BooleanField(label=_("I have checked the address today against the source"), required=False)


class HolderForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who holds an office, from when to when."""

    class Meta:
        model = Holder
        fields = ["name", "form_of_address", "from_on", "until_on", "source"]
        widgets = {"from_on": _DAY, "until_on": _DAY, "source": forms.TextInput}
        help_texts = {
            "form_of_address": _(
                "How a letter names the person: “Her Excellency Ms Ysolde Marn”. Empty: by the name alone."
            ),
            "until_on": _("Empty: as far as you know, still."),
            "source": _SOURCE_HINT,
        }

    def clean(self) -> dict[str, Any]:
        """Asked before the database is, which knows the rule by its name only."""
        data = super().clean() or self.cleaned_data
        try:
            keeping.check_order(data.get("from_on"), data.get("until_on"))
        except Refused as refused:
            self.add_error(refused.field, refused.sentence)
        return data


class CheckForm(forms.Form):
    """Against what something was checked today."""

    source = forms.CharField(label=_("Checked against"), max_length=500, help_text=_SOURCE_HINT)
