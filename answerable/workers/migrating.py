"""`answerable migrate`: the database up to date, and the directory we ship in it."""

import argparse

from django.conf import settings
from django.core.management import call_command

from answerable.accounts.beginning import is_begun, start_code
from answerable.core.instants import now
from answerable.directory.shipping import ship


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    """Migrate, then bring in what came with this version. While nobody has an account, say how the first one is made."""
    call_command("migrate", verbosity=0, interactive=False)
    ship(now=now())
    if not settings.ANSWERABLE_DEMO and not is_begun():
        print(f"Nobody has an account yet: make the first one at {settings.ANSWERABLE_URL}/desk/start/")
        print(f"From another machine, that page asks for this code: {start_code()}", flush=True)
    return 0
