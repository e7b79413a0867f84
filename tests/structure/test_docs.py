"""The documents keep up: every link leads somewhere, every room is on the map, every command is described."""

import re

from answerable.workers.main import COMMANDS, HIDDEN
from tests.structure import house

LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def test_it_links_to_files_that_exist():
    pages = [
        file for file in house.files() if file.suffix == ".md" and not house.where(file).startswith("tests/corpus/")
    ]
    broken = [
        f"{house.where(page)} -> {target}"
        for page in pages
        for target in LINK.findall(house.said(page))
        if not (page.parent / target).exists()
    ]
    assert not broken


def test_it_puts_every_room_on_the_map():
    rows = [row for row in house.said(house.ROOT / "docs" / "map.md").splitlines() if row.startswith("| ")]
    drawn = {int(row.split("|")[1]): set(re.findall(r"`(\w+)(?:/|\.py)`", row)) for row in rows if row[2].isdigit()}
    for room, level in house.levels().items():
        assert room in drawn.get(level, set()), f"docs/map.md does not show {room} on level {level}"


def test_it_describes_every_command():
    described = set(re.findall(r"`answerable ([a-z]+)", house.said(house.ROOT / "docs" / "commands.md")))
    assert described == set(COMMANDS) - HIDDEN


def test_it_keeps_decisions_short():
    long = [file.name for file in (house.ROOT / "docs" / "adr").glob("*.md") if len(house.said(file).splitlines()) > 40]
    assert not long, "an ADR has at most 40 lines"
