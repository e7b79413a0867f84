"""Plain warnings about a draft: what makes a letter easy to lay aside, or unsafe to show. They never block.

The words that are looked for stand in warnings.toml, by language; a language that is not there is spared those.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from answerable.core.folding import fold, words

from .models import Letter, Recipient, Version
from .parts import read_parts

_SENTENCE_ENDS = re.compile(r"(?<=[.!?؟。])\s+|\n+")
_PHONE = re.compile(r"(?<![\w/-])\+?\d[\d ().\-/]{6,}\d(?![\w-])")
_NOT_A_PHONE = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}|\d{4} ?[-–/] ?\d{4}")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_LONGEST_EXCERPT = 200
LATELY = dt.timedelta(days=14)
_Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Warning:
    """What to think about: its kind, a sentence for the writer, and the words it is about ("" where none)."""

    kind: str
    sentence: str
    excerpt: str = ""


def warnings(letter: Letter) -> list[Warning]:
    """Everything worth a second look before this letter is sent, what is missing first."""
    read_parts(letter)
    versions, recipients = list(letter.versions.all()), list(letter.recipients.all())
    found = [*_missing(letter, versions), *_copies(versions, recipients), *_languages(versions, recipients)]
    for version in versions:
        found += _wording(version)
        found += _private(version)
    return found


def written_to_lately(letter: Letter, *, now: dt.datetime) -> list[Warning]:
    """A warning for each recipient that got another letter about the same case in the last two weeks."""
    read_parts(letter)
    earlier = Recipient.objects.filter(letter__case=letter.case_id, letter__sealed_at__gt=now - LATELY)
    before: dict[str, Recipient] = {}
    for one in earlier.exclude(letter=letter.pk).select_related("letter").order_by("letter__sealed_at"):
        before |= dict.fromkeys(_marks(one), one)
    found = []
    for one in letter.recipients.all():
        if last := next((before[mark] for mark in _marks(one) if mark in before), None):
            sentence = _(
                "%(office)s was written to about this case on %(date)s (%(reference)s): a second letter so soon is easily taken for a copy of the first."
            )
            on = date_format(last.letter.sealed_at or now, "DATE_FORMAT")
            said = {"office": one.name, "date": on, "reference": last.letter.reference}
            found.append(Warning("lately", sentence % said))
    return found


def _marks(recipient: Recipient) -> list[str]:
    """By what the same recipient is known again: its office, its address."""
    marks = [f"office {recipient.office_id}"] if recipient.office_id else []
    return [*marks, f"address {recipient.address.lower()}"] if recipient.address else marks


def _missing(letter: Letter, versions: Sequence[Version]) -> Iterator[Warning]:
    if not letter.asks.all():
        yield Warning(
            "no ask",
            _("The letter asks for nothing: an office can lay it aside. Say what you ask, in one sentence each."),
        )
    main = next((version for version in versions if version.is_authoritative), None)
    if main is None or not (lists := _lists(main.language)):
        return
    if not any(_names_a_date(said, lists) for said in _said(letter, main)):
        sentence = ngettext(
            "The letter names no date to answer by. You give them %(days)d day where no law does: say so in the letter.",
            "The letter names no date to answer by. You give them %(days)d days where no law does: say so in the letter.",
            letter.own_days,
        )
        yield Warning("no date", sentence % {"days": letter.own_days})


def _copies(versions: Sequence[Version], recipients: Sequence[Recipient]) -> Iterator[Warning]:
    if any(one.kind == Recipient.Kind.COPY for one in recipients):
        return
    for version in versions:
        for sentence in _sentences(version.body):
            if _hit(sentence, _lists(version.language).get("copies", ())):
                yield Warning(
                    "copies",
                    _("The letter speaks of copies, and nobody gets one: add them under “Copies”."),
                    _excerpt(sentence),
                )
                return


def _languages(versions: Sequence[Version], recipients: Sequence[Recipient]) -> Iterator[Warning]:
    """An office whose languages are known and that gets the letter in none of them."""
    written = {_base(version.language) for version in versions}
    for one in recipients:
        known = [_base(code) for code in re.split(r"[\s,;]+", one.office.body.languages) if code] if one.office else []
        if known and not written & set(known):
            names = ", ".join(_name_of(code) for code in known)
            yield Warning(
                "language",
                _("%(office)s works in %(languages)s: add a version in that language.")
                % {"office": one.name, "languages": names},
            )


def _wording(version: Version) -> Iterator[Warning]:
    lists = _lists(version.language)
    said = {
        "threat": _(
            "This can be read as a threat. Say what you will do instead: ask a court, the press, another body."
        ),
        "guilt": _("This states guilt as a fact. Say who states it and where, or what a court has found."),
        "insult": _("This insults, and gives a reason not to answer. Say what was done instead."),
    }
    for sentence in _sentences(f"{version.subject}\n{version.body}"):
        for kind, advice in said.items():
            if _hit(sentence, lists.get(kind, ())) and not (kind == "guilt" and _hit(sentence, lists["hedge"])):
                yield Warning(kind, advice, _excerpt(sentence))


def _private(version: Version) -> Iterator[Warning]:
    for sentence in _sentences(version.body):
        if _MAIL.search(sentence) or _has_phone(sentence):
            yield Warning(
                "private",
                _("Here stands an e-mail address or a phone number. If the letter is published, everybody reads it."),
                _excerpt(sentence),
            )
        elif _has_street(sentence, _lists(version.language).get("street", ())):
            yield Warning(
                "private",
                _("Here seems to stand a postal address. If the letter is published, everybody reads it."),
                _excerpt(sentence),
            )


def _said(letter: Letter, main: Version) -> list[str]:
    return [*_sentences(main.body), *(ask.text for ask in letter.asks.all())]


def _names_a_date(sentence: str, lists: Mapping[str, Sequence[_Phrase]]) -> bool:
    """Whether a sentence speaks of answering and of a time."""
    return _hit(sentence, lists["answer"]) and (_hit(sentence, lists["time"]) or bool(_NOT_A_PHONE.search(sentence)))


def _has_phone(sentence: str) -> bool:
    for found in _PHONE.finditer(sentence):
        digits = sum(c.isdigit() for c in found[0])
        if 8 <= digits <= 15 and not _NOT_A_PHONE.search(found[0]):
            return True
    return False


def _has_street(sentence: str, streets: Sequence[_Phrase]) -> bool:
    said = words(sentence)
    for at, word in enumerate(said):
        if word.isdigit() and len(word) <= 4:
            near = said[max(0, at - 2) : at] + said[at + 1 : at + 3]
            if any(_like(other, phrase[0]) for other in near for phrase in streets):
                return True
    return False


def _hit(sentence: str, phrases: Sequence[_Phrase]) -> bool:
    said = words(sentence)
    return any(
        all(_like(word, pattern) for word, pattern in zip(said[at:], phrase, strict=False))
        for phrase in phrases
        for at in range(len(said) - len(phrase) + 1)
    )


def _like(word: str, pattern: str) -> bool:
    if pattern.endswith("*"):
        return word.startswith(pattern[:-1])
    return word.endswith(pattern[1:]) if pattern.startswith("*") else word == pattern


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE_ENDS.split(text.replace("\r\n", "\n")) if part.strip()]


def _excerpt(sentence: str) -> str:
    return sentence if len(sentence) <= _LONGEST_EXCERPT else sentence[: _LONGEST_EXCERPT - 1] + "…"


def _base(language: str) -> str:
    return language.replace("_", "-").split("-")[0].lower()


def _name_of(language: str) -> str:
    try:
        return str(get_language_info(language)["name_translated"])
    except KeyError:
        return language


def _lists(language: str) -> Mapping[str, Sequence[_Phrase]]:
    return _all_lists().get(_base(language), {})


@cache
def _all_lists() -> Mapping[str, Mapping[str, Sequence[_Phrase]]]:
    read = tomllib.loads((Path(__file__).parent / "warnings.toml").read_text(encoding="utf-8"))
    return {
        language: {kind: [_phrase(text) for text in phrases] for kind, phrases in lists.items()}
        for language, lists in read.items()
    }


def _phrase(text: str) -> _Phrase:
    """The folded words of a phrase, its stars kept."""
    parts = []
    for word in text.split():
        before, after = "*" if word.startswith("*") else "", "*" if word.endswith("*") else ""
        folded = fold(word.strip("*")).split()
        parts += [*folded[:-1], f"{before}{folded[-1]}{after}"]
    return tuple(parts)
