"""The process that parses: takes messages on its standard input, one after the other, and answers on its output.

It imports no Django and knows no settings, so that it is small and has nothing to give away. A frame is a length
(4 bytes, big-endian) and that many bytes. Asked: one frame, a message. Answered: one frame of JSON, {"parsed": {...}} or
{"unreadable": code}, then one frame for each attachment's bytes. Before the first message is asked it answers an empty frame.
"""

import json
import resource
import select
import struct
import sys
from typing import IO

from answerable.inbound.parsed import Parsed, Unreadable
from answerable.inbound.parsing import parse

SECONDS = 20  # of processor time for one message
IDLE_SECONDS = 30  # without work a child ends by itself, so that an idle host is small


def main() -> None:
    """Answer until the input ends, or nothing came for `IDLE_SECONDS`, or memory ran out: the argument, in bytes."""
    memory = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    asked, answered = sys.stdin.buffer, sys.stdout.buffer
    write_frame(answered, b"")  # it has come up: what ends it from now on is a message
    answered.flush()
    try:
        while select.select([asked], [], [], IDLE_SECONDS)[0] and (raw := read_frame(asked)) is not None:
            allow_seconds(SECONDS)
            _answer(answered, parse(raw))
    except MemoryError:
        _answer(answered, Unreadable("too-much-memory"))


def read_frame(pipe: IO[bytes], *, most: int = 2**32) -> bytes | None:
    """The next frame; None where the other side has gone. `ValueError` where it is larger than `most`."""
    head = pipe.read(4)
    if len(head) < 4:
        return None
    (size,) = struct.unpack(">I", head)
    if size > most:
        raise ValueError("a frame is larger than it may be")
    content = pipe.read(size)
    return content if len(content) == size else None


def write_frame(pipe: IO[bytes], content: bytes) -> None:
    """Afterwards the frame has left, or is in the pipe's buffer."""
    pipe.write(struct.pack(">I", len(content)))
    pipe.write(content)


def allow_seconds(seconds: int) -> None:
    """Let this process use that many more seconds of processor time; past them the kernel ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, hard))


def _answer(pipe: IO[bytes], result: Parsed | Unreadable) -> None:
    if isinstance(result, Unreadable):
        write_frame(pipe, json.dumps({"unreadable": result.reason}).encode("ascii"))
    else:
        write_frame(pipe, json.dumps({"parsed": result.to_json()}).encode("ascii"))
        for attachment in result.attachments:
            write_frame(pipe, attachment.content)
    pipe.flush()


if __name__ == "__main__":
    main()
