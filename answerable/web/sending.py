"""How bytes that people brought leave again: never as something a browser runs."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

# What a browser may show in place; everything else is saved as bytes of no kind.
_SHOWN = {"image/png", "image/jpeg", "image/webp"}
_NAMED = {"application/pdf", "message/rfc822", "text/plain", *_SHOWN}


def saved(content: bytes, media_type: str, name: str) -> HttpResponse:
    """A download, whatever it is; a media type that somebody else claimed counts only where it is harmless."""
    response = HttpResponse(content, content_type=media_type if media_type in _NAMED else "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, _plain(name)) or "attachment"
    return _alone(response)


def inline(content: bytes, media_type: str) -> HttpResponse:
    """A picture of ours, in its place on a page."""
    if media_type not in _SHOWN:
        raise ValueError(f"{media_type} is not shown in a page")
    return _alone(HttpResponse(content, content_type=media_type))


def _alone(response: HttpResponse) -> HttpResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _plain(name: str) -> str:
    """A file name without what moves it elsewhere or turns it round."""
    kept = "".join(
        c for c in name if c.isprintable() and c not in '/\\:*?"<>|\u202a\u202b\u202d\u202e\u2066\u2067\u2068'
    )
    return kept.strip(" .")[:120] or "file"
