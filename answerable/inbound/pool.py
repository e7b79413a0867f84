"""A few child processes that parse: started when there is something to parse, ended when there is not."""

import errno
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import answerable

from .child import read_frame, write_frame
from .parsed import Parsed, Unreadable

_LARGEST_FRAME = 120_000_000
_SECONDS_TO_COME_UP = 30


class Pool:
    """Parses messages in at most `size` children, from any number of threads. Holds no process before its first use.

    `seconds` is the longest wall-clock time for one message and `memory` the address space of a child, in bytes; after
    `most_messages` a child is replaced, so that what leaks stays small.
    """

    def __init__(
        self, *, size: int | None = None, seconds: float = 30, memory: int = 1_000_000_000, most_messages: int = 2_000
    ) -> None:
        self.size = size or max(1, min(4, os.cpu_count() or 1))
        self._seconds = seconds
        self._memory = memory
        self._most_messages = most_messages
        self._places = threading.BoundedSemaphore(self.size)
        self._lock = threading.Lock()
        self._resting: list[_Child] = []

    def parse(self, raw: bytes) -> Parsed | Unreadable:
        """What `parsing.parse` says of `raw`, or that it took too long, too much memory, or ended the child.

        Raises `OSError` where no child could be started.
        """
        with self._places:
            child = self._take() or _Child(self._memory)
            used_before = child.done
            result = child.parse(raw, within=self._seconds)
            if result is None and used_before and child.why_it_ended == "crashed":
                # It may have ended before it saw this message, for want of work: only a new child's end tells.
                child = _Child(self._memory)
                result = child.parse(raw, within=self._seconds)
            if result is None or child.done >= self._most_messages:
                child.end()
            else:
                with self._lock:
                    self._resting.append(child)
        return result if result is not None else Unreadable(child.why_it_ended)

    def close(self) -> None:
        """Afterwards no resting child is left. The pool can be used again."""
        with self._lock:
            resting, self._resting = self._resting, []
        for child in resting:
            child.end()

    def _take(self) -> "_Child | None":
        with self._lock:
            while self._resting:
                child = self._resting.pop()
                if child.process.poll() is None:
                    return child
                child.end()
        return None


class _Child:
    """One process and its two pipes; used by one thread at a time."""

    def __init__(self, memory: int) -> None:
        # Nothing of this process's environment: no key, no database.
        root = str(Path(answerable.__file__).resolve().parent.parent)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "answerable.inbound.child", str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": root, "LANG": "C.UTF-8"},
            start_new_session=True,
        )
        self.done = 0
        self._is_up = False
        self._late = False

    def parse(self, raw: bytes, *, within: float) -> Parsed | Unreadable | None:
        """What the child answers; None where it ended, or was ended after `within` seconds, without an answer.

        Raises `ChildProcessError` where it never came up, which is not the message's fault.
        """
        self._come_up()
        try:
            with self._ended_after(within):
                result = self._ask(raw)
        except (OSError, ValueError, KeyError, TypeError):
            result = None
        if result is None:
            self.end(kindly=False)
        else:
            self.done += 1
        return result

    @property
    def why_it_ended(self) -> str:
        """The code of the reason, for a child that ended without an answer."""
        return "too-slow" if self._late or self.process.returncode == -signal.SIGXCPU else "crashed"

    def end(self, *, kindly: bool = True) -> None:
        """Afterwards the process is gone and its pipes are closed."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
        try:
            self.process.wait(timeout=2 if kindly else 0.2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _come_up(self) -> None:
        if self._is_up:
            return
        with self._ended_after(_SECONDS_TO_COME_UP):
            self._is_up = self.process.stdout is not None and read_frame(self.process.stdout) is not None
        if not self._is_up:
            self.end(kindly=False)
            raise ChildProcessError(errno.ECHILD, "no reader could be started")

    @contextmanager
    def _ended_after(self, seconds: float) -> Iterator[None]:
        watch = threading.Timer(seconds, self._too_late)
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _ask(self, raw: bytes) -> Parsed | Unreadable | None:
        asked, answered = self.process.stdin, self.process.stdout
        if asked is None or answered is None:
            return None
        write_frame(asked, raw)
        asked.flush()
        head = read_frame(answered, most=_LARGEST_FRAME)
        if head is None:
            return None
        answer = json.loads(head)
        if "unreadable" in answer:
            return Unreadable(str(answer["unreadable"])[:80])
        contents = [read_frame(answered, most=_LARGEST_FRAME) for _ in answer["parsed"]["attachments"]]
        return Parsed.from_json(answer["parsed"], [content for content in contents if content is not None])

    def _too_late(self) -> None:
        self._late = True
        self.process.kill()
