"""The message of a dispatch: whatever stands in a name or a title, it is one header and it can leave."""

from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from answerable import journey
from answerable.dispatch.email import compose
from answerable.evidence.files import keep
from answerable.letters import drafting
from answerable.letters.drafting import Draft, Enclosed
from answerable.letters.models import Letter


def composed(letter: Letter, words: Draft, alice, now):
    drafting.revise(letter, words, by=alice, now=now)
    [first, *_others] = journey.send(letter, route="host", by=alice, now=now)
    return message_from_bytes(compose(first, text="words", pdf=b"%PDF-", now=now), policy=policy.SMTP)


@pytest.mark.parametrize("between", ["\r\nBcc: charlie@people.example\r\n", "\n", "\u2028", "\x0b", "\x85"])
@pytest.mark.parametrize("name", ["Alice", "Älice"])
def test_it_makes_one_line_of_a_name_of_several(letter, alice, now, name, between):
    words = drafting.as_draft(letter)
    signed = [replace(words.signatories[0], name=f"{name}{between}Rad")]
    message = composed(letter, replace(words, signatories=signed), alice, now)
    assert message["Bcc"] is None
    assert message["From"].addresses[0].display_name == " ".join(f"{name}{between}Rad".split())


@pytest.mark.parametrize("name", ['Ä "Bob" <bob@people.example>', "Älice, bob@people.example", "Ä (sister)"])
def test_it_lets_no_name_become_an_address(letter, alice, now, name):
    words = drafting.as_draft(letter)
    message = composed(letter, replace(words, signatories=[replace(words.signatories[0], name=name)]), alice, now)
    [sender] = message["From"].addresses
    assert (sender.display_name, sender.domain) == (name, "answerable.example")


def test_it_makes_one_line_of_the_title_of_an_enclosure(letter, alice, now):
    words = drafting.as_draft(letter)
    file = keep(b"%PDF-1.7 a birth certificate", media_type="application/pdf", now=now)
    message = composed(letter, replace(words, enclosures=[Enclosed("birth\r\ncertificate.pdf", file)]), alice, now)
    assert [part.get_filename() for part in message.iter_attachments()][1:] == ["birth certificate.pdf"]
