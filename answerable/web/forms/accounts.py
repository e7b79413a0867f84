"""Forms about people and their teams: the first run, invitations, roles, one's own settings, mailboxes."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from answerable.accounts import beginning
from answerable.accounts.models import Invitation, Mailbox, Membership, Team, User

from .places import CountryField

_ADDRESS = forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"})


class AccountForm(forms.Form):
    """A new account."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("You sign in with it. Nothing is sent to it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("A password"),
        max_length=200,
        strip=False,
        help_text=_("At least ten characters. Three or four unrelated words are easy to remember and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )


class StartForm(AccountForm):
    """The first account of this host and its team."""

    team_name = forms.CharField(
        label=_("What your team is called"),
        max_length=120,
        help_text=_("A family, a group of friends, an organisation. You can change it later."),
    )
    country = CountryField()
    postal_address = forms.CharField(
        label=_("Postal address, as it stands on letters"), max_length=1000, required=False, widget=_ADDRESS
    )

    def __init__(self, *args: Any, ask_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if ask_code:
            self.fields["code"] = forms.CharField(
                label=_("The code that was printed when this host was started"),
                max_length=40,
                help_text=_(
                    "You open this page from another machine. The code shows that the host is yours: it stands in the window where “answerable run” was started, and in the file “start-code” beside its data."
                ),
                widget=forms.TextInput(attrs={"autocomplete": "off", "class": "short"}),
            )
            self.order_fields(["code"])

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not beginning.is_start_code(code):
            raise forms.ValidationError(
                _("This is not the code of this host: look at what was printed when it started.")
            )
        return code

    @property
    def account(self) -> dict[str, Any]:
        """What was filled in, but for the code."""
        return {name: value for name, value in self.cleaned_data.items() if name != "code"}


class AcceptForm(forms.Form):
    """Nothing to fill in: an invitation is accepted by who is signed in."""


class TeamForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a team is called and where it is reached."""

    country = CountryField()

    class Meta:
        model = Team
        fields = ["name", "country", "postal_address"]
        widgets = {"postal_address": _ADDRESS}


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg]
    """A place in a team."""

    class Meta:
        model = Invitation
        fields = ["note", "role"]
        widgets = {"role": forms.RadioSelect}
        help_texts = {"note": _("Only for you, to tell the links apart.")}


class RoleForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a member may do."""

    class Meta:
        model = Membership
        fields = ["role"]
        widgets = {"role": forms.RadioSelect}


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    """One's own name and language."""

    language = forms.ChoiceField(label=_("Language of these pages"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = ["name", "language"]


class MailboxForm(forms.ModelForm):  # type: ignore[type-arg]
    """A mailbox of the team's own. The password is never shown again."""

    password = forms.CharField(
        label=_("Password"),
        max_length=500,
        strip=False,
        required=False,
        help_text=_(
            "Kept encrypted. Many providers ask you to make one for a single program. Empty: it stays as it is."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=True),
    )
    smtp_port = forms.IntegerField(label=_("SMTP port"), min_value=1, max_value=65535, initial=465)
    imap_port = forms.IntegerField(label=_("IMAP port"), min_value=1, max_value=65535, initial=993)

    class Meta:
        model = Mailbox
        fields = [
            "address", "username", "smtp_host", "smtp_port", "smtp_security",
            "imap_host", "imap_port", "imap_security", "imap_folder", "in_use",
        ]  # fmt: skip
        help_texts = {
            "username": _("Most often the e-mail address itself."),
            "smtp_host": _("Letters leave through it. Empty: this mailbox only receives."),
            "imap_host": _("Answers are fetched from it. Empty: this mailbox only sends."),
            "imap_folder": _(
                "Everything that comes into this folder is read. If you use the mailbox for other things too, make a "
                "folder of its own, and a rule that moves answers there."
            ),
        }

    field_order = ["address", "username", "password"]


# How most providers do it: (name in the address, what it is called, SMTP port and security, IMAP port and security).
PRESETS = {
    "tls": (_("TLS from the start: what most providers offer today"), (465, "tls"), (993, "tls")),
    "starttls": (_("STARTTLS: what many offices and universities offer"), (587, "starttls"), (143, "starttls")),
    "local": (_("A mail server on this machine"), (25, "none"), (143, "none")),
}


def preset(name: str) -> dict[str, Any]:
    """The fields a preset fills; empty for a name that is none."""
    if name not in PRESETS:
        return {}
    _label, (smtp_port, smtp_security), (imap_port, imap_security) = PRESETS[name]
    return {
        "smtp_port": smtp_port,
        "smtp_security": smtp_security,
        "imap_port": imap_port,
        "imap_security": imap_security,
    }


class SignIn(LoginForm):  # type: ignore[misc]
    """Signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _help_who_forgot(self.fields["password"])


class ChangePassword(ChangePasswordForm):  # type: ignore[misc]
    """A new password, for who knows the old one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _help_who_forgot(self.fields["oldpassword"])


def _help_who_forgot(field: forms.Field) -> None:
    """Where this host sends no mail, no link for a new password is offered that would never arrive."""
    if not settings.ANSWERABLE_SMTP_URL:
        field.help_text = _("Forgotten? Whoever keeps this host can set a new one for you.")
