"""The form on which an office answers without an account."""

import datetime as dt
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.encoding import punycode
from django.utils.translation import gettext_lazy as _

from answerable.inbound.written import Written

MOST_FILES = 5
MOST_BYTES = 20 * 1024 * 1024  # of all files together: as a message they stay under what is read
LONGEST_TEXT = 100_000
_SALT = "answerable reply page"


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files at once, as (name, content)."""

    widget = _SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[tuple[str, bytes]]:
        files: list[UploadedFile[bytes]] = [super(_FilesField, self).clean(one) for one in data or []]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("These are more than five files: send the others in a second answer."))
        if sum(one.size or 0 for one in files) > MOST_BYTES:
            raise forms.ValidationError(
                _("The files are too large: together they may have 20 megabytes. Send the others in a second answer.")
            )
        return [(one.name or "", one.read()) for one in files]


class _Trap(forms.TextInput):
    """Never shows again what was put into it, so that sending once more is all a person has to do."""

    def format_value(self, value: Any) -> None:
        return None


class ReplyForm(forms.Form):
    """Who answers, by their own word, and what."""

    text = forms.CharField(
        label=_("Your answer"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"})
    )
    enclosed = _FilesField(
        label=_("Files"), required=False, help_text=_("Up to five, together at most 20 megabytes. You can choose several at once.")
    )  # fmt: skip
    name = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"})
    )
    post = forms.CharField(
        label=_("Your post"),
        max_length=200,
        required=False,
        help_text=_("For whom you answer: your office and what you are there."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title", "dir": "auto"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        required=False,
        help_text=_("If those who wrote may write back to you. Nothing is sent to it by this page."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(
        label=_("Leave this empty"), required=False, widget=_Trap(attrs={"autocomplete": "off", "tabindex": "-1"})
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_email(self) -> str:
        name, at, domain = str(self.cleaned_data["email"]).rpartition("@")
        return f"{name}{at}{punycode(domain)}"

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                _("Something filled in a field that people do not see, as machines do. It is empty again: send the answer once more.")
            )  # fmt: skip
        return ""

    @property
    def written(self) -> Written:
        """What the valid form says."""
        said = self.cleaned_data
        return Written(said["name"], said["post"], said["email"], said["text"], tuple(said["enclosed"]))

    def opened_at(self, *, otherwise: dt.datetime) -> dt.datetime:
        """When the page was opened that this form stood on; `otherwise` where the form does not say."""
        try:
            return dt.datetime.fromisoformat(signing.loads(self.data.get("opened", ""), salt=_SALT))
        except signing.BadSignature:
            return otherwise


def opening(*, now: dt.datetime) -> str:
    """What a form says, signed, of when it was opened: what is sent twice from one opening is one message."""
    return signing.dumps(now.replace(microsecond=0).isoformat(), salt=_SALT)
