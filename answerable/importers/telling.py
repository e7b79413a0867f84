"""What was read, told on a terminal: in words, as JSON, as numbered lines, or with every reason."""

import json
from collections.abc import Iterator

from django.utils.translation import gettext as _

from answerable.importers.letter import Reading
from answerable.importers.people import Addressee
from answerable.importers.reading import lines, read, why
from answerable.importers.weighing import Weight


def tell(source: bytes, name: str, *, as_json: bool = False, explain: bool = False, numbered: bool = False) -> str:
    """What `answerable read` prints: at most one of the three is asked for, in words without. Raises Refused."""
    if as_json:
        return json.dumps(read(source, name=name).as_json(), ensure_ascii=False, indent=2)
    if numbered:
        return "\n".join(f"{line.number:5}  {line.text}" for line in lines(source, name=name))
    if explain:
        return "\n".join(_explained(source, name))
    reading = read(source, name=name)
    return "\n\n".join("\n".join(_in_words(one)) for one in (reading, *reading.others))


def _explained(source: bytes, name: str) -> Iterator[str]:
    explained, judged = why(source, name=name)
    for one in explained:
        yield f"{one.line.number:5}  {one.part:<11} {one.line.text[:70]}"
        yield f"{'':18} = {one.why}"
        for weight in sorted(one.weights, key=lambda weight: -weight.points):
            yield f"{'':18} {_points(weight)} {weight.part}: {weight.reason}"
    for weights in judged:
        yield ""
        total = sum(weight.points for weight in weights)
        yield f"is it a letter? {total:+.1f}: {'yes' if total > 0 else 'no'}"
        for weight in weights:
            yield f"{'':5} {_points(weight)} {weight.reason}"


def _points(weight: Weight) -> str:
    return f"{weight.points:+5.1f}"


def _in_words(reading: Reading) -> Iterator[str]:
    answer = _("A letter") if reading.is_letter else _("Not a letter, as far as can be told")
    yield f"{answer} ({reading.confidence:.0%})"
    for name, said in (
        (_("Title"), [reading.title]),
        (_("Language"), [reading.language]),
        (_("Date"), [reading.date]),
        (_("To"), [_addressee(one) for one in reading.addressees]),
        (_("Salutation"), [reading.salutation]),
        (_("Asks"), reading.asks),
        (_("Signed by"), [", ".join(filter(None, (s.name, s.role, s.place))) for s in reading.signatories]),
        (_("Copies to"), reading.copies),
        (_("Captions"), reading.captions),
        (_("Enclosures"), reading.enclosures),
        (_("Unsure"), reading.notes),
    ):
        for text in filter(None, said):
            yield f"  {name}: {text}"
    yield ""
    yield from reading.body


def _addressee(one: Addressee) -> str:
    return ", ".join(filter(None, (one.name, one.office, one.institution, one.country)))
