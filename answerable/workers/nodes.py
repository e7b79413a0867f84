"""Which worker this is: a name that its successor takes over, so that what was in its hands is found again."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from answerable.core.durable import make_once

MOST_WORKERS_PER_HOME = 64


@contextmanager
def hold_node() -> Iterator[str]:
    """The name of this worker, held by a file lock until the process ends, however it ends.

    The first `work` of a home is `<home>-0`, a second beside it `<home>-1`. Whoever starts after one was killed gets
    its name, and so the dispatches that were in its hands.
    """
    home = Path(settings.ANSWERABLE_HOME)
    for place in range(MOST_WORKERS_PER_HOME):
        file = os.open(home / f"work.{place}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            continue
        try:
            yield f"{_home_id(home)}-{place}"
        finally:
            os.close(file)
        return
    raise RuntimeError(f"{MOST_WORKERS_PER_HOME} workers run in this home already")


def _home_id(home: Path) -> str:
    return make_once(home / "node-id", lambda: secrets.token_hex(8).encode("ascii")).decode("ascii").strip()
