"""Sequencing: one job gives entries their place in the tree, gaplessly, and signs the tree's head.

Acts never wait for it and it never blocks them. Two jobs at once do no harm: the place is unique in the database,
and the one that comes second does nothing.
"""

import base64
import datetime as dt
import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings
from django.db import IntegrityError, models, transaction

from answerable.core.durable import make_once

from .models import Checkpoint, Entry
from .tree import Head

ORIGIN = "answerable log v1"
BATCH = 500


def sequence(*, now: dt.datetime) -> int:
    """Afterwards every committed entry has its place and a signed checkpoint covers them all; returns how many are new."""
    placed = 0
    while batch := _place():
        placed += batch
    last = Checkpoint.objects.aggregate(size=models.Max("size"))["size"] or 0
    if placed or Entry.objects.filter(position__gte=last).exists():
        sign(now=now)
    return placed


def _place() -> int:
    try:
        with transaction.atomic():
            free = list(Entry.objects.filter(position__isnull=True).order_by("id").values_list("pk", flat=True)[:BATCH])
            if not free:
                return 0
            last = Entry.objects.aggregate(last=models.Max("position"))["last"]
            first = 0 if last is None else last + 1
            entries = [Entry(pk=pk, position=first + n) for n, pk in enumerate(free)]
            # What has a place keeps it, also where another job gave it one a moment ago: it may be signed already.
            if Entry.objects.filter(position__isnull=True).bulk_update(entries, ["position"]) != len(free):
                raise IntegrityError("another job placed some of these")
            return len(free)
    except IntegrityError:
        return 0  # another job placed these at the same time


def sign(*, now: dt.datetime) -> Checkpoint:
    """Afterwards a checkpoint covers every placed entry. It grows from the one before; the same size is signed once."""
    last = Checkpoint.objects.order_by("-size").first()
    head = Head.resumed(last.frontier) if last else Head()
    new = Entry.objects.filter(position__gte=head.size).order_by("position").values_list("commitment", flat=True)
    for commitment in new.iterator(chunk_size=5000):
        head.add(bytes.fromhex(commitment))
    key = signing_key()
    text = note_text(head.size, head.root)
    signature = base64.b64encode(key.sign(text.encode())).decode()
    checkpoint, _new = Checkpoint.objects.get_or_create(
        size=head.size,
        defaults={
            "root": head.root.hex(),
            "frontier": head.frontier,
            "signed_at": now,
            "note": f"{text}\n— {ORIGIN} {signature}\n",
            "key_id": key_id(key.public_key()),
        },
    )
    return checkpoint


def note_text(size: int, root: bytes) -> str:
    """What is signed: origin, size, and root in base 64, a line each."""
    return f"{ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n"


def signing_key() -> Ed25519PrivateKey:
    """The log key of this host (Ed25519), made at first use, in `ANSWERABLE_HOME/log.key`, readable by its owner only."""
    made = make_once(
        Path(settings.ANSWERABLE_HOME) / "log.key",
        lambda: Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()),
    )
    return Ed25519PrivateKey.from_private_bytes(made)


def key_id(key: Ed25519PublicKey) -> str:
    """SHA-256 (hex) of the raw public key."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()
