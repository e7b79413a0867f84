"""How fast mail comes in: durable accepts against aiosmtpd with an empty handler, and a reply with a PDF all the way.

The whole way is: accepted durably, given a row, parsed in a child, matched, filed with its recipient and logged. The client, the
intake, the worker and its children share the machine. Run as `python -m bench.intake`.
"""

import datetime as dt
import multiprocessing
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from base64 import encodebytes
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from pathlib import Path

import django

_home = tempfile.TemporaryDirectory(prefix="answerable-bench-")
os.environ.update(ANSWERABLE_HOME=_home.name, DJANGO_SETTINGS_MODULE="answerable.conf.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from answerable import journey  # noqa: E402
from answerable.accounts.models import Team, User  # noqa: E402
from answerable.cases.models import Case  # noqa: E402
from answerable.dispatch.outbox import reply_address  # noqa: E402
from answerable.inbound.models import Mail  # noqa: E402
from answerable.letters.drafting import Asked, Signed, Someone, Words  # noqa: E402
from answerable.letters.models import Dispatch  # noqa: E402
from answerable.workers import duties  # noqa: E402
from answerable.workers.working import LINES, follow  # noqa: E402

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
CLIENTS, ACCEPTED, WHOLE_WAY, LETTERS = 8, 1_600, 2_000, 100
FLOOR_RATIO, FLOOR, FROIDE = 0.6, 250, 27  # of aiosmtpd; messages a second; and what Froide does

_OURS = """
import datetime as dt, sys
from pathlib import Path
from answerable.inbound.listener import listen
listen("127.0.0.1", 0, folder=Path(sys.argv[1]), domain="answerable.example",
       clock=lambda: dt.datetime.now(dt.UTC), ready=lambda port: print(port, flush=True))
"""
_EMPTY = """
import asyncio
from aiosmtpd.smtp import SMTP
class Handler:
    async def handle_DATA(self, server, session, envelope):
        return "250 OK"
async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Handler(), loop=loop, hostname="x.example"), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


def main() -> None:
    """Print both figures, and how they stand to their floors."""
    raw = _message(0, "r.nobody@answerable.example")
    empty, durable = _accepts(_EMPTY, raw), _accepts(_OURS, raw)
    print(
        f"intake: {durable:,.0f} durable accepts a second of {len(raw) / 1000:.0f} KB; aiosmtpd with an empty handler "
        f"{empty:,.0f}: ratio {durable / empty:.2f} (floor {FLOOR_RATIO})"
    )
    call_command("migrate", verbosity=0)
    rate = _whole_way(dispatches())
    print(
        f"intake: {rate:,.0f} replies a second accepted, parsed, matched and stored; {rate / FLOOR:.1f} times the floor, "
        f"{rate / FROIDE:.0f} times Froide"
    )


def _accepts(program: str, raw: bytes) -> float:
    """Messages a second that the intake in `program` answers 250 to."""
    with tempfile.TemporaryDirectory(prefix="answerable-spool-") as folder, _process(program, folder) as process:
        port = int(process.stdout.readline())
        sent = [(b"r.nobody@answerable.example", b"X-Number: %d\r\n" % number + raw) for number in range(ACCEPTED)]
        took = send_all(port, sent)
        process.terminate()
        return ACCEPTED / took


def _whole_way(accepted: list[Dispatch]) -> float:
    """Messages a second from the first that is sent to the last that is filed."""
    addresses = [reply_address(dispatch) for dispatch in accepted]
    sent = [
        (addresses[n % len(addresses)].encode(), _message(n, addresses[n % len(addresses)])) for n in range(WHOLE_WAY)
    ]
    stop = threading.Event()
    lines = [threading.Thread(target=follow, args=(line, stop)) for line in LINES if line.name.startswith("mail ")]
    with _process(_OURS, str(settings.ANSWERABLE_SPOOL)) as process:
        port = int(process.stdout.readline())
        # The client is a process of its own: it would otherwise share one interpreter with the worker that is measured.
        sending = multiprocessing.get_context("fork").Process(target=send_all, args=(port, sent))
        started = time.perf_counter()
        sending.start()
        for line in lines:
            line.start()
        while Mail.objects.filter(state=Mail.State.MATCHED).count() < WHOLE_WAY:
            time.sleep(0.02)
        took = time.perf_counter() - started
        stop.set()
        sending.join()
        process.terminate()
    for line in lines:
        line.join()
    duties.end()
    return WHOLE_WAY / took


def _process(program: str, folder: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", program, folder], stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent
    )


def send_all(port: int, messages: list[tuple[bytes, bytes]], *, clients: int = CLIENTS) -> float:
    """Send over so many connections at a time; the seconds it took."""
    sending = [threading.Thread(target=_send, args=(port, messages[n::clients])) for n in range(clients)]
    started = time.perf_counter()
    for client in sending:
        client.start()
    for client in sending:
        client.join()
    return time.perf_counter() - started


def _send(port: int, messages: list[tuple[bytes, bytes]]) -> None:
    """SMTP with as little work as can be: what is measured is the other side."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        answers = line.makefile("rb")
        answers.readline()
        line.sendall(b"HELO bench.example\r\n")
        answers.readline()
        for to, raw in messages:
            for said in (
                b"MAIL FROM:<office@justice.example>\r\n",
                b"RCPT TO:<" + to + b">\r\n",
                b"DATA\r\n",
                raw + b".\r\n",
            ):
                line.sendall(said)
                answer = answers.readline()
            if not answer.startswith(b"250"):
                raise SystemExit(f"not accepted: {answer!r}")


def _message(number: int, to: str) -> bytes:
    """A reply of 74 KB with a PDF, each with bytes of its own, as it goes over the wire."""
    message = EmailMessage(policy=WIRE)
    message["From"] = "Office of the Minister <office@justice.example>"
    message["To"] = to
    message["Subject"] = f"Re: The case of Nima Rad ({number})"
    message["Message-ID"] = f"<{number}@justice.example>"
    message["Date"] = "Mon, 02 Mar 2026 10:00:00 +0100"
    message.set_content(
        "Dear Ms Rad,\n\nplease find our answer attached.\n\nOn Sunday, Alice wrote:\n" + "> quoted\n" * 40
    )
    pdf = b"%PDF-1.4\n" + random.Random(number).randbytes(53_000) + b"\n%%EOF\n"
    message.add_attachment(b"", maintype="application", subtype="pdf", filename="answer.pdf")
    # The standard library takes long to encode what the bench needs thousands of.
    last = message.as_bytes().rstrip(b"\r\n")
    head, _, end = last.rpartition(b"\r\n\r\n")
    return head + b"\r\n\r\n" + encodebytes(pdf).replace(b"\n", b"\r\n") + end + b"\r\n"


def dispatches(letters: int = LETTERS) -> list[Dispatch]:
    """So many letters that were accepted."""
    user = User.objects.create_user("alice@people.example", name="Alice")
    team = Team.objects.create(name="Bench", created_at=NOW)
    case = Case.objects.create(team=team, title="Bench", slug="bench", opened_at=NOW)
    found = []
    for number in range(letters):
        letter = journey.draft(
            case,
            title=f"Letter {number}",
            versions=[Words("en", "Where is Nima?", "We write about Nima.")],
            to=[Someone("The Minister", None, "email", "office@justice.example")],
            asks=[Asked("plea", "Tell us.")],
            signatories=[Signed("Alice")],
            by=user,
            now=NOW,
        )
        (dispatch,) = journey.send(letter, route="host", by=user, now=NOW)
        Dispatch.objects.filter(pk=dispatch.pk).update(state="sending")
        journey.record_delivery(dispatch, server_words="250", now=NOW)
        found.append(dispatch)
    return found


if __name__ == "__main__":
    main()
