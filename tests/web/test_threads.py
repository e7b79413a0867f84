"""Threads: what was sent, what came, what a person records; words as text only, files as downloads only."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from answerable import journey
from answerable.core import instants
from answerable.evidence.files import keep
from answerable.inbound import intake
from answerable.inbound.models import Attachment, Mail, Reply
from answerable.inbound.spool import Envelope
from tests.web import made


@pytest.fixture
def letter(case, alice, now, monkeypatch):
    monkeypatch.setattr(instants, "offset", lambda: now + made.days(3) - dt.datetime.now(dt.UTC))
    return made.a_delivered_letter(case, alice, now)


@pytest.fixture
def recipient(letter):
    return letter.recipients.get()


def page_of(desk, recipient):
    return desk.get(reverse("thread", args=[recipient.thread.uid])).content.decode()


def test_an_answer_stands_in_the_thread_as_text(desk, recipient, now):
    made.an_answer(recipient, now, text="<script>alert(1)</script> He is in Marlow.")
    page = page_of(desk, recipient)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; He is in Marlow." in page
    assert "<script" not in page


def test_an_automatic_reply_is_shown_as_such_and_stops_no_clock(desk, recipient, now):
    made.an_answer(recipient, now, kind=Mail.Kind.AUTOMATIC, text="I am away.")
    assert "It does not stop the clock." in page_of(desk, recipient)
    recipient.refresh_from_db()
    assert recipient.state == "waiting"


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.html", "text/html"),
        ("b.svg", "image/svg+xml"),
        ("../../etc/passwd", "text/html; charset=utf-8"),
        ('c"\r\nX: y.pdf', "application/pdf"),
    ],
)
def test_an_attachment_is_saved_and_never_shown(desk, recipient, now, name, media_type):
    reply = made.an_answer(recipient, now)
    file = keep(b"<script>alert(1)</script>", media_type=media_type, now=now)
    attachment = Attachment.objects.create(
        mail=reply.mail, position=1, name=name, media_type=media_type, size=file.size, file=file
    )
    answer = desk.get(reverse("attachment", args=[attachment.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert ".." not in answer["Content-Disposition"]
    assert "\n" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] in {"application/octet-stream", "application/pdf"}
    assert "sandbox" in answer["Content-Security-Policy"]


def test_the_message_is_downloaded_as_it_came(desk, recipient, now):
    reply = made.an_answer(recipient, now)
    answer = desk.get(reverse("original", args=[reply.mail.uid]))
    assert b"He is in Marlow." in answer.content
    assert answer["Content-Disposition"].endswith('.eml"')


def test_what_came_again_stands_beside_the_first(desk, signed_in, charlie, recipient, now):
    first = made.an_answer(recipient, now).mail
    again = intake.take_in(intake.original(first), Envelope(None, ("family@people.example",), "imap"), now=now)
    journey.receive(again, now=now)
    original = reverse("original", args=[again.uid])
    page = page_of(desk, recipient)
    assert "The same message came again in a mailbox." in page and original in page
    assert page.count('class="came-in"') == 1
    assert desk.get(original).status_code == 200
    assert signed_in(charlie).get(original).status_code == 404


def test_an_answer_by_phone_stops_the_clock(desk, recipient):
    said = {"way": "phone", "answered_on": "2026-03-04", "text": "They will look into it.", "outcome": "pledge"}
    record = reverse("answer_record", args=[recipient.uid])
    for day in ("2026-04-01", "2026-03-01", "0226-03-04"):
        assert desk.post(record, said | {"answered_on": day}).status_code == 422
    assert desk.post(record, said | {"text": " "}).status_code == 422
    assert desk.post(record, said).status_code == 302
    recipient.refresh_from_db()
    assert recipient.state == "answered"
    assert "They will look into it." in page_of(desk, recipient)


def test_a_persons_reading_counts(desk, recipient, now):
    reply = made.an_answer(recipient, now, guessed=True)
    recipient.refresh_from_db()
    assert recipient.state == "waiting"
    reading = reverse("reply_reading", args=[reply.uid])
    assert desk.post(reading, {"is_answer": "yes", "outcome": "token"}).status_code == 302
    recipient.refresh_from_db()
    assert recipient.state == "answered"
    desk.post(reading, {"is_answer": "no"})
    recipient.refresh_from_db()
    assert recipient.state == "waiting"


def test_an_outcome_is_proposed_from_the_words_and_never_set(desk, recipient, now):
    reply = made.an_answer(recipient, now, text="We have forwarded your letter to the Prosecutor.")
    reading = reverse("reply_reading", args=[reply.uid])
    shown = desk.get(reading).content.decode()
    assert 'value="referral" selected' in shown and "seems to say “have forwarded your letter”" in shown
    assert Reply.objects.get().outcome == ""
    desk.post(reading, {"is_answer": "yes", "outcome": "pledge"})
    shown = desk.get(reading).content.decode()
    assert 'value="pledge" selected' in shown and "only a guess" not in shown


def test_a_message_in_the_wrong_thread_goes_back_to_the_pen(desk, recipient, now):
    reply = made.an_answer(recipient, now)
    desk.post(reverse("reply_unfile", args=[reply.uid]))
    assert Mail.objects.get(pk=reply.mail.pk).state == Mail.State.HELD
    assert "He is in Marlow." not in page_of(desk, recipient)


def test_a_message_from_ones_own_mailbox_is_brought_in_for_this_recipient(desk, recipient, now):
    raw = b"From: registry@ministry.example\r\nSubject: Your letter\r\n\r\nHe is in Marlow.\r\n"
    bring = reverse("message_upload", args=[recipient.uid])
    assert desk.post(bring, {"message": SimpleUploadedFile("a.eml", raw)}).status_code == 302
    mail = Mail.objects.get()
    Mail.objects.update(kind=Mail.Kind.ANSWER, read_at=now)
    mail.refresh_from_db()
    journey.receive(mail, now=now)
    assert Reply.objects.get().recipient == recipient
    assert desk.post(bring, {"csrfmiddlewaretoken": "as every form has one"}).status_code == 422
    scan = desk.post(bring, {"message": SimpleUploadedFile("a.eml", b"%PDF-1.4")})
    assert scan.status_code == 422 and "choose an .eml, .msg or mbox file" in scan.content.decode()


def test_a_mailbox_is_brought_in_message_by_message(desk, recipient, alice):
    theirs = b"From - Mon Mar  2 09:00:00 2026\nFrom: registry@ministry.example\nSubject: %d\n\nWords.\n\n"
    mine = b"From - Mon Mar  2 09:00:00 2026\nFrom: " + alice.email.encode() + b"\n\nWords.\n\n"
    bring = reverse("message_upload", args=[recipient.uid])
    brought = desk.post(bring, {"message": SimpleUploadedFile("a.mbox", theirs % 1 + mine + theirs % 2)}, follow=True)
    assert "2 messages are kept" in brought.content.decode()
    assert "1 message of your own was left out." in brought.content.decode()
    assert set(Mail.objects.values_list("subject", "way")) == {("1", "mbox"), ("2", "mbox")}


def test_a_stranger_gets_nothing_of_a_thread(signed_in, charlie, recipient, now):
    reply = made.an_answer(recipient, now)
    stranger = signed_in(charlie)
    for name, of in (("thread", recipient.thread.uid), ("original", reply.mail.uid), ("reply_reading", reply.uid)):
        assert stranger.get(reverse(name, args=[of])).status_code == 404


def test_an_answer_from_elsewhere_is_filed_and_said_to_be_from_elsewhere(desk, recipient, now):
    made.an_answer(recipient, now, sender="minister@mail.ministry.example")
    assert "is not known to belong to this office" not in page_of(desk, recipient)
    reply = made.an_answer(recipient, now, sender="minister@webmail.example", text="Call me.")
    assert "It comes from webmail.example, which is not known to belong to this office." in page_of(desk, recipient)
    recipient.refresh_from_db()
    assert (reply.mail.state, recipient.state) == ("matched", "answered")


def test_it_is_said_what_shows_who_sent_an_answer(desk, recipient, now):
    mail = made.an_answer(recipient, now).mail
    assert "Unverified: nothing that was checked shows who sent it." in page_of(desk, recipient)
    for domain, sentence in (
        ("ministry.example", "comes from ministry.example, which is known for this office."),
        ("webmail.example", "Its signature shows that it comes from webmail.example."),
    ):
        Mail.objects.filter(pk=mail.pk).update(verdicts={"dkim": [], "aligned": domain})
        assert sentence in page_of(desk, recipient)
