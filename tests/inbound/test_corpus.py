"""Every message of the corpus, through the parser and the kinds: what `expected.json` says must come of it."""

import json
from pathlib import Path

import pytest

from answerable.inbound.kinds import kind_of
from answerable.inbound.parsed import Parsed, Unreadable
from answerable.inbound.parsing import parse
from answerable.inbound.spool import Envelope

MAIL = Path(__file__).parent.parent / "corpus" / "mail"
EXPECTED = json.loads((MAIL / "expected.json").read_text(encoding="utf-8"))


def test_it_expects_something_of_every_message():
    assert sorted(EXPECTED) == sorted(path.name for path in MAIL.glob("*.eml"))
    assert len(EXPECTED) >= 150


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_it_reads_what_comes(name: str):
    want = EXPECTED[name]
    parsed = parse((MAIL / name).read_bytes())
    verdict = kind_of(parsed, Envelope(want["mail_from"], ("r.x@answerable.example",), "smtp"))
    assert verdict.kind == want["kind"]
    assert verdict.guessed == want.get("guessed", verdict.guessed)
    assert verdict.reason == want.get("why", verdict.reason)
    if isinstance(parsed, Unreadable):
        assert parsed.reason == want["reason"]
        return
    assert parsed.subject == want.get("subject", parsed.subject)
    assert parsed.text.startswith(want.get("text", ""))
    assert "text" not in want or bool(parsed.text) == bool(want["text"])
    assert parsed.reply_text.splitlines()[0:1] == [want["reply"]] if "reply" in want else True
    assert set(want.get("notes", [])) <= set(parsed.notes)
    if "attachments" in want:
        assert [[one.name, one.media_type] for one in parsed.attachments] == want["attachments"]
    if "report" in want:
        assert parsed.report is not None
        assert parsed.report.recipient == want["report"]["recipient"]
        assert parsed.report.original_message_id == want["report"].get("original", parsed.report.original_message_id)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_it_crosses_between_processes_unchanged(name: str):
    parsed = parse((MAIL / name).read_bytes())
    if isinstance(parsed, Parsed):
        crossed = json.loads(json.dumps(parsed.to_json()))
        assert Parsed.from_json(crossed, [one.content for one in parsed.attachments]) == parsed
