"""Files by content hash, in Django's storage: local folders or an S3-compatible store."""

import datetime as dt
import hashlib
from io import BytesIO

from django.core.files.base import File as Content
from django.core.files.storage import default_storage

from .models import File


def keep(content: bytes, *, media_type: str, now: dt.datetime) -> File:
    """Afterwards the bytes are in the store and have a row. The same bytes again give the same row.

    Writes the file before the row, and outside any need for a transaction: a file without a row is harmless.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    store(sha256, content)
    file, _ = File.objects.get_or_create(
        sha256=sha256, defaults={"size": len(content), "media_type": media_type[:120], "added_at": now}
    )
    return file


def store(sha256: str, content: bytes) -> None:
    """Afterwards the store has `content` under its hash."""
    name = path(sha256)
    if not default_storage.exists(name):
        default_storage.save(name, Content(BytesIO(content)))


def content(file: File) -> bytes:
    """The bytes of `file`, checked against their hash: ValueError if the store gives others."""
    with default_storage.open(path(file.sha256)) as stored:
        found: bytes = stored.read()
    if hashlib.sha256(found).hexdigest() != file.sha256:
        raise ValueError(f"the store holds other bytes under {file.sha256}")
    return found


def path(sha256: str) -> str:
    """Where the store keeps the bytes with this hash."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
