"""The rooms and what may be in them: foreign keys, file names, the clock, signals."""

from pathlib import Path

import pytest
from django.apps import apps
from django.utils import timezone

from tests.structure import house

LEVELS = house.levels()
SOURCES = house.sources()
# What the framework brings, and which room may point at it.
FRAMEWORK = {("accounts", "auth")}

TEACHING = {
    "utils.py": "say what it does: name the file after its subject (folding.py, leases.py)",
    "helpers.py": "say what it helps with: name the file after its subject",
    "services.py": "rules are plain functions named by verbs of the field (seal.py, match.py)",
    "signals.py": "what follows from an act is called by the act, where a reader sees it",
    "managers.py": "querysets live beside their model, in models.py",
    "common.py": "what is common has a subject: name the file after it",
}

CLOCKS = {
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.gmtime",
    "time.localtime",
    "django.utils.timezone.now",
    "django.utils.timezone.localdate",
    "django.db.models.functions.Now",
}
OUR_CLOCK = "answerable.core.instants.now"
EDGES = {"web", "workers", "conf"}
# When somebody's account was made is nobody's deadline.
STAMPED_BY_DJANGO = {"accounts.User.joined_at"}


def test_it_knows_a_level_for_every_room():
    rooms = {path.name for path in house.PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert rooms <= set(LEVELS), f"pyproject.toml gives no level to {rooms - set(LEVELS)}"


def test_it_points_foreign_keys_down():
    """String references ("letters.Letter") escape import-linter; the database does not forget them."""
    wrong = [
        f"{model._meta.label}.{field.name} points up or sideways, from {room} to {target}"
        for model in apps.get_models(include_auto_created=True)
        if (room := model._meta.app_label) in LEVELS
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]
        if field.remote_field and not _down(room, target := field.remote_field.model._meta.app_label)
    ]
    assert not wrong


def _down(room: str, target: str) -> bool:
    return target == room or (room, target) in FRAMEWORK or LEVELS.get(target, 99) < LEVELS[room]


def test_it_can_tell_down_from_up_and_sideways():
    assert _down("letters", "cases") and _down("accounts", "auth")
    assert not _down("cases", "letters") and not _down("cases", "directory") and not _down("letters", "contenttypes")


def test_it_keeps_the_evidence_free_of_foreign_keys_out():
    for model in apps.get_app_config("evidence").get_models():
        targets = {f.remote_field.model._meta.app_label for f in model._meta.local_fields if f.remote_field}
        assert targets <= {"evidence"}, f"{model._meta.label} points out of the evidence"


def test_it_names_files_after_their_subject():
    wrong = [f"{house.where(file)}: {TEACHING[file.name]}" for file in SOURCES if file.name in TEACHING]
    assert not wrong


def test_it_reads_the_clock_at_the_edges_only():
    wrong = [
        house.where(file, node.lineno)
        for file in SOURCES
        for name, node in house.names(file)
        if file != house.PACKAGE / "core" / "instants.py"
        and (name in CLOCKS or name == OUR_CLOCK and file.relative_to(house.PACKAGE).parts[0] not in EDGES)
    ]
    assert not wrong, f"take `now` as an argument; views and workers get it from {OUR_CLOCK}()"


def test_it_lets_no_field_read_the_clock():
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in LEVELS
        for field in model._meta.local_fields
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False) or field.default is timezone.now
    ]
    assert set(wrong) <= STAMPED_BY_DJANGO, "whoever makes the row knows `now` and gives it"


def test_it_uses_no_signals():
    wrong = [
        house.where(file, node.lineno)
        for file in SOURCES
        for name, node in house.names(file)
        if ".signals." in name or name.startswith("django.dispatch.")
    ]
    assert not wrong, TEACHING["signals.py"]


def test_it_sees_through_the_names_that_imports_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(house, "ROOT", tmp_path)
    file = tmp_path / "answerable" / "clock" / "due.py"
    file.parent.mkdir(parents=True)
    file.write_text(
        "import datetime as dt\nfrom time import time as t\nfrom ..core import instants\n"
        "dt.date.today()\nt()\ninstants.now()\n"
    )
    assert {"datetime.date.today", "time.time", OUR_CLOCK} <= {name for name, _node in house.names(file)}
