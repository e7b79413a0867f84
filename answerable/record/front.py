"""The front: published files straight from their folder, before Django is asked; what was withdrawn is looked up first.

A published page sets no cookie and may load nothing from elsewhere. Any web server or CDN can take this place at scale,
as long as it reads the list of withdrawals.
"""

import os
from collections.abc import Callable, Iterable
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import quote

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

WITHDRAWN = "withdrawn.txt"  # in the record's folder: one address a line, as /letters/a-letter/
GONE = "gone.html"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
MAX_AGE = 30  # seconds: so long a cache may show what was withdrawn
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


class Front:
    """A WSGI application: the record at `record`, style and fonts at `static` (under /static/), then `behind`."""

    def __init__(self, behind: Application, *, record: Path, static: Path) -> None:
        self._behind = behind
        self._record = record.resolve()
        self._static = static.resolve()
        self._gone: frozenset[str] = frozenset()
        self._gone_read: tuple[int, int] | None = None

    def __call__(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        """Answer from a file, or let Django answer."""
        path: str = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or path.startswith("/desk/"):
            return self._behind(environ, start)
        if self._is_withdrawn(path):
            return self._say_gone(environ, start)
        if file := self._file(path):
            return _answer(environ, start, *file)
        if self._file(f"{path}/"):
            return _say(environ, start, "301 Moved Permanently", [("Location", f"{quote(path)}/")], b"")
        return self._behind(environ, start)

    def _file(self, path: str) -> tuple[Path, os.stat_result] | None:
        """The published file at an address, and what is known of it. Nothing outside the two folders is ever found."""
        parts = path.split("/")[1:]
        # Not "//letters/a/" either: an address has one spelling, and that one stands in the list of withdrawals.
        if "" in parts[:-1] or any(part.startswith(".") or "\0" in part or "\\" in part for part in parts):
            return None
        root = self._record
        if parts[0] == "static":
            root, parts = self._static, parts[1:]
        if not parts[-1]:
            parts[-1] = "index.html"
        file = root.joinpath(*parts)
        if file.suffix not in TYPES or (root == self._record and file.name == WITHDRAWN):
            return None
        try:
            known = file.stat()
        except OSError:
            return None
        return (file, known) if file.resolve().is_relative_to(root) and file.is_file() else None

    def _is_withdrawn(self, path: str) -> bool:
        self._read_withdrawals()
        return any(path.startswith(gone) or f"{path}/" == gone for gone in self._gone) if self._gone else False

    def _read_withdrawals(self) -> None:
        """The list is read again whenever it changed; it is looked at on every request."""
        try:
            known = (self._record / WITHDRAWN).stat()
        except FileNotFoundError:
            self._gone, self._gone_read = frozenset(), None
            return
        mark = (known.st_mtime_ns, known.st_ino)
        if mark != self._gone_read:
            lines = (self._record / WITHDRAWN).read_text(encoding="utf-8").splitlines()
            self._gone, self._gone_read = frozenset(line for line in lines if line.startswith("/")), mark

    def _say_gone(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        try:
            page = (self._record / GONE).read_bytes()
        except FileNotFoundError:
            page = b"This page has been withdrawn.\n"
        headers = [*_safe(TYPES[".html"]), ("Cache-Control", "no-store")]
        return _say(environ, start, "410 Gone", headers, page)


def _answer(environ: dict[str, Any], start: StartResponse, file: Path, known: os.stat_result) -> Iterable[bytes]:
    """The file, in the best encoding the reader takes; 304 where the reader has it (RFC 9110 section 13.1.2)."""
    accepted = _accepted(environ.get("HTTP_ACCEPT_ENCODING", ""))
    encoding, content_file = "", file
    for name, suffix in ENCODINGS:
        beside = file.with_name(file.name + suffix)
        if name in accepted and beside.exists():
            encoding, content_file = name, beside
            break
    etag = f'"{known.st_mtime_ns:x}-{known.st_size:x}{"-" + encoding if encoding else ""}"'
    headers = [
        *_safe(TYPES[file.suffix]),
        ("ETag", etag),
        ("Last-Modified", formatdate(known.st_mtime, usegmt=True)),
        ("Cache-Control", f"public, max-age={MAX_AGE}"),
        ("Vary", "Accept-Encoding"),
    ]
    if etag in {one.strip().removeprefix("W/") for one in environ.get("HTTP_IF_NONE_MATCH", "").split(",")}:
        start("304 Not Modified", headers)
        return []
    content = content_file.read_bytes()
    if encoding:
        headers.append(("Content-Encoding", encoding))
    return _say(environ, start, "200 OK", headers, content)


def _say(
    environ: dict[str, Any], start: StartResponse, status: str, headers: list[tuple[str, str]], content: bytes
) -> Iterable[bytes]:
    """The whole answer; to HEAD without its content (RFC 9110 section 9.3.2)."""
    start(status, [*headers, ("Content-Length", str(len(content)))])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [content]


def _accepted(header: str) -> set[str]:
    """The encodings a reader takes; one with a weight of nought is refused (RFC 9110 section 12.5.3)."""
    offers = (part.replace(" ", "").lower().partition(";q=") for part in header.split(","))
    return {name for name, _, weight in offers if weight.strip("0.") or not weight}


def _safe(content_type: str) -> list[tuple[str, str]]:
    return [
        ("Content-Type", content_type),
        ("Content-Security-Policy", POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
    ]
