"""What stands on the public pages: plain values, taken from the rows once, when a page is built.

We state who says what and what is recorded, with dates; never who is right. Private notes, addresses, the words of
servers, and answers nobody chose to show are not here, and so cannot leak from a template.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf.locale import LANG_INFO
from django.db.models import Prefetch, QuerySet
from django.utils.formats import date_format
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from answerable.cases.models import Case
from answerable.clock.models import Clock
from answerable.clock.rules import rules
from answerable.directory.models import Channel, Office
from answerable.inbound.models import Mail, Reply
from answerable.letters.models import Letter, Recipient, Version
from answerable.letters.plain import asks_to_print, signature
from answerable.letters.states import DispatchState, RecipientState, RecordState

from .pictures import Picture

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True)
class Link:
    """A page one can go to. `note` says something about it in a few words."""

    title: str
    url: str
    note: str = ""
    on: dt.date | None = None


@dataclass(frozen=True)
class VersionView:
    """The letter in one language; `direction` is "ltr" or "rtl"."""

    language: str
    language_name: str
    direction: str
    is_authoritative: bool
    subject: str
    salutation: str
    paragraphs: Sequence[str]
    asks: Sequence[str]
    closing: str


@dataclass(frozen=True)
class Happened:
    """Something that is recorded of a recipient: on which day, and what, in a sentence."""

    on: dt.date
    what: str


@dataclass(frozen=True)
class RecipientView:
    """One addressee or copy: as written, whether that is a known body, its state in words, and what happened."""

    is_copy: bool
    lines: Sequence[str]
    office: Link | None
    state: str  # a `RecipientState`, for the colour
    summary: str
    happened: Sequence[Happened]


@dataclass(frozen=True)
class ReplyView:
    """An answer whose words are shown, as prominent as the letter."""

    who: str
    on: dt.date
    way: str
    language: str
    direction: str
    paragraphs: Sequence[str]


@dataclass(frozen=True)
class LetterPage:
    """Everything on a letter's page."""

    title: str
    url: str
    reference: str
    case: Link
    sent_on: dt.date
    published_on: dt.date
    versions: Sequence[VersionView]
    picture: Picture | None
    signatories: Sequence[str]
    recipients: Sequence[RecipientView]
    replies: Sequence[ReplyView]
    others: Sequence[Link]
    as_of: dt.date
    description: str

    @property
    def main(self) -> VersionView:
        """The version that counts."""
        return self.versions[0]

    @property
    def addressees(self) -> list[RecipientView]:
        """Whom it is written to."""
        return [one for one in self.recipients if not one.is_copy]

    @property
    def copies(self) -> list[RecipientView]:
        """Who got a copy."""
        return [one for one in self.recipients if one.is_copy]


@dataclass(frozen=True)
class CasePage:
    """Everything on a case's page: its public letters. What else is known of a case nobody decided to show."""

    title: str
    url: str
    letters: Sequence[Link]


@dataclass(frozen=True)
class OfficePage:
    """Everything on an office's page: the letters to it that are public, and what is recorded of each."""

    title: str
    body: str
    url: str
    letters: Sequence[Link]


@dataclass(frozen=True)
class IndexPage:
    """Everything on the first page: the public letters, newest first, and how many there are."""

    letters: Sequence[Link]
    count: int
    url: str = field(default="/")


def letter_page(letter: Letter, *, picture: Picture | None, now: dt.datetime) -> LetterPage:
    """The page of a letter as it is recorded at `now`."""
    versions = [version_view(version) for version in letter.versions.all()]
    # By join: what is prefetched from a thousand replies is more than SQLite takes in one expression.
    replies = Prefetch("replies", Reply.objects.select_related("mail").defer("mail__text"))
    recipients = list(
        letter.recipients.select_related("office__body").prefetch_related("dispatches", "clocks", replies)
    )
    shown = [r for one in recipients for r in one.replies.all() if r.shown_at and not r.undone_at]
    main = versions[0]
    return LetterPage(
        title=letter.title,
        url=letter_url(letter),
        reference=letter.reference,
        case=case_link(letter.case),
        sent_on=(letter.sealed_at or now).date(),
        published_on=(letter.published_at or now).date(),
        versions=versions,
        picture=picture,
        signatories=[signature(s.name, s.role, s.place) for s in letter.signatories.all()],
        recipients=[recipient_view(one) for one in recipients],
        replies=[reply_view(one, main) for one in sorted(shown, key=lambda r: r.received_at)],
        others=[letter_link(other) for other in public_letters().filter(case=letter.case).exclude(pk=letter.pk)],
        as_of=now.date(),
        description=" ".join(main.paragraphs[:1])[:200],
    )


def version_view(version: Version) -> VersionView:
    """One version as shown."""
    name, direction = _language(version.language)
    return VersionView(
        version.language,
        name,
        direction,
        version.is_authoritative,
        version.subject,
        version.salutation,
        version.paragraphs,
        asks_to_print(version),
        version.closing,
    )


def recipient_view(recipient: Recipient) -> RecipientView:
    """What a recipient did and when."""
    happened = [*_dispatches(recipient), *_replies(recipient), *_dates(recipient)]
    return RecipientView(
        recipient.kind == Recipient.Kind.COPY,
        [line.strip() for line in recipient.as_written.splitlines() if line.strip()],
        office_link(recipient.office) if recipient.office else None,
        recipient.state,
        summary(recipient),
        sorted(happened, key=lambda one: one.on),
    )


def summary(recipient: Recipient) -> str:
    """The state of a recipient, in the words the record uses."""
    if recipient.state == RecipientState.ANSWERED and recipient.answered_at:
        return _("Answered on %(date)s") % {"date": _day(recipient.answered_at)}
    if recipient.state == RecipientState.NO_REPLY_RECORDED:
        passed = [clock for clock in recipient.clocks.all() if clock.state == Clock.State.PASSED]
        if passed:
            return _("No reply recorded by %(date)s") % {"date": _on(min(clock.due_on for clock in passed))}
    if recipient.state == RecipientState.WAITING:
        return _("Waiting for an answer")
    if any(d.state == DispatchState.BOUNCED for d in recipient.dispatches.all()):
        return _("Came back undelivered")
    return _("No delivery recorded yet")


def reply_view(reply: Reply, main: VersionView) -> ReplyView:
    """An answer as shown."""
    words = [block.strip() for block in reply.words.replace("\r\n", "\n").split("\n\n") if block.strip()]
    day = reply.received_at.date()
    return ReplyView(reply.recipient.name, day, reply.get_way_display(), main.language, "auto", words)


def case_page(case: Case) -> CasePage:
    """The page of a case."""
    link = case_link(case)
    return CasePage(link.title, link.url, [letter_link(letter) for letter in public_letters().filter(case=case)])


def office_page(office: Office) -> OfficePage:
    """The page of an office."""
    rows = Recipient.objects.filter(office=office, letter__in=public_letters()).select_related(
        "letter__case", "office__body"
    )
    letters = [letter_link(row.letter, note=summary(row)) for row in rows.prefetch_related("clocks", "dispatches")]
    return OfficePage(office.name, office.body.name, office_link(office).url, letters)


def index_page() -> IndexPage:
    """The first page of the record."""
    letters = public_letters().select_related("case")
    return IndexPage([letter_link(letter, note=letter.case.public_title) for letter in letters[:200]], letters.count())


def public_letters() -> QuerySet[Letter]:
    """The letters the world may see, newest first."""
    return Letter.objects.filter(record_state=RecordState.PUBLISHED).order_by("-published_at", "-pk")


def letter_url(letter: Letter) -> str:
    """The public address of a letter."""
    return f"/letters/{letter.slug}/"


def letter_link(letter: Letter, *, note: str = "") -> Link:
    """A letter, as others refer to it."""
    return Link(letter.title, letter_url(letter), note, letter.sealed_at.date() if letter.sealed_at else None)


def case_link(case: Case) -> Link:
    """A case, as others refer to it."""
    return Link(case.public_title or _("A case"), f"/cases/{case.slug}/")


def office_link(office: Office) -> Link:
    """An office, as others refer to it."""
    return Link(office.name, f"/offices/{office.slug}/", office.body.name)


def _dispatches(recipient: Recipient) -> list[Happened]:
    said = []
    for dispatch in recipient.dispatches.all():
        way = {"way": dispatch.get_channel_display()}
        if dispatch.accepted_at:
            by_mail = dispatch.channel == Channel.EMAIL
            what = _("Accepted by the receiving mail server") if by_mail else _("Delivered (%(way)s)") % way
            said.append(Happened(dispatch.accepted_at.date(), what))
        if dispatch.state == DispatchState.BOUNCED and dispatch.ended_at:
            said.append(Happened(dispatch.ended_at.date(), _("Came back undelivered (%(way)s)") % way))
        if dispatch.state == DispatchState.REFUSED and dispatch.ended_at:
            said.append(Happened(dispatch.ended_at.date(), _("Not accepted by the receiving server")))
    return said


def _replies(recipient: Recipient) -> list[Happened]:
    words = {
        Mail.Kind.ANSWER: _("Answered"),
        Mail.Kind.AUTOMATIC: _("An automatic reply came"),
        Mail.Kind.ACKNOWLEDGEMENT: _("Receipt was acknowledged"),
    }
    by_page = words | {Mail.Kind.ANSWER: _("Answered on our page; the sender is not verified")}
    return [
        Happened(reply.received_at.date(), (by_page if reply.way == Reply.Way.PAGE else words)[Mail.Kind(reply.kind)])
        for reply in recipient.replies.all()
        if reply.kind in words and not reply.undone_at
    ]


def _dates(recipient: Recipient) -> list[Happened]:
    said = []
    for clock in recipient.clocks.all():
        if clock.state == Clock.State.PASSED:
            known = rules().get(clock.rule_id)
            because = known.law if clock.is_law and known else _("the writer's own date")
            said.append(Happened(clock.due_on, _("No reply recorded by this day (%(because)s)") % {"because": because}))
    return said


def _language(code: str) -> tuple[str, str]:
    """(the language's own name, its direction), also of languages that Django has no table of."""
    if code in LANG_INFO:
        known = get_language_info(code)
        return known["name_local"], "rtl" if known["bidi"] else "ltr"
    return code, "rtl" if code.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def _day(instant: dt.datetime) -> str:
    return _on(instant.date())


def _on(day: dt.date) -> str:
    return date_format(day, "DATE_FORMAT")
