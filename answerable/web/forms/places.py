"""Fields about places."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


class CountryField(forms.CharField):
    """A country by its ISO 3166-1 code, or a part of one by its ISO 3166-2 code; its value is in capitals."""

    def __init__(self, **kwargs: Any) -> None:
        said = {
            "label": gettext_lazy("Country"),
            "help_text": gettext_lazy("Its two letters, as at the end of web addresses there: DE, IR."),
        }
        super().__init__(required=False, widget=forms.TextInput(attrs={"class": "short"}), **said | kwargs)

    def clean(self, value: Any) -> str:
        code: str = super().clean(value).upper()
        if code and not _CODE.fullmatch(code):
            raise forms.ValidationError(
                _(
                    "This is no code of a country: write its two letters, as at the end of web addresses there (DE, IR), or leave it empty."
                )
            )
        return code
