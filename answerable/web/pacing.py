"""How often something may be done from one place. What is counted stays in memory and is forgotten by itself."""

import datetime as dt

from django.core.cache import cache

from answerable.core.ids import hashed


def too_often(what: str, *, most: int, within: dt.timedelta) -> bool:
    """Count `what` once more; whether that makes it more than `most` times since it was first counted, or `within`.

    Each process counts for itself: with two of them a few more get through.
    """
    key = f"pace:{hashed(what)}"
    cache.add(key, 0, timeout=within.total_seconds())
    try:
        return cache.incr(key) > most
    except ValueError:  # forgotten between the two
        return False
