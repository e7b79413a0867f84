"""Forms about one dispatch: that it was delivered, what became of it, another way."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from answerable.directory.models import Channel
from answerable.letters.models import Dispatch

EARLIEST = dt.date(1990, 1, 1)


def noon(day: dt.date, *, now: dt.datetime) -> dt.datetime:
    """A day that a person named, as an instant: noon UTC, the same day nearly everywhere; on the present day no later than now."""
    at = dt.datetime.combine(day, dt.time(12), dt.UTC)
    return min(at, now) if day == now.date() else at


class DayField(forms.DateField):
    """A day on which something was done to a letter: none of another age, which a slip of the finger makes."""

    widget = forms.DateInput(attrs={"type": "date"})

    def clean(self, value: Any) -> dt.date | None:
        day: dt.date | None = super().clean(value)
        if day and day < EARLIEST:
            raise forms.ValidationError(_("This day lies before %(year)s: look at the year.") % {"year": EARLIEST.year})
        return day


class DeliveredForm(forms.Form):
    """Proof that a letter was posted, handed over, typed into a form or sent by the writer."""

    accepted_on = DayField(label=_("On which day"))
    proof_number = forms.CharField(
        label=_("Number"),
        max_length=120,
        required=False,
        help_text=_("Of the receipt, the parcel, the web form's confirmation."),
    )
    proof_note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("For instance: handed to the registry, Ms Berisha."),
    )
    scan = forms.FileField(label=_("Scan or photo of the receipt"), required=False)


class DecideForm(forms.Form):
    """What a person found out about a dispatch of which nobody knows whether it arrived."""

    accepted_on = DayField(label=_("When it arrived"))
    proof_note = forms.CharField(
        label=_("How you know"), max_length=300, help_text=_("For instance: they confirmed it by phone.")
    )


class AgainForm(forms.Form):
    """Another way to the same recipient."""

    channel = forms.ChoiceField(label=_("Goes by"), choices=Channel.choices)
    address = forms.CharField(
        label=_("Address"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    )
    route = forms.ChoiceField(label=_("If by e-mail, how it leaves"), required=False)

    def __init__(self, *args: Any, routes: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["route"]
        choice.choices = routes
        choice.initial = routes[0][0]

    def clean_route(self) -> str:
        return str(self.cleaned_data["route"] or Dispatch.Route.WRITER)
