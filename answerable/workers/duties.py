"""The duties of `work`: each takes what is to be done from the rows, does it, and says how much it was."""

import datetime as dt
import logging
import threading

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import Min, Q, QuerySet

from answerable import journey
from answerable.accounts.models import Mailbox
from answerable.core.errors import Refused
from answerable.core.instants import now as instant
from answerable.core.leases import let_go, mark_of
from answerable.dispatch import answering, email, outbox
from answerable.dispatch.email import HandOver, Outcome
from answerable.evidence.sequencing import sequence
from answerable.inbound import intake, mailbox, reading
from answerable.inbound.checking import Checker
from answerable.inbound.models import Mail
from answerable.inbound.pool import Pool
from answerable.letters.models import Dispatch, Letter
from answerable.letters.paper import pdf_of
from answerable.letters.parts import read_parts
from answerable.letters.plain import authoritative, text_of
from answerable.letters.sealing import check_demonstration
from answerable.letters.states import RecordState
from answerable.record import building, checks

log = logging.getLogger(__name__)
BETWEEN_POLLS = dt.timedelta(minutes=1)
# A mailbox that nobody has looked into for so long may hold an answer that came in time: nobody worked meanwhile.
LONG_UNPOLLED = dt.timedelta(hours=1)
AT_ONCE = 25  # messages received in one transaction, so that `listen` never waits long
BETWEEN_LOOKS = dt.timedelta(seconds=30)
_node = ""
_looked_at_all: dt.datetime | None = None
_pool = Pool()
_checker = Checker()
_left_over = (
    True  # whether mail may be marked as ours that nobody is reading: a predecessor's, or a round's that failed
)
_said: list[tuple[Dispatch, HandOver, dt.datetime]] = []  # by servers, when; not written down yet
_writing_down = threading.Lock()


def begin(node: str, now: dt.datetime) -> None:
    """Afterwards this process is `node`, and what its predecessor had in its hands is `unknown`."""
    global _node, _left_over
    _node, _left_over = node, True
    for dispatch in outbox.stranded(now=now, node=node):
        _give_up(dispatch, now)


def end() -> None:
    """Afterwards the parsing children are gone."""
    _pool.close()
    _checker.close()


def adopt_mail(now: dt.datetime) -> int:
    """Give a row to every message that is durable and has none yet."""
    return intake.adopt_orphans(now=now, most=250)


def read_mail(now: dt.datetime) -> int:
    """Parse what was stored, in child processes, and check its signatures; the demonstration asks no DNS."""
    global _left_over
    by = mark_of(_node)
    if _left_over:
        let_go(Mail.objects.to_read(), by=by)
    _left_over = True
    checker = None if settings.ANSWERABLE_DEMO else _checker
    read = reading.read_next(_pool, by=by, now=now, most=50, checker=checker)
    _left_over = False
    return read


def receive_mail(now: dt.datetime) -> int:
    """File or hold what was read."""
    mails = list(Mail.objects.to_receive()[:AT_ONCE])
    try:
        journey.receive(*mails, now=now)
    except Exception:
        return sum(_receive_alone(mail, now) for mail in mails)
    return len(mails)


def recover_stranded(now: dt.datetime) -> int:
    """What some worker took and never finished becomes `unknown`."""
    stranded = outbox.stranded(now=now)
    for dispatch in stranded:
        _give_up(dispatch, now)
    return len(stranded)


def deliver(now: dt.datetime) -> int:
    """Hand over one letter, if one is due. One at a time, so that a worker that dies leaves one doubt at most."""
    _write_down()
    taken = outbox.claim(now=now, node=_node, most=1)
    for dispatch in taken:
        _said.append((dispatch, _hand_over(dispatch, now), instant()))
        _write_down()
    return len(taken)


def _write_down() -> None:
    """Write down what servers said. While the database is away it stays in hand, and nothing else is handed over."""
    with _writing_down:
        while _said:
            dispatch, said, at = _said.pop()
            try:
                if said.outcome is Outcome.ACCEPTED:
                    journey.record_delivery(dispatch, server_words=said.words, now=at)
                else:
                    journey.record_failure(dispatch, said, now=at)
            except (OperationalError, InterfaceError):
                _said.append((dispatch, said, at))
                raise


def tick(now: dt.datetime) -> int:
    """Let dates pass, but not beyond mail that came in time and was not received yet, here or in a team's own mailbox."""
    if intake.anything_waits() or _fetching().filter(_not_polled_since(now - LONG_UNPOLLED)).exists():
        return 0
    oldest = Mail.objects.filter(state=Mail.State.STORED).aggregate(at=Min("received_at"))["at"]
    return journey.tick(now=min(now, oldest) if oldest else now)


def sequence_log(now: dt.datetime) -> int:
    """Give new entries their place in the log, and sign it."""
    return sequence(now=now)


def build_record(now: dt.datetime) -> int:
    """Build the public pages that are not as they should be; take off what lost its ground. All are looked at each minute."""
    global _looked_at_all
    everything = _looked_at_all is None or now - _looked_at_all >= BETWEEN_LOOKS
    if _looked_at_all is None:
        building.renew()
    if everything:
        _looked_at_all = now
        withdraw_groundless(now)
    return sum(_build(letter, now) for letter in building.stale(everything=everything))


def _build(letter: Letter, now: dt.datetime) -> int:
    """One letter's pages, so that one that cannot be built keeps no other waiting."""
    try:
        building.build(letter, now=now)
    except Exception as error:
        log.error("the pages of letter %s could not be built: %s", letter.uid, type(error).__name__)
        return 0
    return 1


def withdraw_groundless(now: dt.datetime) -> None:
    """Withdraw every published letter that could not be published now: an objection, a ground taken back or run out."""
    for letter in Letter.objects.filter(record_state=RecordState.PUBLISHED).select_related("case").iterator():
        if any(one.forbids for one in checks.findings(letter, now=now)):
            journey.withdraw(letter, by=None, now=now)


def poll_mailboxes(now: dt.datetime) -> int:
    """Fetch what came to the teams' own mailboxes."""
    due = _fetching().filter(_not_polled_since(now - BETWEEN_POLLS))
    return sum(mailbox.poll(one, now=now) for one in due)


def _fetching() -> QuerySet[Mailbox]:
    return Mailbox.objects.filter(in_use=True).exclude(imap_host="")


def _not_polled_since(at: dt.datetime) -> Q:
    return Q(last_polled_at=None) | Q(last_polled_at__lte=at)


def _receive_alone(mail: Mail, now: dt.datetime) -> int:
    """One message by itself, so that one that cannot be filed does not keep the others waiting: a person sees it."""
    try:
        journey.receive(mail, now=now)
    except (OperationalError, InterfaceError):
        return 0  # of the database, not of the message: it is tried again
    except Exception as error:
        log.error("mail %s could not be received: %s", mail.uid, type(error).__name__)
        journey.hold(mail, now=now)
    return 1


def _hand_over(dispatch: Dispatch, now: dt.datetime) -> HandOver:
    """Compose and hand over. Whatever fails before the server is asked was not handed over."""
    try:
        server = email.server_of(dispatch)
        if server is None:
            return HandOver(Outcome.REFUSED, email.no_relay_sentence())
        check_demonstration(dispatch.address)
        read_parts(dispatch.recipient.letter)
        version = authoritative(dispatch.recipient.letter)
        where = {"reply_to": email.answers_to(dispatch), "reply_link": answering.reply_link(dispatch)}
        text = text_of(version, **where)
        pdf = pdf_of(version, recipient=dispatch.recipient, **where)
        message = email.compose(dispatch, text=text, pdf=pdf, now=now)
    except Refused as refused:
        return HandOver(Outcome.REFUSED, refused.sentence)
    except Exception as error:
        log.error("dispatch %s could not be composed: %s", dispatch.uid, type(error).__name__)
        return HandOver(Outcome.PUT_OFF, f"composing: {type(error).__name__}")
    return email.hand_over(message, sender=email.sender_of(dispatch)[1], recipient=dispatch.address, server=server)


def _give_up(dispatch: Dispatch, now: dt.datetime) -> None:
    journey.record_failure(dispatch, HandOver(Outcome.UNKNOWN, "the worker ended while handing it over"), now=now)
