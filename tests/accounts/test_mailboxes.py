"""Mailboxes with names and passwords that no server takes: a sentence, and never a broken page."""

import pytest

from answerable.accounts import mailboxes
from answerable.accounts.models import Mailbox
from answerable.core.errors import Refused


@pytest.fixture
def mailbox(team) -> Mailbox:
    return Mailbox(team=team, address="alice@people.example", username="alice", smtp_host="mail.people.example")


def test_it_refuses_a_password_that_cannot_be_said_to_a_server(mailbox, alice, now):
    with pytest.raises(Refused) as refused:
        mailboxes.keep(mailbox, password="schlüssel", by=alice, now=now)
    assert refused.value.field == "password"
    mailbox.username = "älice"
    with pytest.raises(Refused) as refused:
        mailboxes.keep(mailbox, password="a key", by=alice, now=now)
    assert refused.value.field == "username"
    assert not Mailbox.objects.exists()


def test_it_says_that_there_is_no_server_at_what_is_no_name(mailbox):
    mailbox.smtp_host = mailbox.imap_host = "mail..example"
    mailbox.password = "a key"
    assert [works for works, _sentence in mailboxes.try_out(mailbox)] == [False, False]
