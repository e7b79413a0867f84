"""The parts of the letter form: the letter, its versions, asks, recipients, signatories, enclosures, photo.

A draft may be unfinished, so that saving never fails for want of words: what a letter needs is asked for when it is sent.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.core import signing
from django.utils.translation import gettext_lazy as _

from answerable.accounts.models import Mailbox, Team
from answerable.directory.models import Channel, Office
from answerable.evidence.models import File
from answerable.letters.models import Ask, Letter

_KEPT_SALT = "answerable kept upload"
LANGUAGES = sorted(
    ((code, f"{info['name_local']} ({code})") for code, info in LANG_INFO.items() if "name_local" in info),
    key=lambda pair: pair[0],
)


class KeptFileField(forms.CharField):
    """A file that was uploaded before, carried through the form signed: nobody can name another's file by its hash."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=300, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return signing.dumps(value.pk, salt=_KEPT_SALT) if isinstance(value, File) else value

    def clean(self, value: Any) -> File | None:
        if not value:
            return None
        try:
            return File.objects.filter(pk=signing.loads(value, salt=_KEPT_SALT)).first()
        except signing.BadSignature:
            raise forms.ValidationError(_("The file was lost on the way: choose it again.")) from None


class LetterForm(forms.Form):
    """What belongs to the letter as a whole."""

    title = forms.CharField(
        label=_("Title"),
        max_length=250,
        required=False,
        help_text=_("How you speak of the letter. Empty: its subject is taken."),
    )
    own_days = forms.IntegerField(
        label=_("Days you give them, where no law does"),
        min_value=1,
        max_value=3650,
        help_text=_(
            "For the plea of a person, and wherever no law sets a date. It is your own date, and is called that."
        ),
    )
    mailbox = forms.ModelChoiceField(
        Mailbox.objects.none(),
        label=_("Mailbox it leaves from"),
        required=False,
        help_text=_("You choose when sending whether it leaves by itself."),
    )
    reminders_by_themselves = forms.BooleanField(
        label=_("Reminders leave by themselves"),
        required=False,
        help_text=_(
            "When an addressee is silent: at most two, by e-mail, only to addresses that took the letter. Otherwise each waits for you as a draft."
        ),
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        help_text=_("Shown if the letter is published. What the camera wrote into it is taken out."),
    )
    photo_kept = KeptFileField()
    photo_alt = forms.CharField(
        label=_("What the photo shows, for those who cannot see it"), max_length=300, required=False
    )
    photo_caption = forms.CharField(label=_("Caption"), max_length=300, required=False)

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["mailbox"]
        choice.queryset = Mailbox.objects.filter(team=team, in_use=True).exclude(smtp_host="")
        choice.label_from_instance = lambda mailbox: mailbox.address
        choice.empty_label = _("none")


class VersionForm(forms.Form):
    """The letter in one language."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    subject = forms.CharField(label=_("Subject"), max_length=250, required=False)
    salutation = forms.CharField(label=_("Salutation"), max_length=250, required=False)
    body = forms.CharField(
        label=_("Letter"),
        required=False,
        max_length=100_000,
        help_text=_("Leave an empty line between paragraphs."),
        widget=forms.Textarea(attrs={"rows": 14, "class": "words", "dir": "auto"}),
    )
    closing = forms.CharField(label=_("Closing"), max_length=250, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = self.initial.get("language") or ""
        choice: Any = self.fields["language"]
        if language and language not in dict(LANGUAGES):
            choice.choices = [(language, language), *LANGUAGES]
        for name in ("subject", "salutation", "body", "closing"):
            self.fields[name].widget.attrs |= {"dir": "auto", "lang": language} if language else {"dir": "auto"}


class AskForm(forms.Form):
    """One ask."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Ask.Kind.choices, initial=Ask.Kind.PLEA, required=False)
    text = forms.CharField(
        label=_("What you ask"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "few", "dir": "auto"}),
    )


class RecipientForm(forms.Form):
    """One recipient, as it will stand on the letter."""

    as_written = forms.CharField(
        label=_("As it stands on the letter"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    office = forms.ModelChoiceField(Office.objects.none(), required=False, widget=forms.HiddenInput)
    channel = forms.ChoiceField(label=_("Goes by"), choices=Channel.choices, required=False)
    address = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=1000,
        help_text=_("Empty: as the directory has it."),
        widget=forms.Textarea(attrs={"rows": 1, "class": "few", "dir": "auto"}),
    )

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["office"]
        choice.queryset = Office.objects.seen_by(team).select_related("body")

    @property
    def said(self) -> Mapping[str, Any]:
        """What stands in the row: as it was typed just now, or as the draft has it."""
        return self.cleaned_data if self.is_bound else self.initial


class SignatoryForm(forms.Form):
    """One name at the foot of the letter."""

    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    role = forms.CharField(label=_("Role"), max_length=200, required=False, help_text=_("For instance: his sister."))
    place = forms.CharField(label=_("Place"), max_length=200, required=False)


class EnclosureForm(forms.Form):
    """One file that goes with the letter."""

    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    file = forms.FileField(label=_("File"), required=False)
    file_kept = KeptFileField()


def routes_for(letter: Letter, *, relay: bool) -> list[tuple[str, Any]]:
    """The ways the e-mails of this letter can leave, the best first: (route, label)."""
    routes: list[tuple[str, Any]] = []
    if letter.mailbox:
        routes.append(("mailbox", _("from your mailbox %(address)s") % {"address": letter.mailbox.address}))
    if relay:
        routes.append(("host", _("from this host, answers come back here by themselves")))
    return [*routes, ("writer", _("I send it myself, from my own mail program"))]


class SendForm(forms.Form):
    """How the e-mails leave."""

    route = forms.ChoiceField(label=_("How the e-mails leave"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, routes: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["route"]
        choice.choices = routes
        choice.initial = routes[0][0]
