"""`answerable migrate`: the database up to date, and the directory we ship in it."""

import argparse

from django.core.management import call_command

from answerable.core.instants import now
from answerable.directory.shipping import ship


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    """Migrate, then bring in what came with this version."""
    call_command("migrate", verbosity=0, interactive=False)
    ship(now=now())
    return 0
