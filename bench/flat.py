"""Whether intake stays as fast and as small as it was: the last thousand messages against the first, and memory in between.

Fifty clients hand in small answers at a time; half are filed with a letter, half are from strangers and held. `listen`
and `work` are processes of their own, as on a host. Run as `python -m bench.flat [MESSAGES]` (`make bench-long`: 100,000).
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from bench.intake import dispatches, send_all  # first: it makes a home and sets Django up

# isort: split
from django.core.management import call_command

from answerable.dispatch.outbox import reply_address
from answerable.inbound.models import Mail
from bench.size import free_port, tree
from tests.parts.processes import listens, wait_until

MESSAGES, THOUSAND, CLIENTS = 5_000, 1_000, 50
SLOWER, LARGER = 1.2, 1.2  # the last against the first, at most
FIRST = (
    3  # thousands whose median is called the first, and as many the last: one alone says more of the machine than of us
)
GROWN = 20_000  # messages over which memory is to be flat


def main(most: int) -> None:
    """Print each figure as it comes, then how the last stands to the first."""
    call_command("migrate", verbosity=0)
    addresses = [reply_address(one).encode() for one in dispatches(max(100, most // 100))]
    port = free_port()
    with _command("listen", "--port", str(port)) as listen, _command("work") as work:
        wait_until(lambda: listens(port))
        # What is loaded at first use is loaded before anything is measured.
        _thousand(port, addresses, -THOUSAND, THOUSAND)
        accepted, filed, sizes, worked = [], [], [], []
        for done in range(0, most, THOUSAND):
            before = _processor_seconds(listen.pid) + _processor_seconds(work.pid)
            took, whole = _thousand(port, addresses, done, done + 2 * THOUSAND)
            worked.append(THOUSAND / (_processor_seconds(listen.pid) + _processor_seconds(work.pid) - before))
            accepted.append(THOUSAND / took)
            filed.append(THOUSAND / whole)
            sizes.append((_own(listen.pid), _own(work.pid), sum(map(_own, tree(work.pid)[1:]))))
            if not (done // THOUSAND) % max(1, most // THOUSAND // 10):
                _print(done + THOUSAND, accepted[-1], filed[-1], worked[-1], sizes[-1])
        work.terminate()
        listen.terminate()
    _compare("accepted", accepted)
    _compare("filed", filed)
    _compare("taken in and filed, by processor time", worked)
    for number, name in enumerate(("listen", "work")):
        grown = [size[number] for size in sizes[: GROWN // THOUSAND + 1]]
        print(
            f"flat: {name} grew from {grown[0]:.0f} to {grown[-1]:.0f} MB over {(len(grown) - 1) * THOUSAND:,} messages: "
            f"{grown[-1] / grown[0]:.2f} times (limit {LARGER})"
        )


def _thousand(port: int, addresses: list[bytes], first: int, filed: int) -> tuple[float, float]:
    """Hand in a thousand; the seconds until all were accepted, and until `filed` messages were filed or held in all."""
    sent = [_message(number, addresses) for number in range(first, first + THOUSAND)]
    started = time.perf_counter()
    took = send_all(port, sent, clients=CLIENTS)
    settled = Mail.objects.filter(state__in=[Mail.State.MATCHED, Mail.State.HELD])
    while settled.count() < filed:
        time.sleep(0.05)
    return took, time.perf_counter() - started


def _message(number: int, addresses: list[bytes]) -> tuple[bytes, bytes]:
    """To whom it is handed in, and its bytes."""
    known = number % 2 == 0
    to = addresses[number // 2 % len(addresses)] if known else b"r.stranger%d@answerable.example" % number
    sender = b"office@justice.example" if known else b"stranger%d@elsewhere.example" % number
    head = b"From: <%b>\r\nTo: <%b>\r\nSubject: Re: your letter\r\nMessage-ID: <%d@elsewhere.example>\r\n"
    return to, head % (sender, to, number) + b"\r\nHe is in Marlow, says paper %d.\r\n" % number * 20


def _print(stored: int, accepted: float, filed: float, worked: float, size: tuple[float, float, float]) -> None:
    listen, work, children = size
    print(
        f"flat: {stored:7,} stored: {accepted:5,.0f} accepted a second, {filed:5,.0f} filed "
        f"({worked:,.0f} by processor time); "
        f"listen {listen:.0f} MB, work {work:.0f} MB and {children:.0f} MB of readers",
        flush=True,
    )


def _processor_seconds(pid: int) -> float:
    """What the process itself used until now: unlike the clock on the wall, it does not count what else runs here."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _own(pid: int) -> float:
    """The memory that no other process shares, in megabytes of a million bytes: what else runs here does not move it."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Private_")) * 1024 / 1e6


def _compare(what: str, rates: list[float]) -> None:
    first, last = median(rates[:FIRST]), median(rates[-FIRST:])
    print(
        f"flat: {what}: the first thousands {first:,.0f} a second, the last {last:,.0f}: "
        f"{first / last:.2f} times slower (limit {SLOWER})"
    )


def _command(*words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "answerable", *words])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES)
