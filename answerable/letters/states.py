"""Every state a letter, a dispatch, a recipient and the record of a letter can be in, and every move between them.

This one table is what the code obeys and what the diagram in docs/concepts/journey.md is made from.
"""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterState(models.TextChoices):
    """A letter is words that can change, then words that cannot."""

    DRAFT = "draft", _("draft")
    SEALED = "sealed", _("sealed")
    CLOSED = "closed", _("closed")
    DISCARDED = "discarded", _("discarded")


class DispatchState(models.TextChoices):
    """One hand-over of a letter to one recipient: at most once."""

    QUEUED = "queued", _("waiting to leave")
    SENDING = "sending", _("being handed over")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused by the server")
    UNKNOWN = "unknown", _("not known whether it arrived")
    CANCELLED = "cancelled", _("cancelled")
    BOUNCED = "bounced", _("came back")


class RecipientState(models.TextChoices):
    """What is known of a recipient's answer."""

    PLANNED = "planned", _("not delivered yet")
    WAITING = "waiting", _("waiting for an answer")
    ANSWERED = "answered", _("answered")
    NO_REPLY_RECORDED = "no_reply_recorded", _("no reply recorded")


class RecordState(models.TextChoices):
    """Whether the world may see the letter. Nothing gets to `published` but by an explicit act."""

    PRIVATE = "private", _("private")
    CHECKED = "checked", _("checked, not published")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


@dataclass(frozen=True)
class Move:
    """One permitted move: of what (`model.field`), from where, to where, and what makes it happen."""

    of: str
    before: str
    after: str
    why: str


L, D, R, P = LetterState, DispatchState, RecipientState, RecordState
MOVES = (
    Move("letter", L.DRAFT, L.SEALED, "the writer sends it"),
    Move("letter", L.DRAFT, L.DISCARDED, "the writer throws it away"),
    Move("letter", L.SEALED, L.CLOSED, "nothing more is expected"),
    Move("dispatch", D.QUEUED, D.SENDING, "a worker takes it: the only permission to hand over"),
    Move("dispatch", D.QUEUED, D.ACCEPTED, "a person posted or handed it over, with proof"),
    Move("dispatch", D.QUEUED, D.CANCELLED, "the writer takes it back"),
    Move("dispatch", D.SENDING, D.ACCEPTED, "the server said 250"),
    Move("dispatch", D.SENDING, D.REFUSED, "the server said 5xx"),
    Move("dispatch", D.SENDING, D.QUEUED, "the server said 4xx, or nothing was handed over"),
    Move("dispatch", D.SENDING, D.UNKNOWN, "the answer was lost, or the worker died"),
    Move("dispatch", D.ACCEPTED, D.BOUNCED, "a non-delivery report came"),
    Move("dispatch", D.SENDING, D.BOUNCED, "it came back before the server's word was written down"),
    Move("dispatch", D.UNKNOWN, D.BOUNCED, "a non-delivery report came"),
    Move("dispatch", D.UNKNOWN, D.ACCEPTED, "evidence came, or a person decides"),
    Move("recipient", R.PLANNED, R.WAITING, "a dispatch was accepted"),
    Move("recipient", R.PLANNED, R.ANSWERED, "an answer came before any proof of delivery"),
    Move("recipient", R.WAITING, R.PLANNED, "it bounced: the clock is void"),
    Move("recipient", R.WAITING, R.ANSWERED, "an answer was recorded"),
    Move("recipient", R.WAITING, R.NO_REPLY_RECORDED, "a date passed"),
    Move("recipient", R.NO_REPLY_RECORDED, R.ANSWERED, "a late answer was recorded"),
    Move("recipient", R.NO_REPLY_RECORDED, R.PLANNED, "a late bounce: it had never arrived"),
    Move("recipient", R.ANSWERED, R.WAITING, "a person found that it was no answer"),
    Move("recipient", R.ANSWERED, R.PLANNED, "it was no answer, and no delivery is recorded"),
    Move("record", P.PRIVATE, P.CHECKED, "grounds are stated and the checks have run"),
    Move("record", P.CHECKED, P.PUBLISHED, "a person publishes it"),
    Move("record", P.CHECKED, P.PRIVATE, "a ground fell away"),
    Move("record", P.PUBLISHED, P.WITHDRAWN, "a person withdraws it"),
    Move("record", P.WITHDRAWN, P.CHECKED, "it is looked at again"),
)
FIELDS = {"letter": "state", "dispatch": "state", "recipient": "state", "record": "record_state"}

M = TypeVar("M", bound=models.Model)


def can_move(of: str, before: str, after: str) -> bool:
    """Whether the table permits it."""
    return any(m.of == of and m.before == before and m.after == after for m in MOVES)


def move(of: str, rows: models.QuerySet[M], after: str, **also: Any) -> int:
    """Move those of `rows` whose state permits it, in one conditional update; returns how many moved."""
    before = [m.before for m in MOVES if m.of == of and m.after == after]
    field = FIELDS[of]
    return rows.filter(**{f"{field}__in": before}).update(**{field: after}, **also)


def diagram() -> str:
    """The table as four Mermaid state diagrams, as they stand in docs/concepts/journey.md."""
    parts = []
    for of in FIELDS:
        lines = [f"    {m.before} --> {m.after}: {m.why}" for m in MOVES if m.of == of]
        first = next(m.before for m in MOVES if m.of == of)
        body = "\n".join([f"    [*] --> {first}", *lines])
        parts.append(f"### {of}\n\n```mermaid\nstateDiagram-v2\n{body}\n```\n")
    return "\n".join(parts)
