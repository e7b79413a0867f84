"""A message that cannot be received: it is held for a person, and neither the others nor the clock wait for it."""

from answerable.inbound.models import Mail
from answerable.workers import duties
from tests.journeys.test_verbs import mail_to
from tests.web.made import a_case, a_delivered_letter, days


def test_it_holds_what_cannot_be_received_and_lets_the_others_pass(team, alice, now):
    recipient = a_delivered_letter(a_case(team, alice, now), alice, now).recipients.get()
    bad = mail_to(recipient.accepted_dispatch, now, message_key="1", report=["no report of ours"])
    Mail.objects.update(envelope_to=[])
    good = mail_to(recipient.accepted_dispatch, now, kind="automatic", message_key="2")
    assert duties.receive_mail(now) == 2
    assert dict(Mail.objects.values_list("pk", "state")) == {bad.pk: "held", good.pk: "matched"}
    assert duties.tick(now + days(90)) == 2
