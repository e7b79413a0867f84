"""The command line as scripts depend on it: what is printed, and the exit codes."""

import datetime as dt
import io
import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from answerable.accounts.beginning import begin
from answerable.inbound import spool
from answerable.inbound.models import Mail
from answerable.letters.models import Letter, Recipient
from answerable.workers.main import COMMANDS, HIDDEN, command
from tests.parts.processes import Home
from tests.web.made import a_case, a_delivered_letter, an_answer

SAMPLE = Path("answerable/data/demo/open-letter.html")
MESSAGE = b"From: a@office.example\r\nSubject: =?utf-8?q?R=C3=A9ponse?=\r\n\r\nHello.\r\n"
TO = "r.somebody@answerable.example"

# design.md, section 12
MAIL_KEYS = ["id", "sha256", "received_at", "subject", "envelope_from", "envelope_to", "kind", "state", "threads"]
READ_KEYS = [
    "is_letter",
    "confidence",
    "title",
    "breadcrumb",
    "language",
    "date",
    "addressees",
    "salutation",
    "body",
    "asks",
    "signatories",
    "signatory_count",
    "copies",
    "captions",
    "enclosures",
    "previous_letters",
    "others",
    "notes",
    "spans",
]
ADDRESSEE_KEYS = ["name", "office", "institution", "country"]
SIGNATORY_KEYS = ["name", "role", "place"]


@pytest.fixture(autouse=True)
def spool_folder(settings, tmp_path: Path) -> Path:
    """A spool of the test's own."""
    settings.ANSWERABLE_SPOOL = tmp_path / "spool"
    return settings.ANSWERABLE_SPOOL


@pytest.fixture
def deliver(monkeypatch: pytest.MonkeyPatch):
    """`answerable deliver` with these bytes on standard input."""

    def run(raw: bytes, *arguments: str) -> int:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        return command(["deliver", *arguments])

    return run


def test_it_lists_every_command_that_is_for_people(capsys: pytest.CaptureFixture[str]):
    assert ended(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in COMMANDS.keys() - HIDDEN)
    assert not any(name in said for name in HIDDEN)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "manage"])
def test_it_helps_with_every_command(name: str, capsys: pytest.CaptureFixture[str]):
    assert ended([name, "--help"]) == 0
    assert f"answerable {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["nonsense"],
        ["deliver"],
        ["due", "--rule", "al-ati"],
        ["run", "--port", "many"],
        ["read", "--json", "--lines", "x"],
    ],
    ids=" ".join,
)
def test_it_says_2_for_wrong_use(wrong: list[str], capsys: pytest.CaptureFixture[str]):
    assert ended(wrong) == 2
    assert "usage: answerable" in capsys.readouterr().err


def ended(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as end:
        command(arguments)
    return int(end.value.code or 0)


@pytest.mark.parametrize(
    "impossible",
    [
        ["due", "--rule", "no-such-rule", "--sent", "2026-03-31"],
        ["due", "--rule", "al-ati", "--sent", "31/03/2026"],
        ["tick", "--now", "tomorrow"],
        ["read", "no-such-file.html"],
        ["withdraw", "AN-0000-0000", "--by", "nobody@people.example"],
    ],
    ids=" ".join,
)
def test_it_says_1_and_one_sentence_for_what_it_could_not_do(
    impossible: list[str], db: None, capsys: pytest.CaptureFixture[str]
):
    assert command(impossible) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1 and said.err.rstrip().endswith(".")


def test_it_keeps_a_message_with_its_envelope(deliver, spool_folder: Path):
    assert deliver(MESSAGE, "--sender", "a@office.example", TO, "other@answerable.example") == 0
    (kept,) = spool.waiting(spool_folder)
    assert kept.envelope == spool.Envelope("a@office.example", (TO, "other@answerable.example"), "pipe")
    assert spool.load(spool_folder, kept.digest) == MESSAGE


def test_it_says_75_where_the_spool_cannot_be_written(deliver, spool_folder: Path, capsys: pytest.CaptureFixture[str]):
    spool_folder.write_text("a file stands in its place")
    assert deliver(MESSAGE, TO) == 75
    assert "handed over again later" in capsys.readouterr().err


def test_it_says_75_where_the_disk_is_full_and_leaves_nothing_behind(tmp_path: Path):
    home = Home(tmp_path, "sqlite:///never-opened")
    home.command("deliver", TO, given=MESSAGE)
    done = subprocess.run(
        [sys.executable, "-m", "answerable", "deliver", TO],
        env=home.environment, input=MESSAGE + b"x" * 100_000, capture_output=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )  # fmt: skip
    assert done.returncode == 75, done.stderr
    assert [kept.size for kept in spool.waiting(tmp_path / "spool")] == [len(MESSAGE)]
    assert list((tmp_path / "spool" / "part").iterdir()) == []


def test_it_lists_mail_that_has_no_row_yet(deliver, db: None, capsys: pytest.CaptureFixture[str]):
    assert deliver(MESSAGE, "--sender", "a@office.example", TO) == 0
    assert deliver(MESSAGE, "--sender", "", TO) == 0
    assert deliver(MESSAGE, TO) == 0
    assert command(["mail", "--json"]) == 0
    first, second, third = map(json.loads, capsys.readouterr().out.splitlines())
    assert list(first) == list(second) == list(third) == MAIL_KEYS
    assert (first["subject"], first["kind"], first["state"]) == ("Réponse", "unread", "stored")
    assert [one["envelope_from"] for one in (first, second, third)] == ["a@office.example", "", None]
    assert first["envelope_to"] == [TO] and first["threads"] == []
    assert first["sha256"] == second["sha256"] and first["id"] != second["id"]
    assert dt.datetime.fromisoformat(first["received_at"]).tzinfo is not None


def test_it_names_the_threads_that_a_message_was_filed_in(team, alice, now, capsys: pytest.CaptureFixture[str]):
    letter = a_delivered_letter(a_case(team, alice, now), alice, now)
    recipient = letter.recipients.get()
    an_answer(recipient, now)
    assert command(["mail", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["kind"], row["state"], row["threads"]) == ("answer", "matched", [str(recipient.thread.uid)])
    assert Mail.objects.get().sha256 == row["sha256"]


def test_it_says_the_due_date_first(capsys: pytest.CaptureFixture[str]):
    assert command(["due", "--rule", "al-ati", "--sent", "2026-03-31"]) == 0
    first, *others = capsys.readouterr().out.splitlines()
    assert dt.date.fromisoformat(first.split()[0]) > dt.date(2026, 3, 31)
    assert len(first.split()) > 1 and others


def test_it_lets_dates_pass_up_to_the_instant_it_is_told(team, alice, now, capsys: pytest.CaptureFixture[str]):
    letter = a_delivered_letter(a_case(team, alice, now), alice, now)
    due_at = max(clock.due_at for clock in letter.recipients.get().clocks.all())
    assert command(["tick", "--now", now.isoformat()]) == 0
    assert Recipient.objects.get(letter=letter).state == "waiting"
    for _twice in range(2):
        assert command(["tick", "--now", due_at.isoformat().replace("+00:00", "Z")]) == 0
    assert capsys.readouterr().out.splitlines() == ["0 dates had passed.", "2 dates had passed.", "0 dates had passed."]
    assert Recipient.objects.get(letter=letter).state == "no_reply_recorded"
    assert Letter.objects.filter(reminder_of=letter).count() == 1


def test_it_reads_a_letter_as_one_object(capsys: pytest.CaptureFixture[str]):
    assert command(["read", "--json", str(SAMPLE)]) == 0
    letter = json.loads(capsys.readouterr().out)
    assert set(letter) == set(READ_KEYS)
    assert letter["is_letter"] is True and 0 <= letter["confidence"] <= 1
    assert all(set(one) == set(ADDRESSEE_KEYS) for one in letter["addressees"]) and letter["addressees"]
    assert all(set(one) == set(SIGNATORY_KEYS) for one in letter["signatories"]) and letter["signatories"]
    assert len(letter["copies"]) == 6
    assert command(["read", "--lines", str(SAMPLE)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert letter["spans"] and set(letter["spans"]) <= set(READ_KEYS)
    spans = [span for spans in letter["spans"].values() for span in spans]
    assert all(1 <= first <= last <= len(lines) for first, last in spans)


def test_it_reads_from_standard_input_and_stores_nothing(
    monkeypatch: pytest.MonkeyPatch, spool_folder: Path, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SAMPLE.read_bytes())))
    assert command(["read", "--json", "-"]) == 0  # without a database: any use of one would fail here
    assert json.loads(capsys.readouterr().out)["is_letter"] is True
    assert not spool_folder.exists()


def test_it_says_what_to_do_where_the_database_is_not_ready(tmp_path: Path):
    home = Home(tmp_path, f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    said = home.command("mail", code=1)
    assert said.count("\n") == 1 and "answerable migrate" in said


def test_it_says_how_the_first_account_is_made_until_there_is_one(
    db: None, settings, tmp_path: Path, now: dt.datetime, capsys: pytest.CaptureFixture[str]
):
    settings.ANSWERABLE_HOME = tmp_path
    assert command(["migrate"]) == 0
    said = capsys.readouterr().out
    code = (tmp_path / "start-code").read_text()
    assert "/desk/start/" in said and said.rstrip().endswith(code)
    begin(name="Alice", email="alice@people.example", password="correct horse battery", team_name="Us", now=now)
    assert command(["migrate"]) == 0
    assert capsys.readouterr().out == ""


def test_it_imports_for_the_only_account_without_being_told_who(alice, capsys: pytest.CaptureFixture[str]):
    assert command(["import", str(SAMPLE)]) == 0
    letter = Letter.objects.get()
    assert letter.state == "draft" and letter.created_by == alice
    assert letter.reference in capsys.readouterr().out


def test_it_asks_who_imports_where_there_are_several(alice, bob, charlie, case, capsys: pytest.CaptureFixture[str]):
    assert command(["import", str(SAMPLE)]) == 1
    assert "--by" in capsys.readouterr().err
    assert command(["import", "--by", charlie.email, "--case", case.slug, str(SAMPLE)]) == 1
    assert command(["import", "--by", bob.email, "--case", case.slug, str(SAMPLE)]) == 0
    assert case.letters.get().created_by == bob


def test_it_imports_nothing_from_what_is_no_letter(alice, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "list.txt").write_text("milk\nbread\n")
    assert command(["import", str(tmp_path / "list.txt"), str(SAMPLE)]) == 1
    assert "no letter" in capsys.readouterr().err
    assert Letter.objects.count() == 1
