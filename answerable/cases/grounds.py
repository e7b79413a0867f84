"""Grounds: why something about a person may be shown, or that it never may.

"The person cannot be asked" takes two people: whoever states it names a second, and it counts only from when that
second person has said, signed in as themselves, that they agree.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from answerable.accounts.models import Membership, User
from answerable.core.errors import Refused
from answerable.evidence.log import append

from .models import CaseAct, Ground, Person

LONGEST = dt.timedelta(days=2 * 366)  # until somebody looks again at whether a person still cannot be asked


def state_ground(
    person: Person,
    *,
    kind: str,
    relation: str = "",
    document: str = "",
    reason: str = "",
    best_interest: str = "",
    second_person: User | None = None,
    review_on: dt.date | None = None,
    by: User,
    now: dt.datetime,
) -> Ground:
    """Afterwards the ground stands beside the person, stated by `by`. Refused where its kind asks for more."""
    if kind == Ground.Kind.AUTHORITY:
        _check_stated(relation, "relation", _("Say how the one who agrees is related to the person."))
        _check_stated(
            document, "document", _("Name the document that shows it: a birth certificate, a power of attorney.")
        )
    if kind == Ground.Kind.CANNOT_BE_ASKED:
        _check_stated(reason, "reason", _("Say why the person cannot be asked."))
        _check_stated(best_interest, "best_interest", _("Say why showing this is in the person's own interest."))
        _check_second(person, second_person, by)
        _check_review(review_on, now)
    with transaction.atomic():
        ground = Ground.objects.create(
            person=person,
            kind=kind,
            relation=relation.strip(),
            document=document.strip(),
            reason=reason.strip(),
            best_interest=best_interest.strip(),
            second_person=second_person,
            review_on=review_on,
            recorded_by=by,
            recorded_at=now,
        )
        append(
            CaseAct,
            person.case,
            "state_ground",
            by=by.uid,
            now=now,
            person=str(person.uid),
            ground=ground.pk,
            kind=kind,
        )
    return ground


def agree(ground: Ground, *, by: User, now: dt.datetime) -> None:
    """Afterwards the second person has agreed, and the ground counts. Refused for everybody else."""
    case = ground.person.case
    with transaction.atomic():
        waiting = Ground.objects.filter(pk=ground.pk, second_person=by, agreed_at__isnull=True, revoked_at__isnull=True)
        if not waiting.update(agreed_at=now):
            raise Refused(_("Only the second person who was named can agree, once, and while the ground stands."))
        append(CaseAct, case, "agree_ground", by=by.uid, now=now, ground=ground.pk)
    ground.refresh_from_db()


def revoke(ground: Ground, *, by: User, now: dt.datetime) -> None:
    """Afterwards the ground counts no more. What was published on it has to be looked at again."""
    with transaction.atomic():
        if not Ground.objects.filter(pk=ground.pk, revoked_at__isnull=True).update(revoked_at=now):
            raise Refused(_("This ground has been taken back already."))
        append(CaseAct, ground.person.case, "revoke_ground", by=by.uid, now=now, ground=ground.pk)
    ground.refresh_from_db()


def counting(grounds: Iterable[Ground]) -> Ground | None:
    """Of the grounds of one person, the one that counts: an objection if there is any, else the newest that is complete."""
    standing = [one for one in grounds if one.is_complete]
    objections = [one for one in standing if one.kind == Ground.Kind.OBJECTED]
    return max(objections or standing, key=lambda one: (one.recorded_at, one.pk), default=None)


def may_be_shown(grounds: Iterable[Ground], *, on: dt.date) -> bool:
    """Whether something about the person with these grounds may be shown on that day."""
    ground = counting(grounds)
    return ground is not None and ground.permits(on)


def _check_stated(text: str, field: str, sentence: str) -> None:
    if not text.strip():
        raise Refused(sentence, field=field)


def _check_second(person: Person, second: User | None, by: User) -> None:
    if second is None or second == by:
        raise Refused(
            _("Name a second person of your team, not yourself, who will look at this and agree."),
            field="second_person",
        )
    if not Membership.objects.filter(team=person.case.team_id, user=second).exists():
        raise Refused(_("The second person must belong to the team of this case."), field="second_person")


def _check_review(review_on: dt.date | None, now: dt.datetime) -> None:
    if review_on is None or review_on <= now.date():
        raise Refused(_("Give a day to come on which this is looked at again."), field="review_on")
    if review_on > (now + LONGEST).date():
        raise Refused(
            _("Give a day within the next two years: what is true today may not be true then."), field="review_on"
        )
