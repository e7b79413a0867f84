"""Sealing: from here on the words of a letter stand, and their digest says which words they were."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from typing import Any

import rfc8785
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from answerable.core.errors import Refused
from answerable.core.folding import fold
from answerable.directory.models import Channel

from .models import Letter, Recipient, Thread
from .states import LetterState, move


def check_sealable(letter: Letter) -> None:
    """Refused, with a sentence, where the letter could not reach anybody or says nothing."""
    recipients = list(letter.recipients.all())
    if not any(r.kind == Recipient.Kind.TO for r in recipients):
        raise Refused(_("The letter has no addressee: say whom it is written to."), field="to")
    words = letter.versions.filter(is_authoritative=True).first()
    if words is None or not words.body.strip():
        raise Refused(_("The letter has no words yet: write it before sending it."), field="body")
    if not words.subject.strip():
        raise Refused(_("The letter has no subject: an office files a letter by its subject."), field="subject")
    if not letter.signatories.exists():
        raise Refused(_("Nobody has signed the letter: add at least one name at its foot."), field="signatories")
    for recipient in recipients:
        check_address(recipient)


def check_address(recipient: Recipient) -> None:
    """Refused where the recipient's channel has no usable address."""
    name = recipient.name
    if recipient.channel == Channel.EMAIL:
        if not recipient.address:
            raise Refused(
                _("There is no e-mail address for %(name)s: add one, or choose post, form or by hand.")
                % {"name": name},
                field="address",
            )
        try:
            validate_email(recipient.address)
        except ValidationError:
            raise Refused(
                _("“%(address)s” is not a complete e-mail address: correct it for %(name)s.")
                % {"address": recipient.address, "name": name},
                field="address",
            ) from None
        check_demonstration(recipient.address)


def check_demonstration(address: str) -> None:
    """In the demonstration, refused for every address outside `.example`: nothing leaves this machine."""
    if settings.ANSWERABLE_DEMO and not re.search(r"[@.]example$", address.lower()):
        raise Refused(
            _(
                "This is the demonstration: it writes only to addresses that end in .example, so that no real office is written to by mistake."
            ),
            field="address",
        )


def seal(letter: Letter, *, now: dt.datetime) -> str:
    """Afterwards the letter is sealed and every recipient has its thread. Returns the digest of its words.

    Needs a surrounding transaction. Refused where the letter is not a draft, could not reach anybody, or says nothing.
    """
    rows = Letter.objects.filter(pk=letter.pk)
    # Whoever revises it at this moment has done so before, or waits and is refused: these are the words that are sealed.
    held = rows.select_for_update().get()
    check_sealable(held)
    digest = words_digest(held)
    if not move("letter", rows, LetterState.SEALED, sealed_at=now, sealed_digest=digest):
        raise Refused(_("This letter has been sent already."))
    for recipient in letter.recipients.select_related("office"):
        Recipient.objects.filter(pk=recipient.pk).update(thread=thread_of(letter, recipient))
    letter.refresh_from_db()
    return digest


def thread_of(letter: Letter, recipient: Recipient) -> Thread:
    """The one thread between the letter's case and this recipient, made if there was none."""
    if recipient.office:
        return Thread.objects.get_or_create(case=letter.case, office=recipient.office)[0]
    folded = fold(recipient.as_written)[:500]
    written = {"written_to": recipient.name[:500]}
    return Thread.objects.get_or_create(case=letter.case, office=None, folded=folded, defaults=written)[0]


def words_digest(letter: Letter) -> str:
    """SHA-256 (hex) over the canonical words (RFC 8785): versions, asks, recipients as written, signatories, enclosures."""
    return hashlib.sha256(rfc8785.dumps(canonical_words(letter))).hexdigest()


def canonical_words(letter: Letter) -> dict[str, Any]:
    """The words of the letter as plain values, in their order. The same words give the same digest for ever."""

    def rows(queryset: Iterable[object], *names: str) -> list[list[Any]]:
        return [[getattr(row, name) for name in names] for row in queryset]

    return {
        "v": 1,
        "reference": letter.reference,
        "title": letter.title,
        "versions": rows(
            letter.versions.order_by("-is_authoritative", "language"),
            "language", "is_authoritative", "subject", "salutation", "body", "closing",
        ),
        "asks": rows(letter.asks.all(), "kind", "text"),
        "recipients": rows(letter.recipients.order_by("-kind", "position"), "kind", "as_written"),
        "signatories": rows(letter.signatories.all(), "name", "role", "place"),
        "enclosures": rows(letter.enclosures.all(), "title", "file_id"),
    }  # fmt: skip
