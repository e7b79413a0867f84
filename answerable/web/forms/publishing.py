"""Forms about the public record: what a person has seen before publishing, why a letter is withdrawn."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PublishForm(forms.Form):
    """One tick for each finding: that a person has looked at it."""

    seen = forms.MultipleChoiceField(
        label=_("I have looked at"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick each, when you have looked at it.")},
    )

    def __init__(self, *args: Any, findings: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["seen"]
        choice.choices = findings
        if not findings:
            del self.fields["seen"]


class WithdrawForm(forms.Form):
    """Why a letter is taken off the record; for the team only."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        help_text=_("For yourselves: only that there was one is kept, not its words."),
    )
