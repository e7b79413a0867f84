"""Checks the signatures of messages in a child process, and asks the DNS for it. What cannot be checked is not checked."""

import json
import logging
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import dns.exception
import dns.resolver

import answerable

from .child import read_frame, write_frame

log = logging.getLogger(__name__)
LARGEST = 10_000_000  # a larger message is not checked
MOST_LOOKUPS = 12
LONGEST_RECORD = 2_000  # characters: a key of 4096 bits has 740
SECONDS_A_LOOKUP = 3
REST = 300  # seconds without lookups after the DNS did not answer
_SIGNED = re.compile(rb"(?im)^(?:dkim-signature|arc-seal)[ \t]*:")
_HEAD = re.compile(rb"\r?\n\r?\n")
Resolve = Callable[[str], str | None]


def ask_dns(name: str) -> str | None:
    """The TXT record of a name, as one text; None where there is none. OSError where nobody answers."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=SECONDS_A_LOOKUP, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.exception.SyntaxError, ValueError):
        return None
    except dns.exception.DNSException as error:
        raise OSError(type(error).__name__) from None
    texts = [b"".join(record.strings).decode("ascii", "replace") for record in answer]
    return next((text for text in texts if text.startswith(("v=DKIM1", "v=DMARC1"))), texts[0])


class Checker:
    """Checks one message at a time, in one child. Holds no process before its first use. For any number of threads.

    `resolve` answers for the DNS: a TXT record or None, or raises OSError. `seconds` is the longest time for one message.
    """

    def __init__(self, resolve: Resolve = ask_dns, *, seconds: float = 15) -> None:
        self._resolve = resolve
        self._seconds = seconds
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._rests_until = 0.0

    def check(self, raw: bytes) -> dict[str, Any]:
        """What `verdicts.verdicts` says of the message; {} where it is not signed, or could not be checked."""
        if len(raw) > LARGEST or not _SIGNED.search(_HEAD.split(raw, maxsplit=1)[0]):
            return {}
        with self._lock:
            if time.monotonic() < self._rests_until:
                return {}
            watch = threading.Timer(self._seconds, self._kill)
            watch.start()
            try:
                return self._ask(raw)
            except (OSError, ValueError, KeyError, TypeError):
                self._end()
                return {}
            finally:
                watch.cancel()

    def close(self) -> None:
        """Afterwards the child is gone. The checker can be used again."""
        with self._lock:
            self._end()

    def _ask(self, raw: bytes) -> dict[str, Any]:
        child = self._running()
        if child.stdin is None or child.stdout is None:
            return {}
        _say(child, raw)
        lookups = 0
        while frame := read_frame(child.stdout, most=1_000_000):
            said: dict[str, Any] = json.loads(frame)
            if "verdicts" in said:
                found: dict[str, Any] = said["verdicts"]
                return found
            lookups += 1
            _say(child, json.dumps(self._look_up(str(said["txt"]), lookups)).encode())
        self._end()
        return {}

    def _look_up(self, name: str, lookups: int) -> dict[str, Any]:
        if lookups > MOST_LOOKUPS or time.monotonic() < self._rests_until:
            return {"unknown": True}
        try:
            value = self._resolve(name)
        except OSError as error:
            log.warning("the DNS does not answer, signatures are not checked for a while: %s", error)
            self._rests_until = time.monotonic() + REST
            return {"unknown": True}
        return {"txt": value if value is None or len(value) <= LONGEST_RECORD else None}

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._end()
            self._child = subprocess.Popen(
                [sys.executable, "-m", "answerable.inbound.verdicts"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": str(Path(answerable.__file__).resolve().parent.parent), "LANG": "C.UTF-8"},
                start_new_session=True,
            )
        return self._child

    def _kill(self) -> None:
        if self._child:
            self._child.kill()

    def _end(self) -> None:
        child, self._child = self._child, None
        if child:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe:
                    with suppress(OSError):
                        pipe.close()


def _say(child: subprocess.Popen[bytes], content: bytes) -> None:
    assert child.stdin is not None
    write_frame(child.stdin, content)
    child.stdin.flush()
