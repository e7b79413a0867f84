"""Text folding: two spellings of the same words become the same string, for matching and search.

Arabic and Persian letter variants, tashkeel, tatweel, zero-width joiners, digits of other scripts, Latin
diacritics, case, dashes, quotation marks and white space are folded away.
"""

import re
import unicodedata

_LETTERS = str.maketrans(
    {
        "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "ؤ": "و", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا",
        "ـ": "", "\u200c": " ", "\u200d": "", "\u200e": "", "\u200f": "", "\u2060": "", "\ufeff": "", "\u00ad": "",
        "ı": "i", "ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d",
    }
)  # fmt: skip
_NOT_WORD = re.compile(r"[^\w]+", re.UNICODE)


def fold(text: str) -> str:
    """Words of `text` in one spelling, separated by single spaces. Folding twice changes nothing.

    >>> fold("Çelësi  i Ministrisë—së Drejtësisë")
    'celesi i ministrise se drejtesise'
    """
    text = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = "".join(str(unicodedata.digit(c, c)) if c.isdigit() else c for c in text).translate(_LETTERS)
    return _NOT_WORD.sub(" ", text).replace("_", " ").strip().casefold()


def words(text: str) -> list[str]:
    """The folded words of `text`, in order."""
    return fold(text).split()
