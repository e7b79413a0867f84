"""Plain text and Markdown as lines. Text that was wrapped to a width is unwrapped, so that a paragraph is one line."""

import re
from dataclasses import replace

from answerable.importers.text import HEAD, Line, Page, bounded, has_bullet, refuse_if_too_much, tidy

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_SETTING = re.compile(r"^(\w+)[ \t]*:[ \t]*[\"']?(.*?)[\"']?[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_PICTURE = re.compile(r"!\[([^\]]{0,500})\]\([^)]{0,2000}\)")
_LINK = re.compile(r"\[([^\]]{0,500})\]\([^)]{0,2000}\)")
_EMPHASIS = re.compile(r"(?<![\w*])([*_]{1,3})(?=\S)([^*_]{1,2000}?)(?<=\S)\1(?![\w*])")
_RULE = re.compile(r"^[\s*_=~-]*$")
_STOP = re.compile(r"[.!?؟。…][\"'”’»)]*$")
_LABEL = re.compile(r"^[\w /.'’-]{1,30}:\s")


def lines_of_text(text: str) -> Page:
    """The lines of a plain text; a blank line ends a paragraph."""
    return Page(bounded(_unwrapped(_numbered(text.splitlines()))))


def lines_of_markdown(text: str) -> Page:
    """The lines of a Markdown text without its marks. What its front matter says is metadata, but the title."""
    refuse_if_too_much(0, len(text) // 2)  # half of it may be marks
    found = _FRONT_MATTER.match(text)
    settings = dict(_SETTING.findall(found.group(1))) if found else {}
    if found:
        text = text[found.end() :]
    lines: list[Line] = []
    if settings.get("title"):
        lines.append(Line(1, tidy(settings["title"]), heading=1))
    pictured = {tidy(alt) for alt in _PICTURE.findall(text) if alt.strip()}
    for line in _numbered(_PICTURE.sub("", text).splitlines(), first=len(lines) + 1):
        heading = _HEADING.match(line.text)
        bare = _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", heading.group(2) if heading else line.text.removeprefix("> ")))
        lines.append(replace(line, text=bare, heading=len(heading.group(1)) if heading else 0))
    return Page(
        bounded(_unwrapped(lines)),
        title=tidy(settings.get("title", "")),
        language=settings.get("lang", "") or settings.get("language", ""),
        dated=settings.get("date", ""),
        pictured=frozenset(pictured),
    )


def _numbered(raw: list[str], *, first: int = 1) -> list[Line]:
    refuse_if_too_much(len(raw) // 4)  # most lines of a text may be blank
    lines: list[Line] = []
    paragraph = 1
    for text in raw:
        if _RULE.match(text):
            paragraph += 1
        elif bare := tidy(text):
            lines.append(Line(first + len(lines), bare, paragraph, kind="item" if has_bullet(text) else "text"))
    return lines


def _unwrapped(lines: list[Line]) -> list[Line]:
    """`lines` with wrapped ones joined: a line goes on when the next line's first word would not have fitted."""
    width = max((len(line.text) for line in lines), default=0)
    if width > 110 or sum(len(line.text) > 0.8 * width for line in lines) < 3 or width < 50:
        return lines
    joined: list[Line] = []
    pieces: list[str] = []
    for before, line in zip([None, *lines], lines, strict=False):
        if before and _goes_on(before, line, width):
            pieces.append(line.text)
            continue
        _close(joined, pieces)
        joined.append(replace(line, number=len(joined) + 1))
        pieces = [line.text]
    _close(joined, pieces)
    return joined


def _goes_on(line: Line, following: Line, width: int) -> bool:
    first_word = len(following.text.split(maxsplit=1)[0])
    return (
        following.paragraph == line.paragraph
        and not (line.heading or following.heading or following.kind == "item")
        and not _LABEL.match(following.text[:HEAD])
        and len(line.text) + 1 + first_word > width - 2
        and not (_STOP.search(line.text) and len(following.text) < width / 2 and not _STOP.search(following.text))
    )


def _close(joined: list[Line], pieces: list[str]) -> None:
    if len(pieces) > 1:
        joined[-1] = replace(joined[-1], text=" ".join(pieces))
