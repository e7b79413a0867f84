"""`make chaos`: everything in this folder for as long as one likes, on SQLite and, where it is found, on PostgreSQL."""

import argparse
import os
import secrets
import subprocess
import sys

from tests.parts import postgres

SHARES = 8  # on each of two databases: work, two workers, the parser, and the rest together


def main() -> int:
    """Run it, say with which seed it can be run again, and end with 1 where anything failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5, help="about how long, in all (5); 0: the short version")
    parser.add_argument("--seed", default=secrets.token_hex(4), help="what decides; by chance where none is given")
    options = parser.parse_args()
    print(f"to run this again: make chaos MINUTES={options.minutes:g} SEED={options.seed}", flush=True)
    failed = round_of("SQLite", options)
    if postgres.binaries():
        with postgres.cluster() as url:
            failed |= round_of("PostgreSQL", options, DATABASE_URL=url)
    else:
        print("Not run on PostgreSQL: needs initdb and postgres")
    return failed


def round_of(database: str, options: argparse.Namespace, **environment: str) -> int:
    """Everything on one kind of database; 1 where it failed."""
    print(f"\nOn {database}", flush=True)
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    chaos = {"CHAOS_SECONDS": str(options.minutes * 60 / SHARES), "CHAOS_SEED": options.seed}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "--durations=12", "tests/chaos"],
        env=inherited | chaos | environment,
    )
    return int(done.returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
