"""What kind of ask a sentence is likely to be. A guess, for a person to correct: the kind decides which law applies."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from answerable.core.folding import fold
from answerable.letters.models import Ask


def likely_kind(sentence: str) -> str:
    """`Ask.Kind` of the sentence. Who asks to be told, asks for information, even within a complaint.

    >>> likely_kind("We ask you to tell us in writing where he is held.")
    'information'
    """
    folded = fold(sentence)
    for kind in (Ask.Kind.INFORMATION, Ask.Kind.PETITION):
        if _phrases()[kind].search(folded):
            return kind.value
    return Ask.Kind.PLEA.value


@cache
def _phrases() -> dict[str, re.Pattern[str]]:
    lists = tomllib.loads((Path(__file__).parent / "kinds.toml").read_text(encoding="utf-8"))
    return {
        kind: _any_of(phrase for phrases in by_language.values() for phrase in phrases)
        for kind, by_language in lists.items()
    }


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    alternatives = (re.escape(fold(phrase)) + (r"\w*" if phrase.endswith("*") else "") for phrase in phrases)
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b")
