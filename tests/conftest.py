"""What every test can ask for: a home of its own, a fixed now, the three people, the real parts."""

import datetime as dt
import os
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import django
import pytest
from playwright.sync_api import Browser, Page

from tests.parts import chromium as chromium_part
from tests.parts.databases import an_empty_database

# Reading the settings makes files in the home, so the home comes first: that is why pyproject.toml does not name them.
_home = tempfile.TemporaryDirectory(prefix="answerable-home-", ignore_cleanup_errors=True)
os.environ["ANSWERABLE_HOME"] = _home.name
os.environ["DJANGO_SETTINGS_MODULE"] = "answerable.conf.settings"
os.environ.pop("ANSWERABLE_DEMO", None)
django.setup()

from django.conf import settings  # noqa: E402

from answerable.accounts.models import Membership, Team, User  # noqa: E402
from answerable.cases.models import Case  # noqa: E402
from answerable.directory.models import Body, Office  # noqa: E402
from answerable.letters import drafting  # noqa: E402
from answerable.letters.drafting import Asked, Draft, Signed, Someone, Words  # noqa: E402
from answerable.letters.models import Letter  # noqa: E402

# Hashing slowly is for passwords that somebody might steal.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

IN_CI = os.environ.get("CI") == "true"
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


@pytest.fixture
def now() -> dt.datetime:
    """A Monday morning, the same each time."""
    return dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def team(db: None, now: dt.datetime) -> Team:
    """The team of Alice and Bob."""
    return Team.objects.create(name="Friends of Nima", postal_address="1 Quay Street\nMarlow", created_at=now)


@pytest.fixture
def alice(team: Team, now: dt.datetime) -> User:
    """The writer, who began the team."""
    return _member(team, "Alice", Membership.Role.OWNER, now)


@pytest.fixture
def bob(team: Team, now: dt.datetime) -> User:
    """Her teammate, who writes and sends."""
    return _member(team, "Bob", Membership.Role.WRITER, now)


@pytest.fixture
def charlie(db: None, now: dt.datetime) -> User:
    """A stranger, with a team of his own."""
    return _member(Team.objects.create(name="Strangers", created_at=now), "Charlie", Membership.Role.OWNER, now)


@pytest.fixture
def case(team: Team, now: dt.datetime) -> Case:
    """What the letters are about."""
    return Case.objects.create(team=team, title="Nima", slug="nima", opened_at=now)


@pytest.fixture
def office(team: Team) -> Office:
    """A minister whose country has a law on answers."""
    body = Body.objects.create(team=team, name="Ministry of Justice", country="AL", time_zone="Europe/Tirane")
    return Office.objects.create(team=team, body=body, name="Minister", slug="minister", folded="minister")


@pytest.fixture
def draft(office: Office) -> Draft:
    """An addressee, two copies of which one names no known body; an ask under law and a plea; two languages."""
    return Draft(
        title="Letter to the Minister",
        versions=[
            Words(
                "en",
                "Where is Nima?",
                "We write about Nima.\n\nPlease answer.",
                "Your Excellency,",
                "Yours respectfully",
            ),
            Words("fa", "نیما کجاست؟", "ما دربارهٔ نیما می‌نویسیم.", "جناب آقای وزیر،", "با احترام"),
        ],
        to=[Someone("Minister\nMinistry of Justice", office, "email", "minister@justice.example")],
        copies=[
            Someone("The Ombudsman", None, "email", "ombudsman@people.example"),
            Someone("International Court of Human Rights", None, "post", "no address known"),
        ],
        asks=[Asked("information", "Tell us where Nima is held."), Asked("plea", "Let his sister visit him.")],
        signatories=[Signed("Alice", "sister", "Marlow")],
    )


@pytest.fixture
def letter(case: Case, draft: Draft, alice: User, now: dt.datetime) -> Letter:
    """A draft of Alice's."""
    return drafting.begin(case, draft, by=alice, now=now)


def _member(team: Team, name: str, role: Membership.Role, now: dt.datetime) -> User:
    user = User.objects.create_user(f"{name.lower()}@people.example", "correct horse battery", name=name)
    Membership.objects.create(team=team, user=user, role=role, since_at=now)
    return user


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[str]:
    """The DATABASE_URL of a database of its own, for processes that a test starts: of the kind the suite runs on."""
    with an_empty_database(tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    if chromium_part.program() is None:
        pytest.skip("needs Chromium")
    # Playwright's own loop makes Django believe that it is called from asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with chromium_part.chromium() as running:
        yield running
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a fresh profile: no cookie, nothing cached."""
    with browser.new_context() as context:
        yield context.new_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return no_part_may_be_missing((yield), in_ci=IN_CI)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return no_part_may_be_missing((yield), in_ci=IN_CI)


def no_part_may_be_missing(report: Report, *, in_ci: bool) -> Report:
    """A test that was skipped because it "needs ..." a part has failed where every part was promised."""
    if in_ci and isinstance(report.longrepr, tuple) and report.longrepr[2].startswith("Skipped: needs "):
        report.outcome = "failed"
        report.longrepr = f"{report.longrepr[2]}: with CI=true a missing part is a failure"
    return report
