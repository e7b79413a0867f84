"""The append-only log: an act and its commitment, in the caller's own transaction."""

import datetime as dt
import hashlib
import secrets
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import rfc8785
from django.db import connection, models

from .models import Act, Entry

A = TypeVar("A", bound=Act)


class Subject(Protocol):
    """What acts are done to: a row with an identifier that is unique everywhere."""

    @property
    def uid(self) -> uuid.UUID: ...


@dataclass(frozen=True)
class Done:
    """An act to be appended: `verb` was done to `subject` by the account `by`, with `facts` (no names, no text)."""

    subject: Any
    verb: str
    by: uuid.UUID | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def append(acts: type[A], subject: Subject, verb: str, *, by: uuid.UUID | None, now: dt.datetime, **facts: Any) -> A:
    """Append one act. Afterwards it and its entry exist, if and only if the surrounding transaction commits."""
    return append_many(acts, [Done(subject, verb, by, facts)], now=now)[0]


def append_many(acts: type[A], done: Iterable[Done], *, now: dt.datetime) -> list[A]:
    """Append several acts of one kind with two insertions, in the order given. Needs a surrounding transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("an act is logged in the transaction that does it")
    rows = []
    entries = []
    for one in done:
        salt = secrets.token_bytes(32)
        content = canonical(acts, one.subject.uid, one.verb, one.by, now, one.facts)
        entries.append(Entry(commitment=commitment(salt, content), at=now))
        rows.append(acts(subject=one.subject, verb=one.verb, by=one.by, at=now, facts=dict(one.facts), salt=salt))
    Entry.objects.bulk_create(entries, batch_size=500)
    for row, entry in zip(rows, entries, strict=True):
        row.entry = entry
    manager: models.Manager[A] = acts._default_manager
    return manager.bulk_create(rows, batch_size=500)


def canonical(
    acts: type[Act], subject: uuid.UUID, verb: str, by: uuid.UUID | None, at: dt.datetime, facts: Mapping[str, Any]
) -> bytes:
    """The bytes an entry commits to: RFC 8785 over kind, subject, verb, account, instant (UTC) and facts."""
    return rfc8785.dumps(
        {
            "v": 1,
            "of": acts._meta.label_lower,
            "subject": str(subject),
            "verb": verb,
            "by": str(by) if by else None,
            "at": at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            "facts": dict(facts),
        }
    )


def commitment(salt: bytes, content: bytes) -> str:
    """SHA-256 over the salt and the canonical content, hex."""
    return hashlib.sha256(bytes(salt) + content).hexdigest()


def recommit(act: Act) -> str:
    """The commitment that the words of `act`, as they stand now, would have; equal to its entry's if unchanged."""
    subject: Any = act.subject  # type: ignore[attr-defined]
    return commitment(act.salt, canonical(type(act), subject.uid, act.verb, act.by, act.at, act.facts))
