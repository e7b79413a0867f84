"""READ FIRST. The journey of a letter, from the first draft to the public record, in the verbs of the product.

    draft           a case gets a letter: whom it is to, who gets copies, what is asked
    send            its words are sealed; one dispatch per recipient waits to leave
    record_delivery a server, or a person with proof, says that it was accepted: now its clock starts
    record_failure  or that it was refused, put off, or that nobody knows
    receive         a stored message becomes an answer, a bounce, an automatic reply, or is held for a person
    record_answer   an answer that came by phone, on paper, in a meeting; or a person's reading of a message
    tick            what has fallen due: no reply is recorded, a reminder waits as a draft, or leaves if that was chosen
    close           nothing more is expected; what comes all the same is filed
    publish         the letter and what each recipient did are shown to the world; withdraw undoes it

Each verb checks, updates conditionally and appends to the log in one transaction, and takes `now` as an argument.
The states and the moves between them stand in letters/states.py. Nothing here touches a network or a file.
"""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from answerable.accounts.models import User
from answerable.cases.models import Case
from answerable.clock import running
from answerable.clock.models import Clock
from answerable.core.errors import Refused
from answerable.dispatch import again, outbox
from answerable.dispatch.email import HandOver, Outcome
from answerable.evidence.log import Done, append, append_many, together
from answerable.evidence.models import File
from answerable.inbound import filing, matching
from answerable.inbound.models import Mail, Reply
from answerable.letters import drafting, reminders, sealing, unattended
from answerable.letters.drafting import Asked, Draft, Enclosed, Signed, Someone, Words
from answerable.letters.models import Dispatch, Letter, LetterAct, Recipient
from answerable.letters.states import DispatchState, LetterState, RecipientState, RecordState, move
from answerable.record import checks

BATCH = 250  # how many dates `tick` looks at in one transaction, so that `listen` never waits long


def draft(
    case: Case,
    *,
    title: str,
    versions: Sequence[Words],
    to: Sequence[Someone],
    copies: Sequence[Someone] = (),
    asks: Sequence[Asked] = (),
    signatories: Sequence[Signed] = (),
    enclosures: Sequence[Enclosed] = (),
    own_days: int = 30,
    by: User,
    now: dt.datetime,
) -> Letter:
    """Afterwards the case has a letter whose words may still change. (`letters.drafting.revise` changes them.)"""
    words = Draft(title, versions, to, copies, asks, signatories, enclosures, own_days)
    return drafting.begin(case, words, by=by, now=now)


def send(letter: Letter, *, route: str, by: User, now: dt.datetime) -> list[Dispatch]:
    """Afterwards the words are sealed for ever and each recipient has one dispatch that waits to leave.

    `route` says how the e-mails among them leave (`Dispatch.Route`); what goes by post, form or by hand waits for
    `record_delivery`. Refused, and nothing changed, where a recipient cannot be reached or the letter says nothing.
    """
    with transaction.atomic():
        unattended.leave_to_a_person(letter)
        return _send(letter, route=route, by=by, now=now)


def _send(letter: Letter, *, route: str, by: User | None, now: dt.datetime, **facts: object) -> list[Dispatch]:
    digest = sealing.seal(letter, now=now)
    dispatches = [outbox.queue(one, route=route, now=now) for one in letter.recipients.all()]
    sent = {str(d.uid): str(d.recipient.uid) for d in dispatches}
    _log(letter, "send", by=by, now=now, words=digest, dispatches=sent, **facts)
    return dispatches


def record_delivery(
    dispatch: Dispatch,
    *,
    now: dt.datetime,
    accepted_at: dt.datetime | None = None,
    server_words: str = "",
    proof_number: str = "",
    proof_note: str = "",
    proof: File | None = None,
    by: User | None = None,
) -> bool:
    """Afterwards the dispatch is accepted, its recipient waits, and its clock runs from `accepted_at` (default: now).

    By a server's 250 (`server_words`), or by a person with a number, a note or a scan as proof, or by a person who
    decides what became of an unknown one. False where the dispatch was not to be accepted any more, or was sent again.
    """
    at = accepted_at or now
    if at > now:
        raise Refused(
            _("The date of delivery lies in the future: give the day on which it was handed over."), field="accepted_on"
        )
    letter = dispatch.recipient.letter
    with transaction.atomic():
        others = Dispatch.objects.filter(recipient=dispatch.recipient_id).exclude(pk=dispatch.pk)
        if others.filter(state__in=again.UNDER_WAY).exists():
            return False
        rows = Dispatch.objects.filter(pk=dispatch.pk)
        proven = {"proof_number": proof_number, "proof_note": proof_note, "proof": proof} if by else {}
        words = {"server_words": server_words} if server_words else {}
        if not move(
            "dispatch", rows, DispatchState.ACCEPTED, accepted_at=at, ended_at=now, decided_by=by, **proven, **words
        ):
            return False
        here = Recipient.objects.filter(pk=dispatch.recipient_id)
        if move(
            "recipient",
            here.filter(state=RecipientState.PLANNED),
            RecipientState.WAITING,
            accepted_dispatch=dispatch,
            waiting_since_at=at,
        ):
            running.start(here.select_related("letter", "office__body").get(), accepted_at=at, now=now)
        _log(letter, "record_delivery", by=by, now=now, dispatch=str(dispatch.uid), accepted_at=at.isoformat())
    dispatch.refresh_from_db()
    return True


def record_failure(dispatch: Dispatch, said: HandOver, *, now: dt.datetime) -> None:
    """Afterwards the dispatch is refused, unknown, or waits for its next try, with the server's own words.

    What was put off too often is refused, so that a person looks at it. The clock does not start, unless something has
    come already that shows that the message arrived.
    """
    tries = dispatch.tries + 1
    again = outbox.next_try(tries, now=now) if said.outcome is Outcome.PUT_OFF else None
    after = (
        DispatchState.UNKNOWN
        if said.outcome is Outcome.UNKNOWN
        else DispatchState.QUEUED
        if again
        else DispatchState.REFUSED
    )
    also = {"next_try_at": again} if again else {"ended_at": now}
    with transaction.atomic():
        rows = Dispatch.objects.filter(pk=dispatch.pk, state=DispatchState.SENDING)
        if move("dispatch", rows, after, tries=tries, server_words=said.words, **also):
            _log(
                dispatch.recipient.letter,
                "record_failure",
                by=None,
                now=now,
                dispatch=str(dispatch.uid),
                outcome=after.value,
            )
            dispatch.refresh_from_db()
            if dispatch.replies.filter(undone_at=None).exists():
                _has_arrived(dispatch, now=now)


def record_bounce(dispatch: Dispatch, *, words: str, now: dt.datetime) -> bool:
    """Afterwards the dispatch has come back: the clock is void, and the recipient wants another channel.

    False where it never left, was refused, or came back already. A recipient that answered has answered all the same.
    """
    owing = (RecipientState.WAITING, RecipientState.NO_REPLY_RECORDED)
    with transaction.atomic():
        here = Recipient.objects.filter(pk=dispatch.recipient_id, accepted_dispatch=dispatch, state__in=owing)
        if move(
            "recipient", here, RecipientState.PLANNED, accepted_dispatch=None, waiting_since_at=None, no_reply_at=None
        ):
            running.void(dispatch.recipient, now=now)
        rows = Dispatch.objects.filter(pk=dispatch.pk)
        if not move("dispatch", rows, DispatchState.BOUNCED, ended_at=now, server_words=words):
            return False
        _log(dispatch.recipient.letter, "record_bounce", by=None, now=now, dispatch=str(dispatch.uid))
    return True


def receive(*mails: Mail, now: dt.datetime) -> list[Reply]:
    """Afterwards each message that was read is filed with every letter it answers, or is held with proposals.

    Only an answer changes what is known of a recipient. An automatic reply or an acknowledgement is filed and stops
    no clock; a bounce voids the clock of the one dispatch that came back; a report of delay is only filed. Whatever comes
    for a dispatch that was in doubt, but for a bounce, shows that it arrived.
    """
    found = matching.match_all(mails)
    with transaction.atomic(), together(now=now):
        replies = filing.file_all(filing.settle(found, now=now), now=now)
        for reply in replies:
            _take_in(reply, by=None, now=now)
    return replies


def hold(mail: Mail, *, now: dt.datetime) -> None:
    """Afterwards a message that could not be received is held, so that a person sees it and no date waits for it."""
    with transaction.atomic():
        filing.settle([(mail, matching.Matched())], now=now)


def file(mail: Mail, recipient: Recipient, *, by: User, now: dt.datetime) -> Reply:
    """Afterwards a held message stands in this recipient's thread, because a person said so."""
    with transaction.atomic():
        filing.take_from_pen(mail, by=by, now=now)
        reply = filing.file(mail, recipient, by=by, now=now)
        _take_in(reply, by=by, now=now)
    return reply


def unfile(reply: Reply, *, by: User, now: dt.datetime) -> None:
    """Afterwards a message that was filed with the wrong recipient is out of its thread, and its clock runs on."""
    with transaction.atomic():
        filing.unfile(reply, by=by, now=now)
        _log(reply.recipient.letter, "unfile", by=by, now=now, recipient=str(reply.recipient.uid))
        _unanswered(reply.recipient, now=now)


def _take_in(reply: Reply, *, by: User | None, now: dt.datetime) -> None:
    """What a message changes for the recipient it was filed with."""
    recipient, mail = reply.recipient, reply.mail
    if mail is None:
        return
    _log(recipient.letter, "receive", by=by, now=now, mail=mail.sha256, recipient=str(recipient.uid), kind=mail.kind)
    if mail.kind == Mail.Kind.BOUNCE:
        if reply.dispatch:
            record_bounce(reply.dispatch, words=mail.words_of_report, now=now)
        return
    if reply.dispatch:
        _has_arrived(reply.dispatch, now=now)
    if mail.kind == Mail.Kind.ANSWER and not mail.kind_guessed:
        _answered(recipient, at=mail.received_at, now=now)


def _has_arrived(dispatch: Dispatch, *, now: dt.datetime) -> None:
    """Afterwards a dispatch that was in doubt is accepted since its hand-over: something came that shows it.

    What waits to leave in its place is taken back, so that nobody gets the letter twice.
    """
    if dispatch.state != DispatchState.UNKNOWN:
        return
    waiting = Dispatch.objects.filter(recipient=dispatch.recipient_id, state=DispatchState.QUEUED)
    for other in waiting:
        if move("dispatch", waiting.filter(pk=other.pk), DispatchState.CANCELLED, ended_at=now):
            _log(dispatch.recipient.letter, "cancel", by=None, now=now, dispatch=str(other.uid))
    record_delivery(dispatch, accepted_at=min(dispatch.sending_at or now, now), now=now)


def record_answer(
    recipient: Recipient,
    *,
    way: str,
    text: str,
    answered_at: dt.datetime,
    by: User,
    now: dt.datetime,
    outcome: str = "",
    proof: File | None = None,
) -> Reply:
    """Afterwards an answer that came by phone, on paper or in a meeting stands in the thread, and the clock has stopped."""
    if answered_at > now:
        raise Refused(
            _("The date of the answer lies in the future: give the day on which it came."), field="answered_on"
        )
    delivered_at = recipient.waiting_since_at
    if delivered_at and answered_at.date() < delivered_at.date():
        raise Refused(
            _("The letter was delivered on %(day)s: an answer to it came on that day or later.")
            % {"day": date_format(delivered_at)},
            field="answered_on",
        )
    with transaction.atomic():
        reply = filing.file_told(
            recipient, way=way, text=text, received_at=answered_at, outcome=outcome, proof=proof, by=by, now=now
        )
        _log(recipient.letter, "record_answer", by=by, now=now, recipient=str(recipient.uid), way=way, outcome=outcome)
        _answered(recipient, at=answered_at, now=now)
    return reply


def record_reading(reply: Reply, *, is_answer: bool, outcome: str = "", by: User, now: dt.datetime) -> None:
    """Afterwards a person's reading of a message counts: it is an answer of this outcome, or it is none after all."""
    recipient = reply.recipient
    with transaction.atomic():
        filing.read_as(reply, is_answer=is_answer, outcome=outcome)
        _log(
            recipient.letter,
            "record_reading",
            by=by,
            now=now,
            recipient=str(recipient.uid),
            is_answer=is_answer,
            outcome=outcome,
        )
        if is_answer:
            _answered(recipient, at=reply.received_at, now=now)
        else:
            _unanswered(recipient, now=now)


def _log(letter: Letter, verb: str, *, by: User | None, now: dt.datetime, **facts: object) -> None:
    """Append to the log, in the transaction that the verb opened."""
    append(LetterAct, letter, verb, by=by.uid if by else None, now=now, **facts)


def _answered(recipient: Recipient, *, at: dt.datetime, now: dt.datetime) -> None:
    if move("recipient", Recipient.objects.filter(pk=recipient.pk), RecipientState.ANSWERED, answered_at=at):
        running.stop(recipient, answered_at=at, now=now)


def _unanswered(recipient: Recipient, *, now: dt.datetime) -> None:
    """What was taken for the only answer was none: the clock runs as if nothing had come, where a delivery is recorded."""
    if filing.has_answer(recipient):
        return
    here = Recipient.objects.filter(pk=recipient.pk, state=RecipientState.ANSWERED)
    arrived = recipient.dispatches.filter(state=DispatchState.ACCEPTED).first()
    running.run_on(recipient)
    if arrived is None or arrived.accepted_at is None:
        nothing = {"accepted_dispatch": None, "waiting_since_at": None, "no_reply_at": None, "answered_at": None}
        move("recipient", here, RecipientState.PLANNED, **nothing)
        running.void(recipient, now=now)
        return
    since = {"accepted_dispatch": arrived, "waiting_since_at": arrived.accepted_at}
    if move("recipient", here, RecipientState.WAITING, answered_at=None, **since):
        running.start(recipient, accepted_at=arrived.accepted_at, now=now)


def tick(*, now: dt.datetime) -> int:
    """Afterwards no date before `now` is left unseen: no reply is recorded, and a reminder waits as a draft.

    Where its writer chose so, the reminder has left, if those it goes to took the letter before (`letters.unattended`).
    In batches of at most 250, each a transaction of its own. Run late it catches up; run twice it does nothing twice.
    Returns how many dates had passed.
    """
    total = 0
    while passed := _tick_once(now=now):
        total += passed
    for reminder in unattended.to_leave(now, most=BATCH):
        _send_by_itself(reminder, now=now)
    return total


def _tick_once(*, now: dt.datetime) -> int:
    if not Clock.objects.due(now).exists():
        return 0  # without taking the lock that writing needs
    with transaction.atomic():
        fallen = running.fallen_due(now, most=BATCH)
        silent = _record_non_reply(fallen, now=now)
        reminders.prepare(silent, now=now)
    return len(fallen)


def _send_by_itself(reminder: Letter, *, now: dt.datetime) -> None:
    """Afterwards the reminder has left as was chosen, or waits for a person."""
    try:
        with transaction.atomic():
            if may_leave := unattended.narrow(reminder):
                route, chosen_by = may_leave
                _send(reminder, route=route, by=None, now=now, chosen_by=str(chosen_by.uid))
    except Refused:
        may_leave = None
    if not may_leave:
        unattended.leave_to_a_person(reminder)


def _record_non_reply(fallen: Sequence[Clock], *, now: dt.datetime) -> list[int]:
    """Afterwards those who still owed an answer are `no_reply_recorded`, each with its entry; returns their keys."""
    dates = {clock.recipient_id: clock for clock in reversed(fallen)}  # of several, the first that passed
    here = Recipient.objects.filter(pk__in=dates, state=RecipientState.WAITING)
    silent = list(here.values_list("pk", "uid", "letter_id", "letter__uid"))
    move("recipient", here, RecipientState.NO_REPLY_RECORDED, no_reply_at=now)
    done = []
    for pk, uid, letter, letter_uid in silent:
        facts = {"recipient": str(uid), "by_on": dates[pk].due_on.isoformat(), "basis": dates[pk].basis}
        done.append(Done(letter, letter_uid, "record_non_reply", facts=facts))
    append_many(LetterAct, done, now=now)
    return [pk for pk, *_rest in silent]


def close(letter: Letter, *, by: User, now: dt.datetime) -> None:
    """Afterwards nothing more is expected of the letter. Its threads stay open. Refused while somebody still has time."""
    with transaction.atomic():
        running_on = Clock.objects.open().filter(recipient__letter=letter).order_by("due_at").first()
        if running_on:
            raise Refused(
                _("%(name)s still has time to answer: close the letter when that has passed.")
                % {"name": running_on.recipient.name}
            )
        if not move("letter", Letter.objects.filter(pk=letter.pk), LetterState.CLOSED):
            raise Refused(_("Only a letter that was sent can be closed."))
        _log(letter, "close", by=by, now=now)
    letter.refresh_from_db()


def check(letter: Letter, *, seen: Collection[str], by: User, now: dt.datetime) -> None:
    """Afterwards the letter may be published: it is sealed, grounds are stated, and a person has `seen` each finding."""
    found = checks.check_publishable(letter, seen=seen, now=now)
    with transaction.atomic():
        if move("record", Letter.objects.filter(pk=letter.pk), RecordState.CHECKED):
            _log(letter, "check", by=by, now=now, seen=[one.key for one in found])


def publish(letter: Letter, *, seen: Collection[str] = (), by: User, now: dt.datetime) -> None:
    """Afterwards the letter is public, because a person decided it on stated grounds. Refused, with why, otherwise."""
    with transaction.atomic():
        check(letter, seen=seen, by=by, now=now)
        rows = Letter.objects.filter(pk=letter.pk)
        if not move("record", rows, RecordState.PUBLISHED, published_at=now, withdrawn_at=None):
            raise Refused(_("This letter is published already."))
        _log(letter, "publish", by=by, now=now, words=letter.sealed_digest)
    letter.refresh_from_db()


def show(reply: Reply, *, shown: bool, by: User, now: dt.datetime) -> None:
    """Afterwards the words of an answer stand on the public record beside the letter, or no longer do.

    That an answer came is always shown; its words may name people, so showing them is a decision of its own.
    """
    with transaction.atomic():
        filing.show(reply, shown=shown, now=now)
        _log(reply.recipient.letter, "show" if shown else "hide", by=by, now=now, recipient=str(reply.recipient.uid))


def withdraw(letter: Letter, *, by: User | None, reason: str = "", now: dt.datetime) -> None:
    """Afterwards the letter is no longer public, and its address says so and nothing else (410).

    Without `by` it was the clock's doing: the ground it was shown on fell away.
    """
    with transaction.atomic():
        if not move("record", Letter.objects.filter(pk=letter.pk), RecordState.WITHDRAWN, withdrawn_at=now):
            raise Refused(_("This letter is not published."))
        _log(letter, "withdraw", by=by, now=now, stated=bool(reason))
    letter.refresh_from_db()
