"""How often each signed-in page asks the database, and how long it takes: with little there, and with a great deal.

With a great deal means a thread of a thousand messages, hundreds of letters, cases and bodies, a thousand messages in
the pen. The pages are those that the tests of access know. Run as `python -m bench.pages`.
"""

import datetime as dt
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import django

_home = tempfile.TemporaryDirectory(prefix="answerable-bench-")
os.environ.update(ANSWERABLE_HOME=_home.name, DJANGO_SETTINGS_MODULE="answerable.conf.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import get_resolver, reverse  # noqa: E402

from answerable.accounts.models import Membership, Team, User  # noqa: E402
from answerable.cases import opening  # noqa: E402
from answerable.cases.models import Case  # noqa: E402
from answerable.core.instants import now  # noqa: E402
from answerable.directory import keeping  # noqa: E402
from answerable.directory.shipping import ship  # noqa: E402
from answerable.inbound.models import Mail, Proposal, Reply  # noqa: E402
from tests.web import made, matrix_accounts, matrix_desk  # noqa: E402

MESSAGES, LETTERS, CASES, BODIES = 1_000, 200, 200, 300
MOST_QUERIES = 15  # a page asks fewer times than this
TIMES = 3
SHOWN = 8


@dataclass(frozen=True)
class Cost:
    """What one page took: statements, and milliseconds at best."""

    queries: int
    milliseconds: float


def main() -> None:
    """Print the pages that cost most, and the most that any page asked."""
    call_command("migrate", verbosity=0)
    at = now() - dt.timedelta(days=10)
    ship(now=at)
    team, alice, things = _little(at)
    client = Client()
    client.force_login(alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    addresses = dict(_addresses(things))
    little = {name: _cost(client, address) for name, address in addresses.items()}
    _a_great_deal(team, alice, things, at)
    much = {name: _cost(client, address) for name, address in addresses.items()}
    dearest = sorted(much, key=lambda name: (-much[name].queries, -much[name].milliseconds))
    slowest = sorted(much, key=lambda name: -much[name].milliseconds)
    for name in dict.fromkeys([*dearest[:SHOWN], *slowest[: SHOWN // 2]]):
        print(f"pages:   {name:24} {_said(little[name])} with little, {_said(much[name])} with a great deal")
    most = much[dearest[0]].queries
    print(
        f"pages: {len(much)} pages ({connection.vendor}), at most {most} statements; {most / MOST_QUERIES:.2f} of the limit;"
        f" the slowest {much[slowest[0]].milliseconds:.0f} ms"
    )
    if most >= MOST_QUERIES:
        sys.exit("pages: the limit was passed")


def _said(cost: Cost) -> str:
    return f"{cost.queries:3} statements {cost.milliseconds:6.1f} ms"


def _cost(client: Client, address: str) -> Cost:
    """What the page costs once templates are loaded."""
    took = []
    for _ in range(TIMES):
        with CaptureQueriesContext(connection) as asked:
            started = time.perf_counter()
            answer = client.get(address)
            took.append(time.perf_counter() - started)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answers {answer.status_code}")
    return Cost(len(asked), min(took) * 1000)


def _addresses(things: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Every page of the tables that is there for Alice, under a name of its own."""
    for row in (*matrix_accounts.ROWS, *matrix_desk.ROWS):
        if not row.get.startswith("200"):
            continue
        ((_path, parameters),), *_rest = get_resolver().reverse_dict.getlist(row.name)[0]
        arguments = {name: things[row.args.get(name, name)] for name in parameters}
        yield " ".join([row.name, *sorted(row.args.values())]), reverse(row.name, kwargs=arguments)


def _little(at: dt.datetime) -> tuple[Team, User, dict[str, object]]:
    """One of everything, as the tests of access have it."""
    team = Team.objects.create(name="Friends of Nima", created_at=at)
    people = {}
    for name, role in (("Alice", Membership.Role.OWNER), ("Bob", Membership.Role.WRITER)):
        people[name] = User.objects.create_user(f"{name.lower()}@people.example", "correct horse battery", name=name)
        Membership.objects.create(team=team, user=people[name], role=role, since_at=at)
    things: dict[str, object] = {}
    for module in (matrix_accounts, matrix_desk):
        things |= module.things(team=team, alice=people["Alice"], bob=people["Bob"], now=at)
    return team, people["Alice"], things


def _a_great_deal(team: Team, alice: User, things: dict[str, object], at: dt.datetime) -> None:
    case = Case.objects.get(uid=things["case"])
    for number in range(LETTERS):
        made.a_sent_letter(case, alice, at, title=f"Letter {number}")
    for number in range(CASES):
        opening.open_case(team=team, title=f"Case {number}", public_title="", by=alice, now=at)
    for number in range(BODIES):
        body = keeping.add_body(name=f"Ministry {number} of Justice", team=team, by=alice, now=at)
        keeping.add_office(body=body, name="Minister", team=team, by=alice, now=at)
    reply = Reply.objects.select_related("mail").get(uid=things["reply"])
    mails = Mail.objects.bulk_create(_copies(reply.mail))
    for mail in mails:
        reply.pk, reply.uid, reply.mail = None, uuid.uuid4(), mail
        reply.save(force_insert=True)
    held = Mail.objects.get(uid=things["mail"])
    proposals = list(held.proposals.all())
    Proposal.objects.bulk_create(
        Proposal(mail=mail, recipient_id=one.recipient_id, reason=one.reason, score=one.score)
        for mail in Mail.objects.bulk_create(_copies(held))
        for one in proposals
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copies(mail: Mail) -> Iterator[Mail]:
    fields = {field.attname: getattr(mail, field.attname) for field in Mail._meta.concrete_fields}
    for _ in range(MESSAGES):
        uid = uuid.uuid4()
        yield Mail(**fields | {"uid": uid, "digest": uid.hex * 2})


if __name__ == "__main__":
    main()
