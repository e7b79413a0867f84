"""Which senders are known for an office, and which are shown as strangers."""

import pytest

from answerable.directory.models import Contact
from answerable.inbound.models import Mail, Reply
from answerable.inbound.senders import known_domains, lies_in, stranger
from answerable.letters.models import Thread


@pytest.mark.parametrize(
    ("domain", "known", "inside"),
    [
        ("justice.example", {"justice.example"}, True),
        ("mail.justice.example", {"justice.example"}, True),
        ("justice.example", {"registry.justice.example"}, True),
        ("example", {"justice.example"}, False),
        ("injustice.example", {"justice.example"}, False),
        ("justice.example.evil.example", {"justice.example"}, False),
        ("", {"justice.example"}, False),
        ("justice.example", set(), False),
    ],
)
def test_it_tells_which_domains_belong_together(domain, known, inside):
    assert lies_in(domain, known) is inside


def test_it_knows_the_domains_that_were_written_to_and_those_of_the_directory(dispatches, office, team, charlie):
    other = charlie.memberships.get().team
    for owner, value in ((None, "Cabinet@Cabinet.Example"), (team, "x@ours.example"), (other, "x@theirs.example")):
        Contact.objects.create(office=office, team=owner, channel="email", value=value)
    thread = Thread.objects.get(office=office)
    assert known_domains(thread) == {"justice.example", "cabinet.example", "ours.example"}
    by_post = Thread.objects.get(recipients__channel="post")
    assert known_domains(by_post) == frozenset()


def reply(address, *, kind="answer", way="email"):
    return Reply(mail=Mail(from_address=address), kind=kind, way=way)


def test_it_names_the_domain_of_a_stranger_and_nobody_elses():
    known = {"justice.example"}
    assert stranger(reply("minister@elsewhere.example"), known) == "elsewhere.example"
    assert stranger(reply("Minister@Mail.Justice.Example"), known) == ""
    assert stranger(reply("minister@elsewhere.example"), frozenset()) == ""
    assert stranger(reply("mailer-daemon@mx.example", kind="bounce"), known) == ""
    assert stranger(reply("who@knows.example", way="page"), known) == ""
    assert stranger(Reply(kind="answer", way="phone"), known) == ""
