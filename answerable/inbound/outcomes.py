"""What an answer may amount to, guessed from its words. It is shown to a person, who says what it is; never set."""

from dataclasses import dataclass

from .models import Reply
from .words import first_phrase, phrases

_MOST_TEXT = 20_000  # characters
# The more it asks of the reader the earlier: a token phrase opens many an answer that says more.
_ORDER = (
    Reply.Outcome.COUNTER,
    Reply.Outcome.REFERRAL,
    Reply.Outcome.MORE,
    Reply.Outcome.FAVOURABLE,
    Reply.Outcome.PLEDGE,
    Reply.Outcome.TOKEN,
)


@dataclass(frozen=True, slots=True)
class Guess:
    """An outcome, and the words that it was guessed from, as our lists write them."""

    outcome: Reply.Outcome
    words: str


def guess(text: str) -> Guess | None:
    """What the words of an answer suggest; None where nothing in them does. `text` is without what it quotes."""
    for outcome in _ORDER:
        if words := first_phrase(phrases("outcome_words", outcome.value), text[:_MOST_TEXT]):
            return Guess(outcome, words)
    return None
