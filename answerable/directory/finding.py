"""Finding the office that somebody means, from what stands on a letter. It proposes; only what is clear is taken.

A text is compared, line by line and as a whole, with the names of every body and office a team can see. Words count
the more the rarer they are in the directory; a word that is spelled a little differently counts in part. What counts
is both how much of the name the text says and how much of the text the name explains, so that "International Court of
Human Rights" is near the European Court of Human Rights, and is not it.
"""

import math
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from answerable.accounts.models import Team, User
from answerable.core.folding import fold, words

from .models import Body, BodyName, Holder, Office

CLEAR = 0.85  # from here a proposal may be taken for what was meant
APART = 0.05  # and only where the next office is at least so far behind
WORTH_SHOWING = 0.3
LONGEST = 1_000  # characters of a text that are looked at: an address block is shorter

_LISTS = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def _listed(name: str) -> frozenset[str]:
    return frozenset(words(" ".join(_LISTS[name].values())))


_ABBREVIATIONS: Mapping[str, str] = _LISTS["abbreviations"]
_SILENT = _listed("silent")
_COMMON = _listed("common")
_INSTITUTIONS = _listed("institutions")
_IN_EVERY_STATE = _INSTITUTIONS | _COMMON | _listed("portfolios")


@dataclass(frozen=True)
class Proposal:
    """An office that may be meant: how near its name is (0 to 1), and why, in a sentence."""

    office: Office
    score: float
    reason: str


@dataclass(frozen=True)
class _Label:
    """One name of an office, as a set of words. `most` caps what the name alone can prove."""

    office_id: int
    text: str
    words: frozenset[str]
    most: float


@dataclass
class _Index:
    """Every label that one team can see, by its words."""

    labels: list[_Label] = field(default_factory=list)
    by_word: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_trigram: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    offices: dict[int, Office] = field(default_factory=dict)
    own_words: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, label: _Label) -> None:
        """Afterwards the label is found by each of its words."""
        if not label.words:
            return
        self.own_words[label.office_id] |= label.words
        for word in label.words:
            if word not in self.by_word:
                for trigram in _trigrams(word):
                    self.by_trigram[trigram].add(word)
            self.by_word[word].append(len(self.labels))
        self.labels.append(label)

    def weight(self, word: str) -> float:
        """How much a word tells apart: near 1 where it is rare, near 0 where every name has it."""
        if word in _COMMON:
            return 0.15
        all_labels = len(self.labels) + 1
        return math.log(1 + all_labels / (1 + len(self.by_word.get(word, ())))) / math.log(1 + all_labels)

    def weight_of(self, label: _Label) -> float:
        """How much all words of a name weigh together."""
        return sum(map(self.weight, label.words))


def propose(as_written: str, *, team: Team | None, most: int = 5) -> list[Proposal]:
    """The offices that `as_written` may mean, nearest first; none where nothing is near."""
    return propose_each([as_written], team=team, most=most)[0]


def propose_each(texts: Sequence[str], *, team: Team | None, most: int = 5) -> list[list[Proposal]]:
    """`propose` for every text of a letter, with the directory read once."""
    index = _read(team)
    near = [_nearest(text, index)[:most] for text in texts]
    return [
        [Proposal(index.offices[f.label.office_id], round(f.score, 3), f.reason()) for f in scores] for scores in near
    ]


def best(as_written: str, *, team: Team | None) -> Proposal | None:
    """The one office that is clearly meant, or none."""
    return clear(propose(as_written, team=team, most=2))


def clear(proposals: Sequence[Proposal]) -> Proposal | None:
    """The first of `proposals` where it is near enough and the next is far enough behind it."""
    if not proposals or proposals[0].score < CLEAR:
        return None
    if len(proposals) > 1 and proposals[0].score - proposals[1].score < APART:
        return None
    return proposals[0]


def search(query: str, *, team: Team | None) -> QuerySet[Office]:
    """The offices that `team` can see and whose names, or whose body's, have the beginnings of all words of `query`."""
    offices = Office.objects.seen_by(team).select_related("body")
    for word in words(query):
        offices = offices.filter(_has_word("folded", word) | Q(body__in=_bodies_named(word)))
    return offices


def search_bodies(query: str, *, user: User) -> QuerySet[Body]:
    """The same for the bodies that `user` can see in any team."""
    bodies = Body.objects.seen_by_user(user)
    for word in words(query):
        bodies = bodies.filter(
            Q(pk__in=_bodies_named(word)) | Q(pk__in=Office.objects.filter(_has_word("folded", word)).values("body"))
        )
    return bodies


def _bodies_named(word: str) -> QuerySet[BodyName, int]:
    return BodyName.objects.filter(_has_word("folded", word)).values_list("body", flat=True)


def _has_word(column: str, word: str) -> Q:
    """That a word of a folded column begins with `word`."""
    return Q(**{f"{column}__startswith": word}) | Q(**{f"{column}__contains": f" {word}"})


def _read(team: Team | None) -> _Index:
    index = _Index()
    names: dict[int, list[str]] = defaultdict(list)
    for body_id, name in BodyName.objects.filter(body__in=Body.objects.seen_by(team)).values_list("body_id", "name"):
        names[body_id].append(name)
    offices = Office.objects.seen_by(team).filter(body__dissolved_on__isnull=True)
    for office in offices.select_related("body"):
        index.offices[office.pk] = office
        body = office.body
        of_country = _country_words().get(body.country, frozenset())
        for alias in {body.name, *names[body.pk], f"{office.name}, {body.name}", office.name}:
            telling = _telling(alias)
            weak = telling <= _IN_EVERY_STATE or alias == office.name
            index.add(_Label(office.pk, alias, telling, most=0.8 if weak else 1.0))
            if of_country:
                index.add(_Label(office.pk, alias, telling | of_country, most=1.0))
    for pk, name in Holder.objects.filter(office__in=offices, until_on__isnull=True).values_list("office_id", "name"):
        index.add(_Label(pk, name, _telling(name), most=0.8))
    return index


@dataclass(frozen=True)
class _Found:
    """How near one label is to one part of a text, and which words they do not share."""

    label: _Label
    score: float
    unsaid: Sequence[str]
    unexplained: Sequence[str]
    also_names: Sequence[str] = ()

    def reason(self) -> str:
        """One sentence: what speaks for it, and what against."""
        name = self.label.text
        if self.also_names:
            return _("The name is near “%(name)s”, but the text also says: %(words)s.") % {
                "name": name,
                "words": ", ".join(self.also_names),
            }
        if self.unexplained:
            return _("It is near “%(name)s”, which does not say: %(words)s.") % {
                "name": name,
                "words": ", ".join(self.unexplained),
            }
        if self.unsaid:
            return _("It is part of “%(name)s”, which also says: %(words)s.") % {
                "name": name,
                "words": ", ".join(self.unsaid),
            }
        return _("It says “%(name)s”.") % {"name": name}


def _nearest(text: str, index: _Index) -> list[_Found]:
    """The nearest label of every office, nearest office first."""
    parts = [part for part in map(_in_order, _parts(text[:LONGEST])) if part]
    whole = frozenset(word for part in parts for word in part)
    found: dict[int, _Found] = {}
    for part in dict.fromkeys(map(tuple, parts)):
        for one in _compare(part, index):
            one = _with_the_rest(one, whole - set(part), index)
            before = found.get(one.label.office_id)
            if one.score >= WORTH_SHOWING and (before is None or one.score > before.score):
                found[one.label.office_id] = one
    return sorted(found.values(), key=lambda one: (-one.score, -_says_desk(one, whole), one.label.office_id))


def _compare(part: Sequence[str], index: _Index) -> Iterable[_Found]:
    """Each label that shares a telling word with `part`: the harmonic mean of what is said and what is explained."""
    weights = {word: index.weight(word) for word in part}
    shared: dict[int, list[tuple[str, str, float]]] = defaultdict(list)
    for word in part:
        for other, likeness in _alike(word, index):
            for position in index.by_word[other]:
                shared[position].append((word, other, likeness))
    for position, pairs in shared.items():
        label = index.labels[position]
        explained: dict[str, float] = defaultdict(float)
        said: dict[str, float] = defaultdict(float)
        for word, other, likeness in pairs:
            explained[word] = max(explained[word], likeness)
            said[other] = max(said[other], likeness)
        of_part = sum(weights[word] * likeness for word, likeness in explained.items()) / sum(weights.values())
        of_label = sum(index.weight(word) * likeness for word, likeness in said.items()) / index.weight_of(label)
        yield _Found(
            label,
            min(label.most, 2 * of_part * of_label / (of_part + of_label)),
            unsaid=[word for word in _in_order(label.text) if word not in said],
            unexplained=[word for word in part if word not in explained],
        )


def _with_the_rest(found: _Found, rest: frozenset[str], index: _Index) -> _Found:
    """Less near where other lines name an institution, or a country, that is not this office's."""
    country = index.offices[found.label.office_id].body.country
    own = index.own_words[found.label.office_id]
    foreign = [word for word in sorted(rest) if word in _INSTITUTIONS and not _near_any(word, own)]
    named = {code for code, name in _country_words().items() if name and name <= rest}
    if country and named and country not in named:
        foreign += sorted(word for code in named for word in _country_words()[code])
    if not foreign:
        return found
    return replace(found, score=found.score * 0.75, also_names=tuple(foreign))


def _says_desk(found: _Found, whole: frozenset[str]) -> int:
    return len(found.label.words & whole)


def _parts(text: str) -> list[str]:
    """The lines, each two that follow each other, and the whole: where a name may stand in an address block."""
    lines = [line for line in text.splitlines() if line.strip()]
    pairs = [f"{first} {second}" for first, second in zip(lines, lines[1:], strict=False)]
    return [*lines, *pairs, " ".join(lines)]


def _in_order(text: str) -> list[str]:
    spelled = " ".join(_ABBREVIATIONS.get(word, word) for word in words(text))
    return list(dict.fromkeys(word for word in spelled.split() if word not in _SILENT))


def _telling(text: str) -> frozenset[str]:
    return frozenset(_in_order(text))


def _alike(word: str, index: _Index) -> list[tuple[str, float]]:
    """Words of the directory spelled like `word`, nearest first, each with how near (1 is the same)."""
    same = [(word, 1.0)] if word in index.by_word else []
    if len(word) < 5 or word in _all_country_words():
        return same
    own = _trigrams(word)
    counts: dict[str, int] = defaultdict(int)
    for trigram in own:
        for other in index.by_trigram.get(trigram, ()):
            counts[other] += 1
    near = [(other, 2 * n / (len(own) + len(_trigrams(other)))) for other, n in counts.items() if other != word]
    good = [(o, score) for o, score in near if score >= 0.6 and o[:2] == word[:2] and o not in _all_country_words()]
    return same + sorted(good, key=lambda pair: -pair[1])


def _near_any(word: str, others: Set[str]) -> bool:
    return word in others or any(other[:5] == word[:5] for other in others)


@cache
def _trigrams(word: str) -> frozenset[str]:
    padded = f" {word} "
    return frozenset(padded[n : n + 3] for n in range(len(padded) - 2))


@cache
def _country_words() -> Mapping[str, frozenset[str]]:
    """The telling words of the English name of each country, by its ISO 3166 code (from the tz database)."""
    table = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {code: frozenset(fold(name.split("(")[0]).split()) - _SILENT for code, name in rows}


@cache
def _all_country_words() -> frozenset[str]:
    return frozenset(word for name in _country_words().values() for word in name)
