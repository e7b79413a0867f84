"""A child of `run` ends when `run` does, even when that was killed and could tell nobody."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # prctl(2)


def end_with_parent() -> None:
    """Afterwards this process gets SIGTERM when the process that started it dies (Linux; elsewhere nothing changes)."""
    parent = os.environ.get("ANSWERABLE_PARENT")
    if parent is None or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        sys.exit(1)  # it died before we could ask
