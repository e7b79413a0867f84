"""Reminders that leave by themselves, where somebody has chosen so for a letter: at most two, by e-mail, as the letter
left, and only to addresses whose server took the letter. What falls short of that waits as a draft, as every other."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Q

from answerable.accounts.models import User
from answerable.directory.models import Channel
from answerable.evidence.log import append

from .models import Dispatch, Letter, LetterAct, Recipient
from .states import DispatchState, LetterState, RecipientState

MOST = 2


def leaving(letters: Sequence[Letter]) -> set[int]:
    """The keys of those whose next reminder is to leave by itself, because it was chosen and two have not left so yet."""
    chosen = {of.pk: letter.pk for of in letters if (letter := chosen_for(of))}
    if not chosen:
        return set()
    choices = set(chosen.values())
    family = Q(reminder_of__in=choices) | Q(reminder_of__reminder_of__in=choices)
    left: Counter[int | None] = Counter()
    for above in Letter.objects.filter(family, leaves_at__isnull=False).values_list(
        "reminder_of", "reminder_of__reminder_of"
    ):
        left.update(choices.intersection(above))
    found = set()
    for of, choice in chosen.items():
        left[choice] += 1
        if left[choice] <= MOST:
            found.add(of)
    return found


def chosen_for(of: Letter) -> Letter | None:
    """The letter whose writer chose how reminders of `of` leave: itself, or what it reminds of if it left by itself."""
    before = of.reminder_of if of.leaves_at else None
    return next((letter for letter in (of, before) if letter and letter.reminders_chosen_by_id), None)


def choose(letter: Letter, *, by_themselves: bool, by: User, now: dt.datetime) -> None:
    """Afterwards the reminders of this letter leave by themselves, because `by` says so; or wait as drafts again."""
    chosen = chosen_for(letter) or letter
    with transaction.atomic():
        Letter.objects.filter(pk=chosen.pk).update(reminders_chosen_by=by if by_themselves else None)
        append(LetterAct, chosen, "choose_reminders", by=by.uid, now=now, by_themselves=by_themselves)


def to_leave(now: dt.datetime, *, most: int) -> list[Letter]:
    """The drafts that leave by themselves now."""
    return list(Letter.objects.filter(state=LetterState.DRAFT, leaves_at__lte=now).order_by("leaves_at")[:most])


def narrow(reminder: Letter) -> tuple[str, User] | None:
    """Afterwards the reminder goes only to those whose server took the letter before, at the same address.

    Returns the route by which it leaves and who chose that it does. Copies that it cannot reach so are left out. None, and
    nothing changed, where a person must look: an addressee is reached another way, has answered, or somebody has
    changed the draft or the choice. Needs a surrounding transaction.
    """
    rows = Letter.objects.filter(state=LetterState.DRAFT, leaves_at__isnull=False).select_for_update(of=("self",))
    held = rows.select_related("reminder_of__reminder_of").filter(pk=reminder.pk).first()
    of = held.reminder_of if held else None
    chosen = chosen_for(of) if of else None
    if of is None or chosen is None or chosen.reminders_chosen_by is None:
        return None
    taken = _taken(of)
    routes = {_route(one, taken) for one in reminder.recipients.filter(kind=Recipient.Kind.TO)}
    if len(routes) != 1 or "" in routes:
        return None
    (route,) = routes
    copies = reminder.recipients.filter(kind=Recipient.Kind.COPY)
    copies.filter(pk__in=[one.pk for one in copies if _route(one, taken) != route]).delete()
    return route, chosen.reminders_chosen_by


def leave_to_a_person(reminder: Letter) -> None:
    """Afterwards the draft waits until a person sends it."""
    Letter.objects.filter(pk=reminder.pk, state=LetterState.DRAFT).update(leaves_at=None)


def _taken(of: Letter) -> dict[str, str]:
    """By which route this host handed the letter over to each address; of the addressees, only those still silent."""
    accepted = Dispatch.objects.filter(
        Q(recipient__kind=Recipient.Kind.COPY) | Q(recipient__state=RecipientState.NO_REPLY_RECORDED),
        recipient__letter=of,
        state=DispatchState.ACCEPTED,
        route__in=[Dispatch.Route.HOST, Dispatch.Route.MAILBOX],
    )
    return {address.lower(): route for address, route in accepted.values_list("address", "route")}


def _route(recipient: Recipient, taken: Mapping[str, str]) -> str:
    return taken.get(recipient.address.lower(), "") if recipient.channel == Channel.EMAIL else ""
