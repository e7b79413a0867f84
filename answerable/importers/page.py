"""An HTML page as lines: our own walk over the tree, so that no line break and no list is lost."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _
from selectolax.lexbor import LexborHTMLParser, LexborNode

from answerable.core.errors import Refused
from answerable.core.folding import fold
from answerable.importers.text import Line, Page, bounded, tidy

MAX_TAGS = 300_000
MAX_DEPTH = 2_000  # the parser's time grows with the square of the depth: 100,000 took 23 s, 2,000 takes 10 ms

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# elements that hold nothing, and those a parser closes by itself
_FLAT = _words(
    "area base br col embed hr img input link meta source track wbr p li dt dd tr td th thead tbody tfoot option "
    "optgroup colgroup rp rt html head body"
)
_SKIPPED = _words(
    "script style noscript template svg math iframe object canvas video audio select option textarea button input "
    "head map dialog"
)
_BLOCKS = _words(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre section summary table tbody td tfoot th thead "
    "tr ul"
)
_REGION_OF_TAG = {"nav": "nav", "aside": "aside", "footer": "footer", "time": "meta", "label": "comments"}
_REGION_OF_CLASS = {
    "breadcrumb": "breadcrumb", "breadcrumbs": "breadcrumb", "crumbs": "breadcrumb", "nav": "nav", "navbar": "nav",
    "navigation": "nav", "menu": "nav", "topbar": "nav", "pagination": "nav", "skip": "nav", "share": "share",
    "sharing": "share", "sharedaddy": "share", "social": "share", "addtoany": "share", "related": "aside",
    "relatedposts": "aside", "sidebar": "aside", "widget": "aside", "recommended": "aside", "newsletter": "aside",
    "subscribe": "aside", "promo": "aside", "advert": "aside", "cookie": "cookies", "cookies": "cookies",
    "consent": "cookies", "gdpr": "cookies", "comment": "comments", "comments": "comments", "respond": "comments",
    "commentlist": "comments", "disqus": "comments", "footer": "footer", "tags": "footer", "tagcloud": "footer",
    "meta": "meta", "byline": "meta", "postmetadata": "meta",
}  # fmt: skip
_CLASS_WORD = re.compile(r"[^a-z]+")
_WHOLE = frozenset(("html", "body", "main", "article"))


def lines_of_page(html: str) -> Page:
    """The lines of an HTML page, top to bottom, furniture included and marked by region. Raises Refused."""
    tags = _TAG.findall(html)
    if len(tags) > MAX_TAGS or _depth(tags) > MAX_DEPTH:
        raise Refused(_("This page is larger or nested deeper than any real page. Save it again, or paste its words."))
    tree = LexborHTMLParser(html)
    if tree.body is None:
        return Page([])
    named = tree.css_first("title")
    walk = _Walk(whole=len(tree.body.text() or ""))
    walk.over(tree.body)
    return Page(
        bounded(walk.lines),
        title=_meta(tree, 'meta[property="og:title"]', "content") or tidy(named.text() if named else ""),
        language=_meta(tree, "html", "lang"),
        dated=_meta(tree, 'meta[property="article:published_time"]', "content")
        or _meta(tree, "time[datetime]", "datetime"),
        pictured=frozenset(walk.pictured),
    )


def _depth(tags: list[tuple[str, str]]) -> int:
    """At least how deep the elements of a page nest, counted from its tags without building them."""
    deepest = depth = 0
    for closing, name in tags:
        if name.lower() in _FLAT:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _meta(tree: LexborHTMLParser, selector: str, attribute: str) -> str:
    node = tree.css_first(selector)
    return tidy(node.attributes.get(attribute) or "") if node else ""


class _Frame(NamedTuple):
    """What holds inside the element the walk is in."""

    region: str = ""
    heading: int = 0
    kind: str = "text"
    linked: bool = False
    apart: bool = True


@dataclass
class _Walk:
    """One pass over the tree. `whole` is the length of all its text: what holds most of it is never furniture."""

    whole: int
    lines: list[Line] = field(default_factory=list)
    pictured: set[str] = field(default_factory=set)
    _frames: list[_Frame] = field(default_factory=lambda: [_Frame()])
    _text: list[str] = field(default_factory=list)
    _linked: int = 0
    _paragraph: int = 0

    def over(self, root: LexborNode) -> None:
        """Afterwards `lines` holds every line inside `root`. Does not recurse: pages may nest deeply."""
        node: LexborNode | None = root
        top = root.mem_id  # comparing nodes themselves would serialise both
        while node is not None:
            if _is_element(node):
                self._enter(node)
                if child := node.child:
                    node = child
                    continue
                self._leave()
            else:
                self._take(node)
            while node is not None and node.mem_id != top and node.next is None:
                node = node.parent
                self._leave()
            node = None if node is None or node.mem_id == top else node.next

    def _take(self, node: LexborNode) -> None:
        if node.tag == "-text":
            text = node.text_content or ""
            self._text.append(text)
            if self._frames[-1].linked:
                self._linked += len(text.strip())
        elif node.tag == "br":
            self._flush(same_paragraph=bool(self._text))
        elif node.tag == "img":
            self.pictured |= {fold(said) for name in ("alt", "title") if (said := node.attributes.get(name))} - {""}

    def _enter(self, node: LexborNode) -> None:
        tag, outer = node.tag or "", self._frames[-1]
        region = outer.region or self._region(node, tag)
        apart = tag in _BLOCKS or (region != outer.region and region != "meta")
        if apart:
            self._flush()
        self._frames.append(
            _Frame(
                region=region,
                heading=int(tag[1]) if re.fullmatch("h[1-6]", tag) else outer.heading,
                kind=_kind(node, tag, outer.kind),
                linked=outer.linked or tag == "a",
                apart=apart,
            )
        )

    def _leave(self) -> None:
        if self._frames[-1].apart:
            self._flush()
        self._frames.pop()

    def _region(self, node: LexborNode, tag: str) -> str:
        found = _REGION_OF_TAG.get(tag, "")
        if not found and tag not in _WHOLE:
            named = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".lower()
            found = next((_REGION_OF_CLASS[w] for w in _CLASS_WORD.split(named) if w in _REGION_OF_CLASS), "")
        if not found or tag in ("h1", "h2") or 2 * len(node.text() or "") > self.whole:
            return ""
        return found

    def _flush(self, *, same_paragraph: bool = False) -> None:
        text, frame = tidy("".join(self._text)), self._frames[-1]
        if text:
            linked = min(1.0, self._linked / len(text))
            self.lines.append(
                Line(len(self.lines) + 1, text, self._paragraph, frame.heading, frame.kind, frame.region, linked)
            )
        if not same_paragraph:
            self._paragraph += 1
        self._text, self._linked = [], 0


def _is_element(node: LexborNode) -> bool:
    """Whether `node` holds text that is seen: not a comment, a script, a form field or something hidden."""
    tag = node.tag or ""
    if tag in _SKIPPED or tag in ("br", "img") or tag.startswith(("-", "!", "_")):
        return False
    style = (node.attributes.get("style") or "").replace(" ", "").lower()
    return "hidden" not in node.attributes and "display:none" not in style


def _kind(node: LexborNode, tag: str, outer: str) -> str:
    words = (node.attributes.get("class") or "").lower().replace("_", "-").split()
    if tag in ("figcaption", "caption") or any(w == "caption" or w.endswith("caption-text") for w in words):
        return "caption"
    if outer == "caption":
        return outer
    return {"li": "item", "td": "cell", "th": "cell"}.get(tag, outer)
