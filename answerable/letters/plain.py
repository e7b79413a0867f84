"""The letter as plain text: what stands in the e-mail, line by line as on the page."""

from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext as _

from answerable.core.folding import fold

from .models import Letter, Recipient, Version


def text_of(version: Version, *, reply_to: str = "", reply_link: str = "") -> str:
    """The whole letter in this version's language, ending in a line break."""
    letter = version.letter
    recipients = list(letter.recipients.all())
    with translation.override(version.language):
        blocks = [
            "\n".join(one.as_written.strip() for one in recipients if one.kind == Recipient.Kind.TO),
            f"{version.subject}\n{letter.reference}",
            version.salutation,
            *version.paragraphs,
            _numbered(asks_to_print(version)),
            version.closing,
            "\n".join(signature(s.name, s.role, s.place) for s in letter.signatories.all()),
            _listed(
                _("Copies to:"), [in_one_line(one.as_written) for one in recipients if one.kind == Recipient.Kind.COPY]
            ),
            _listed(_("Enclosures:"), [one.title for one in letter.enclosures.all()]),
            "\n".join(where_to_answer(letter, reply_to, reply_link)),
        ]
    return "\n\n".join(block for block in blocks if block.strip()) + "\n"


def asks_to_print(version: Version) -> list[str]:
    """The asks that the body does not say already, in order; a translation says them in its own body."""
    if not version.is_authoritative:
        return []
    said = fold(version.body)
    return [ask.text for ask in version.letter.asks.all() if fold(ask.text) not in said]


def where_to_answer(letter: Letter, reply_to: str, reply_link: str) -> tuple[str, ...]:
    """The last lines: where answers go, what they should quote, and the page that takes them; none without an address."""
    if not reply_to:
        return ()
    address = _("Please answer to %(address)s and quote %(reference)s.")
    lines = [address % {"address": reply_to, "reference": letter.reference}]
    if reply_link:  # in a line of its own, or its last slash would jump to the other side of a Persian sentence
        lines += [_("Or answer on this page, for which you need no account:"), reply_link]
    return tuple(lines)


def signature(name: str, role: str, place: str) -> str:
    """A signatory in one line."""
    return ", ".join(part for part in (name, role, place) if part)


def in_one_line(text: str) -> str:
    """Several lines as one, joined by commas."""
    return ", ".join(line.strip(" ,") for line in text.splitlines() if line.strip(" ,"))


def authoritative(letter: Letter) -> Version:
    """The version that counts where versions differ."""
    return next(version for version in letter.versions.all() if version.is_authoritative)


def _numbered(items: Iterable[str]) -> str:
    return "\n".join(f"{n}. {item}" for n, item in enumerate(items, 1))


def _listed(heading: str, items: list[str]) -> str:
    return "\n".join([heading, *(f"- {item}" for item in items)]) if items else ""
