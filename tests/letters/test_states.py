"""The one table of states: what it permits, and that the documentation shows it as it is."""

from pathlib import Path

import pytest

from answerable.letters.models import Dispatch, Letter, Recipient
from answerable.letters.states import FIELDS, MOVES, can_move, diagram, move

PAGE = Path(__file__).parents[2] / "docs" / "concepts" / "journey.md"
MODELS = {"letter": Letter, "dispatch": Dispatch, "recipient": Recipient, "record": Letter}


def test_it_is_drawn_in_the_documentation_as_it_is():
    assert diagram() in PAGE.read_text(encoding="utf-8"), (
        "docs/concepts/journey.md shows other states than letters/states.py: "
        "replace its diagrams by what `answerable.letters.states.diagram()` returns"
    )


def test_it_knows_only_states_that_the_rows_can_have():
    for one in MOVES:
        choices = {value for value, _label in MODELS[one.of]._meta.get_field(FIELDS[one.of]).choices}
        assert {one.before, one.after} <= choices


def test_it_reaches_every_state():
    for of, model in MODELS.items():
        field = model._meta.get_field(FIELDS[of])
        reached = {m.after for m in MOVES if m.of == of} | {field.default}
        assert reached == {value for value, _label in field.choices}


@pytest.mark.parametrize(
    ("of", "before", "after"),
    [
        ("letter", "sealed", "draft"),
        ("dispatch", "unknown", "queued"),
        ("dispatch", "accepted", "queued"),
        ("dispatch", "refused", "queued"),
        ("record", "private", "published"),
        ("record", "withdrawn", "published"),
        ("recipient", "planned", "no_reply_recorded"),
    ],
)
def test_it_does_not_permit(of, before, after):
    assert not can_move(of, before, after)


def test_it_moves_only_rows_in_a_state_that_permits_it(letter):
    rows = Letter.objects.filter(pk=letter.pk)
    assert move("letter", rows, "closed") == 0
    assert move("letter", rows, "discarded") == 1
    assert move("letter", rows, "discarded") == 0
