"""The lines in their order: which part of the letter each one is. The steps are in `label`, top to bottom."""

from collections.abc import Callable
from dataclasses import dataclass

from answerable.core.folding import fold
from answerable.importers import dates
from answerable.importers.cues import cues
from answerable.importers.text import Line, Page, has_bullet
from answerable.importers.weighing import ENOUGH, SENTENCE_END, Weight, is_paragraph, label_and_rest, weigh

MOST_COPIES = 40
_LABELLED = ("to", "from", "subject", "date", "copies", "enclosure", "salutation", "closing")


@dataclass
class Labelled:
    """A line, what spoke for which part, and in the end the part it is (`why` says what decided)."""

    line: Line
    weights: list[Weight]
    part: str = ""
    why: str = ""

    def points(self, part: str) -> float:
        return sum(weight.points for weight in self.weights if weight.part == part)

    def take(self, part: str, why: str) -> None:
        """Afterwards the line is `part`."""
        self.part, self.why = part, why


Sheet = list[Labelled]


def label(page: Page) -> list[Sheet]:
    """The letters of a page, each as its labelled lines; one sheet when there is one letter, or none at all.

    Lines around the letters go with the first sheet (before) and the last (after). Every line has a part.
    """
    whole = [Labelled(line, weights) for line, weights in zip(page.lines, weigh(page), strict=True)]
    _take_around(whole)
    _take_repeated(whole)
    _take_title(whole)
    _take_after(whole)
    sheets = _cut(whole)
    for sheet in sheets:
        _take_copies(sheet)
        _take_intro(sheet)
        _take_salutation(sheet)
        _take_head(sheet)
        _take_tail(sheet)
        _take_rest(sheet)
    return sheets


def _open(sheet: Sheet) -> Sheet:
    return [one for one in sheet if not one.part]


def _take_around(sheet: Sheet) -> None:
    """What the line by itself gives away: furniture, breadcrumb, captions."""
    for one in sheet:
        for part in ("breadcrumb", "furniture", "caption"):
            if one.points(part) >= ENOUGH:
                one.take(part, _reasons(one, part))
                break


def _take_repeated(sheet: Sheet) -> None:
    """A short line that stands there twice is a caption, unless it is a signature, a greeting or an address."""
    closing = False
    for one in sheet:
        other = any(one.points(part) >= ENOUGH for part in (*_LABELLED, "end")) or one.points("addressee") >= 2.0
        if not one.part and one.points("caption") >= 3.0 and not (other or closing or is_paragraph(one.line)):
            one.take("caption", _reasons(one, "caption"))
        closing = one.points("closing") >= ENOUGH


def _take_title(sheet: Sheet) -> None:
    """The strongest heading above the text; what stands above it is not the letter."""
    text = _index(sheet, lambda one: not one.part and is_paragraph(one.line)) or len(sheet)
    candidates = [
        one
        for one in _open(sheet)
        if (one.points("title") >= 5.0 or (one.points("title") >= 2.5 and one in sheet[:text]))
        and not any(one.points(part) >= ENOUGH for part in _LABELLED)
    ]
    best = max(candidates, key=lambda one: one.points("title"), default=None)
    if best is None:
        return
    best.take("title", _reasons(best, "title"))
    at = sheet.index(best)
    above = [one for one in sheet[:at] if not one.part]
    if any(is_paragraph(one.line) or one.points("salutation") >= ENOUGH for one in above):
        return
    for one in above:
        if one.points("breadcrumb") >= 3.0:
            one.take("breadcrumb", _reasons(one, "breadcrumb"))
        elif one.line.kind != "header":
            one.take("furniture", "stands above the title")
    for one in _open(sheet[at:]):
        if fold(one.line.text) == fold(best.line.text):
            one.take("furniture", "the title again")


def _take_after(sheet: Sheet) -> None:
    """From the first line that says the text is over, all is furniture. It counts once some text was there."""
    seen_text = over = False
    for one in sheet:
        if one.points("end") >= ENOUGH and seen_text and one.part in ("", "furniture"):
            over = True
        if over and one.part != "furniture":
            one.take("furniture", "after the end of the text" if one.points("end") < ENOUGH else _reasons(one, "end"))
        seen_text = seen_text or (not one.part and is_paragraph(one.line))


def _cut(whole: Sheet) -> list[Sheet]:
    """`whole` in pieces of one letter each: a new letter opens with a salutation after an earlier one was closed."""
    cuts, closed, text = [0], 0, 0
    last = max((at for at, one in enumerate(whole) if not one.part and is_paragraph(one.line)), default=0)
    for at, one in enumerate(whole):
        if one.part:
            continue
        if one.points("salutation") >= ENOUGH and closed and at < last:
            start = at
            while start - 1 > closed and _may_open(whole[start - 1]):
                start -= 1
            cuts.append(start)
            closed = text = 0
        elif one.points("closing") >= ENOUGH and text:
            closed = at
        text += is_paragraph(one.line)
    return [whole[start:end] for start, end in zip(cuts, [*cuts[1:], len(whole)], strict=True)]


def _may_open(one: Labelled) -> bool:
    """Whether a line between two letters belongs to the head of the second."""
    heads = ("title", "to", "date", "subject", "intro")
    return not is_paragraph(one.line) and (bool(one.line.heading) or any(one.points(part) >= 2.5 for part in heads))


def _take_copies(sheet: Sheet) -> None:
    """Each label such as “Copies to:” with what is listed under it."""
    for at, one in enumerate(sheet):
        if one.part or one.points("copies") < ENOUGH or (is_paragraph(one.line) and one.line.size > 60):
            continue
        one.take("copies", _reasons(one, "copies"))
        rest = one.line.text.partition(":")[2].strip()
        under = sheet[at + 1 : at + 1 + MOST_COPIES]
        listed = 0
        for follower in under:
            if follower.part in ("furniture", "caption", "breadcrumb") and listed == 0 and not rest:
                continue
            if follower.part or not _is_listed(follower, under[0], after_label=rest):
                break
            follower.take("copy", "listed under the copies")
            listed += 1


def _is_listed(one: Labelled, first: Labelled, *, after_label: str) -> bool:
    """Whether a line is one of the items of a list whose first line is `first`."""
    line, head = one.line, first.line
    if any(one.points(part) >= ENOUGH for part in ("salutation", "closing", "copies", "enclosure", "date", "title")):
        return False
    marked = has_bullet(line.text) or line.kind == "item"
    if has_bullet(head.text) or head.kind == "item":
        return marked or (line.paragraph == head.paragraph and line.text[:1].islower())
    if after_label:  # the items stand on the label's own line: only what is wrapped or dashed goes on
        return marked
    return not is_paragraph(line) and line.size <= 20


def _take_intro(sheet: Sheet) -> None:
    """Somebody else's words before the letter: up to a line such as “The text of the letter is as follows:”."""
    text = _open(sheet)
    for at, one in enumerate(text[: max(3, len(text) // 2)]):
        if one.points("intro") >= ENOUGH and any(is_paragraph(later.line) for later in text[at + 1 :]):
            for before in text[: at + 1]:
                before.take("intro", "stands before the letter" if before is not one else _reasons(one, "intro"))
            return


def _take_salutation(sheet: Sheet) -> None:
    """The first line that greets, with those right after it that greet too; or a greeting at the start of a paragraph.

    A greeting word in a block of address (“Honourable Mr. X”, below it an office) is no salutation.
    """
    text = _open(sheet)
    for at, one in enumerate(text):
        if one.points("salutation") < ENOUGH or _in_an_address(text, at):
            continue
        for greeting in text[at : at + 12]:
            if greeting.points("salutation") < ENOUGH:
                break
            greeting.take("salutation", _reasons(greeting, "salutation"))
        return
    for one in text:
        if is_paragraph(one.line):
            if one.points("glued") >= ENOUGH:
                one.take("body", "begins with the salutation")
                one.weights.append(Weight("body", 3.0, "running text after a salutation"))
            return


def _in_an_address(text: Sheet, at: int) -> bool:
    one = text[at]
    if one.line.text[-1] in ",:!،":
        return False
    near = [other for other in text[max(0, at - 2) : at + 3] if other.line.paragraph == one.line.paragraph]
    return any(other is not one and other.points("addressee") >= 2.0 for other in near)


def _take_head(sheet: Sheet) -> None:
    """What stands above the text: who is written to, the date, the subject, an editor's lead."""
    end = _index(sheet, lambda one: one.part in ("salutation", "body"))
    lead_over = end is not None
    for one in sheet[:end]:
        if one.part:
            continue
        if is_paragraph(one.line):
            if lead_over and one.points("body") <= 3.0:
                one.take("intro", "tells of the letter before it begins")
                continue
            return
        _take_head_line(one, sheet)


def _take_head_line(one: Labelled, sheet: Sheet) -> None:
    if one.points("date") == ENOUGH and _below_title(sheet, one) and _is_of_the_page(one.line):
        one.take("furniture", "a date right below the title is the page's")
        return
    for part in ("to", "from", "subject", "date"):
        if one.points(part) >= ENOUGH:
            one.take("addressee" if part == "to" else part, _reasons(one, part))
            return
    at = sheet.index(one)
    before = next((x for x in reversed(sheet[:at]) if x.part not in ("caption", "furniture")), None)
    in_block = before is not None and before.part == "addressee" and one.line.paragraph - before.line.paragraph <= 2
    ahead = next((x for x in sheet[at + 1 :] if not x.part), None)
    opens_block = ahead is not None and ahead.line.paragraph == one.line.paragraph and ahead.points("addressee") >= 2.0
    if one.points("addressee") >= 2.0:
        one.take("addressee", _reasons(one, "addressee"))
    elif (in_block or opens_block) and one.line.size <= 12 and not one.line.heading:
        one.take("addressee", "stands in the block of the address")
    elif one.line.heading:
        one.take("heading", "a heading above the text")
    elif one.line.size <= 12 and not SENTENCE_END.search(one.line.text):
        one.take("furniture", "a short line above the text")


def _is_of_the_page(line: Line) -> bool:
    """Whether a line with a date says when a page was put up: the date alone, or with words of the page around."""
    return dates.is_bare(line.text) or bool(cues()["furniture"].first(line.folded))


def _below_title(sheet: Sheet, one: Labelled) -> bool:
    """Whether only the page's own lines stand between the title and this one."""
    above = [other.part for other in sheet[: sheet.index(one)]]
    return "title" in above and all(part == "furniture" for part in above[above.index("title") + 1 :])


def _take_tail(sheet: Sheet) -> None:
    """What stands below the text: the closing, who signs, the date, enclosures."""
    start = _index(sheet, lambda one: not one.part and is_paragraph(one.line)) or 0
    text = [one for one in sheet[start:] if not one.part]
    closings = [at for at, one in enumerate(text) if one.points("closing") >= ENOUGH and at]
    closing = next((at for at in reversed(closings) if _paragraphs(text[at + 1 :]) <= 3), None)
    while closing is not None and closing - 1 in closings:
        closing -= 1
    if closing is None:
        closing = _end_of_text(text)
    signed_over = False
    for one in text[closing:]:
        if one.points("closing") >= ENOUGH and not signed_over:
            one.take("closing", _reasons(one, "closing"))
        elif one.points("date") >= ENOUGH:
            one.take("date", _reasons(one, "date"))
        elif one.points("enclosure") >= ENOUGH:
            one.take("enclosure", _reasons(one, "enclosure"))
        elif one.points("postscript") >= ENOUGH:
            one.take("postscript", _reasons(one, "postscript"))
        elif signed_over or (is_paragraph(one.line) and SENTENCE_END.search(one.line.text)) or one.line.size > 60:
            signed_over = True
            one.take("after", "stands below the signature")
        else:
            one.take(
                "signatory", "stands below the closing" if closing in closings else "stands at the end, like a name"
            )


def _end_of_text(text: Sheet) -> int:
    """Where the lines begin that end a text without being sentences: a signature without a closing."""
    roles = cues()["roles"]
    at = len(text)
    while at > 1:
        line = text[at - 1].line
        named = line.text[:1].isupper() or not line.text[:1].islower()
        sure = text[at - 1].points("date") >= ENOUGH or text[at - 1].points("enclosure") >= ENOUGH
        short = line.size <= 9 or (line.size <= 24 and bool(roles.first(fold(line.text))))
        like_a_name = named and short and line.text[-1] not in ".!?؟:;" and not line.heading and line.kind != "item"
        if not (sure or like_a_name):
            break
        at -= 1
    return at


def _take_rest(sheet: Sheet) -> None:
    """What is left is the text, from its first paragraph on."""
    started = False
    for one in sheet:
        started = started or one.part in ("salutation", "body")
        if one.part:
            continue
        if one.line.heading:
            one.take("heading", "a heading in the text")
        elif started or is_paragraph(one.line):
            started = True
            one.take("body", _reasons(one, "body") or "stands in the text")
        else:
            one.take("furniture", "a short line above the text")


def _index(sheet: Sheet, wanted: Callable[[Labelled], bool]) -> int | None:
    return next((at for at, one in enumerate(sheet) if wanted(one)), None)


def _paragraphs(sheet: Sheet) -> int:
    return sum(is_paragraph(one.line) for one in sheet)


def _reasons(one: Labelled, part: str) -> str:
    return "; ".join(weight.reason for weight in one.weights if weight.part == part)


def rest_of_label(text: str, kind: str) -> str:
    """What a line says after its label of this kind (“Cc: the Ombudsman” → “the Ombudsman”)."""
    line = Line(0, text)
    rest = label_and_rest(text, cues()[kind].start(line.folded))
    return text if rest is None else rest
