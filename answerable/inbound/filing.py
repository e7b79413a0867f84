"""Filing: where a message stands once it was matched, held, or read by a person. The journey's verbs call these.

Each needs a surrounding transaction and changes rows only where they are as expected.
"""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from answerable.accounts.models import User
from answerable.core.errors import Refused
from answerable.evidence.log import append
from answerable.evidence.models import File
from answerable.letters.models import Dispatch, Recipient

from . import again
from .matching import Matched
from .models import Mail, MailAct, Proposal, Reply


def settle(found: Iterable[tuple[Mail, Matched]], *, now: dt.datetime) -> list[tuple[Mail, Matched]]:
    """Afterwards each message is matched, or held with its proposals, or stands beside the same that came before.

    Returns those that were not settled before and say something new, each with the recipients to whom it is new.
    """
    all_found = {mail.pk: (mail, matched) for mail, matched in found}
    here = Mail.objects.filter(pk__in=all_found, state=Mail.State.STORED).select_for_update()
    ours, came_again = again.apart(all_found[pk] for pk in here.order_by("received_at").values_list("pk", flat=True))
    for mail, first in came_again:
        again.stand_beside(mail, first)
        append(MailAct, mail, "come_again", by=None, now=now, same_as=str(first))
    for state, filed in ((Mail.State.MATCHED, True), (Mail.State.HELD, False)):
        those = [mail for mail, matched in ours if bool(matched.filed) is filed]
        Mail.objects.filter(pk__in=[mail.pk for mail in those]).update(state=state)
        for mail in those:
            append(MailAct, mail, "settle", by=None, now=now, state=state.value, kind=mail.kind)
    Proposal.objects.bulk_create(
        Proposal(mail=mail, recipient_id=one.recipient_id, reason=one.reason, score=one.score)
        for mail, matched in ours
        for one in matched.proposals
    )
    return ours


def file_all(settled: Iterable[tuple[Mail, Matched]], *, now: dt.datetime) -> list[Reply]:
    """Afterwards each message that was settled just now stands with every recipient it was matched with."""
    pairs = [(mail, match) for mail, matched in settled for match in matched.filed]
    rows = Dispatch.objects.select_related("recipient__letter").only(
        "uid", "state", "recipient__uid", "recipient__state", "recipient__letter__uid"
    )
    dispatches = rows.in_bulk({match.dispatch_id for _mail, match in pairs})
    replies = Reply.objects.bulk_create(
        Reply(
            mail=mail,
            message_key=mail.message_key,
            recipient=dispatches[match.dispatch_id].recipient,
            dispatch=dispatches[match.dispatch_id],
            how_matched=match.how,
            kind=mail.kind,
            kind_guessed=mail.kind_guessed,
            way=_way(mail),
            filed_at=now,
            received_at=mail.received_at,
        )
        for mail, match in pairs
    )
    again.gather(replies)
    return replies


def take_from_pen(mail: Mail, *, by: User, now: dt.datetime) -> None:
    """Afterwards the message counts as matched. Refused where it is neither held nor set aside."""
    waiting = Mail.objects.filter(pk=mail.pk, state__in=[Mail.State.HELD, Mail.State.DISMISSED])
    if not waiting.update(state=Mail.State.MATCHED):
        raise Refused(_("This message is not in the pen any more: somebody has filed it."))
    append(MailAct, mail, "take_from_pen", by=by.uid, now=now)


def set_aside(mail: Mail, *, by: User, now: dt.datetime) -> None:
    """Afterwards the message is out of the way and still kept. Refused where it is not held."""
    if not Mail.objects.filter(pk=mail.pk, state=Mail.State.HELD).update(state=Mail.State.DISMISSED):
        raise Refused(_("This message is not in the pen any more: somebody has filed it or set it aside."))
    append(MailAct, mail, "set_aside", by=by.uid, now=now)


def put_back(mail: Mail, *, by: User, now: dt.datetime) -> None:
    """Afterwards a message that was set aside is held again."""
    if not Mail.objects.filter(pk=mail.pk, state=Mail.State.DISMISSED).update(state=Mail.State.HELD):
        raise Refused(_("This message was not set aside."))
    append(MailAct, mail, "put_back", by=by.uid, now=now)


def file(mail: Mail, recipient: Recipient, *, by: User, now: dt.datetime) -> Reply:
    """Afterwards the message stands with the recipient, once, because a person said so; also if it did before."""
    reply, _new = Reply.objects.update_or_create(
        message_key=mail.message_key,
        recipient=recipient,
        defaults={"how_matched": "a person", "filed_by": by, "undone_at": None},
        create_defaults={
            "mail": mail,
            "how_matched": "a person",
            "filed_by": by,
            "kind": mail.kind,
            "kind_guessed": mail.kind_guessed,
            "way": _way(mail),
            "filed_at": now,
            "received_at": mail.received_at,
        },
    )
    if reply.mail:
        again.stand_beside(mail, reply.mail.first.pk)
    again.gather([reply])
    return reply


def unfile(reply: Reply, *, by: User, now: dt.datetime) -> None:
    """Afterwards the message is no longer in this thread nor on the record; it is held again if it stands in no other."""
    if reply.mail is None or not Reply.objects.filter(pk=reply.pk, undone_at=None).update(undone_at=now, shown_at=None):
        raise Refused(_("This was taken out of the thread already."))
    if not reply.mail.replies.filter(undone_at=None).exists():
        Mail.objects.filter(pk=reply.mail.pk, state=Mail.State.MATCHED).update(state=Mail.State.HELD)
    append(MailAct, reply.mail, "unfile", by=by.uid, now=now, reply=str(reply.uid))


def file_told(
    recipient: Recipient,
    *,
    way: str,
    text: str,
    received_at: dt.datetime,
    outcome: str,
    proof: File | None,
    by: User,
    now: dt.datetime,
) -> Reply:
    """Afterwards an answer without a message stands in the recipient's thread. Refused where nothing is said of it."""
    if not text.strip():
        raise Refused(_("Say in a few words what the answer was: it is all that will be left of it."), field="text")
    return Reply.objects.create(
        recipient=recipient,
        kind=Mail.Kind.ANSWER,
        way=way,
        how_matched="a person",
        filed_by=by,
        filed_at=now,
        received_at=received_at,
        text=text,
        proof=proof,
        outcome=outcome,
    )


def read_as(reply: Reply, *, is_answer: bool, outcome: str) -> None:
    """Afterwards the reply counts as an answer of this outcome, or as none and is not shown, because a person said so."""
    kind = Mail.Kind.ANSWER if is_answer else Mail.Kind.OTHER
    hidden = {} if is_answer else {"shown_at": None}
    said = {"kind": kind, "kind_guessed": False, "outcome": outcome if is_answer else ""}
    Reply.objects.filter(pk=reply.pk).update(**said, **hidden)


def show(reply: Reply, *, shown: bool, now: dt.datetime) -> None:
    """Afterwards the words of an answer may stand on the public record, or may not. Refused for what is no answer."""
    if shown and reply.kind != Mail.Kind.ANSWER:
        raise Refused(_("Only an answer can be shown: say first that this message is one."))
    Reply.objects.filter(pk=reply.pk).update(shown_at=now if shown else None)


def has_answer(recipient: Recipient) -> bool:
    """Whether anything in the thread counts as an answer of this recipient to this letter."""
    return recipient.replies.filter(kind=Mail.Kind.ANSWER, kind_guessed=False, undone_at=None).exists()


def _way(mail: Mail) -> Reply.Way:
    return Reply.Way.PAGE if mail.way == "page" else Reply.Way.EMAIL
