"""The files of a message: a name that is only a name, the type that the bytes show. Runs in the child process."""

import hashlib
import mimetypes
import re
import unicodedata
from dataclasses import dataclass

import puremagic

from .headers import clean
from .parsed import Attachment

# What comes most often needs no search through every format there is.
_COMMON = (
    (b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"), (b"GIF89a", "image/gif"),
)  # fmt: skip
_UNSAFE_IN_NAME = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_WITHOUT_NAME = {
    "application/pkcs7-mime": "smime.p7m", "application/x-pkcs7-mime": "smime.p7m",
    "application/pkcs7-signature": "smime.p7s", "application/x-pkcs7-signature": "smime.p7s",
    "application/pgp-signature": "signature.asc", "application/pgp-encrypted": "version.txt",
}  # fmt: skip


@dataclass
class File:
    """A file in a message: the name and media type that its sender wrote, and its bytes."""

    name: str = ""
    media_type: str = "application/octet-stream"
    content: bytes = b""


def attachment(file: File, number: int) -> Attachment:
    """The file as it is kept and shown; the `number`th of its message, if it has no name."""
    declared = file.media_type
    name = safe_name(file.name) or _WITHOUT_NAME.get(declared, "")
    if not name:
        ending = ".eml" if declared == "message/rfc822" else mimetypes.guess_extension(declared) or ""
        name = f"attachment-{number}{ending}"
    return Attachment(
        name=name,
        media_type=_type_of(file.content, declared, name),
        declared_type=clean(declared)[:120],
        size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
        content=file.content,
    )


def _type_of(content: bytes, declared: str, name: str) -> str:
    """The type that the bytes show; the declared one where they show none and it is text or a message."""
    for beginning, media_type in _COMMON:
        if content.startswith(beginning):
            return media_type
    try:
        found = [match.mime_type for match in puremagic.magic_string(content) if match.mime_type] if content else []
    except (puremagic.PureError, ValueError):
        found = []
    for wish in (declared, mimetypes.guess_type(name)[0]):
        if wish in found:
            return str(wish)
    if found:
        return str(found[0])[:120]
    plain = declared.startswith(("text/", "message/")) and b"\x00" not in content[:10_000]
    return clean(declared)[:120] if plain else "application/octet-stream"


def safe_name(name: str) -> str:
    """A file name that is only a name: no folders, no controls, no tricks of direction, at most 150 characters."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = _UNSAFE_IN_NAME.sub("", name).strip(" .")
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: 149 - len(ending)]}.{ending}" if dot and stem and len(ending) <= 12 else name[:150]
