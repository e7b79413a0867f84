"""`answerable read`: read a letter that exists, without storing anything."""

import argparse
import sys
from pathlib import Path

from answerable.core.errors import Refused
from answerable.importers.telling import tell
from answerable.importers.text import MAX_BYTES


def arguments(parser: argparse.ArgumentParser) -> None:
    """The file, and how to tell it."""
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="one JSON object with every part of the letter")
    how.add_argument("--why", action="store_true", help="each line, what it was taken for, and why")
    how.add_argument("--lines", action="store_true", help="the lines, numbered as `spans` counts them")
    parser.add_argument("file", metavar="FILE", help="a page, a text, an e-mail; - for standard input")


def run(options: argparse.Namespace) -> int:
    """Print what was read."""
    source, name = bytes_of(options.file)
    print(tell(source, name, as_json=options.json, explain=options.why, numbered=options.lines))
    return 0


def bytes_of(file: str) -> tuple[bytes, str]:
    """The bytes and the name of a file on the command line, no more than is ever read. Refused where there is none."""
    if file == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1), ""
    try:
        with Path(file).open("rb") as source:
            return source.read(MAX_BYTES + 1), Path(file).name
    except OSError as error:
        raise Refused(f"{file} could not be read: {error.strerror}.") from None
