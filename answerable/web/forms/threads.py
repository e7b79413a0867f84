"""Forms about what came: an answer without a message, a message as a file, a person's reading."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from answerable.inbound.models import Reply
from answerable.inbound.outcomes import Guess

from .dispatches import DayField

_TOLD = [(way.value, way.label) for way in (Reply.Way.PHONE, Reply.Way.PAPER, Reply.Way.MEETING)]


class AnswerForm(forms.Form):
    """An answer that came by phone, on paper or in a meeting."""

    way = forms.ChoiceField(label=_("How it came"), choices=_TOLD)
    answered_on = DayField(label=_("On which day"))
    text = forms.CharField(
        label=_("What was said"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=_("Their words as nearly as you have them, and who said them."),
    )
    outcome = forms.ChoiceField(
        label=_("What it amounts to"), choices=[("", _("not said")), *Reply.Outcome.choices], required=False
    )
    scan = forms.FileField(label=_("Scan or photo of the paper"), required=False)


class MessageForm(forms.Form):
    """A message that reached the writer's own mailbox, saved as a file."""

    message = forms.FileField(
        label=_("The message as a file (.eml, .msg or mbox)"),
        help_text=_(
            "In your mail program: open the message, then “Save as” or “Download message”. A whole mailbox (mbox) is taken "
            "too, if all in it is from this office; what you wrote yourself is left out."
        ),
    )


class ReadingForm(forms.Form):
    """What a person makes of a message."""

    is_answer = forms.ChoiceField(
        label=_("Is this an answer to what you asked?"),
        widget=forms.RadioSelect,
        choices=[
            ("yes", _("yes, it is an answer: the time stops")),
            ("no", _("no: an acknowledgement, a machine, something else; the time goes on")),
        ],
    )
    outcome = forms.ChoiceField(
        label=_("What it amounts to"), choices=[("", _("not said")), *Reply.Outcome.choices], required=False
    )

    def propose(self, guess: Guess) -> None:
        """Afterwards the form has this outcome chosen, and says that it is a guess and from which words."""
        self.initial["outcome"] = guess.outcome
        self.fields["outcome"].help_text = gettext(
            "Proposed because it seems to say “%(words)s”. It is only a guess: you decide."
        ) % {"words": guess.words}
