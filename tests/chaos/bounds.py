"""How long and how wildly: a short version in every run of the suite, a long one in `make chaos`, chance from a seed."""

import os
import time
from collections.abc import Iterator
from random import Random

# Seconds for each test that can go on for as long as one likes; 0: the short version.
LONG = float(os.environ.get("CHAOS_SECONDS", "0"))
SEED = os.environ.get("CHAOS_SEED", "1")


def chance_of(test: str) -> Random:
    """The chance of one test: the same again with the same seed, which is printed."""
    print(f"CHAOS_SEED={SEED} {test}")
    return Random(f"{SEED} {test}")


def some(points: int, *, short: int, chance: Random) -> Iterator[int]:
    """Write points to be killed at: `short` of them by chance; in the long version all, in any order, while there is time."""
    if not LONG:
        yield from sorted(chance.sample(range(1, points + 1), min(short, points)))
        return
    until = time.monotonic() + LONG
    for point in chance.sample(range(1, points + 1), points):
        if time.monotonic() > until:
            return
        yield point
