"""Who gets what at the addresses about cases, letters, threads, the pen and publishing."""

import datetime as dt
from typing import Any

from answerable import journey
from answerable.accounts.models import Team, User
from answerable.cases import chronology, grounds, opening
from answerable.dispatch.outbox import reply_token
from answerable.evidence.uploads import keep_document
from answerable.inbound.models import Attachment
from answerable.letters.drafting import Someone
from tests.web import made
from tests.web.matrix import Row

ANYBODY_IN = "200 200 200 200 in"
READ = "200 200 200 404 in"
WRITE = "200 200 403 404 in"
WROTE = "422 422 403 404 in"
DONE = "go go 403 404 in"
GONE_ON = "go go go 404 in"
NOT_POSTED = "405 405 405 405 in"
DRAFT = {"letter": "draft"}

ROWS = [
    Row("today", get=ANYBODY_IN),
    Row("cases", get=ANYBODY_IN),
    Row("case_open", get=ANYBODY_IN, post="422 422 422 422 in"),
    Row("case", get=READ),
    Row("case_edit", get=WRITE, post=WROTE),
    Row("case_close", get=NOT_POSTED, post=DONE),
    Row("person_add", get=WRITE, post=WROTE),
    Row("person_edit", get=WRITE, post=WROTE),
    Row("person_remove", get=WRITE, post=DONE),
    Row("ground_state", get=WRITE, post=WROTE),
    Row("ground_agree", get=NOT_POSTED, post=DONE),
    Row("ground_revoke", get=NOT_POSTED, post=DONE),
    Row("event_record", get=WRITE, post=WROTE),
    Row("event_edit", get=WRITE, post=WROTE),
    Row("event_remove", get=WRITE, post=DONE),
    Row("claim_record", get=WRITE, post=WROTE),
    Row("claim_edit", get=WRITE, post=WROTE),
    Row("claim_remove", get=WRITE, post=DONE),
    # letters
    Row("letter_new", get=WRITE, post=WROTE),
    Row("letter", get=READ),
    Row("letter", get=GONE_ON, args=DRAFT),
    Row("letter_edit", get=WRITE, post=WROTE, args=DRAFT),
    Row("letter_edit", get=DONE, post=DONE),
    Row("letter_discard", get=WRITE, post=DONE, args=DRAFT),
    Row("letter_preview", get=READ, args=DRAFT),
    Row("letter_sheet", get=READ, args=DRAFT),
    Row("letter_pdf", get=READ),
    Row("letter_photo", get="404 404 404 404 in"),
    Row("letter_send", get=WRITE, post=WROTE, args=DRAFT),
    # publishing
    Row("letter_close", get=NOT_POSTED, post=DONE),
    Row("letter_reminders", get=NOT_POSTED, post=DONE),
    Row("letter_publish", get=READ, post=WROTE),
    Row("letter_public_preview", get=READ),
    Row("letter_public_picture", get="404 404 404 404 in"),
    Row("letter_withdraw", get=WRITE, post=WROTE),
    # dispatches
    Row("dispatch_message", get=READ),
    Row("dispatch_proof", get="404 404 404 404 in"),
    Row("dispatch_delivered", get=WRITE, post=WROTE),
    Row("dispatch_decide", get=WRITE, post=WROTE),
    Row("dispatch_cancel", get=NOT_POSTED, post=DONE),
    Row("recipient_again", get=WRITE, post=WROTE),
    # threads
    Row("thread", get=READ),
    Row("answer_record", get=WRITE, post=WROTE),
    Row("message_upload", get=WRITE, post=WROTE),
    Row("reply_reading", get=WRITE, post=WROTE),
    Row("reply_proof", get=READ, args={"reply": "told"}),
    Row("reply_show", get=NOT_POSTED, post=DONE),
    Row("reply_unfile", get=NOT_POSTED, post=DONE),
    Row("attachment", get=READ),
    Row("original", get=READ),
    Row("original", get=READ, args={"mail": "filed"}),
    # the pen
    Row("pen", get=ANYBODY_IN),
    Row("pen_mail", get=READ),
    Row("pen_mail", get="404 404 404 404 in", args={"mail": "nobodys"}),
    Row("pen_file", get=NOT_POSTED, post="404 404 403 404 in"),
    Row("pen_set_aside", get=NOT_POSTED, post=DONE),
    Row("pen_put_back", get=NOT_POSTED, post=DONE),
]


def things(*, team: Team, alice: User, bob: User, now: dt.datetime) -> dict[str, Any]:
    case = made.a_case(team, alice, now)
    person = opening.add_person(case, name="Nima Rad", by=alice, now=now)
    ground = grounds.state_ground(
        person,
        kind="cannot_be_asked",
        reason="No contact.",
        best_interest="Silence puts him at risk.",
        second_person=bob,
        review_on=now.date() + made.days(30),
        by=alice,
        now=now,
    )
    event = chronology.record_event(case, when="2021-05~", what="He was arrested.", by=alice, now=now)
    claim = chronology.record_claim(
        case, stated_by="His sister", text="He is held.", source="Interview", by=alice, now=now
    )
    draft = made.a_draft(case, alice, now)
    letter = made.a_sent_letter(
        case, alice, now, copies=[Someone("The Ombudsman", None, "email", "office@ombudsman.example")]
    )
    addressee, copy = letter.recipients.all()
    journey.record_delivery(addressee.dispatches.get(), by=alice, proof_note="sent", now=now)
    reply = made.an_answer(addressee, now)
    scan = keep_document(b"A note of the call.\n", field="scan", now=now)
    told = journey.record_answer(
        addressee, way="phone", text="They will look.", answered_at=now, proof=scan, by=alice, now=now
    )
    attachment = Attachment.objects.create(
        mail=reply.mail, position=1, name="answer.html", media_type="text/html", size=scan.size, file=scan
    )
    held = made.a_held_message(now, subject=f"About {letter.reference}")
    nobodys = made.a_held_message(now, subject="Hello", sender="somebody@elsewhere.example")
    return {
        "case": case.uid,
        "person": person.uid,
        "kind": "cannot_be_asked",
        "ground": ground.pk,
        "event": event.pk,
        "claim": claim.pk,
        "draft": draft.uid,
        "letter": letter.uid,
        "language": "en",
        "number": 1,
        "name": "photo-480.jpg",
        "dispatch": copy.dispatches.get().uid,
        "reply_token": reply_token(copy.dispatches.get().uid),
        "recipient": copy.uid,
        "thread": letter.recipients.first().thread.uid,
        "reply": reply.uid,
        "told": told.uid,
        "attachment": attachment.pk,
        "mail": held.uid,
        "filed": reply.mail.uid,
        "nobodys": nobodys.uid,
    }
