"""`make test`: every test, on every part this machine has, and a plain word on what could not be run.

The suite runs on SQLite; then on PostgreSQL, where its programs are found; then the journeys and the browser tests, which
start processes of their own. With CI=true a part that is missing is a failure.
"""

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.parts import postgres

QUICK = ["-n", "2", "-m", "not journey and not browser"]
SLOW = ["-m", "journey or browser"]
JOURNEYS = ["-m", "journey and not browser"]


@dataclass
class Tally:
    """What all the rounds came to."""

    counts: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    failed: bool = False

    def add(self, code: int, report: Path) -> None:
        """Count one round: its exit code (5 means that it had no test to run) and the report it left."""
        self.failed |= code not in (0, 5)
        for suite in ET.parse(report).getroot() if report.exists() else ():
            bad = {
                name: int(suite.get(kind, 0))
                for name, kind in [("failed", "failures"), ("errors", "errors"), ("skipped", "skipped")]
            }
            self.counts.update(bad)
            self.counts["passed"] += int(suite.get("tests", 0)) - sum(bad.values())
            self.skipped.update(skip.get("message", "") for skip in suite.iter("skipped"))

    def closing(self, seconds: float) -> str:
        """The last line, as pytest itself would have said it of all rounds together."""
        said = ", ".join(
            f"{self.counts[name]} {name}" for name in ("failed", "passed", "skipped", "errors") if self.counts[name]
        )
        return f" {said or 'no tests ran'} in {seconds:.2f}s ".center(100, "=")


def round_of(what: str, tally: Tally, *arguments: str, **environment: str) -> None:
    """One run of pytest in a process of its own, because a process can have settings only once."""
    print(f"\n{what}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *arguments], env=inherited | environment
        )
        tally.add(done.returncode, report)


def main() -> int:
    started = time.monotonic()
    tally = Tally()
    round_of("The suite on SQLite", tally, *QUICK)
    if postgres.binaries():
        with postgres.cluster() as url:
            round_of("The suite on PostgreSQL", tally, *QUICK, DATABASE_URL=url)
            round_of("The journeys on PostgreSQL", tally, *JOURNEYS, DATABASE_URL=url)
    else:
        tally.skipped["the suite and the journeys on PostgreSQL: needs initdb and postgres"] += 1
        tally.failed |= os.environ.get("CI") == "true"
    round_of("The journeys and the browser, on SQLite", tally, *SLOW)

    print("\nNot run, for want of a part or by a test's own choice:" if tally.skipped else "\nNothing was skipped.")
    for reason, times in tally.skipped.items():
        print(f"  {times} x {reason}")
    print(tally.closing(time.monotonic() - started))
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
