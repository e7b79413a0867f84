"""The append-only log: an act and its commitment, in the caller's own transaction."""

import datetime as dt
import hashlib
import json
import secrets
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

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
    rows = []
    for one in done:
        salt = secrets.token_bytes(32)
        content = canonical(acts, one.uid, one.verb, one.by, now, one.facts)
        rows.append((one.pk, one.verb, now, one.by, one.facts, salt, commitment(salt, content)))
    _insert(acts, rows)


def _insert(acts: type[Act], rows: list[tuple[Any, ...]]) -> None:
    """Write entries and acts by hand: every act of the product passes here, and models would take three times as long."""
    named = {field.name: field for field in acts._meta.concrete_fields}
    fields = [named[name] for name in ("subject", "verb", "at", "by", "facts", "salt")]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    prepared = [
        [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=False)] for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {Entry._meta.db_table} (commitment, at) VALUES (%s, %s)",
            [(row[-1], values[2]) for values, row in zip(prepared, rows, strict=True)],
        )
        cursor.executemany(
            f"INSERT INTO {acts._meta.db_table} ({columns}, entry_id) "
            f"SELECT {'%s, ' * 6} id FROM {Entry._meta.db_table} WHERE commitment = %s",
            [(*values, row[-1]) for values, row in zip(prepared, rows, strict=True)],
        )


def canonical(
    acts: type[Act], subject: uuid.UUID, verb: str, by: uuid.UUID | None, at: dt.datetime, facts: Mapping[str, Any]
) -> bytes:
    """The bytes an entry commits to: RFC 8785 over kind, subject, verb, account, instant (UTC) and facts.

    Facts are texts, whole numbers, truths and nothings, in lists and under ASCII names; for those the standard
    library writes what RFC 8785 asks for, at a tenth of the time. ValueError for anything else.
    """
    content = {
        "v": 1,
        "of": acts._meta.label_lower,
        "subject": str(subject),
        "verb": verb,
        "by": str(by) if by else None,
        "at": at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "facts": dict(facts),
    }
    _check_plain(content["facts"])
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _check_plain(value: object) -> None:
    """ValueError where RFC 8785 and the standard library would write different bytes: fractions, names beyond ASCII."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if not isinstance(name, str) or not name.isascii():
                raise ValueError("a fact's name is not ASCII")
            _check_plain(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _check_plain(inner)
    elif isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= 2**53:
            raise ValueError("a whole number among the facts is too large")
    elif not (value is None or isinstance(value, str | bool)):
        raise ValueError(f"a {type(value).__name__} is no fact that can be logged")


def commitment(salt: bytes | memoryview, content: bytes) -> str:
    """SHA-256 over the salt and the canonical content, hex."""
    return hashlib.sha256(bytes(salt) + content).hexdigest()


def recommit(act: Act) -> str:
    """The commitment that the words of `act`, as they stand now, would have; equal to its entry's if unchanged."""
    subject: Any = act.subject  # type: ignore[attr-defined]
    return commitment(act.salt, canonical(type(act), subject.uid, act.verb, act.by, act.at, act.facts))
