"""What is installed to run it may be used by everybody: nothing under GPL or AGPL (LGPL is a library's licence, and fine)."""

import re
from importlib.metadata import PackageNotFoundError, metadata

from tests.structure import house

STRONG = re.compile(r"\bA?GPL|(?<!Lesser )(?<!Library or Lesser )General Public", re.IGNORECASE)


def _licence(part: str) -> str:
    """What a part says of its licence, in the ways there are; only the first line, as some paste the whole text."""
    said = metadata(part)
    classifiers = [one for one in said.get_all("Classifier", []) if one.startswith("License")]
    return " | ".join(
        [said.get("License-Expression", ""), said.get("License", "").strip().split("\n")[0], *classifiers]
    )


def test_it_runs_without_a_part_under_the_gpl():
    lock = (house.ROOT / "requirements.lock").read_text(encoding="utf-8")
    licences = {}
    for part in re.findall(r"^(\S+)==", lock, re.MULTILINE):
        try:
            licences[part] = _licence(part)
        except PackageNotFoundError:  # for another platform
            continue
    assert licences
    assert not {part: licence for part, licence in licences.items() if STRONG.search(licence)}


def test_it_tells_the_gpl_from_the_lgpl():
    assert all(map(STRONG.search, ("GPL-3.0-or-later", "AGPLv3", "GNU General Public License v3 (GPLv3)")))
    assert not any(map(STRONG.search, ("LGPL-3.0-only", "GNU Lesser General Public License v3", "MIT")))
