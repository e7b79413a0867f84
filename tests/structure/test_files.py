"""What may stand in a file that others will read: no path of one machine, no host in a lock, no real person's address."""

import re
from pathlib import Path

import pytest

from tests.structure import house

OF_ONE_MACHINE = re.compile(r"(?<![\w.}])/(?:work|root|home/[a-z]\w*|Users/\w+)/")
ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?P<domain>(?:[a-z0-9-]+\.)+[a-z]{2,})\b", re.IGNORECASE)
# RFC 2606 and RFC 6761: names that nobody can own.
NOBODYS = re.compile(r"(?:^|\.)(?:example|invalid|test|localhost|example\.(?:com|net|org))$", re.IGNORECASE)
INVENTED = ("tests", "docs", "bench", "README.md", "CONTRIBUTING.md", "answerable/data/demo", "answerable/workers")
FILES = house.files()
# Public bodies publish their own addresses; those that we ship, with a source, may be looked for.
SHIPPED = "".join(house.said(file) for file in (house.PACKAGE / "data").glob("*.json"))


def test_it_finds_what_it_forbids():
    path, person = "see /{}/me/notes", "write to {}@ministry.{}"
    assert OF_ONE_MACHINE.search(path.format("work")) and OF_ONE_MACHINE.search(path.format("home"))
    assert not OF_ONE_MACHINE.search("https://ministry.example/home/letters/")
    assert not NOBODYS.search(ADDRESS.search(person.format("alice", "gov"))["domain"])
    assert NOBODYS.search(ADDRESS.search(person.format("alice", "example"))["domain"])


def test_it_names_no_path_of_one_machine():
    wrong = [
        f"{house.where(file)}: {found[0]}" for file in FILES for found in OF_ONE_MACHINE.finditer(house.said(file))
    ]
    assert not wrong, "that path exists on one machine only"


def test_it_invents_people_at_addresses_that_nobody_has():
    wrong = [
        f"{house.where(file)}: {found[0]}"
        for file in FILES
        if house.where(file).startswith(INVENTED)
        for found in ADDRESS.finditer(house.said(file))
        if not NOBODYS.search(found["domain"]) and found[0] not in SHIPPED
    ]
    assert not wrong, "somebody may own that address: use a domain under .example"


@pytest.mark.parametrize("lock", sorted(house.ROOT.glob("requirements*.lock")), ids=house.where)
def test_it_locks_hashes_and_no_host(lock: Path):
    said = lock.read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|--(?:index|extra|find)", said), "a lock names no place: `make lock`"
    parts = re.findall(r"^[^\s#-].*==.*$", said, re.MULTILINE)
    assert parts and all(part.endswith("\\") for part in parts), "every part has its hashes"


def test_it_tests_with_what_it_runs_with():
    runs, checks = (
        set(re.findall(r"^\S+==\S+", (house.ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert runs <= checks, f"not in requirements-dev.lock: {runs - checks}"
