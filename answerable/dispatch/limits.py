"""Daily limits: how much leaves for one address, for one domain, and from this host. What is over waits for tomorrow.

They keep a fault, or zeal, from burying an office in mail. A day is a day in UTC. What was handed over and not refused
counts. Workers that take at the same instant may pass a limit by one each.
"""

import datetime as dt
import sys
from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q, QuerySet

from answerable.directory.models import Channel
from answerable.letters.models import Dispatch
from answerable.letters.states import DispatchState

COUNTED = (DispatchState.SENDING, DispatchState.ACCEPTED, DispatchState.UNKNOWN, DispatchState.BOUNCED)
Limit = Dispatch.Limit


class _Place(NamedTuple):
    """What a limit is for: one address, one domain, or ("") all of the host."""

    limit: Limit
    name: str


def let_through(waiting: Iterable[tuple[int, str]], *, now: dt.datetime) -> list[int]:
    """The keys of those that may leave now, of `waiting`: (key, address) of queued dispatches, in their order.

    Afterwards the others, and everything else that is queued for a place that is full, wait for tomorrow. Needs a
    surrounding transaction.
    """
    room: dict[_Place, int] = {}
    free: list[int] = []
    for pk, address in waiting:
        places = _places(address)
        for place in places:
            room.setdefault(place, _room(place, now))
        full = next((place for place in places if room[place] <= 0), None)
        if full:
            _hold_back(full, but=free, now=now)
            continue
        for place in places:
            room[place] -= 1
        free.append(pk)
    return free


def tomorrow(now: dt.datetime) -> dt.datetime:
    """When the next day begins."""
    return now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)


def _places(address: str) -> list[_Place]:
    small = address.lower()
    return [
        _Place(Limit.ADDRESS, small),
        _Place(Limit.DOMAIN, small.rpartition("@")[2]),
        _Place(Limit.HOST, ""),
    ]


def _room(place: _Place, now: dt.datetime) -> int:
    """How many more may leave for the place today."""
    most = {
        Limit.ADDRESS: settings.ANSWERABLE_MOST_A_DAY_TO_ADDRESS,
        Limit.DOMAIN: settings.ANSWERABLE_MOST_A_DAY_TO_DOMAIN,
        Limit.HOST: settings.ANSWERABLE_MOST_A_DAY,
    }[place.limit]
    if not most:
        return sys.maxsize
    today = tomorrow(now) - dt.timedelta(days=1)
    return int(most) - _there(place).filter(state__in=COUNTED, sending_at__gte=today).count()


def _there(place: _Place) -> QuerySet[Dispatch]:
    """The e-mails to the place."""
    which = {
        Limit.ADDRESS: Q(address__iexact=place.name),
        Limit.DOMAIN: Q(address__iendswith=f"@{place.name}"),
        Limit.HOST: Q(),
    }[place.limit]
    return Dispatch.objects.filter(which, channel=Channel.EMAIL)


def _hold_back(full: _Place, *, but: list[int], now: dt.datetime) -> None:
    due = _there(full).filter(
        state=DispatchState.QUEUED, route__in=[Dispatch.Route.HOST, Dispatch.Route.MAILBOX], next_try_at__lte=now
    )
    due.exclude(pk__in=but).update(next_try_at=tomorrow(now), held_back_by=full.limit)
