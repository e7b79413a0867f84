"""Verifying the live log: that no entry is missing, moved or reworded, and that the signed heads agree with it."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.apps import apps
from django.db import models

from .log import recommit
from .models import Act, Checkpoint, Entry
from .sequencing import key_id, note_text, signing_key
from .tree import Head


@dataclass
class Verdict:
    """What was looked at, and every fault found, each a sentence."""

    entries: int = 0
    acts: int = 0
    checkpoints: int = 0
    unordered: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify_live() -> Verdict:
    """Look at every entry, act and checkpoint of this host's database."""
    verdict = Verdict(unordered=Entry.objects.filter(position__isnull=True).count())
    _verify_tree(verdict)
    for kind in act_kinds():
        rows: models.QuerySet[Act] = kind._default_manager.select_related("entry", "subject")  # type: ignore[misc]
        for act in rows.iterator(chunk_size=2000):
            verdict.acts += 1
            if recommit(act) != act.entry.commitment:
                verdict.faults.append(f"The words of entry {act.entry_id} ({act.verb}) are not those that were logged.")
    return verdict


def act_kinds() -> Iterator[type[Act]]:
    """Every concrete kind of act, of whatever room."""
    return (model for model in apps.get_models() if issubclass(model, Act))


def _verify_tree(verdict: Verdict) -> None:
    public = signing_key().public_key()
    checkpoints = list(Checkpoint.objects.order_by("size"))
    waiting = iter(checkpoints)
    checkpoint = next(waiting, None)
    head = Head()
    placed = Entry.objects.filter(position__isnull=False).order_by("position").values_list("position", "commitment")
    for position, commitment in placed.iterator(chunk_size=5000):
        if position != head.size:
            verdict.faults.append(f"Entry {head.size} is missing from the log.")
            return
        head.add(bytes.fromhex(commitment))
        while checkpoint is not None and checkpoint.size == head.size:
            verdict.faults.extend(_faults(checkpoint, head, public))
            verdict.checkpoints += 1
            checkpoint = next(waiting, None)
    verdict.entries = head.size
    if checkpoint is not None:
        verdict.faults.append(
            f"A checkpoint was signed over {checkpoint.size} entries, but only {head.size} are there."
        )


def _faults(checkpoint: Checkpoint, head: Head, public: Ed25519PublicKey) -> Iterator[str]:
    text = note_text(head.size, head.root)
    if checkpoint.root != head.root.hex() or not checkpoint.note.startswith(text):
        yield f"The checkpoint over {checkpoint.size} entries names another root than the entries give."
    if checkpoint.key_id != key_id(public):
        yield f"The checkpoint over {checkpoint.size} entries was signed with a key that is not this host's."
        return
    signature = checkpoint.note.rstrip("\n").rpartition(" ")[2]
    try:
        public.verify(base64.b64decode(signature), text.encode())
    except (InvalidSignature, ValueError):
        yield f"The signature under the checkpoint over {checkpoint.size} entries does not hold."
