"""Files that people bring: pictures rebuilt without their metadata, documents of the kinds an office opens."""

import datetime as dt
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from answerable.core.errors import Refused

from .files import keep
from .models import File

LARGEST = 10 * 1024 * 1024  # bytes
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2400  # pixels


def keep_photo(content: bytes, *, field: str, now: dt.datetime) -> File:
    """Afterwards the picture is kept, drawn anew: upright, at most 2400 pixels long, and without metadata.

    Refused where it is no JPEG, PNG or WebP picture, or is too large.
    """
    _check_size(content, field)
    try:
        with Image.open(BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Refused(_("The picture is too large: at most 40 million pixels."), field=field)
            drawn = ImageOps.exif_transpose(image).convert("RGB")
            drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Refused(_("This is not a picture we can read: choose a JPEG, PNG or WebP file."), field=field) from None
    fresh = Image.new("RGB", drawn.size)
    fresh.paste(drawn)
    written = BytesIO()
    fresh.save(written, "JPEG", quality=88, optimize=True)
    return keep(written.getvalue(), media_type="image/jpeg", now=now)


def keep_document(content: bytes, *, field: str, now: dt.datetime) -> File:
    """Afterwards the document is kept as it came. Refused where it is of no kind that an office opens, or too large."""
    _check_size(content, field)
    media_type = _kind_of(content)
    if not media_type:
        raise Refused(
            _("A file of this kind is not sent: choose a PDF, a JPEG or PNG picture, a DOCX, ODT or plain text file."),
            field=field,
        )
    return keep(content, media_type=media_type, now=now)


def _check_size(content: bytes, field: str) -> None:
    if not content:
        raise Refused(_("The file is empty: choose another one."), field=field)
    if len(content) > LARGEST:
        raise Refused(_("The file is too large: at most 10 megabytes."), field=field)


def _kind_of(content: bytes) -> str:
    """The media type, by what the bytes are and not by what the file is called; "" where it is none of ours."""
    for mark, kind in _BEGINNINGS.items():
        if content.startswith(mark):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return next((kind for mark, kind in _IN_ARCHIVES.items() if mark in content), "")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    plain = not any(c < " " and c not in "\t\n\r\f" for c in text) and "<html" not in text[:2000].lower()
    return "text/plain" if plain else ""


_BEGINNINGS = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
_IN_ARCHIVES = {
    b"word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"mimetypeapplication/vnd.oasis.opendocument.text": "application/vnd.oasis.opendocument.text",
}
