"""The demonstration as a visitor sees it: told once, ended by Ctrl-C, started again, written to, withdrawn from."""

import json
import signal
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from answerable.clock.models import Clock
from answerable.inbound.models import Mail
from answerable.letters.models import Dispatch, Letter, Recipient
from tests.parts.databases import an_empty_database, rows_of
from tests.parts.processes import Home, free_port, listens, runs, tree, wait_until
from tests.parts.visitor import Page, Visitor

pytestmark = pytest.mark.journey

TOLD = "The story is told"
RECIPIENTS = 7


@dataclass
class Demonstration:
    """A home in which the story was told once; it was ended by Ctrl-C, and serves again."""

    home: Home
    port: int
    first_page: float  # seconds after the start
    told: float  # seconds after the first page
    left_behind: list[int]  # processes that outlived Ctrl-C
    after_the_first: dict[str, int]
    told_again: float  # seconds after the first page of the second run
    after_the_second: dict[str, int]

    @property
    def visitor(self) -> Visitor:
        """Somebody new at the host."""
        return Visitor(f"http://127.0.0.1:{self.port}")

    @property
    def public_letter(self) -> Page:
        """The page of the published letter, by the link that the first page has."""
        front = self.visitor.get("/")
        (path,) = {a.attributes["href"] for a in front.all("a[href^='/letters/']")}
        return self.visitor.get(str(path))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, django_db_blocker) -> Iterator[Demonstration]:
    folder = tmp_path_factory.mktemp("demonstration")
    port = free_port(beside=(25, 27))
    with an_empty_database(folder) as url, django_db_blocker.unblock(), rows_of(url):
        home = Home(folder, url, {"PORT": str(port), "ANSWERABLE_DEMO": "1"})
        with home.started("run", "--demo", "--port", str(port)) as process:
            first_page = wait_until(lambda: serves(port), what="the first page")
            told = wait_until(lambda: TOLD in home.said.read_text(), seconds=90, what="the end of the story")
            family = tree(process.pid)
            assert len(family) >= 6
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0
            left_behind = [one for one in family if runs(one)]
        counts = counted()
        home.said.write_text("")
        with home.started("run", "--demo", "--port", str(port)):
            wait_until(lambda: serves(port), what="the first page of the second run")
            told_again = wait_until(lambda: TOLD in home.said.read_text(), what="the end of the second run")
            yield Demonstration(home, port, first_page, told, left_behind, counts, told_again, counted())


def serves(port: int) -> bool:
    return listens(port) and Visitor(f"http://127.0.0.1:{port}").get("/").status == 200


def counted() -> dict[str, int]:
    return {kind.__name__: kind.objects.count() for kind in (Letter, Recipient, Dispatch, Mail, Clock)}


def told_letter() -> Letter:
    return Letter.objects.get(reminder_of=None, title__contains="Solenne family")


def recipient(words: str) -> Recipient:
    return told_letter().recipients.get(as_written__contains=words)


def test_it_is_told_soon_after_the_first_page(demo: Demonstration, capsys: pytest.CaptureFixture[str]):
    with capsys.disabled():
        print(f"\nfirst page {demo.first_page:.1f} s; told {demo.told:.1f} s later; again {demo.told_again:.1f} s")
    assert demo.told < 60
    assert "tamsin@solenne.example" in demo.home.said.read_text()


def test_it_ends_every_child_on_ctrl_c(demo: Demonstration):
    assert demo.left_behind == []


def test_it_repeats_nothing_when_it_is_run_again(demo: Demonstration):
    assert demo.after_the_second == demo.after_the_first
    assert demo.told_again < 20
    said = demo.home.said.read_text()
    assert "is read into a draft" not in said and "sealed" not in said


def test_its_public_page_says_what_each_recipient_did(demo: Demonstration):
    page = demo.public_letter
    assert page.status == 200 and "set-cookie" not in page.headers
    accounts = {
        li.css_first("h3 bdi").text(strip=True): " ".join(li.text(separator=" ").split())
        for li in page.all("ul.account > li")
    }
    assert len(accounts) == RECIPIENTS
    of = {words: next(account for who, account in accounts.items() if words in who) for words in WHAT_IS_SAID}
    for words, (said, never) in WHAT_IS_SAID.items():
        assert all(one in of[words] for one in said), of[words]
        assert not any(one in of[words] for one in never), of[words]
    assert "article 11 (invented for the demonstration)" in of["Valdis"]
    assert not any("article 11" in account for words, account in of.items() if words != "Valdis")
    assert "We have opened a file, number O-2026-1187." in page.text
    assert "ignored" not in page.text and "refused" not in page.text


NO_REPLY = "No reply recorded by"
WHAT_IS_SAID = {
    "Valdis": ([NO_REPLY, "the writer's own date"], ["Answered"]),
    "Prime Minister": ([NO_REPLY, "the writer's own date"], ["Answered"]),
    "Ombudsman": (["Answered on"], [NO_REPLY]),
    "Arbitrary Detention": ([NO_REPLY], ["Answered"]),
    "Embassy": ([NO_REPLY, "An automatic reply came"], ["Answered"]),
    "Human Rights Committee": (["Came back undelivered"], [NO_REPLY, "Answered"]),
    "International Court": (["No delivery recorded yet"], [NO_REPLY, "Answered"]),
}


def test_it_dates_the_question_by_law_and_the_plea_by_the_writer(demo: Demonstration):
    clocks = {clock.ask.kind: clock for clock in recipient("Valdis").clocks.select_related("ask")}
    assert (clocks["information"].basis, clocks["information"].rule_id) == ("law", "xa-ati")
    assert (clocks["plea"].basis, clocks["plea"].rule_id) == ("own", "")
    assert {clock.state for clock in clocks.values()} == {"passed"}
    first_day = recipient("Valdis").waiting_since_at.date()
    assert (clocks["plea"].due_on - first_day).days == 30
    due = demo.home.command("due", "--rule", "xa-ati", "--sent", first_day.isoformat())
    assert due.startswith(clocks["information"].due_on.isoformat())


def test_it_keeps_the_clock_of_the_office_whose_machine_replied(demo: Demonstration):
    away = recipient("Embassy")
    assert away.state == "no_reply_recorded"
    assert [reply.kind for reply in away.replies.all()] == ["automatic"]
    assert away.clocks.get().state == "passed"


def test_it_voids_the_clock_of_the_letter_that_came_back(demo: Demonstration):
    back = recipient("Human Rights Committee")
    assert back.state == "planned" and back.dispatches.get().state == "bounced"
    assert [clock.state for clock in back.clocks.all()] == ["void"]


def test_it_leaves_one_reminder_as_a_draft(demo: Demonstration):
    reminder = told_letter().reminders.get()
    assert reminder.state == "draft" and reminder.record_state == "private"
    assert reminder.recipients.get(kind="to").as_written == recipient("Valdis").as_written


def test_it_lists_what_came_with_its_kind(demo: Demonstration):
    rows = [json.loads(line) for line in demo.home.command("mail", "--json").splitlines()]
    threads = {str(uid) for uid in told_letter().recipients.values_list("thread__uid", flat=True)}
    story = [row for row in rows if threads & set(row["threads"])]
    assert sorted(row["kind"] for row in story) == ["answer", "automatic", "bounce"]
    assert all(row["state"] == "matched" and len(row["threads"]) == 1 for row in story)


def test_its_clock_is_right_and_its_log_holds(demo: Demonstration):
    assert float((demo.home.folder / "clock-offset").read_text()) == 0
    assert demo.home.command("verify").endswith("The log holds.\n")


def test_its_offices_answer_what_a_visitor_writes(demo: Demonstration):
    visitor = signed_in(demo)
    sent = write(visitor, "Harbour", to="registry@harbour.example", copy="bounce@quay.example")
    assert sent.status == 200, sent.text
    letter = Letter.objects.get(title="Harbour")
    to, copy = letter.recipients.order_by("position", "-kind")
    if to.kind != "to":
        to, copy = copy, to
    wait_until(lambda: again(to).state == "answered", what="an answer")
    wait_until(lambda: copy.dispatches.get().state == "bounced", what="a bounce")
    assert "The matter lies with this office" in visitor.get(f"/desk/threads/{to.thread.uid}/").text


def test_it_writes_to_no_address_outside_example(demo: Demonstration):
    refused = write(signed_in(demo), "Abroad", to="minister@justice.test", copy="busy@quay.example")
    assert "it writes only to addresses that end in .example" in refused.text
    letter = Letter.objects.get(title="Abroad")
    assert letter.state == "draft"
    assert not Dispatch.objects.filter(recipient__letter=letter).exists()


def test_it_takes_a_letter_off_the_record_within_seconds_and_shows_it_again(demo: Demonstration):
    address = demo.public_letter.address
    visitor = signed_in(demo)
    letter = f"/desk/letters/{told_letter().uid}"
    visitor.fill(visitor.get(f"{letter}/withdraw/"), "reason", reason="the family asked")
    took = wait_until(lambda: demo.visitor.get(address).status == 410, seconds=30, what="410")
    assert took < 15
    gone = demo.visitor.get(address)
    assert "Solenne" not in gone.text and "the family asked" not in gone.text
    reference = told_letter().reference
    demo.home.command("publish", reference, "--by", "tamsin@solenne.example", "--seen")
    wait_until(lambda: demo.visitor.get(address).status == 200, seconds=30, what="the page again")


def signed_in(demo: Demonstration) -> Visitor:
    """The family's desk, by the sign-in that the demonstration prints."""
    visitor = demo.visitor
    words = demo.home.said.read_text().split()
    password = words[words.index("tamsin@solenne.example") + 2]
    desk = visitor.fill(visitor.get("/desk/"), "login", login="tamsin@solenne.example", password=password)
    assert desk.address.endswith("/desk/"), desk.text
    return visitor


def write(visitor: Visitor, title: str, *, to: str, copy: str) -> Page:
    """A letter in the family's case, as far as the button that sends it; the page after that."""
    case = told_letter().case
    page = visitor.get(f"/desk/cases/{case.uid}/letters/new/")
    page = visitor.fill(page, "own_days", do="add:copies", to__0__as_written="Registry", to__0__address=to)
    page = visitor.fill(
        page, "own_days", do="review", title=title, copies__0__as_written="Quay", copies__0__address=copy,
        versions__0__subject=title, versions__0__salutation="Dear Sir or Madam,", asks__0__text="Please answer.",
        versions__0__body="We write about Marek Solenne.", signatories__0__name="Tamsin Solenne",
    )  # fmt: skip
    if not page.all("form input[name=route]"):
        return page
    return visitor.fill(page, "route")


def again(recipient: Recipient) -> Recipient:
    return Recipient.objects.get(pk=recipient.pk)
