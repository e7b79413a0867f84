"""Who is written to, and who signs: names, offices, institutions and places out of the lines that hold them."""

import re
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from answerable.core.folding import fold
from answerable.importers.cues import cues
from answerable.importers.text import without_bullet

_AND_OTHERS = re.compile(r"\d[\d.,]*")
_PLACE_AFTER = re.compile(r"\s+[–—-]\s+|\s*[(（]([^)）]*)[)）]\s*$")
MAIL_ADDRESS = re.compile(r"\s*<[^<>\s]+@[^<>\s]+>")
_LIST = re.compile(r"\s*[;؛]\s*")
_COMMA = re.compile(r"\s*[,،]\s*")
_END = " ,;:.!،؛"


@dataclass(frozen=True)
class Addressee:
    """One to whom the letter is written; what the letter does not say is empty.

    `as_written` are the lines of its address, unchanged, where they speak of nobody else.
    """

    name: str = ""
    office: str = ""
    institution: str = ""
    country: str = ""
    as_written: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signatory:
    """One who signs; what the letter does not say is empty."""

    name: str
    role: str = ""
    place: str = ""


def addressees_in_block(lines: list[str]) -> list[Addressee]:
    """The people and offices of a block of address, a line each or several on one line."""
    found: list[Addressee] = []
    one: dict[str, Any] = {}
    whose: dict[int, set[int]] = {}  # line: the addressees it speaks of, by their place in `found`
    for number, text in enumerate(lines):
        for piece in _pieces(_without_towards(MAIL_ADDRESS.sub("", text))):
            kind = what_is(piece)
            if _says_nothing(piece):
                continue
            if kind == "place" and not one:
                kind = "name"
            elif kind in ("place", "state") or (kind == "name" and len(one) > 1 and not _titled(piece)):
                if country := _country(piece):
                    one.setdefault("country", country)
                whose.setdefault(number, set()).add(len(found))
                continue
            if (
                kind in one
                or (kind == "name" and one and not (_titled(piece) and "country" not in one))
                or (kind == "office" and "institution" in one and "name" in one)
            ):
                found.append(Addressee(**one))
                one = {}
            whose.setdefault(number, set()).add(len(found))
            if kind == "office":
                office, name = _office_and_name(piece)
                one |= {"office": office} | ({"name": name} if name else {})
            else:
                one[kind] = without_honorific(piece) if kind == "name" else piece.strip(_END)
    if one:
        found.append(Addressee(**one))
    return [
        replace(each, as_written=_own_lines(place, lines, whose))
        for place, each in enumerate(found)
        if each.name or each.office or each.institution
    ]


def _own_lines(place: int, lines: list[str], whose: dict[int, set[int]]) -> tuple[str, ...]:
    mine = [number for number, places in whose.items() if place in places]
    return tuple(lines[number] for number in mine) if all(whose[number] == {place} for number in mine) else ()


def _without_towards(text: str) -> str:
    """“Al Presidente del Consiglio” without its “Al”."""
    first, _space, rest = without_bullet(text).partition(" ")
    towards = cues()["addressed"].start(fold(first)) == len(fold(first)) and what_is(rest) in ("office", "institution")
    return rest if towards else text


def _country(place: str) -> str:
    """The country a line of address names: “Vessa, Ardania”, “Republic of Ardania”, “Albania”; else nothing."""
    *before, last = _COMMA.split(place)
    last = last.strip(_END)
    if re.search(r"\d", last):
        return ""
    return last if before or what_is(last) == "state" or fold(last) in _countries() else ""


@cache
def _countries() -> frozenset[str]:
    """The English short names of ISO 3166, from the time zone data."""
    table = files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text(encoding="utf-8")
    return frozenset(fold(row.split("\t")[1]) for row in table.splitlines() if row and not row.startswith("#"))


def _office_and_name(text: str) -> tuple[str, str]:
    """“President Mirel Ostovan of Norland” in two: “President of Norland” and “Mirel Ostovan”; else the text alone."""
    pieces = text.strip(_END).split()
    start = _words_taken(pieces, cues()["offices"].start(fold(" ".join(pieces))))
    end = start
    while start and end < len(pieces) and pieces[end][:1].isupper():
        end += 1
    name = " ".join(pieces[start:end])
    if not name or what_is(name) != "name" or (end < len(pieces) and not cues()["of"].start(fold(pieces[end]))):
        return text.strip(_END), ""
    return " ".join([*pieces[:start], *pieces[end:]]), name


def _says_nothing(piece: str) -> bool:
    """Whether a piece of an address is only a title (“Frau”) or a formula (“Presente”)."""
    folded = fold(piece)
    return cues()["honorifics"].start(folded) == len(folded) or cues()["not_salutations"].start(folded) == len(folded)


def _pieces(text: str) -> list[str]:
    """The parts of a line of address: split at commas only where that sets a name apart from an office."""
    bare = without_bullet(text).strip(_END)
    pieces = _COMMA.split(bare)
    if len(pieces) == 1 or what_is(bare) == "place":
        return [bare]
    kinds = [what_is(piece) for piece in pieces]
    if kinds[0] == "name" and ("office" in kinds[1:] or "institution" in kinds[1:]):
        return [pieces[0], *_pieces(", ".join(pieces[1:]))]
    if kinds[0] == "office" and (_titled(pieces[1]) or kinds[1] == "institution"):
        return [pieces[0], *_pieces(", ".join(pieces[1:]))]
    return [bare]


def what_is(text: str) -> str:
    """`office`, `institution`, `state`, `place` or `name`: what a piece of an address is, by the word it comes first with."""
    folded = fold(text)
    if cues()["states"].start(folded):
        return "state"
    places = {kind: spans[0][0] for kind in ("offices", "institutions") if (spans := cues()[kind].spans(folded))}
    if places:
        return min(places, key=lambda kind: places[kind])[:-1]
    if re.search(r"\d", text) or (_COMMA.search(text) and not _titled(text)):
        return "place"
    return "name"


def _titled(text: str) -> bool:
    return cues()["honorifics"].start(fold(text)) > 0


def without_honorific(text: str) -> str:
    """`text` without Mr, H.E., Her Excellency and the like at its start, as often as they stand there."""
    pieces = text.strip(_END).split()
    while len(pieces) > 1 and (taken := _words_taken(pieces, cues()["honorifics"].start(fold(" ".join(pieces))))):
        pieces = pieces[taken:]
    return " ".join(pieces).strip(_END)


def _words_taken(pieces: list[str], folded_length: int) -> int:
    """How many written words make up the first `folded_length` folded characters; fewer than all of them."""
    for count in range(1, len(pieces)):
        if folded_length and len(fold(" ".join(pieces[:count]))) >= folded_length:
            return count
    return 0


def addressee_in_salutation(text: str) -> list[Addressee]:
    """Who is greeted: “Dear Minister Valdis,” names one, “Your Excellency,” nobody."""
    found = []
    for piece in re.split(r"\s*[,،;]\s*", text.strip(_END)):
        pieces = piece.split()
        taken = _words_taken(pieces, cues()["salutations"].start(fold(piece)))
        rest = without_honorific(" ".join(pieces[taken:])) if taken else ""
        if rest and what_is(rest) != "place" and not cues()["salutations"].start(fold(rest)):
            said: dict[str, Any] = {what_is(rest): rest}
            found.append(Addressee(**said))
    return found


def addressee_in_title(title: str) -> list[Addressee]:
    """Whom a title names as written to: “Letter of the Solenne family to the Minister of Justice”.

    The words after “to”; in a language that needs no such word, what stands after or before “open letter”.
    """
    pieces = re.split(r"\s+[|–—-]\s+|[:\"“”]", title)[0].split()
    folded = [fold(piece) for piece in pieces]
    if not (letter := cues()["titles"].first(" ".join(folded))):
        return []
    towards = [at + 1 for at, word in enumerate(folded) if word and cues()["addressed"].start(word) == len(word)]
    behind = len(" ".join(folded).partition(letter)[0].split()) + len(letter.split())
    for named in [pieces[at:] for at in reversed(towards)] or [pieces[behind:], pieces[: -len(letter.split())]]:
        text = _only_the_office(named)
        if what_is(text) in ("office", "institution") or _titled(text):
            return addressees_in_block([text])
    if towards and pieces[towards[-1] :] and pieces[towards[-1]][:1].isupper():
        return [Addressee(name=_only_the_office(pieces[towards[-1] :]))]
    return []


def _only_the_office(pieces: list[str]) -> str:
    """The words of a title that name somebody: without the article before, and what the letter is about behind."""
    stops = cues()["title_stops"]
    end = next((at for at in range(1, len(pieces)) if stops.start(fold(" ".join(pieces[at:])))), len(pieces))
    taken = _words_taken(pieces[:end], cues()["articles"].start(fold(" ".join(pieces[:end]))))
    return " ".join(pieces[taken:end])


def signatories_in(lines: list[str]) -> list[Signatory]:
    """Who signs, in order. A line that is only a role or a place belongs to the name above it."""
    found: list[Signatory] = []
    for text in lines:
        for piece in _LIST.split(without_bullet(text).strip(_END)):
            if not piece or cues()["and_others"].start(fold(re.sub(r"\d", "", piece))):
                continue
            last = found[-1] if found else None
            if last and not last.role and _is_role(piece):
                found[-1] = Signatory(last.name, piece, last.place)
            elif last and not last.place and _is_bare_place(piece, below=last.name):
                found[-1] = Signatory(last.name, last.role, piece)
            else:
                found += _signatories_of(piece)
    return found


def _signatories_of(text: str) -> list[Signatory]:
    segments = _COMMA.split(text)
    if len(segments) > 1 and all(_like_a_full_name(segment) for segment in segments):
        return [Signatory(segment.strip(_END)) for segment in segments]
    role, _colon, name = text.rpartition(":")
    if role and _is_role(role, anywhere=True):
        return [replace(one, role=role.strip(_END)) for one in _signatories_of(name)]
    before, aside = _aside(text)
    name, *more = _COMMA.split(before)
    more += [aside] if aside else []
    roles = [piece for piece in more if _is_role(piece, anywhere=True)]
    places = [piece for piece in more if piece not in roles]
    name = name.strip(_END)
    return [Signatory(name, ", ".join(roles), ", ".join(places))] if name else []


def _aside(text: str) -> tuple[str, str]:
    """A line in two: before a dash or bracket, and what stands behind or in it."""
    found = _PLACE_AFTER.search(text)
    if not found:
        return text, ""
    return text[: found.start()], (found.group(1) or text[found.end() :]).strip(_END)


def _is_role(text: str, *, anywhere: bool = False) -> bool:
    """Whether a text is what somebody is: it begins with a role, or holds one anywhere. A family is a signatory."""
    roles = cues()["roles"]
    if anywhere:
        return bool(roles.first(fold(text)))
    pieces = _COMMA.split(text)[0].split()
    taken = _words_taken(pieces, roles.start(fold(" ".join(pieces)))) if pieces else 0
    return roles.start(fold(" ".join(pieces))) > 0 and not (taken and pieces[taken][:1].isupper())


def _is_bare_place(text: str, *, below: str) -> bool:
    """Whether a line below a name is only a place: “Lisvik, Ardania”, or one word below a full name."""
    segments = _COMMA.split(text)
    if cues()["places"].start(fold(text)):
        return True
    if not all(segment[:1].isalpha() and len(segment.split()) <= 2 for segment in segments):
        return False
    return len(segments[0].split()) == 1 and (len(segments) == 2 or (len(segments) == 1 and len(below.split()) > 1))


def _like_a_full_name(text: str) -> bool:
    pieces = text.split()
    return (
        2 <= len(pieces) <= 4
        and not _is_role(text, anywhere=True)
        and all(p[:1].isupper() or p in "de da von van" for p in pieces)
    )


def others_counted(lines: list[str]) -> int:
    """How many more signatories are counted and not named: “and 1,155 others”."""
    for text in lines:
        if cues()["and_others"].first(fold(text)) and (found := _AND_OTHERS.search(text)):
            return int(re.sub(r"\D", "", found.group()))
    return 0
