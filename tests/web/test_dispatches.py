"""What a person does about one dispatch: sends it, proves it, takes it back, decides, tries another way."""

import datetime as dt
from email import message_from_bytes, policy

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from answerable import journey
from answerable.core import instants
from answerable.core.errors import Refused
from answerable.dispatch.again import send_again
from answerable.dispatch.email import HandOver, Outcome
from answerable.dispatch.outbox import claim
from answerable.letters.drafting import Someone
from answerable.letters.models import Dispatch
from tests.web import made


@pytest.fixture
def letter(case, alice, now, monkeypatch):
    monkeypatch.setattr(instants, "offset", lambda: now + made.days(3) - dt.datetime.now(dt.UTC))
    return made.a_sent_letter(
        case, alice, now, copies=[Someone("The Ombudsman\n1 Square", None, "post", "1 Square\nMarlow")]
    )


def dispatch_of(letter, kind):
    return Dispatch.objects.get(recipient__letter=letter, recipient__kind=kind)


def ended(letter, outcome, now):
    """The addressee's dispatch as a worker would have left it."""
    Dispatch.objects.filter(recipient__kind="to").update(route="host")
    (taken,) = claim(now=now, node="here")
    journey.record_failure(taken, HandOver(outcome, "554 no"), now=now)
    return dispatch_of(letter, "to")


def test_the_message_is_ready_for_any_mail_program(desk, letter):
    answer = desk.get(reverse("dispatch_message", args=[dispatch_of(letter, "to").uid]))
    message = message_from_bytes(answer.content, policy=policy.default)
    assert answer["Content-Type"] == "message/rfc822"
    assert answer["Content-Disposition"].startswith("attachment")
    assert message["To"] == made.OFFICE
    assert not {"Auto-Submitted", "Precedence", "List-Unsubscribe"} & set(message.keys())
    assert message["Message-ID"] == dispatch_of(letter, "to").message_id
    assert [part.get_content_type() for part in message.iter_attachments()] == ["application/pdf"]
    assert desk.get(reverse("dispatch_message", args=[dispatch_of(letter, "copy").uid])).status_code == 404


def test_a_posted_letter_starts_its_clock_on_the_day_of_the_receipt(desk, letter, now):
    posted = {"accepted_on": "2026-03-03", "proof_number": "RR 1", "scan": SimpleUploadedFile("r.pdf", b"%PDF-1.7\n")}
    dispatch = dispatch_of(letter, "copy")
    assert desk.post(reverse("dispatch_delivered", args=[dispatch.uid]), posted).status_code == 302
    dispatch.refresh_from_db()
    assert (dispatch.state, dispatch.accepted_at.date()) == ("accepted", dt.date(2026, 3, 3))
    assert dispatch.recipient.clocks.get().counted_from_on == dt.date(2026, 3, 4)
    proof = desk.get(reverse("dispatch_proof", args=[dispatch.uid]))
    assert proof.content == b"%PDF-1.7\n"
    assert proof["X-Content-Type-Options"] == "nosniff"
    again = desk.post(reverse("dispatch_delivered", args=[dispatch.uid]), posted)
    assert again.status_code == 422


@pytest.mark.parametrize("day", ["2026-03-06", "2027-01-01", "0202-03-02", "yesterday", ""])
def test_a_delivery_has_a_day_that_has_come(desk, letter, day):
    dispatch = dispatch_of(letter, "copy")
    assert desk.post(reverse("dispatch_delivered", args=[dispatch.uid]), {"accepted_on": day}).status_code == 422
    dispatch.refresh_from_db()
    assert dispatch.state == "queued"


def test_what_has_not_left_is_taken_back_once_and_another_way_is_tried(desk, letter):
    dispatch = dispatch_of(letter, "copy")
    for _twice in range(2):
        desk.post(reverse("dispatch_cancel", args=[dispatch.uid]))
    dispatch.refresh_from_db()
    assert dispatch.state == "cancelled"
    another = {"channel": "email", "address": "office@ombudsman.example", "route": "writer"}
    again = reverse("recipient_again", args=[dispatch.recipient.uid])
    assert desk.post(again, another).status_code == 302
    assert desk.post(again, another).status_code == 422
    assert [d.state for d in dispatch.recipient.dispatches.all()] == ["cancelled", "queued"]
    assert dispatch.recipient.dispatches.last().message_id != dispatch.message_id


def test_a_person_decides_what_became_of_an_unknown_one(desk, letter, now):
    dispatch = ended(letter, Outcome.UNKNOWN, now)
    said = {"accepted_on": "2026-03-03", "proof_note": "They confirmed it by phone."}
    assert desk.post(reverse("dispatch_decide", args=[dispatch.uid]), said).status_code == 302
    dispatch.refresh_from_db()
    assert (dispatch.state, dispatch.decided_by.name) == ("accepted", "Alice")
    assert dispatch.recipient.state == "waiting"


@pytest.mark.parametrize("address", ["", "not an address"])
def test_another_way_needs_an_address_that_can_be_used(desk, letter, now, address):
    dispatch = ended(letter, Outcome.REFUSED, now)
    again = {"channel": "email", "address": address, "route": "writer"}
    answer = desk.post(reverse("recipient_again", args=[dispatch.recipient.uid]), again)
    assert answer.status_code == 422
    assert 'href="#id_address"' in answer.content.decode()
    assert dispatch.recipient.dispatches.count() == 1


def test_after_a_bounce_another_channel_is_chosen_and_the_words_are_the_same(letter, alice, now):
    dispatch = dispatch_of(letter, "to")
    journey.record_delivery(dispatch, now=now)
    with pytest.raises(Refused):
        send_again(dispatch.recipient, channel="post", address="1 Square", route="", by=alice, now=now)
    journey.record_bounce(dispatch, words="550 no such user", now=now)
    digest = letter.sealed_digest
    another = send_again(dispatch.recipient, channel="post", address="1 Square", route="", by=alice, now=now)
    letter.refresh_from_db()
    assert (another.channel, another.route, another.state) == ("post", "", "queued")
    assert letter.sealed_digest == digest
    assert letter.acts.last().verb == "send_again"


def test_the_page_of_a_letter_offers_what_can_be_done_and_nothing_else(desk, letter, now):
    page = reverse("letter", args=[letter.uid])
    post = dispatch_of(letter, "copy")
    before = desk.get(page).content.decode()
    assert reverse("dispatch_delivered", args=[post.uid]) in before
    assert reverse("recipient_again", args=[post.recipient.uid]) not in before
    ended(letter, Outcome.REFUSED, now)
    after = desk.get(page).content.decode()
    assert "554 no" in after
    assert reverse("recipient_again", args=[dispatch_of(letter, "to").recipient.uid]) in after


def test_the_letter_says_how_often_it_was_tried_and_what_holds_it_back(desk, letter, now):
    ended(letter, Outcome.PUT_OFF, now)
    page = desk.get(reverse("letter", args=[letter.uid])).content.decode()
    assert "Put off 1 time; at most 17 tries are made, the next on" in page and "554 no" in page
    Dispatch.objects.filter(recipient__kind="to").update(held_back_by="address")
    page = desk.get(reverse("letter", args=[letter.uid])).content.decode()
    assert "As many letters as may leave for this address in one day have left today." in page
