"""Rows of the evidence: files by content hash, the append-only log, and the abstract act whose commitment it holds."""

from django.db import models


class File(models.Model):
    """Bytes kept under their SHA-256 (hex). The same bytes are one row and one file, whoever brought them."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256


class Entry(models.Model):
    """One line of the log: a commitment and the instant of the act. It names nobody and points at nothing.

    `commitment` is SHA-256 (hex) over the act's 32-byte salt and its canonical content (RFC 8785). `position` is
    given afterwards, gaplessly, by the one job that orders entries into the tree.
    """

    commitment = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    position = models.PositiveBigIntegerField(null=True, unique=True)

    class Meta:
        indexes = [models.Index("id", condition=models.Q(position__isnull=True), name="entry_unordered")]

    def __str__(self) -> str:
        return self.commitment


class Checkpoint(models.Model):
    """The signed head of the tree: `size` entries have `root` as their RFC 6962 hash. `note` is what was signed.

    `frontier` is the (width, root) of each full subtree, from which the next checkpoint grows.
    """

    size = models.PositiveBigIntegerField(unique=True)
    root = models.CharField(max_length=64)
    frontier = models.JSONField()
    signed_at = models.DateTimeField()
    note = models.TextField()
    key_id = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.size} {self.root}"


class Act(models.Model):
    """What was done to one subject, beside the subject: the words of the log's entry, and the salt that links the two.

    Each room that has subjects makes this concrete with a foreign key `subject`. Erasing the row cuts the link
    and leaves the log whole.
    """

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.UUIDField(null=True, blank=True, help_text="the account that did it; none: the clock or the mail did")
    facts = models.JSONField(default=dict)
    salt = models.BinaryField(max_length=32)

    class Meta:
        abstract = True
        ordering = ["at", "entry_id"]
