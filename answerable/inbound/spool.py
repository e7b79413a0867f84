"""The spool: where a message is durable before anybody is told that it was taken.

One file holds envelope and bytes together, so that one rename makes both durable. `new/` holds what no row points at
yet, and stays short; `kept/<xx>/` holds the rest, spread over 256 folders.
"""

import contextlib
import datetime as dt
import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from answerable.core.durable import sync_folder, write_synced

Way = Literal["smtp", "lmtp", "pipe", "imap", "upload", "page", "mbox"]
_DIGEST = re.compile(r"[0-9a-f]{64}")


class NotKept(Exception):
    """The bytes could not be made durable (full, read-only, gone). Nothing was taken; the sender must keep the message."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who handed a message over, and for whom. Addresses are as received, their domains in small letters, sorted.

    `team` is the key of the team from whose own mailbox it was fetched, if it was; like `way` it is not part of the digest.
    `mail_from` is "" for the null sender (RFC 5321, 4.5.5) and None where no envelope sender is known (IMAP, upload).
    """

    mail_from: str | None
    rcpt_tos: tuple[str, ...]
    way: Way
    team: int | None = None

    def __post_init__(self) -> None:
        if self.mail_from is not None:
            object.__setattr__(self, "mail_from", _small_domain(self.mail_from))
        object.__setattr__(self, "rcpt_tos", tuple(sorted({_small_domain(to) for to in self.rcpt_tos})))


@dataclass(frozen=True, slots=True)
class Kept:
    """A durable message, without its bytes. `digest` names it, `sha256` and `size` are of the bytes alone."""

    digest: str
    envelope: Envelope
    received_at: dt.datetime
    sha256: str
    size: int


def digest(raw: bytes, envelope: Envelope) -> str:
    """What makes two messages the same: sender, recipients and bytes, not the way nor the time they came."""
    who = json.dumps([envelope.mail_from, list(envelope.rcpt_tos)], separators=(",", ":")).encode("ascii")
    return hashlib.sha256(who + b"\n" + raw).hexdigest()


def keep(folder: Path, raw: bytes, envelope: Envelope, *, now: dt.datetime) -> Kept:
    """Afterwards `raw` and `envelope` survive a power cut. The same bytes for the same envelope stay one file.

    Raises `NotKept` when the disk would not have them.
    """
    kept = Kept(digest(raw, envelope), envelope, now, hashlib.sha256(raw).hexdigest(), len(raw))
    new, part = folder / "new", folder / "part" / f"{kept.digest}.{os.urandom(6).hex()}"
    try:
        if not new.is_dir():
            _lay_out(folder)
        shelf = folder / "kept" / kept.digest[:2]
        settled = (shelf / kept.digest).exists()
        if not settled and not (new / kept.digest).exists():
            write_synced(part, _head(kept) + b"\n", raw)
            part.rename(new / kept.digest)
        # Also when the file was there: whoever renamed it may have been killed before the folder was synced.
        sync_folder(shelf if settled else new)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise NotKept(error.strerror or type(error).__name__) from error
    return kept


def waiting(folder: Path) -> Iterator[Kept]:
    """The messages that no row points at yet, in no order; what is not ours or cannot be read is passed over."""
    try:
        entries = os.scandir(folder / "new")
    except FileNotFoundError:
        return
    with entries:
        for entry in entries:
            if _DIGEST.fullmatch(entry.name):
                with contextlib.suppress(OSError, ValueError):  # settled by another process meanwhile, or not ours
                    yield kept_in(folder, entry.name)


def settle(folder: Path, name: str) -> None:
    """Say that a row points at message `name`: it leaves `new/`. Doing it twice changes nothing.

    The move itself need not be synced: after a power cut the file has the one name or the other, and settling it
    again finds its row.
    """
    shelf = folder / "kept" / name[:2]
    for _ in range(2):
        try:
            (folder / "new" / name).rename(shelf / name)
            return
        except FileNotFoundError:
            shelf.mkdir(parents=True, exist_ok=True)


def load(folder: Path, name: str, *, most: int = -1) -> bytes:
    """The bytes of message `name` as they came, or the first `most` of them. `FileNotFoundError` when there is none."""
    with _open(folder, name) as file:
        file.readline()
        return file.read(most)


def has_shelf(folder: Path, name: str) -> bool:
    """Whether the folder is there in which message `name` is settled: else it is the spool that is away."""
    return (folder / "kept" / name[:2]).is_dir()


def take_down(folder: Path, name: str) -> tuple[Kept, bytes]:
    """What `kept_in` and `load` say of message `name`, from one look at it."""
    with _open(folder, name) as file:
        return _kept(name, file.readline()), file.read()


def kept_in(folder: Path, name: str) -> Kept:
    """Envelope, time, size and checksum of message `name`; `ValueError` when its first line is not ours."""
    with _open(folder, name) as file:
        return _kept(name, file.readline())


def _kept(name: str, line: bytes) -> Kept:
    head = json.loads(line)
    try:
        envelope = Envelope(head["mail_from"], tuple(head["rcpt_tos"]), head["way"], head.get("team"))
        return Kept(name, envelope, dt.datetime.fromisoformat(head["received_at"]), head["sha256"], head["size"])
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("the first line is not ours") from error


def sweep(folder: Path, *, now: dt.datetime) -> None:
    """Remove what writers killed more than a day ago left half written; nothing of it was ever answered for."""
    yesterday = (now - dt.timedelta(days=1)).timestamp()
    for part in (folder / "part").glob("*"):
        with contextlib.suppress(FileNotFoundError):
            if part.stat().st_mtime < yesterday:
                part.unlink()


def _open(folder: Path, name: str) -> BinaryIO:
    if not _DIGEST.fullmatch(name):
        raise FileNotFoundError(name)
    kept, new = folder / "kept" / name[:2] / name, folder / "new" / name
    for path in (kept, new):
        with contextlib.suppress(FileNotFoundError):
            return path.open("rb")
    return kept.open("rb")  # another process may have settled it between the two looks


def _head(kept: Kept) -> bytes:
    head = {
        "mail_from": kept.envelope.mail_from,
        "rcpt_tos": list(kept.envelope.rcpt_tos),
        "way": kept.envelope.way,
        "team": kept.envelope.team,
        "received_at": kept.received_at.isoformat(),
        "sha256": kept.sha256,
        "size": kept.size,
    }
    return json.dumps(head, separators=(",", ":")).encode("ascii")


def _lay_out(folder: Path) -> None:
    for name in ("part", "kept", "new"):
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    sync_folder(folder)
    sync_folder(folder.parent)


def _small_domain(address: str) -> str:
    local, at, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}" if at else address
