"""`answerable`: the command line. One table of commands, each in a file of its own; exit 0 done, 1 could not, 2 wrong use."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from types import ModuleType

import django
from django.db import OperationalError, ProgrammingError

from answerable.core.errors import Refused

# name: (the file in this folder, what it does). A file has `arguments(parser)` and `run(options) -> exit code`.
COMMANDS = {
    "run": ("running", "all in one: web, listen and work; migrates first; Ctrl-C ends them all"),
    "web": ("serving", "the pages alone"),
    "listen": ("listening", "mail in alone: SMTP, or LMTP with --lmtp"),
    "work": (
        "working",
        "everything that happens by itself: mail read and matched, letters sent, dates, the log, the record",
    ),
    "deliver": (
        "delivering",
        "take one message from standard input (an MTA's pipe); exit 75 when it could not be kept",
    ),
    "mail": ("mail", "every stored message; with --json one object a line"),
    "read": ("reading", "read a letter that exists (page, text, e-mail), without storing it"),
    "import": ("importing", "read a letter that exists into a case, as a draft"),
    "due": ("due", "the due date by one response rule, and how it was counted"),
    "tick": ("ticking", "what has fallen due"),
    "publish": ("publishing", "publish a letter that has been checked"),
    "withdraw": ("withdrawing", "take a published letter off the record"),
    "verify": ("verifying", "check the log of this host from its first entry to its last"),
    "migrate": ("migrating", "bring the database up to date, and the directory we ship"),
    "manage": ("manage", "Django's own commands"),
    "offices": ("demo.offices", "the simulated offices of the demonstration"),
    "story": ("demo.story", "replay the demonstration from sixty days ago to now"),
}
HIDDEN = {"offices", "story"}  # children of `run --demo`
WITHOUT_DJANGO = {"run", "web", "listen", "deliver"}  # they touch no row, and should not weigh more than they need

_MIGRATE = " If it is new, or the software was updated: run `answerable migrate`, then try again."


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code."""
    sys.exit(command(sys.argv[1:] if arguments is None else arguments))


def command(arguments: Sequence[str]) -> int:
    """The exit code of one command. Errors that a person can mend are one sentence on standard error."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "answerable.conf.settings")
    os.environ.setdefault("ANSWERABLE_HOME", "var")
    name = arguments[0] if arguments else ""
    if name == "manage":
        return _module("manage").run(list(arguments[1:]))  # type: ignore[no-any-return]
    parser = _parser(name if name in COMMANDS else "")
    options = parser.parse_args(arguments)
    try:
        return int(_module(options.command).run(options))
    except Refused as refused:
        print(refused.sentence, file=sys.stderr)
        return 1
    except (OperationalError, ProgrammingError) as error:
        print(f"The database would not do this ({str(error).splitlines()[0]}).{_MIGRATE}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        return 130


def _parser(wanted: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="answerable", description="Write to those in power, and keep the record of who answers."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (_file, does) in COMMANDS.items():
        if name in HIDDEN and name != wanted:
            continue
        child = commands.add_parser(name, help=does, description=does[0].upper() + does[1:] + ".")
        if name == wanted:
            _module(name).arguments(child)
    return parser


def _module(name: str) -> ModuleType:
    if name not in WITHOUT_DJANGO:
        django.setup()
    return importlib.import_module(f"answerable.workers.{COMMANDS[name][0]}")
