"""The text of a message: its plain parts, or its HTML turned into lines. Nothing is rendered and nothing is fetched."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

_LARGEST_HTML = 4_000_000
# Building the tree takes time with the square of its depth.
_DEEPEST_HTML = 2_000
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
_PARAGRAPHS = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "pre"])
_SILENT = frozenset(
    [
        "script",
        "style",
        "head",
        "title",
        "template",
        "noscript",
        "svg",
        "math",
        "object",
        "iframe",
        "select",
        "textarea",
    ]
)
_CLOSED_BY_ITSELF = frozenset(
    [
        "p",
        "li",
        "td",
        "tr",
        "th",
        "dd",
        "dt",
        "br",
        "img",
        "hr",
        "input",
        "meta",
        "link",
        "area",
        "base",
        "col",
        "embed",
        "source",
        "track",
        "wbr",
        "option",
    ]
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_ANY_TAG = re.compile(r"<[^<>]{0,20000}>")
_SPACES = re.compile(r"[ \t\r\n\f\u00ad\u200b\ufeff]+")


def html_to_text(html: str) -> str:
    """The words of an HTML part as lines: paragraphs apart by a blank line, list items with a dash, quotations with >,
    the address of a link after its words where it says more than they do."""
    html = html[:_LARGEST_HTML]
    if _depth(html) > _DEEPEST_HTML:
        return re.sub(r"\s*\n\s*", "\n", _ANY_TAG.sub("\n", html)).strip()
    root = LexborHTMLParser(html).body
    if root is None:
        return ""
    page = _Page()
    page.walk(root)
    return page.text()


def _depth(html: str) -> int:
    deepest = depth = 0
    for closing, tag in _TAG.findall(html):
        if tag.lower() not in _CLOSED_BY_ITSELF:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest


class _Page:
    """Lines being filled while the tree is walked, without recursion: depth is the sender's choice."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line = ""
        self.quoted = 0

    def walk(self, root: LexborNode) -> None:
        node: LexborNode | None = root
        entering = True
        while node is not None:
            inside = self._enter(node) if entering else None
            if inside is not None:
                node = inside
                continue
            if entering is False or node.tag not in _SILENT:
                self._leave(node)
            if node.mem_id == root.mem_id:  # == would write both out as HTML
                break
            entering = node.next is not None
            node = node.next if entering else node.parent

    def text(self) -> str:
        self._break()
        return re.sub(r"\n(?:(?:> ?)*\n){2,}", "\n\n", "\n".join(self.lines)).strip()

    def _enter(self, node: LexborNode) -> LexborNode | None:
        """Take in the start of a node; its first child if its inside is to be walked."""
        tag = node.tag or ""
        if tag == "-text":
            self._words(node.text_content or "")
            return None
        if tag in _SILENT or tag.startswith("-"):
            return None
        if tag == "br":
            self._break(always=True)
        elif tag in _BLOCKS:
            self._break()
            if tag in _PARAGRAPHS:
                self._blank()
        if tag == "blockquote":
            self.quoted += 1
        elif tag == "li":
            self.line = "- "
        return node.child

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "a":
            target = (node.attributes.get("href") or "").strip()
            shown = self.line.rstrip()
            if target.startswith(("http://", "https://", "mailto:")) and not shown.endswith(
                target.removeprefix("mailto:")
            ):
                self.line = f"{shown} <{target[:2000]}> "
        elif tag in _BLOCKS:
            self._break()
            if tag in _PARAGRAPHS:
                self._blank()
        if tag == "blockquote":
            self.quoted -= 1

    def _words(self, text: str) -> None:
        words = _SPACES.sub(" ", text)
        self.line += words.lstrip() if not self.line or self.line.endswith(" ") else words

    def _break(self, *, always: bool = False) -> None:
        line = self.line.strip()
        if line or always:
            self.lines.append(f"{'> ' * min(self.quoted, 10)}{line}".rstrip())
        self.line = ""

    def _blank(self) -> None:
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append(("> " * min(self.quoted, 10)).rstrip())
