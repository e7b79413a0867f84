"""Each line by itself: which part of a letter could it be, how strongly, and why. No line is decided here."""

import re
from collections import Counter
from typing import NamedTuple

from answerable.core.folding import fold
from answerable.importers import dates
from answerable.importers.cues import Cues, cues
from answerable.importers.text import Line, Page

ENOUGH = 4.0  # points from which a part is taken to be what a line is

SENTENCE_END = re.compile(r"[.!?؟。…][\"'”’»)\]]*$")
_CRUMB = re.compile(r"\s*[»›→]\s*|\s+[>/|]\s+|\s+::\s+")
_STEP = re.compile(r"[»›→]")
_LABEL = re.compile(r"^[^:：]{1,40}?\s*[:：]\s*")
CC = re.compile(r"(?i)(?:c\.?/?\s?c\.?|e\s+p\.\s?c\.)\s+")
_CLAUSE = re.compile(r"[,;:!،؛]")
_FURNITURE_REGIONS = ("nav", "aside", "share", "comments", "cookies", "footer", "meta")


class Weight(NamedTuple):
    """Points for a part, and the reason in a few words of English (for `--why`)."""

    part: str
    points: float
    reason: str


def weigh(page: Page) -> list[list[Weight]]:
    """For each line of `page` the weights found, in no order."""
    known = cues()
    often = Counter(line.folded for line in page.lines)
    title = fold(page.title)
    return [
        [
            *_furniture(line, known),
            *_title(line, title, known),
            *_caption(line, page, often, known),
            *_opening(line, known),
            *_ending(line, known),
            *_text(line, known),
        ]
        for line in page.lines
    ]


def is_paragraph(line: Line) -> bool:
    """Whether the line is running text: long, or a whole sentence."""
    return line.size >= 18 or (line.size >= 7 and bool(SENTENCE_END.search(line.text)))


def crumbs(text: str) -> list[str]:
    """The steps of a breadcrumb line; a single one when it is none. Quotation marks « » are not steps."""
    if "«" in text and text.count("«") == text.count("»"):
        return [text]
    return [step for step in _CRUMB.split(text) if step]


def label_and_rest(text: str, found: int) -> str | None:
    """What follows `found` folded characters of label and a colon; empty for a bare label, None if it is no label.

    >>> label_and_rest("Cc: The Ombudsman", 2)
    'The Ombudsman'
    """
    if match := _LABEL.match(text):
        return text[match.end() :] if len(fold(match.group())) <= found + 3 else None
    return "" if len(fold(text)) <= found + 1 else None


def doubled(text: str) -> str:
    """The half of a text that says the same thing twice, else an empty string."""
    half = len(text) // 2
    first, second = text[:half].strip(), text[half:].strip()
    return first if half > 8 and first == second else ""


def _furniture(line: Line, known: Cues) -> list[Weight]:
    found = []
    if line.region in _FURNITURE_REGIONS:
        found.append(Weight("furniture", 5.0, f"stands in the page's {line.region}"))
    if line.region == "breadcrumb":
        found.append(Weight("breadcrumb", 6.0, "stands in the page's breadcrumb"))
    elif len(crumbs(line.text)) > 1 and line.size <= 40 and not line.heading and not SENTENCE_END.search(line.text):
        sure = len(crumbs(line.text)) > 2 and _STEP.search(line.text)
        found.append(Weight("breadcrumb", 4.0 if sure else 3.0, "steps, as with » or ›"))
    if (start := known["furniture_ends"].start(line.folded)) and len(line.folded) <= start + 24:
        found.append(Weight("end", 5.0, "what follows a letter on a page"))
    elif (start := known["furniture"].start(line.folded)) and (
        len(line.folded) <= 2 * start + 12 or (line.size <= 16 and dates.looks_like_date(line.text))
    ):
        found.append(Weight("furniture", 4.0, "words of the page around"))
    if line.linked >= 0.8 and line.size <= 14 and not line.heading:
        found.append(Weight("furniture", 3.0, "a link"))
    return found


def _title(line: Line, title: str, known: Cues) -> list[Weight]:
    if line.size > 50:
        return []
    found = []
    whole = fold(line.text)
    if line.heading:
        found.append(Weight("title", max(1.0, 5.0 - line.heading), f"a heading of level {line.heading}"))
    if len(whole) > 5 and title and (whole == title or (title.startswith(whole) and line.size >= 3)):
        found.append(Weight("title", 3.0, "the page's own title"))
    if known["titles"].first(whole) and line.size <= 40 and not SENTENCE_END.search(line.text):
        found.append(Weight("title", 2.5, "words of a letter's title"))
    return found


def _caption(line: Line, page: Page, often: Counter[str], known: Cues) -> list[Weight]:
    found = []
    if line.kind == "caption":
        found.append(Weight("caption", 6.0, "a picture's caption"))
    if line.folded and line.folded in page.pictured and not line.heading:
        found.append(Weight("caption", 4.0, "said of a picture on the page"))
    if (often[line.folded] > 1 or doubled(line.text)) and 3 <= line.size <= 45 and not line.heading:
        found.append(Weight("caption", 3.0, "stands there twice"))
        if fold(page.title) in (line.folded, ""):
            found.append(Weight("caption", -3.0, "may be the title"))
    if (start := known["captions"].start(line.folded)) and label_and_rest(line.text, start):
        found.append(Weight("caption", 4.0, "labelled as a picture"))
    return found


def _opening(line: Line, known: Cues) -> list[Weight]:
    found = []
    start = known["salutations"].start(line.folded)
    if start and not known["not_salutations"].start(line.folded):
        found.append(Weight("salutation", 3.0, f"begins with “{line.folded[:start]}”"))
        if line.size <= 16 and (line.text[-1] in ",:!،" or len(line.folded) <= start + 1):
            found.append(Weight("salutation", 2.0, "short, and ends as a salutation does"))
        elif line.size <= 16 and not SENTENCE_END.search(line.text):
            found.append(Weight("salutation", 1.0, "short"))
        elif greeting(line.text):
            found.append(Weight("glued", 4.0, "a salutation before the first sentence"))
    for part in ("to", "from", "subject", "date"):
        if (start := known[part].start(line.folded)) and (rest := label_and_rest(line.text, start)) is not None:
            bare = rest == ""
            if not bare or line.text.rstrip().endswith((":", "：")):
                found.append(Weight(part, 4.0, f"labelled “{line.folded[:start]}”"))
    if line.size <= 16 and dates.looks_like_date(line.text):
        found.append(Weight("date", 4.0, "a date, and little else"))
    if line.size <= 20 and not is_paragraph(line):
        for part, points in (("honorifics", 2.0), ("offices", 2.0), ("institutions", 2.0)):
            place = known[part].start(line.folded) if part == "honorifics" else len(known[part].first(line.folded))
            if place:
                found.append(Weight("addressee", points, f"names {_AMONG[part]}"))
    if (phrase := known["intros"].first(line.folded)) and line.size <= 60:
        found.append(Weight("intro", 4.0, f"“{phrase}”"))
    return found


_AMONG = {"honorifics": "a person with a title", "offices": "an office", "institutions": "an institution"}


def greeting(text: str) -> str:
    """The salutation at the start of a paragraph, up to its comma or mark; empty when there is none near."""
    found = _CLAUSE.search(text)
    if not found or len(text[: found.end()].split()) > 12 or found.end() == len(text):
        return ""
    return text[: found.end()].strip()


def _ending(line: Line, known: Cues) -> list[Weight]:
    found = []
    if (start := known["closings"].start(line.folded)) and line.size <= 30:
        rest = len(line.folded) - start
        points = 5.0 if rest <= 2 else 4.0 if line.size <= 12 and not SENTENCE_END.search(line.text) else 2.5
        found.append(Weight("closing", points, f"begins with “{line.folded[:start]}”"))
    if known["closing_sentences"].start(line.folded) and line.size <= 40:
        found.append(Weight("closing", 5.0, "a closing sentence"))
    if (start := known["copies"].start(line.folded)) and not known["not_copies"].start(line.folded):
        rest_ = label_and_rest(line.text, start)
        if rest_ is None and CC.match(line.text) and line.size <= 20:
            rest_ = line.text.split(maxsplit=1)[1]
        if rest_ is not None:
            found.append(Weight("copies", 5.0, f"labelled “{line.folded[:start]}”"))
    for part in ("enclosures", "postscripts"):
        if (start := known[part].start(line.folded)) and label_and_rest(line.text, start) is not None:
            found.append(Weight(part[:-1], 4.0, f"labelled “{line.folded[:start]}”"))
    return found


def _text(line: Line, known: Cues) -> list[Weight]:
    found = []
    if is_paragraph(line):
        found.append(Weight("body", 3.0, "running text"))
        folded = fold(line.text)
        if known["writers"].first(folded) or known["address"].first(folded):
            found.append(Weight("body", 1.0, "speaks as a letter does"))
        if phrase := known["reports"].first(folded):
            found.append(Weight("intro", 2.0, f"tells of a letter: “{phrase}”"))
    return found
