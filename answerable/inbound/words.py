"""Words that machines and offices write, in the languages people write in here. What they say is only ever a guess.

The lists are data (`data/*.json`): what they are about, then the language, then phrases as they are written. Parsing
asks too, so nothing of Django is imported here.
"""

import json
from functools import cache
from pathlib import Path

from answerable.core.folding import fold

_DATA = Path(__file__).parent / "data"


def says(about: str, *texts: str) -> bool:
    """Whether any of the texts has a phrase that machines write: absence, automatic, receipt, challenge, newsletter,
    returned or delayed. Spelling is folded; a phrase counts only as whole words."""
    return any(first_phrase(phrases("automatic_words", about), text) for text in texts)


def first_phrase(wanted: dict[str, str], text: str) -> str:
    """The first of the phrases, as its list has it, that stands in the text; "" where none does."""
    folded = f" {fold(text)} "
    return next((written for phrase, written in wanted.items() if phrase in folded), "")


@cache
def phrases(kind: str, about: str) -> dict[str, str]:
    """The phrases about something, in every language: folded, with a space at each end, to as it is written."""
    data = json.loads((_DATA / f"{kind}.json").read_text(encoding="utf-8"))
    return {f" {fold(phrase)} ": phrase for listed in data[about].values() for phrase in listed}
