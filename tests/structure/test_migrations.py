"""The migrations: complete, reversible, quick on a fresh database."""

import time

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from tests.structure import house

LEVELS = house.levels()
DOWNWARDS = sorted((app.label for app in apps.get_app_configs() if app.label in LEVELS), key=LEVELS.get, reverse=True)


@pytest.mark.django_db
def test_it_has_a_migration_for_every_change_of_a_model():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_it_goes_back_to_nothing_and_forward_to_the_same(capsys: pytest.CaptureFixture[str]):
    before = _columns()
    try:
        for app in DOWNWARDS:
            if (house.PACKAGE / app / "migrations").exists():
                call_command("migrate", app, "zero", verbosity=0)
        left = {table for table, _column in _columns() if table.split("_")[0] in LEVELS}
        assert not left, f"left after migrating back: {left}"
    finally:
        started = time.perf_counter()
        call_command("migrate", verbosity=0)
        with capsys.disabled():
            print(f" (our tables made in {time.perf_counter() - started:.2f} s on {connection.vendor}) ", end="")
    assert _columns() == before


def _columns() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        return {
            (table, column.name)
            for table in connection.introspection.table_names(cursor)
            for column in connection.introspection.get_table_description(cursor, table)
        }
