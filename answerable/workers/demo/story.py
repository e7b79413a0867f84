"""`answerable story`: the demonstration, replayed from sixty days ago to now, through the product's own verbs.

Every step looks first whether it was done: a second run repeats nothing, an interrupted one goes on. The clock
offset is moved between the steps and ends at zero. Everybody in it is invented.
"""

import argparse
import datetime as dt
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections

from answerable import journey
from answerable.accounts.beginning import begin
from answerable.accounts.models import Team, User
from answerable.cases.models import Case
from answerable.core.instants import now, offset, set_offset
from answerable.directory.keeping import add_body, add_contact, add_holder, add_office
from answerable.directory.models import Body, Office
from answerable.dispatch.answering import reply_link
from answerable.evidence.files import keep
from answerable.evidence.uploads import keep_photo
from answerable.importers.keeping import as_draft
from answerable.importers.reading import read
from answerable.inbound.models import Mail, Reply
from answerable.letters import drafting
from answerable.letters.drafting import Asked, Words
from answerable.letters.models import Dispatch, Letter, Recipient
from answerable.letters.states import DispatchState, LetterState, RecipientState, RecordState

from ..dying import end_with_parent
from . import EMAIL, PASSWORD
from .case import begin_case

DATA = Path(__file__).resolve().parents[2] / "data" / "demo"
DAYS_AGO = 60
PATIENCE = 12.0  # seconds to wait for the other processes before going on without


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    """Tell the story from where it stopped to its end."""
    end_with_parent()
    try:
        tell()
    finally:
        set_offset(dt.timedelta(0))
    return 0


def tell() -> None:
    """Afterwards the story has happened, once, and the clock is right."""
    team, alice = people()
    letter = Letter.objects.filter(case__team=team, reminder_of=None).order_by("pk").first()
    if letter is None or letter.record_state == RecordState.PRIVATE:
        if letter is None:
            set_offset(-dt.timedelta(days=DAYS_AGO))
        offices(team, alice)
        letter = letter or read_letter(team, alice)
        send(letter, alice)
        wait_for_days(letter)
        set_offset(dt.timedelta(0))
        publish(letter, alice)
    say("")
    say("The story is told, and the clock is right. The offices stay up: letters you write to addresses that end in")
    say(
        ".example are answered after a few seconds; begin the address with silent, away, bounce, full or busy to see more."
    )
    say(f"Sign in at {url('/desk/')}  as  {EMAIL}  with  {PASSWORD}")


def people() -> tuple[Team, User]:
    """The family that writes."""
    user = User.objects.filter(email=EMAIL).first()
    if user is None:
        user = begin(
            name="Tamsin Solenne",
            email=EMAIL,
            password=PASSWORD,
            team_name="Family Solenne",
            country="XA",
            postal_address="3 Ropewalk\n4410 Lisvik\nArdania",
            now=now(),
        )
        say(f"A family sets up its desk: {url('/desk/team/')}")
    return Team.objects.of(user).get(), user


def offices(team: Team, by: User) -> None:
    """The offices of Ardania, in the family's own directory."""
    for row in json.loads((DATA / "directory.json").read_text(encoding="utf-8")):
        if "key" in row:
            office = Office.objects.get(body__key=row["key"])
            if not office.contacts.filter(team=team).exists():
                add_contact(
                    office=office,
                    channel="email",
                    value=row["email"],
                    team=team,
                    by=by,
                    now=now(),
                    checked=True,
                    source="the demonstration",
                )
        elif not Body.objects.filter(team=team, name=row["body"]).exists():
            add_country_office(row, team, by)
    say(
        f"Five offices of an invented country go into the directory, beside the bodies we ship: {url('/desk/directory/')}"
    )


def add_country_office(row: dict[str, object], team: Team, by: User) -> None:
    """One body of the demonstration with its office, holder and contacts."""
    at = now()
    source = "the demonstration"
    body = add_body(
        name=str(row["body"]), team=team, by=by, now=at, other_names=list(row["names"]), kind=str(row["kind"]),  # type: ignore[call-overload]
        country="XA", time_zone="Europe/Oslo", languages="en", source=source,
    )  # fmt: skip
    office = add_office(body=body, name=str(row["office"]), team=team, by=by, now=at)
    holder = row["holder"]
    if isinstance(holder, dict):
        add_holder(
            office=office, name=holder["name"], form_of_address=holder["form_of_address"],
            from_on=dt.date.fromisoformat(holder["from_on"]), by=by, now=at, source=source,
        )  # fmt: skip
    for channel in ("email", "post"):
        add_contact(
            office=office,
            channel=channel,
            value=str(row[channel]),
            team=team,
            by=by,
            now=at,
            checked=True,
            source=source,
        )


def read_letter(team: Team, by: User) -> Letter:
    """The letter that exists on a page becomes a draft in a case."""
    page = (DATA / "open-letter.html").read_bytes()
    case = Case.objects.filter(team=team).first() or begin_case(team, by, now())
    source = keep(page, media_type="text/html", now=now())
    reading = read(page, name="open-letter.html")
    draft = as_draft(reading, team=team, source=source, source_name="https://families.example/letters/solenne")
    persian = Words(**json.loads((DATA / "letter.fa.json").read_text(encoding="utf-8")))
    photo = keep_photo((DATA / "empty-chair.jpg").read_bytes(), field="photo", now=now())
    draft = replace(
        draft,
        versions=[*draft.versions, persian],
        asks=[Asked("information" if "law" in ask.text.lower() else "plea", ask.text) for ask in draft.asks],
        own_days=30,
        photo=photo,
        photo_alt="A wooden chair stands empty at a window; grey light falls on it.",
        photo_caption="Marek Solenne's chair at the window of the family's house in Lisvik",
    )
    letter = drafting.begin(case, draft, by=by, now=now())
    unknown = [one.as_written for one in draft.copies if one.office is None]
    say(f"A letter that stood on a web page is read into a draft: {url(f'/desk/letters/{letter.uid}/')}")
    say(f"  one addressee, {len(draft.copies)} copies; no known body is called: {', '.join(unknown)}")
    return letter


def send(letter: Letter, by: User) -> None:
    """The letter is sealed and leaves; machines answer at once."""
    if letter.state == LetterState.DRAFT:
        without = letter.recipients.filter(channel="email", address="")
        without.update(channel="post", address="International Court of Human Rights\n(no address is known)")
        journey.send(letter, route=Dispatch.Route.HOST, by=by, now=now())
        letter.refresh_from_db()
    by_mail = Dispatch.objects.filter(recipient__letter=letter, channel="email")
    wait(lambda: not by_mail.filter(state__in=[DispatchState.QUEUED, DispatchState.SENDING]).exists())
    say(
        f"{day()}: the words are sealed, the PDF is made, and each desk gets a message of its own: {url(f'/desk/letters/{letter.uid}/')}"
    )
    first = Dispatch.objects.filter(recipient__letter=letter).order_by("pk").first()
    if first:
        say(f"  who got it can answer without an account, on a page that the letter names: {reply_link(first)}")


def wait_for_days(letter: Letter) -> None:
    """The days pass, and what happens in them happens in the other processes."""
    start = letter.sealed_at or now()
    recipients = Recipient.objects.filter(letter=letter)
    replies = Reply.objects.filter(recipient__letter=letter)

    def at(days: float) -> None:
        set_offset(start + dt.timedelta(days=days) - (now() - offset()))

    at(0.1)
    wait(lambda: replies.filter(kind=Mail.Kind.AUTOMATIC).exists())
    say(f"{day()}: the embassy's machine says that everybody is away. That is filed, and stops no clock.")
    wait(lambda: Dispatch.objects.filter(recipient__letter=letter, state=DispatchState.BOUNCED).exists())
    say(
        f"{day()}: the committee's mailbox does not exist: the message came back, its clock is void, another channel is asked for."
    )
    at(9.2)
    wait(lambda: recipients.filter(state=RecipientState.ANSWERED).exists())
    say(f"{day()}: the Ombudsman answers in substance. The answer finds its thread by the address it was sent to.")
    at(24)
    wait(lambda: recipients.filter(state=RecipientState.NO_REPLY_RECORDED).exists())
    say(f"{day()}: the day by which the law wanted an answer to the question has passed. No reply is recorded.")
    at(32)
    wait(lambda: not recipients.filter(state=RecipientState.WAITING).exists())
    wait(lambda: letter.reminders.exists())
    say(f"{day()}: the family's own date for its plea has passed as well. A reminder waits as a draft: {url('/desk/')}")


def publish(letter: Letter, by: User) -> None:
    """The letter is shown to the world, on the ground the family stated."""
    letter.refresh_from_db()
    if letter.record_state in {RecordState.PRIVATE, RecordState.CHECKED}:
        for answer in Reply.objects.filter(recipient__letter=letter, kind=Mail.Kind.ANSWER):
            journey.show(answer, shown=True, by=by, now=now())
        journey.publish(letter, by=by, now=now())
    page = Path(settings.ANSWERABLE_RECORD) / "letters" / letter.slug / "index.html"
    wait(page.exists)
    say(f"{day()}: the letter is published, with what each recipient did: {url(f'/letters/{letter.slug}/')}")


def wait(until: Callable[[], bool]) -> None:
    """Wait until something is so, for a while; the story goes on without it."""
    end = time.monotonic() + PATIENCE
    while not until() and time.monotonic() < end:
        time.sleep(0.1)
        close_old_connections()


def day() -> str:
    """Today, by the demonstration's clock."""
    return f"{now():%d %B %Y}"


def url(path: str) -> str:
    """An address on this host."""
    return f"{settings.ANSWERABLE_URL}{path}"


def say(line: str) -> None:
    """One line for whoever started the demonstration."""
    print(line, flush=True)
