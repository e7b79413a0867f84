"""Somebody with a browser that knows no JavaScript: pages, cookies, and forms filled in as they stand."""

import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode


@dataclass(frozen=True)
class Page:
    """What a server answered."""

    address: str
    status: int
    html: str
    headers: dict[str, str]

    @property
    def text(self) -> str:
        """The words of the page, spaces folded."""
        return " ".join(LexborHTMLParser(self.html).text(separator=" ").split())

    def all(self, selector: str) -> list[LexborNode]:
        """The elements that a CSS selector names."""
        return LexborHTMLParser(self.html).css(selector)

    def form(self, having: str) -> dict[str, str]:
        """The fields, as they stand, of the form that has a field of this name; without its buttons and files."""
        for form in self.all("form"):
            fields = dict(_fields(form))
            if having in fields:
                return fields
        raise AssertionError(f"no form with {having} on {self.address}: {self.text[:300]}")


@dataclass
class Visitor:
    """One browser, at one host."""

    origin: str
    cookies: CookieJar = field(default_factory=CookieJar)

    def get(self, path: str) -> Page:
        """A page, wherever the host leads to for it."""
        return self._ask(urllib.request.Request(urljoin(self.origin, path)))

    def fill(self, page: Page, having: str, **values: str) -> Page:
        """Send the form of the page that has the field `having`, with these values changed; dashes are written `__`."""
        fields = page.form(having) | {name.replace("__", "-"): value for name, value in values.items()}
        request = urllib.request.Request(page.address, urlencode(fields).encode(), {"Referer": page.address})
        return self._ask(request)

    def _ask(self, request: urllib.request.Request) -> Page:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        try:
            answer = opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Page(
                answer.url, answer.status, answer.read().decode(), {k.lower(): v for k, v in answer.headers.items()}
            )


def _fields(form: LexborNode):
    for one in form.css("input, textarea, select"):
        name, kind = one.attributes.get("name"), one.attributes.get("type")
        if not name or kind in {"file", "submit"}:
            continue
        if kind in {"radio", "checkbox"} and "checked" not in one.attributes:
            continue
        if one.tag == "textarea":
            yield name, one.text()
        elif one.tag == "select":
            chosen = one.css("option[selected]") or one.css("option")
            yield name, chosen[0].attributes.get("value") or "" if chosen else ""
        else:
            yield name, one.attributes.get("value") or ""
