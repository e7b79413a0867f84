"""Invitations, roles, and the mailboxes of a team."""

import datetime as dt
import socketserver
import threading
from collections.abc import Iterator

import pytest
from django.conf import settings

from answerable.accounts import inviting, mailboxes, members
from answerable.accounts.models import Invitation, Mailbox, Membership, Team, TeamAct, User
from answerable.core.errors import Refused

pytestmark = pytest.mark.django_db
DANA = {"name": "Dana", "email": "dana@people.example", "password": "three wet umbrellas", "language": "en"}


def test_it_opens_one_place_once_and_keeps_only_a_trace_of_the_link(
    team: Team, alice: User, charlie: User, now: dt.datetime
) -> None:
    invitation, secret = inviting.invite(team, role="reader", note="Dana", by=alice, now=now)
    assert len(secret) * 5 >= 128
    assert secret not in str(Invitation.objects.values().get())
    assert inviting.opened(secret.upper(), now=now) == invitation
    dana = inviting.accept_as_new(invitation, **DANA, now=now)
    assert Membership.objects.get(user=dana).role == "reader"
    assert inviting.opened(secret, now=now) is None
    with pytest.raises(Refused):
        inviting.accept(invitation, user=charlie, now=now)
    assert not Membership.objects.filter(user=charlie, team=team)
    assert [act.verb for act in TeamAct.objects.filter(subject=team)] == ["invite", "accept_invitation"]


def test_it_runs_out_after_fourteen_days_and_can_be_taken_back(team: Team, alice: User, now: dt.datetime) -> None:
    old, secret = inviting.invite(team, role="writer", note="", by=alice, now=now)
    assert inviting.opened(secret, now=now + dt.timedelta(days=13, hours=23))
    assert inviting.opened(secret, now=now + dt.timedelta(days=14)) is None
    inviting.take_back(old, by=alice, now=now)
    assert inviting.opened(secret, now=now) is None
    with pytest.raises(Refused):
        inviting.accept_as_new(old, **DANA, now=now)
    assert not User.objects.filter(email="dana@people.example")


def test_it_lets_nobody_take_their_own_place_twice(team: Team, alice: User, bob: User, now: dt.datetime) -> None:
    invitation, secret = inviting.invite(team, role="writer", note="", by=alice, now=now)
    with pytest.raises(Refused):
        inviting.accept(invitation, user=bob, now=now)
    assert inviting.opened(secret, now=now)
    with pytest.raises(Refused) as taken:
        inviting.accept_as_new(invitation, **{**DANA, "email": "Bob@People.example"}, now=now)
    assert taken.value.field == "email"


def test_it_never_leaves_a_team_without_an_owner(team: Team, alice: User, bob: User, now: dt.datetime) -> None:
    hers, his = team.memberships.get(user=alice), team.memberships.get(user=bob)
    for act in (
        lambda: members.change_role(hers, role="reader", by=alice, now=now),
        lambda: members.remove(hers, by=alice, now=now),
    ):
        with pytest.raises(Refused):
            act()
    members.change_role(his, role="owner", by=alice, now=now)
    members.remove(hers, by=alice, now=now)
    assert [one.user for one in team.memberships.all()] == [bob]


@pytest.fixture
def mailbox(team: Team) -> Mailbox:
    return Mailbox(
        team=team,
        address="team@people.example",
        username="team",
        smtp_host="smtp.people.example",
        imap_host="imap.people.example",
    )


def test_it_seals_the_password_and_keeps_it_when_none_is_typed(mailbox: Mailbox, alice: User, now: dt.datetime) -> None:
    mailboxes.keep(mailbox, password="opal harbour", by=alice, now=now)
    mailbox.username = "team@people.example"
    mailboxes.keep(mailbox, password="", by=alice, now=now)
    kept = Mailbox.objects.get()
    assert kept.password == "opal harbour" and kept.username == "team@people.example"
    assert b"opal" not in bytes(kept.sealed_password)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"smtp_host": "", "imap_host": ""}, "smtp_host"),
        ({"smtp_security": "none"}, "smtp_security"),
        ({"imap_security": "none"}, "imap_security"),
        ({"imap_folder": "INBOX\r\nx LOGOUT"}, "imap_folder"),
        ({}, "password"),
    ],
)
def test_it_refuses_a_mailbox_with_the_field_to_change(
    mailbox: Mailbox, alice: User, now: dt.datetime, changed: dict[str, str], field: str
) -> None:
    for name, value in changed.items():
        setattr(mailbox, name, value)
    with pytest.raises(Refused) as why:
        mailboxes.keep(mailbox, password="", by=alice, now=now)
    assert why.value.field == field
    assert not Mailbox.objects.exists()


def test_it_talks_to_this_machine_only_in_the_demonstration(
    mailbox: Mailbox, alice: User, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ANSWERABLE_DEMO", True)
    with pytest.raises(Refused):
        mailboxes.keep(mailbox, password="opal harbour", by=alice, now=now)
    for here in ("localhost", "127.0.0.1", "::1", "LOCALHOST."):
        assert mailboxes.is_this_machine(here)
    for elsewhere in ("localhost.people.example", "10.0.0.1", "0.0.0.0", "127.0.0.1.people.example", ""):
        assert not mailboxes.is_this_machine(elsewhere)


class _Picky(socketserver.StreamRequestHandler):
    """As much of an SMTP server as signing in needs; the password is "opal harbour"."""

    def handle(self) -> None:
        self.wfile.write(b"220 mail.people.example\r\n")
        for line in self.rfile:
            if line.upper().startswith(b"EHLO"):
                self.wfile.write(b"250-mail.people.example\r\n250 AUTH PLAIN\r\n")
            elif line.startswith(b"AUTH PLAIN"):
                good = line.split()[2] == b"AHRlYW0Ab3BhbCBoYXJib3Vy"
                self.wfile.write(b"235 2.7.0 come in\r\n" if good else b"535 5.7.8 no\r\n")
            else:
                self.wfile.write(b"221 bye\r\n")
                return


@pytest.fixture
def smtp_port() -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Picky) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_it_says_in_a_sentence_whether_a_mailbox_works(mailbox: Mailbox, smtp_port: int) -> None:
    mailbox.smtp_host, mailbox.imap_host, mailbox.smtp_port = "127.0.0.1", "", smtp_port
    mailbox.smtp_security = Mailbox.Security.NONE
    mailbox.password = "opal harbour"
    assert mailboxes.try_out(mailbox) == [(True, "Sending works.")]
    mailbox.password = "wrong"
    [(works, sentence)] = mailboxes.try_out(mailbox)
    assert not works and "password" in sentence
    mailbox.smtp_port, mailbox.imap_host, mailbox.imap_port, mailbox.imap_security = 1, "127.0.0.1", 1, "none"
    assert [works for works, _sentence in mailboxes.try_out(mailbox)] == [False, False]
