"""What the tests of the pages need to find: a case, letters in each state, messages. All through the product's own verbs."""

import datetime as dt
from email.message import EmailMessage

from answerable import journey
from answerable.cases import opening
from answerable.directory import keeping
from answerable.dispatch.outbox import reply_address
from answerable.inbound import intake
from answerable.inbound.models import Mail
from answerable.inbound.spool import Envelope
from answerable.letters.drafting import Asked, Signed, Someone, Words

OFFICE = "registry@ministry.example"


def a_case(team, by, now, title="Nima"):
    return opening.open_case(team=team, title=title, public_title="Where is Nima?", by=by, now=now)


def an_office(now, name="Ministry of Justice"):
    body = keeping.add_body(name=name, team=None, by=None, now=now)
    return keeping.add_office(body=body, name="Minister", team=None, by=None, now=now)


def a_draft(
    case,
    by,
    now,
    *,
    office=None,
    to=OFFICE,
    title="To the Minister",
    copies=(),
    body="Please answer within thirty days.",
):
    return journey.draft(
        case,
        title=title,
        versions=[Words("en", "Where is Nima?", body, "Dear Minister,", "Yours,")],
        to=[Someone("The Minister\nMinistry of Justice", office, "email", to)],
        copies=copies,
        asks=[Asked("information", "Tell us where he is."), Asked("plea", "Let him call home.")],
        signatories=[Signed("Alice Rad", "his sister", "Marlow")],
        by=by,
        now=now,
    )


def a_sent_letter(case, by, now, *, route="writer", **given):
    letter = a_draft(case, by, now, **given)
    journey.send(letter, route=route, by=by, now=now)
    return letter


def a_delivered_letter(case, by, now, **given):
    letter = a_sent_letter(case, by, now, **given)
    for recipient in letter.recipients.all():
        journey.record_delivery(recipient.dispatches.get(), by=by, proof_note="by Alice", accepted_at=now, now=now)
    letter.refresh_from_db()
    return letter


def a_message(
    to, now, *, text="He is in Marlow.", subject="Your letter", kind=Mail.Kind.ANSWER, guessed=False, sender=OFFICE
):
    """A message that came for this address, read as it would be, filed or held."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = f"<{now.timestamp()}.{hash(text + subject)}@ministry.example>"
    message.set_content(text)
    mail = intake.take_in(message.as_bytes(), Envelope(sender, (to,), "smtp"), now=now)
    assert isinstance(mail, Mail)
    read = {"kind": kind, "kind_guessed": guessed, "kind_reason": "written", "text": text, "reply_text": text}
    Mail.objects.filter(pk=mail.pk).update(read_at=now, from_address=sender, **read)
    mail.refresh_from_db()
    journey.receive(mail, now=now)
    mail.refresh_from_db()
    return mail


def an_answer(recipient, now, **given):
    return a_message(reply_address(recipient.dispatches.last()), now, **given).replies.get()


def a_held_message(now, *, to="nobody-known@answerable.example", **given):
    return a_message(to, now, **given)


def days(n):
    return dt.timedelta(days=n)
