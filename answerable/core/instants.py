"""The one place where the clock of the machine is read.

Only the edges (views, commands, workers) call `now`; rules take `now` as an argument. The demonstration can
move what `now` says, through one file in `ANSWERABLE_HOME`; without `ANSWERABLE_DEMO` that file is not read.
"""

import datetime as dt
import os
from pathlib import Path


def now() -> dt.datetime:
    """The present instant, aware, in UTC; shifted by the demonstration's offset where there is one."""
    return dt.datetime.now(dt.UTC) + offset()


def offset() -> dt.timedelta:
    """How far the demonstration has moved the clock: zero unless `ANSWERABLE_DEMO` is set."""
    if os.environ.get("ANSWERABLE_DEMO") != "1":
        return dt.timedelta(0)
    try:
        return dt.timedelta(seconds=float(_offset_file().read_text(encoding="ascii")))
    except (FileNotFoundError, ValueError):
        return dt.timedelta(0)


def set_offset(by: dt.timedelta) -> None:
    """Afterwards every process of this home says `now` + `by`. For the demonstration only."""
    file = _offset_file()
    part = file.with_suffix(f".{os.getpid()}")
    part.write_text(str(by.total_seconds()), encoding="ascii")
    part.replace(file)


def _offset_file() -> Path:
    return Path(os.environ.get("ANSWERABLE_HOME", "var")) / "clock-offset"
