"""The phrases by which the parts of a letter are known, in every language there is a file for in `cues/`.

A language is one TOML file; its keys are explained in `cues/en.toml`. Phrases are compared folded
(`core/folding.py`), so case, accents, letter variants and punctuation do not matter in them.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from answerable.core.folding import fold

FOLDER = Path(__file__).parent / "cues"
KINDS = (
    "salutations", "not_salutations", "closings", "copies", "not_copies", "to", "from", "subject", "date", "enclosures",
    "postscripts", "captions", "titles", "addressed", "articles", "states", "of", "title_stops", "places", "closing_sentences", "intros", "offices", "institutions", "honorifics",
    "roles", "and_others", "asks", "previous", "address", "writers", "reports", "furniture", "furniture_ends",
)  # fmt: skip
_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True)
class Phrases:
    """All phrases of one kind. Every method wants folded text."""

    _anywhere: re.Pattern[str]

    def start(self, folded: str) -> int:
        """The length of the longest phrase `folded` starts with; 0 when it starts with none."""
        found = self._anywhere.match(folded)
        return found.end() if found else 0

    def first(self, folded: str) -> str:
        """The first phrase that stands in `folded` as whole words, or an empty string."""
        found = self._anywhere.search(folded)
        return found.group() if found else ""

    def spans(self, folded: str) -> list[tuple[int, int]]:
        """Where phrases stand in `folded`, in order, not overlapping."""
        return [found.span() for found in self._anywhere.finditer(folded)]


Cues = dict[str, Phrases]


@cache
def cues() -> Cues:
    """The phrases of all languages together, by kind. Letters mix languages, and so do the pages around them."""
    files = [tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.toml"))]
    return {kind: _phrases(phrase for file in files for phrase in file.get(kind, ())) for kind in KINDS}


def _phrases(phrases: Iterable[str]) -> Phrases:
    patterns = sorted({_pattern(phrase) for phrase in phrases} - {""}, key=lambda p: (-len(p), p))
    return Phrases(re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)") if patterns else _NOTHING)


def _pattern(phrase: str) -> str:
    text = re.escape(fold(phrase))
    return (r"\w*" if phrase.startswith("*") else "") + text + (r"\w*" if phrase.endswith("*") else "") if text else ""
