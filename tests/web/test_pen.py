"""The pen: who sees what is held, and filing, setting aside and putting back."""

import pytest
from django.urls import reverse

from answerable.accounts.models import Mailbox, Team, User
from answerable.inbound import intake
from answerable.inbound.models import Mail
from answerable.inbound.spool import Envelope
from tests.web import made


@pytest.fixture
def letter(case, alice, now):
    return made.a_delivered_letter(case, alice, now)


def held_for(user):
    return list(Mail.objects.held_for(user))


def test_a_message_that_quotes_our_letter_is_ours_to_see_and_no_strangers(letter, alice, bob, charlie, now):
    mail = made.a_held_message(now, subject=f"About {letter.reference}", sender="clerk@court.example")
    assert held_for(alice) == held_for(bob) == [mail]
    assert held_for(charlie) == []


def test_a_sender_that_is_known_is_only_a_guess_and_shows_nothing(letter, alice, now):
    mail = made.a_held_message(now, subject="Hello", sender=made.OFFICE)
    assert mail.proposals.exists()
    assert held_for(alice) == []


def test_a_message_that_quotes_letters_of_two_teams_is_for_the_keeper(letter, alice, charlie, now):
    other = made.a_case(charlie.memberships.get().team, charlie, now, title="Another")
    theirs = made.a_delivered_letter(other, charlie, now)
    made.a_held_message(now, subject=f"{letter.reference} and {theirs.reference}", sender="clerk@court.example")
    assert held_for(alice) == held_for(charlie) == []
    alice.is_superuser = True
    assert len(held_for(alice)) == 1


def test_the_keeper_sees_what_nobody_else_does_and_no_filed_mail_of_others(letter, charlie, now):
    made.a_held_message(now, subject="Hello", sender="somebody@elsewhere.example")
    filed = made.an_answer(letter.recipients.get(), now)
    charlie.is_superuser = True
    assert len(held_for(charlie)) == 1
    assert not Mail.objects.seen_by(charlie).filter(pk=filed.mail.pk).exists()


def test_it_is_filed_with_a_proposal_and_stops_the_clock(desk, letter, now):
    mail = made.a_held_message(now, subject=f"About {letter.reference}", sender="clerk@court.example")
    recipient = letter.recipients.get()
    assert "quotes the reference" in desk.get(reverse("pen_mail", args=[mail.uid])).content.decode()
    desk.post(reverse("pen_file", args=[mail.uid]), {"recipient": recipient.uid})
    recipient.refresh_from_db()
    assert recipient.state == "answered"
    assert desk.get(reverse("pen_mail", args=[mail.uid])).status_code == 404


def test_it_is_found_another_letter_but_never_a_strangers(desk, letter, charlie, case, alice, now):
    mail = made.a_held_message(now, subject=f"About {letter.reference}", sender="clerk@court.example")
    mine = made.a_delivered_letter(case, alice, now, title="The other letter")
    theirs = made.a_case(charlie.memberships.get().team, charlie, now, title="The other case")
    stranger = made.a_delivered_letter(theirs, charlie, now).recipients.get()
    page = desk.get(reverse("pen_mail", args=[mail.uid]), {"find": "other"}).content.decode()
    assert mine.reference in page
    assert stranger.letter.reference not in page
    assert desk.post(reverse("pen_file", args=[mail.uid]), {"recipient": stranger.uid}).status_code == 404
    desk.post(reverse("pen_file", args=[mail.uid]), {"recipient": mine.recipients.get().uid})
    assert mine.recipients.get().state == "answered"


def test_it_is_set_aside_and_put_back(desk, letter, alice, now):
    mail = made.a_held_message(now, subject=f"About {letter.reference}", sender="clerk@court.example")
    desk.post(reverse("pen_set_aside", args=[mail.uid]))
    assert held_for(alice) == []
    assert str(mail.uid) in desk.get(reverse("pen"), {"aside": ""}).content.decode()
    desk.post(reverse("pen_put_back", args=[mail.uid]))
    assert held_for(alice) == [mail]
    assert [act.verb for act in mail.acts.all()] == ["settle", "set_aside", "put_back"]


def test_what_was_fetched_from_a_teams_own_mailbox_is_that_teams_alone(alice, bob, charlie, now):
    User.objects.filter(pk=charlie.pk).update(is_superuser=True)
    charlie.refresh_from_db()
    box = Mailbox(team=Team.objects.of(alice).get(), address="alice@people.example", username="alice")
    box.password = "secret"
    box.save()
    mail = intake.take_in(
        b"Subject: private\r\n\r\nwords\r\n", Envelope(None, (box.address,), "imap", box.team_id), now=now
    )
    assert mail.team == box.team
    box.delete()
    Mail.objects.filter(pk=mail.pk).update(state="held")
    assert mail in held_for(alice)
    assert mail in held_for(bob)
    assert mail not in held_for(charlie)


def test_it_lets_a_team_decide_about_whatever_came_to_its_own_mailbox(desk, signed_in, letter, bob, team, now):
    box = Mailbox(team=team, address="alice@people.example", username="alice")
    box.password = "secret"
    box.save()
    mail = intake.take_in(
        b"Subject: an offer\r\n\r\nwords\r\n", Envelope(None, (box.address,), "imap", box.team_id), now=now
    )
    Mail.objects.filter(pk=mail.pk).update(state="held", kind="other", read_at=now)
    team.memberships.filter(user=bob).update(role="reader")
    assert signed_in(bob).post(reverse("pen_set_aside", args=[mail.uid])).status_code == 403
    assert desk.post(reverse("pen_set_aside", args=[mail.uid])).status_code == 302
    desk.post(reverse("pen_put_back", args=[mail.uid]))
    desk.post(reverse("pen_file", args=[mail.uid]), {"recipient": letter.recipients.get().uid})
    mail.refresh_from_db()
    assert mail.state == "matched"
