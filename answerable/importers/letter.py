"""The labelled lines become a letter: its fields, where each was taken from, and what is unsure."""

import math
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from answerable.core.folding import fold
from answerable.importers import dates
from answerable.importers.cues import cues
from answerable.importers.labelling import Sheet, rest_of_label
from answerable.importers.languages import language_of
from answerable.importers.people import (
    MAIL_ADDRESS,
    Addressee,
    Signatory,
    addressee_in_salutation,
    addressee_in_title,
    addressees_in_block,
    others_counted,
    signatories_in,
)
from answerable.importers.text import Page, has_bullet, without_bullet
from answerable.importers.weighing import CC, ENOUGH, Weight, crumbs, doubled, greeting

_SENTENCE = re.compile(r"(?<=[.!?؟。…])[\"'”’»)]?\s+")


@dataclass(frozen=True)
class Reading:
    """What was read: the object of `answerable read --json`, field for field. What the text does not say is empty, the date None."""

    is_letter: bool
    confidence: float
    title: str = ""
    breadcrumb: list[str] = field(default_factory=list)
    language: str = "und"
    date: str | None = None
    addressees: list[Addressee] = field(default_factory=list)
    salutation: str = ""
    body: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    signatories: list[Signatory] = field(default_factory=list)
    signatory_count: int = 0
    copies: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    enclosures: list[str] = field(default_factory=list)
    previous_letters: list[str] = field(default_factory=list)
    others: list["Reading"] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    spans: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The same as plain values, for `json.dumps`."""
        values = asdict(self)
        for letter in (values, *values["others"]):
            for addressee in letter["addressees"]:
                del addressee["as_written"]  # `spans` says where those lines are
        return values


def letter_of(sheet: Sheet, page: Page) -> Reading:
    """The letter on one sheet of `page`."""
    body = _parts(sheet, "body")
    title = _title(sheet, page)
    salutation = _salutation(sheet)
    addressees, taken_from = _addressees(sheet, title, salutation)
    signing = [one.line.text for one in sheet if one.part == "signatory"] + _signed_in_closing(sheet)
    signatories = signatories_in(signing)
    language = language_of(" ".join(body)) if body else page.language or "und"
    date, unclear = _date(sheet, language)
    points = sum(weight.points for weight in judge(sheet, title))
    return Reading(
        is_letter=points > 0,
        confidence=min(0.99, round(1 / (1 + math.exp(-abs(points))), 2)),
        title=title,
        breadcrumb=[step for text in _parts(sheet, "breadcrumb") for step in crumbs(text)],
        language=language,
        date=date,
        addressees=addressees,
        salutation=salutation,
        body=body,
        asks=_asks(body),
        signatories=signatories,
        signatory_count=len(signatories) + others_counted(signing),
        copies=_copies(sheet),
        captions=list(dict.fromkeys(doubled(text) or text for text in _parts(sheet, "caption"))),
        enclosures=[rest for text in _parts(sheet, "enclosure") for rest in _listed(rest_of_label(text, "enclosures"))],
        previous_letters=_sentences(body, "previous"),
        notes=_notes(sheet, page, addressees, taken_from, salutation, signatories, date, unclear),
        spans=_spans(sheet),
    )


def judge(sheet: Sheet, title: str) -> list[Weight]:
    """What speaks for and against this being a letter; it is one when the points add up to more than 0."""
    body = fold(" ".join(_parts(sheet, "body")))
    told = fold(" ".join(one.line.text for one in sheet if one.part in ("body", "intro", "after")))
    parts = {one.part for one in sheet}
    said = max(1, len(body.split()))
    own = len(cues()["writers"].spans(body)) / said
    to_you = len(cues()["address"].spans(body)) / said
    reports = len(cues()["reports"].spans(told))
    weights = [
        Weight("letter", 2.0, "it greets somebody") if _salutation(sheet) else Weight("letter", -1.0, "no salutation"),
        Weight("letter", 1.5, "it closes as a letter does")
        if "closing" in parts
        else Weight("letter", -0.5, "no closing"),
        Weight("letter", 1.0, "it has a block of address")
        if "addressee" in parts
        else Weight("letter", -0.5, "no address"),
        Weight("letter", 0.5, "it is signed") if "signatory" in parts else Weight("letter", -0.5, "no signature"),
        Weight("letter", min(2.0, 60 * to_you), "it speaks to somebody"),
        Weight("letter", min(1.0, 25 * own), "somebody speaks for themselves"),
        Weight("letter", -min(4.0, 1.2 * reports), "it tells of a letter"),
    ]
    if "copies" in parts:
        weights.append(Weight("letter", 1.0, "copies are listed"))
    if title and cues()["titles"].first(fold(title)):
        weights.append(Weight("letter", 1.0, "the title calls it a letter"))
    if cues()["asks"].first(body):
        weights.append(Weight("letter", 0.7, "it asks for something"))
    if said < 25:
        weights.append(Weight("letter", -3.0, "hardly any text"))
    return [weight for weight in weights if weight.points]


def _parts(sheet: Sheet, part: str) -> list[str]:
    return [one.line.text for one in sheet if one.part == part]


def _title(sheet: Sheet, page: Page) -> str:
    found = _parts(sheet, "title")
    heading = next((one.line.text for one in sheet if one.part == "heading"), None)
    subject = next((rest_of_label(text, "subject") for text in _parts(sheet, "subject")), None)
    return found[0] if found else subject or heading or page.title


def _salutation(sheet: Sheet) -> str:
    own = _parts(sheet, "salutation")
    glued = [greeting(one.line.text) for one in sheet if one.part == "body" and one.points("glued") >= ENOUGH][:1]
    return " ".join(own or glued)


def _addressees(sheet: Sheet, title: str, salutation: str) -> tuple[list[Addressee], str]:
    """Who is written to, and where that stands: in the head, else the title, else the salutation."""
    block = [rest_of_label(text, "to") for text in _parts(sheet, "addressee")]
    if found := addressees_in_block([text for text in block if text]):
        return found, "addressee"
    if title and (found := addressee_in_title(title)):
        return found, "title"
    return addressee_in_salutation(salutation), "salutation"


def _signed_in_closing(sheet: Sheet) -> list[str]:
    """Names on the closing's own line: “Respectfully, Alice Moran”."""
    found = []
    for text in _parts(sheet, "closing"):
        if cues()["closing_sentences"].start(fold(text)):
            continue
        head, _comma, rest = text.replace(":", ",", 1).partition(",")
        if rest.strip() and len(fold(head)) <= cues()["closings"].start(fold(text)) + 2 and len(rest.split()) <= 12:
            found.append(rest.strip())
    return found


def _copies(sheet: Sheet) -> list[str]:
    found: list[str] = []
    for one in sheet:
        if one.part == "copies":
            found += _listed(CC.sub("", rest_of_label(one.line.text, "copies"), count=1))
        elif one.part == "copy":
            text = without_bullet(one.line.text).strip(" ;,،؛")
            if found and text[:1].islower() and text == one.line.text.strip(" ;,،؛"):
                found[-1] += " " + text
            else:
                found.append(text)
    return [text for each in found if (text := MAIL_ADDRESS.sub("", each).removesuffix("."))]


def _listed(text: str) -> list[str]:
    return [piece.strip(" .") for piece in re.split(r"\s*[;؛]\s*", text) if piece.strip(" .")]


def _date(sheet: Sheet, language: str) -> tuple[str | None, str]:
    """The date the letter bears, and a line that bears one but does not say which."""
    unclear = ""
    for one in sheet:
        if one.part == "date":
            found, ambiguous = dates.date_of(one.line.text, language=language)
            if found:
                return found.isoformat(), ""
            unclear = one.line.text if ambiguous else unclear
    return None, unclear


def _sentences(paragraphs: Iterable[str], kind: str) -> list[str]:
    phrases = cues()[kind]
    return [
        sentence.strip()
        for paragraph in paragraphs
        for sentence in _SENTENCE.split(paragraph)
        if phrases.first(fold(sentence))
    ]


def _asks(body: list[str]) -> list[str]:
    """The sentences that ask, and the points of a list under one that ends in a colon."""
    found: list[str] = []
    listing = False
    for paragraph in body:
        if listing and has_bullet(paragraph):
            found.append(without_bullet(paragraph))
            continue
        asked = _sentences([paragraph], "asks")
        found += asked
        listing = bool(asked) and paragraph.endswith(":")
    return found


def _notes(
    sheet: Sheet,
    page: Page,
    addressees: list[Addressee],
    taken_from: str,
    salutation: str,
    signatories: list[Signatory],
    date: str | None,
    unclear: str,
) -> list[str]:
    notes = []
    if not addressees:
        notes.append(_("Nobody is named as the one written to."))
    elif taken_from != "addressee":
        notes.append(
            _("The addressee was taken from the title.")
            if taken_from == "title"
            else _("The addressee was taken from the salutation.")
        )
    if not salutation:
        notes.append(_("No salutation was found."))
    if not signatories:
        notes.append(_("No signature was found."))
    if unclear:
        notes.append(_("“%(date)s” can be read in two ways; no date was chosen.") % {"date": unclear})
    elif date is None:
        dated = page.dated or next((one.line.text for one in sheet if one.points("date") >= ENOUGH), "")
        notes.append(
            _("The letter itself bears no date; the page is dated %(date)s.") % {"date": dated[:40]}
            if dated
            else _("The letter bears no date.")
        )
    return notes


_FIELD_OF_PART = {
    "title": "title", "breadcrumb": "breadcrumb", "date": "date", "addressee": "addressees", "salutation": "salutation",
    "body": "body", "signatory": "signatories", "copies": "copies", "copy": "copies", "caption": "captions",
    "enclosure": "enclosures",
}  # fmt: skip


def _spans(sheet: Sheet) -> dict[str, list[tuple[int, int]]]:
    """For each field the runs of lines it was taken from; lines of a run touch."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for one in sheet:
        name, number = _FIELD_OF_PART.get(one.part), one.line.number
        if name is None:
            continue
        runs = spans.setdefault(name, [])
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return spans
