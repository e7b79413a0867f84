"""How well the made corpus is read: `python -m tests.importers.score` prints the score of each field and language.

A field of a letter scores between 0 and 1: lists by the F1 of what was found against what is there, single values
by being the same; nothing found where nothing is there counts as right. A page that is no letter is scored by
`is_letter` alone. Texts are compared folded.
"""

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "answerable.conf.settings")
if __name__ == "__main__":
    django.setup()

from answerable.core.folding import fold  # noqa: E402
from answerable.importers.letter import Reading  # noqa: E402
from answerable.importers.reading import read  # noqa: E402

CORPUS = Path(__file__).parent.parent / "corpus" / "letters"
FIELDS = (
    "is_letter", "addressees", "copies", "signatories", "body_start", "body_end", "salutation", "title", "date", "language",
)  # fmt: skip
ALIKE = 0.8  # from which two names are the same name


def main(folder: Path = CORPUS) -> None:
    """Print what was missed, then the score per field and per language."""
    per_language: dict[str, list[float]] = defaultdict(list)
    scores: dict[str, list[float]] = defaultdict(list)
    for name, truth, reading in corpus(folder):
        for field, score, found in scored(truth, reading):
            scores[field].append(score)
            per_language[truth.get("language", "no letter")].append(score)
            if score < 1:
                print(f"{name}: {field} {score:.2f}: found {found!r}, is {truth.get(field)!r}")
    for field, values in scores.items():
        print(f"{field:12} {mean(values):.3f}  ({len(values)})")
    for language, values in sorted(per_language.items()):
        print(f"{language:12} {mean(values):.3f}")
    print(f"{'mean':12} {mean([mean(values) for values in scores.values()]):.3f}")


def corpus(folder: Path = CORPUS) -> Iterator[tuple[str, dict, Reading]]:
    """Each source of the corpus: its name, what is true of it, what was read."""
    for source in sorted(folder.iterdir()):
        if source.suffix != ".json":
            truth = json.loads(source.with_suffix(".json").read_text(encoding="utf-8"))
            yield source.name, truth, read(source.read_bytes(), name=source.name)


def scored(truth: dict, reading: Reading) -> Iterator[tuple[str, float, object]]:
    """For each field that counts: its score, and what was read."""
    yield "is_letter", float(truth["is_letter"] == reading.is_letter), reading.is_letter
    if not truth["is_letter"]:
        return
    addressees = ["; ".join(filter(None, one.values())) for one in reading.as_json()["addressees"]]
    yield "addressees", f1(truth["addressees"], addressees), addressees
    yield "copies", f1(truth["copies"], reading.copies), reading.copies
    signatories = [one.name for one in reading.signatories]
    yield "signatories", f1(truth["signatories"], signatories), signatories
    first, last = (reading.body[0], reading.body[-1]) if reading.body else ("", "")
    yield "body_start", float(fold(first).startswith(fold(truth["body_start"]))), first
    yield "body_end", float(fold(last).endswith(fold(truth["body_end"]))), last
    for field in ("salutation", "title"):
        yield field, float(fold(truth[field]) == fold(getattr(reading, field))), getattr(reading, field)
    yield "date", float(truth["date"] == reading.date), reading.date
    yield "language", float(truth["language"] == reading.language), reading.language


def f1(there: list[str], found: list[str]) -> float:
    """The harmonic mean of precision and recall; 1 when there is nothing and nothing was found."""
    if not there and not found:
        return 1.0
    left = [fold(text) for text in there]
    hits = 0
    for text in map(fold, found):
        best = max(left, key=lambda one: SequenceMatcher(None, one, text).ratio(), default="")
        if best and SequenceMatcher(None, best, text).ratio() >= ALIKE:
            left.remove(best)
            hits += 1
    return 2 * hits / (len(there) + len(found))


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
