"""The codes that parsing, kinds and matching speak in, as sentences for people."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    # why a message could not be read
    "too-large": _("It is larger than what is read here; it is kept as it came."),
    "headers-too-long": _("Its headers are longer than any mail program writes."),
    "too-many-headers": _("It has more headers than any mail program writes."),
    "too-many-parts": _("It has more parts than are read here."),
    "too-deep": _("Its parts are nested too deep."),
    "too-slow": _("Reading it took too long and was stopped."),
    "too-much-memory": _("Reading it wanted too much memory and was stopped."),
    "crashed": _("The program that reads mail ended while it read this message."),
    "failed": _("It is not formed as mail is."),
    "missing": _("Its bytes are not in the store any more."),
    # what was unsure in reading
    "charset": _("It names a character set wrongly; some letters may be wrong."),
    "encoded-words": _("A header has too many encoded words and is shown as it came."),
    "addresses": _("It is addressed to more people than are listed here."),
    "transfer-encoding": _("A part is not encoded as it says; it may be incomplete."),
    "text-cut": _("The text is very long and is shown in part; the original has all of it."),
    "from-html": _("The words were taken from its HTML."),
    "tnef": _("It brings a winmail.dat file, in which Outlook hides attachments."),
    "tnef-read": _("Outlook had wrapped it in a winmail.dat file; what that holds is listed beside it."),
    "smime-signed": _("It is signed with S/MIME; the signature was not checked."),
    "pgp-signed": _("It is signed with PGP; the signature was not checked."),
    "smime": _("It is encrypted or signed with S/MIME; the original can be downloaded."),
    "pgp-encrypted": _("It is encrypted with PGP; the original can be downloaded."),
    "inside-original": _("A message is attached to it that only the original has; it can be downloaded."),
    "bounce-unclear": _("It looks like a bounce of a kind that is not known here."),
    # why it is of this kind
    "written": _("Nothing says that a machine wrote it."),
    "page": _("It was written on the page that the letter names."),
    "auto-submitted": _("It says itself that a machine sent it."),
    "null-sender": _("It was sent with no sender, as machines do."),
    "mail-system": _("A mail system sent it."),
    "auto-header": _("Its headers say that it is an automatic reply."),
    "list": _("It comes from a mailing list or newsletter."),
    "precedence": _("It was sent as bulk mail."),
    "suppress-header": _("It asks that no automatic reply be sent, as automatic replies do."),
    "automatic-absence": _("It is an automatic reply, and reads like an out-of-office message."),
    "automatic-receipt": _("It is an automatic reply, and reads like an acknowledgement of receipt."),
    "automatic-challenge": _("It is automatic, and seems to ask that a link be opened before the letter is delivered."),
    "absence-words": _("Its subject reads like an out-of-office message."),
    "automatic-words": _("Its subject reads like that of an automatic reply."),
    "challenge-words": _("It seems to ask that a link be opened before the letter is delivered."),
    "newsletter-words": _("It reads like a newsletter."),
    "spam-mark": _("A mail server marked it as spam; it is kept and shown all the same."),
    "receipt-words": _("It reads like an acknowledgement of receipt."),
    "report-failed": _("A mail system reports that the letter could not be delivered."),
    "report-delayed": _("A mail system reports that delivery is delayed; it goes on trying."),
    "report-delivered": _("A mail system reports that the letter was delivered."),
    "report-displayed": _("A mail program reports that the letter was opened."),
    "report-relayed": _("A mail system reports that the letter was passed on to one that reports nothing."),
    "report-expanded": _("A mail system reports that the letter was passed on to a list."),
    "report-unclear": _("A mail system reports something about the letter that is not clear."),
    "bounce-words": _("A mail system says in its own words that the letter came back."),
    # how a message came again that is here already
    "smtp": _("The same message came again by a mail server."),
    "lmtp": _("The same message came again by a mail server."),
    "pipe": _("The same message came again by a mail server."),
    "imap": _("The same message came again in a mailbox."),
    "upload": _("The same message was brought in again."),
    "mbox": _("The same message was brought in again."),
    # how or why it belongs to a recipient
    "envelope": _("It was sent to the reply address of this letter."),
    "header": _("Its headers name the reply address of this letter."),
    "references": _("It answers the message in which this letter was sent."),
    "report": _("It reports on the message in which this letter was sent."),
    "a person": _("A person filed it here."),
    "reference": _("It quotes the reference of this letter."),
    "reference-and-sender": _("It quotes the reference of this letter and comes from an address it was sent to."),
    "known-sender": _("It comes from an address that this letter was sent to."),
}


def sentence(code: str) -> str:
    """The sentence for a code; of `failed:Kind` and its like, the part before the colon counts."""
    return str(SENTENCES.get(code.partition(":")[0], code))
