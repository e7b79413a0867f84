"""Which letters a message answers: by the address it was sent to, by what it refers to, and, only proposed, by guess."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from answerable.core.ids import as_typed, hashed
from answerable.directory.models import Channel
from answerable.letters.models import Dispatch, Recipient

from .models import Mail

_TOKEN = re.compile(r"(?:r[.\-+])?([0-9a-z]{26})(?:\+.*)?", re.IGNORECASE)
# As people copy it from paper: any case, any dash, o for 0, l for 1.
_REFERENCE = re.compile(r"\bAN[-\u2010-\u2015\u2212]([0-9A-Z]{4})[-\u2010-\u2015\u2212]([0-9A-Z]{4})\b", re.IGNORECASE)
_MOST_PROPOSALS = 10
_MOST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Match:
    """A recipient whose letter the message answers, the dispatch that shows it, and how it was found."""

    recipient_id: int
    dispatch_id: int
    how: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """A recipient whose letter the message may answer; `reason` is a code of `inbound.sentences`, `score` 1-100."""

    recipient_id: int
    reason: str
    score: int


@dataclass(frozen=True, slots=True)
class Matched:
    """What is certain enough to be filed; proposals only where nothing is."""

    filed: tuple[Match, ...] = ()
    proposals: tuple[Proposed, ...] = ()


def match_all(mails: Sequence[Mail]) -> list[tuple[Mail, Matched]]:
    """Each message with what `match` finds; what their envelopes say of all of them is asked for at once."""
    hashes = {mail.pk: [hashed(token) for token in tokens(mail.envelope_to)] for mail in mails}
    wanted = Dispatch.objects.filter(reply_hash__in={one for each in hashes.values() for one in each})
    known = {row[0]: (row[1], row[2]) for row in wanted.values_list("reply_hash", "pk", "recipient_id")}
    return [
        (mail, _filed("envelope", [known[one] for one in hashes[mail.pk] if one in known]) or match(mail))
        for mail in mails
    ]


def match(mail: Mail) -> Matched:
    """The recipients that a message belongs to. The first certain way that finds any decides; guesses are only proposed."""
    for how, find in (
        ("envelope", _by_envelope),
        ("report", _by_report),
        ("header", _by_header),
        ("references", _by_references),
    ):
        if found := _filed(how, find(mail)):
            return found
    return Matched(proposals=tuple(_guesses(mail)))


def _filed(how: str, dispatches: Iterable[tuple[int, int]]) -> Matched | None:
    filed = {recipient: Match(recipient, dispatch, how) for dispatch, recipient in dispatches}
    return Matched(filed=tuple(filed.values())) if filed else None


def tokens(addresses: Iterable[str]) -> list[str]:
    """The reply tokens in addresses of ours, as they may have been typed: any case, a plus-tag, o for 0, l for 1."""
    found = []
    for address in addresses:
        local, _at, domain = str(address).rpartition("@")
        token = _TOKEN.fullmatch(local.strip('"'))
        if token and domain.lower() == settings.ANSWERABLE_MAIL_DOMAIN:
            found.append(as_typed(token[1]))
    return list(dict.fromkeys(found))


def _by_envelope(mail: Mail) -> list[tuple[int, int]]:
    return _by_address(mail.envelope_to)


def _by_header(mail: Mail) -> list[tuple[int, int]]:
    return _by_address(mail.addressed_to)


def _by_references(mail: Mail) -> list[tuple[int, int]]:
    return _by_message_id([*mail.in_reply_to, *mail.references])


def _by_address(addresses: list[str]) -> list[tuple[int, int]]:
    hashes = [hashed(token) for token in tokens(addresses)]
    return _found(Q(reply_hash__in=hashes)) if hashes else []


def _by_message_id(ids: list[str]) -> list[tuple[int, int]]:
    return _found(Q(message_id__in=ids[:400])) if ids else []


def _by_report(mail: Mail) -> list[tuple[int, int]]:
    """A report names the message it is about; where it does not, it may name the address we had written to."""
    original = (mail.report or {}).get("original_message_id", "")
    return _by_message_id([original] if original else [])


def _found(which: Q) -> list[tuple[int, int]]:
    return list(Dispatch.objects.filter(which).order_by("pk").values_list("pk", "recipient_id")[:50])


def _guesses(mail: Mail) -> list[Proposed]:
    """What a person may want to look at first: a reference that is quoted, an address that was written to."""
    best: dict[int, Proposed] = {}
    for one in [*_by_quoted_reference(mail), *_by_known_address(mail)]:
        if one.recipient_id not in best or best[one.recipient_id].score < one.score:
            best[one.recipient_id] = one
    return sorted(best.values(), key=lambda one: -one.score)[:_MOST_PROPOSALS]


def _by_quoted_reference(mail: Mail) -> list[Proposed]:
    found = _REFERENCE.findall(f"{mail.subject}\n{mail.text[:_MOST_TEXT]}")
    quoted = {f"AN-{as_typed(first)}-{as_typed(second)}".upper() for first, second in found}
    if not quoted:
        return []
    rows = Recipient.objects.filter(letter__reference__in=quoted).exclude(dispatches=None).distinct()
    known = {row.pk for row in rows.filter(_writes_from(mail.from_address))} if mail.from_address else set()
    return [
        Proposed(row.pk, "reference-and-sender", 90) if row.pk in known else Proposed(row.pk, "reference", 60)
        for row in rows[: _MOST_PROPOSALS * 5]
    ]


def _by_known_address(mail: Mail) -> list[Proposed]:
    report = mail.report or {}
    addresses = [address for address in (mail.from_address, report.get("recipient", "")) if "@" in address]
    found = []
    for address in addresses:
        rows = Recipient.objects.filter(_writes_from(address)).exclude(dispatches=None).distinct().order_by("-pk")
        found += [Proposed(row.pk, "known-sender", 50) for row in rows[:_MOST_PROPOSALS]]
    return found


def _writes_from(address: str) -> Q:
    return Q(dispatches__address__iexact=address) | Q(
        office__contacts__channel=Channel.EMAIL, office__contacts__value__iexact=address
    )


def threads_of(mail: Mail) -> list[UUID]:
    """The threads that a message was filed in."""
    rows = mail.replies.filter(undone_at__isnull=True, recipient__thread__isnull=False)
    return list(rows.values_list("recipient__thread__uid", flat=True).distinct())
