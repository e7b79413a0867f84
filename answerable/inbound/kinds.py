"""What kind of message it is: told from its structure first, from its words last and then only as a guess.

A wrong "automatic" hides an answer and a wrong "answer" stops a clock: so structure decides, words are marked as a
guess for a person to confirm, and what a message quotes is never looked at.
"""

from dataclasses import dataclass, replace

from django.db import models
from django.utils.translation import gettext_lazy as _

from .parsed import Parsed, Report, Unreadable
from .reports import is_daemon
from .spool import Envelope
from .words import says

# An acknowledgement says little else; what is longer may hold the answer, and a person reads it as one.
_LONGEST_RECEIPT = 1_200
_FOOT = 3_000  # characters at the end, where newsletters say how to leave them


class Kind(models.TextChoices):
    """Only an answer, or a person's word, changes what is known of a recipient."""

    UNREAD = "unread", _("not read yet")
    ANSWER = "answer", _("answer")
    ACKNOWLEDGEMENT = "acknowledgement", _("acknowledgement of receipt")
    AUTOMATIC = "automatic", _("automatic reply")
    BOUNCE = "bounce", _("came back")
    DELAYED = "delayed", _("delayed, not failed")
    OTHER = "other", _("other")
    UNREADABLE = "unreadable", _("unreadable")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The kind, a code for why (see `inbound.sentences`), and whether it is only a guess."""

    kind: Kind
    reason: str
    guessed: bool = False


def kind_of(parsed: Parsed | Unreadable, envelope: Envelope) -> Verdict:
    """The kind of a message that came in this envelope."""
    if isinstance(parsed, Unreadable):
        return Verdict(Kind.UNREADABLE, parsed.reason)
    if envelope.way == "page":  # no machine filled it in; what it brings or quotes was not sent by one either
        return _receipt(parsed) or Verdict(Kind.ANSWER, "page")
    from_nobody = _from_nobody(parsed, envelope)
    if parsed.report:
        return _of_report(parsed.report, from_system=from_nobody or is_daemon(parsed.from_address))
    if by_machine := _automatic(parsed, from_nobody=from_nobody):
        return _told_apart(by_machine, parsed)
    return _unasked(parsed) or _automatic_in_words(parsed) or _receipt(parsed) or _written(envelope)


def _written(envelope: Envelope) -> Verdict:
    # Whoever brings a whole mailbox has not looked at each message in it.
    return Verdict(Kind.ANSWER, "written", guessed=envelope.way == "mbox")


def _of_report(report: Report, *, from_system: bool) -> Verdict:
    """RFC 3464 section 2.3.3, RFC 8098 section 3.2.6. A delay is no failure; delivery is no answer."""
    if not report.is_standard:
        kind = Kind.DELAYED if report.action == "delayed" else Kind.BOUNCE
        return Verdict(kind, "bounce-words", guessed=not from_system)
    match report.action:
        case "failed":
            return Verdict(Kind.BOUNCE, "report-failed")
        case "delayed":
            return Verdict(Kind.DELAYED, "report-delayed")
        case "delivered" | "displayed":
            return Verdict(Kind.ACKNOWLEDGEMENT, f"report-{report.action}")
        case "relayed" | "expanded":
            return Verdict(Kind.OTHER, f"report-{report.action}")
    return Verdict(Kind.OTHER, "report-unclear", guessed=True)


def _automatic(parsed: Parsed, *, from_nobody: bool) -> Verdict | None:
    """RFC 3834 section 5, RFC 5230 section 4.6, and the older headers that RFC 3834 section 2 speaks of."""
    if parsed.auto_submitted and parsed.auto_submitted != "no":
        return Verdict(Kind.AUTOMATIC, "auto-submitted")
    if from_nobody:
        return Verdict(Kind.AUTOMATIC, "null-sender")
    if is_daemon(parsed.from_address):
        return Verdict(Kind.AUTOMATIC, "mail-system", guessed=True)
    names = {one.partition(":")[0].lower() for one in parsed.auto_headers}
    if parsed.precedence == "auto_reply" or names & {"x-autoreply", "x-autorespond", "x-autoresponder"}:
        return Verdict(Kind.AUTOMATIC, "auto-header")
    if parsed.is_from_list:
        return None  # what a list sends is marked as bulk, too
    # Ticket systems put these on what people write, too.
    if parsed.precedence in {"bulk", "junk", "list"}:
        return Verdict(Kind.AUTOMATIC, "precedence", guessed=True)
    if "x-auto-response-suppress" in names:
        return Verdict(Kind.AUTOMATIC, "suppress-header", guessed=True)
    return None


def _told_apart(automatic: Verdict, parsed: Parsed) -> Verdict:
    """The same verdict, with what the words say of which sort of automatic reply it is."""
    words = (parsed.subject, parsed.reply_text[:_LONGEST_RECEIPT])
    for sort in ("challenge", "absence", "receipt"):
        if says(sort, *words):
            return replace(automatic, reason=f"automatic-{sort}")
    return automatic


def _unasked(parsed: Parsed) -> Verdict | None:
    """A list, a newsletter, spam: nothing that answers a message of ours. A mark alone never hides what does."""
    if parsed.is_from_list:
        return Verdict(Kind.OTHER, "list", guessed=True)
    if parsed.in_reply_to or parsed.references:
        return None
    if parsed.is_marked_spam:
        return Verdict(Kind.OTHER, "spam-mark", guessed=True)
    if says("newsletter", parsed.reply_text[-_FOOT:]):
        return Verdict(Kind.OTHER, "newsletter-words", guessed=True)
    return None


def _automatic_in_words(parsed: Parsed) -> Verdict | None:
    for sort in ("absence", "automatic"):
        if says(sort, parsed.subject):
            return Verdict(Kind.AUTOMATIC, f"{sort}-words", guessed=True)
    if len(parsed.reply_text) <= _LONGEST_RECEIPT and says("challenge", parsed.subject, parsed.reply_text):
        return Verdict(Kind.AUTOMATIC, "challenge-words", guessed=True)
    return None


def _receipt(parsed: Parsed) -> Verdict | None:
    short = len(parsed.reply_text) <= _LONGEST_RECEIPT and not parsed.attachments
    if short and says("receipt", parsed.subject, parsed.reply_text):
        return Verdict(Kind.ACKNOWLEDGEMENT, "receipt-words", guessed=True)
    return None


def _from_nobody(parsed: Parsed, envelope: Envelope) -> bool:
    sender = envelope.mail_from if envelope.mail_from is not None else parsed.return_path
    return sender == "" or bool(sender and is_daemon(sender))
