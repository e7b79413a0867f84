"""The parts themselves: what a test gets when it asks for one."""

import psycopg
import pytest
from django.db import connection
from playwright.sync_api import Page

from answerable.accounts.models import Team, User
from tests.conftest import no_part_may_be_missing
from tests.parts import postgres


def test_it_starts_postgresql_and_leaves_nothing_behind():
    if postgres.binaries() is None:
        pytest.skip("needs PostgreSQL")
    with postgres.cluster() as url, psycopg.connect(url) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("off",)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_it_says_in_the_servers_words_why_postgresql_did_not_start():
    if postgres.binaries() is None:
        pytest.skip("needs PostgreSQL")
    with pytest.raises(RuntimeError, match="max_connections"), postgres.cluster(settings={"max_connections": "0"}):
        pass


@pytest.mark.browser
def test_it_drives_a_real_browser(page: Page):
    page.set_content("<p lang=fa dir=rtl>سلام</p>")
    assert page.locator("p").evaluate("p => getComputedStyle(p).direction") == "rtl"


def test_it_knows_two_teammates_and_a_stranger(alice: User, bob: User, charlie: User):
    assert list(Team.objects.of(alice)) == list(Team.objects.of(bob))
    assert not set(Team.objects.of(alice)) & set(Team.objects.of(charlie))


def test_it_gives_a_process_an_empty_database_of_the_same_kind(empty_database: str):
    kind = {"sqlite": "sqlite", "postgresql": "postgres"}[connection.vendor]
    assert empty_database.startswith(f"{kind}:")
    if kind == "postgres":
        with psycopg.connect(empty_database) as other:
            assert other.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


@pytest.mark.parametrize(("in_ci", "outcome"), [(True, "failed"), (False, "skipped")])
def test_it_fails_in_ci_for_want_of_a_part(in_ci: bool, outcome: str):
    report = pytest.TestReport("a", ("a", 1, "a"), {}, "skipped", ("a", 1, "Skipped: needs Chromium"), "call")
    assert no_part_may_be_missing(report, in_ci=in_ci).outcome == outcome
