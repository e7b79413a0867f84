"""Which letters a message answers, and what a person is only offered."""

import datetime as dt

import pytest

from answerable import journey
from answerable.dispatch.outbox import reply_address
from answerable.inbound.matching import match, tokens
from answerable.inbound.models import Mail

BODY = b"\r\n\r\nWe have looked into it.\r\n"


def message(*headers: str) -> bytes:
    return (
        "\r\n".join(["From: Somebody <somebody@elsewhere.example>", "Subject: Re: your letter", *headers]).encode()
        + BODY
    )


def recipients(mail: Mail) -> set[int]:
    return {one.recipient_id for one in match(mail).filed}


@pytest.mark.parametrize(
    "typed",
    [
        "{}",
        "{upper}",
        "{plain}",
        "{tagged}",
        "{mistyped}",
        "{capitals}",
    ],
)
def test_it_files_by_the_address_it_was_sent_to_however_it_was_typed(dispatches, take, typed: str):
    address = reply_address(dispatches[0])
    local, _, domain = address.partition("@")
    to = typed.format(
        address,
        upper=address.upper(),
        plain=f"{local[2:]}@{domain}",
        tagged=f"{local}+urgent@{domain}",
        mistyped=f"{local.replace('0', 'o').replace('1', 'l')}@{domain}",
        capitals=f"{local.upper().replace('0', 'O').replace('1', 'I')}@{domain.upper()}",
    )
    mail = take(message("To: undisclosed-recipients:;"), to)
    (filed,) = match(mail).filed
    assert (filed.recipient_id, filed.dispatch_id, filed.how) == (
        dispatches[0].recipient_id,
        dispatches[0].pk,
        "envelope",
    )


@pytest.mark.parametrize(
    "header", ["Delivered-To", "X-Original-To", "X-Envelope-To", "To", "Cc", "Resent-To", "Resent-Cc"]
)
def test_it_files_by_the_headers_when_the_envelope_says_nothing(dispatches, take, header: str):
    mail = take(
        message(f"{header}: <{reply_address(dispatches[1])}>"), "family@people.example", way="imap", sender=None
    )
    assert recipients(mail) == {dispatches[1].recipient_id}
    assert match(mail).filed[0].how == "header"


def test_it_files_one_message_with_every_letter_it_answers(dispatches, take):
    mail = take(message(), reply_address(dispatches[0]), reply_address(dispatches[1]))
    assert recipients(mail) == {dispatches[0].recipient_id, dispatches[1].recipient_id}
    referring = take(
        message(f"References: {dispatches[0].message_id}", f"In-Reply-To: {dispatches[1].message_id}"),
        "pen@answerable.example",
    )
    assert recipients(referring) == {dispatches[0].recipient_id, dispatches[1].recipient_id}
    assert {one.how for one in match(referring).filed} == {"references"}


def test_it_believes_the_envelope_before_the_headers(dispatches, take):
    mail = take(message(f"To: {reply_address(dispatches[1])}"), reply_address(dispatches[0]))
    assert recipients(mail) == {dispatches[0].recipient_id}


def test_it_files_nothing_for_a_token_of_another_domain_or_nobody(dispatches, take):
    token = reply_address(dispatches[0]).partition("@")[0]
    assert tokens([f"{token}@elsewhere.example", "r.short@answerable.example", "no address"]) == []
    mail = take(message(), f"r.{'0' * 26}@answerable.example")
    assert match(mail).filed == ()


def test_it_only_proposes_what_it_guesses(dispatches, letter, take, now: dt.datetime):
    quoting = take(
        message(f"X-Note: {letter.reference}", f"Subject: your {letter.reference}"), "info@answerable.example"
    )
    assert match(quoting).filed == ()
    known = take(
        b"From: minister@justice.example\r\nSubject: " + letter.reference.encode() + BODY, "info@answerable.example"
    )
    journey.receive(known, now=now)
    known.refresh_from_db()
    best = known.proposals.first()
    assert known.state == "held" and not known.replies.exists()
    assert (best.recipient_id, best.reason) == (dispatches[0].recipient_id, "reference-and-sender")


@pytest.mark.parametrize("dash", ["-", "\N{EN DASH}", "\N{NON-BREAKING HYPHEN}"])
def test_it_proposes_the_letter_whose_reference_is_quoted_however_it_was_copied(
    dispatches, letter, take, now: dt.datetime, dash: str
):
    copied = letter.reference.lower().replace("0", "o").replace("1", "l").replace("-", dash)
    raw = message("Content-Type: text/plain; charset=utf-8").replace(b"We have", f"Re {copied}: we have".encode())
    mail = take(raw, "info@answerable.example")
    journey.receive(mail, now=now)
    assert not mail.replies.exists()
    assert {(one.recipient_id, one.reason) for one in mail.proposals.all()} == {
        (dispatch.recipient_id, "reference") for dispatch in dispatches
    }


def test_it_proposes_nothing_for_a_reference_that_nobody_has(dispatches, take, now: dt.datetime):
    mail = take(message("X-Note: none").replace(b"We have", b"AN-0000-0000, AN-IDEA-THAT"), "info@answerable.example")
    journey.receive(mail, now=now)
    assert not mail.proposals.exists()


def test_it_holds_what_it_knows_nothing_of(dispatches, take, now: dt.datetime):
    mail = take(message(), "info@answerable.example")
    journey.receive(mail, now=now)
    mail.refresh_from_db()
    assert mail.state == "held" and not mail.proposals.exists()


def report(dispatch, action: str) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; minister@justice.example\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {dispatch.message_id}\r\n\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("action", "state"), [("failed", "bounced"), ("delayed", "accepted"), ("delivered", "accepted")]
)
def test_it_files_a_report_by_the_message_it_is_about(dispatches, take, now: dt.datetime, action: str, state: str):
    mail = take(report(dispatches[0], action), "bounces@answerable.example", sender="")
    assert match(mail).filed[0].how == "report"
    journey.receive(mail, now=now)
    dispatches[0].refresh_from_db()
    assert dispatches[0].state == state


def test_it_lets_only_an_answer_stop_the_clock(dispatches, take, now: dt.datetime):
    away = take(message("Auto-Submitted: auto-replied"), reply_address(dispatches[0]))
    journey.receive(away, now=now)
    recipient = dispatches[0].recipient
    recipient.refresh_from_db()
    assert recipient.state == "waiting" and recipient.replies.get().kind == "automatic"
    answer = take(message(), reply_address(dispatches[0]))
    journey.receive(answer, now=now)
    journey.receive(answer, now=now)
    recipient.refresh_from_db()
    assert recipient.state == "answered" and recipient.replies.count() == 2
