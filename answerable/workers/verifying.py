"""`answerable verify`: the log of this host, from its first entry to its last."""

import argparse
import sys

from answerable.evidence.verifying import verify_live


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    """Say what was looked at; 1 if anything is wrong."""
    verdict = verify_live()
    for fault in verdict.faults:
        print(fault, file=sys.stderr)
    print(
        f"{verdict.entries} entries in order, {verdict.unordered} not ordered yet, "
        f"{verdict.acts} acts still say what was logged, {verdict.checkpoints} signed checkpoints."
    )
    print("The log holds." if verdict.holds else f"The log does not hold: {len(verdict.faults)} faults.")
    return 0 if verdict.holds else 1
