"""READ FIRST: a letter that exists already, read in five steps. Nothing is stored and nothing is fetched."""

from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from answerable.importers.labelling import label
from answerable.importers.letter import Reading, judge, letter_of
from answerable.importers.message import lines_of_message
from answerable.importers.page import lines_of_page
from answerable.importers.plain import lines_of_markdown, lines_of_text
from answerable.importers.text import Line, Page, decoded
from answerable.importers.weighing import Weight

_MEDIA_TYPES = {
    ".html": "text/html", ".htm": "text/html", ".xhtml": "text/html", ".md": "text/markdown",
    ".markdown": "text/markdown", ".eml": "message/rfc822", ".txt": "text/plain",
}  # fmt: skip


def read(source: bytes, *, name: str = "", media_type: str = "") -> Reading:
    """The letter in `source`, with what is unsure in `notes`. Further letters on the same page are its `others`.

    `name` (a file name) and `media_type` tell the kind of source; without them its first bytes do.
    Raises Refused for what is too large, too deep, or no text.
    """
    page = page_of(source, name=name, media_type=media_type)
    sheets = label(page)
    first, *others = [letter_of(sheet, page) for sheet in sheets]
    return replace(first, others=[other for other in others if other.is_letter])


def lines(source: bytes, *, name: str = "", media_type: str = "") -> list[Line]:
    """The lines that `spans` count, from 1. Raises as `read` does."""
    return page_of(source, name=name, media_type=media_type).lines


@dataclass(frozen=True)
class Explained:
    """Why a line became what it is: the part, what decided, and every weight that was found."""

    line: Line
    part: str
    why: str
    weights: list[Weight]


def why(source: bytes, *, name: str = "", media_type: str = "") -> tuple[list[Explained], list[list[Weight]]]:
    """Every line explained, and for each letter what spoke for and against its being one. Raises as `read` does."""
    page = page_of(source, name=name, media_type=media_type)
    sheets = label(page)
    explained = [Explained(one.line, one.part, one.why, one.weights) for sheet in sheets for one in sheet]
    return explained, [judge(sheet, letter_of(sheet, page).title) for sheet in sheets]


def page_of(source: bytes, *, name: str = "", media_type: str = "") -> Page:
    """The lines of `source` and what it says of itself. Raises Refused."""
    kind = media_type or _MEDIA_TYPES.get(PurePosixPath(name.lower()).suffix, "") or _kind_by_bytes(source)
    if kind == "message/rfc822":
        return lines_of_message(source)
    text = decoded(source)
    if kind in ("text/html", "application/xhtml+xml"):
        return lines_of_page(text)
    return lines_of_markdown(text) if kind == "text/markdown" else lines_of_text(text)


def _kind_by_bytes(source: bytes) -> str:
    head = source[:2_000].lstrip().lower()
    if head.startswith(b"<") or b"<html" in head or b"<p>" in head or b"<div" in head:
        return "text/html"
    if head.startswith(b"---\n"):
        return "text/markdown"
    first = head.split(b"\n", 1)[0]
    if first.startswith((b"received:", b"return-path:", b"delivered-to:", b"mime-version:", b"message-id:")):
        return "message/rfc822"
    return "text/plain"
