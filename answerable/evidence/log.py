"""The append-only log: an act and its commitment, in the caller's own transaction."""

import datetime as dt
import hashlib
import secrets
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import rfc8785
from django.db import connection

from .models import Act, Entry

_gathering = threading.local()


class Subject(Protocol):
    """What acts are done to: a row with an identifier that is unique everywhere."""

    @property
    def pk(self) -> Any: ...

    @property
    def uid(self) -> uuid.UUID: ...


@dataclass(frozen=True, slots=True)
class Done:
    """An act to be appended: `verb` was done by the account `by`, with `facts` (no names, no text), to the subject
    with this primary key and `uid`."""

    pk: Any
    uid: uuid.UUID
    verb: str
    by: uuid.UUID | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def append(
    acts: type[Act], subject: Subject, verb: str, *, by: uuid.UUID | None, now: dt.datetime, **facts: Any
) -> None:
    """Append one act. Afterwards it and its entry exist, if and only if the surrounding transaction commits."""
    append_many(acts, [Done(subject.pk, subject.uid, verb, by, facts)], now=now)


@contextmanager
def together(*, now: dt.datetime) -> Iterator[None]:
    """Acts appended inside are inserted together at its end, in the order given within each kind: many at little cost.

    Belongs inside the transaction that does them; what fails inside leaves no act.
    """
    waiting: dict[type[Act], list[Done]] = {}
    before, _gathering.waiting = getattr(_gathering, "waiting", None), waiting
    try:
        yield
    finally:
        _gathering.waiting = before
    for acts, done in waiting.items():
        append_many(acts, done, now=now)


def append_many(acts: type[Act], done: Iterable[Done], *, now: dt.datetime) -> None:
    """Append several acts of one kind with two insertions, in the order given. Needs a surrounding transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("an act is logged in the transaction that does it")
    gathered = getattr(_gathering, "waiting", None)
    if gathered is not None:
        gathered.setdefault(acts, []).extend(done)
        return
    salted = [(one, secrets.token_bytes(32)) for one in done]
    entries = Entry.objects.bulk_create(
        Entry(commitment=commitment(salt, canonical(acts, one.uid, one.verb, one.by, now, one.facts)), at=now)
        for one, salt in salted
    )
    row: type[Any] = acts  # each kind of act brings its own `subject`
    acts._default_manager.bulk_create(
        row(entry_id=entry.pk, subject_id=one.pk, verb=one.verb, by=one.by, at=now, facts=one.facts, salt=salt)
        for entry, (one, salt) in zip(entries, salted, strict=True)
    )


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


def commitment(salt: bytes | memoryview, content: bytes) -> str:
    """SHA-256 over the salt and the canonical content, hex."""
    return hashlib.sha256(bytes(salt) + content).hexdigest()


def recommit(act: Act) -> str:
    """The commitment that the words of `act`, as they stand now, would have; equal to its entry's if unchanged."""
    subject: Any = act.subject  # type: ignore[attr-defined]
    return commitment(act.salt, canonical(type(act), subject.uid, act.verb, act.by, act.at, act.facts))
