"""The process that checks signatures: DKIM (RFC 6376), ARC (RFC 8617), DMARC (RFC 7489). It is `inbound.checking`'s child.

It has no network: asked for a DNS record, its parent answers. Checking costs what a sender makes it cost, so it is
ended when it takes too long. Frames are those of `inbound.child`. Asked: a message. Answered: {"txt": name}, to which the
parent says {"txt": value or null} or {"unknown": true}, as often as needed; then {"verdicts": {...}}.
"""

import json
import resource
import select
import sys
from collections.abc import Callable
from email.parser import BytesHeaderParser
from typing import Any

from dkim import ARC, DKIM

from .child import IDLE_SECONDS, allow_seconds, read_frame, write_frame
from .headers import addresses

SECONDS = 5  # of processor time for one message
MOST_SIGNATURES = 3
MOST_PARENTS = 4  # of the sender's domain that are asked for a policy
_MEMORY = 500_000_000
Txt = Callable[[str], str | None]


class Unknown(Exception):
    """The DNS did not answer, so nothing is known."""


def main() -> None:
    """Answer until the input ends, or nothing came for `IDLE_SECONDS`."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    asked = sys.stdin.buffer
    while select.select([asked], [], [], IDLE_SECONDS)[0] and (raw := read_frame(asked)):
        allow_seconds(SECONDS)
        _say({"verdicts": verdicts(raw, _ask_parent)})


def verdicts(raw: bytes, txt: Txt) -> dict[str, Any]:
    """What the signatures of a message show.

    `dkim` [{domain, result}], `arc` and `dmarc` are pass | fail | none | unknown (a DKIM signature that covers a part of the
    words only is `partial`); `aligned` is the domain in From where a signature of that domain, or of one above or below
    it, holds and the policy of the domain takes it, else "". SPF is not checked: only the relay in front of us saw where the message came from.
    """
    dkim = [_dkim(raw, number, txt) for number in range(_how_many(raw))]
    sender = _sender(raw)
    signers = [one["domain"] for one in dkim if one["result"] == "pass" and _belong_together(one["domain"], sender)]
    dmarc = _dmarc(sender, signers, txt) if sender and signers else "unknown"
    aligned = sender if signers and dmarc in {"pass", "none"} else ""
    return {"dkim": dkim, "arc": _arc(raw, txt), "dmarc": dmarc, "spf": "unknown", "aligned": aligned}


def _dkim(raw: bytes, number: int, txt: Txt) -> dict[str, str]:
    signature = DKIM(raw)
    try:
        result = "pass" if signature.verify(idx=number, dnsfunc=_for_dkim(txt)) else "fail"
    except Unknown:
        result = "unknown"
    except Exception:  # whatever a hostile signature makes the library raise: it does not hold
        result = "fail"
    fields = signature.signature_fields
    if result == "pass" and b"l" in fields:
        result = "partial"
    return {"domain": fields.get(b"d", b"").decode("ascii", "replace").lower()[:253], "result": result}


def _arc(raw: bytes, txt: Txt) -> str:
    try:
        chain = ARC(raw).verify(dnsfunc=_for_dkim(txt))[0]
    except Unknown:
        return "unknown"
    except Exception:
        return "fail"
    return chain.decode("ascii") if chain else "fail"


def _dmarc(sender: str, signers: list[str], txt: Txt) -> str:
    """What the policy of the sender's domain makes of signatures that hold, of domains that belong with it."""
    try:
        policy = _policy(sender, txt)
    except Unknown:
        return "unknown"
    if policy is None:
        return "none"
    return "pass" if sender in signers or policy.get("adkim", "r") != "s" else "fail"


def _policy(sender: str, txt: Txt) -> dict[str, str] | None:
    """The tags of the nearest DMARC record, from the domain upwards; not that of a top-level domain."""
    labels = sender.split(".")
    names = [".".join(labels[n:]) for n in range(len(labels) - 1)]
    for name in [*names[:1], *names[1:][-MOST_PARENTS:]]:
        record = txt(f"_dmarc.{name}") or ""
        if record.replace(" ", "").startswith("v=DMARC1"):
            tags = (tag.partition("=") for tag in record.split(";"))
            return {key.strip().lower(): value.strip().lower() for key, _equals, value in tags}
    return None


def _belong_together(domain: str, sender: str) -> bool:
    """Whether one is the other, or above it. Siblings are told apart: which of them share an owner is in no record."""
    return bool(domain) and (domain == sender or domain.endswith(f".{sender}") or sender.endswith(f".{domain}"))


def _sender(raw: bytes) -> str:
    """The domain in From; "" where there is none, or more than one (RFC 7489 section 6.6.1)."""
    found = addresses(BytesHeaderParser().parsebytes(raw), "From", [])
    domains = {address.rpartition("@")[2].lower().rstrip(".") for _name, address in found}
    return domains.pop() if len(domains) == 1 else ""


def _how_many(raw: bytes) -> int:
    signatures = [name for name, _value in DKIM(raw).headers if name.lower() == b"dkim-signature"]
    return min(MOST_SIGNATURES, len(signatures))


def _for_dkim(txt: Txt) -> Callable[..., bytes | None]:
    def look_up(name: bytes, timeout: float = 0) -> bytes | None:
        value = txt(name.decode("ascii", "replace"))
        return value.encode() if value is not None else None

    return look_up


def _ask_parent(name: str) -> str | None:
    _say({"txt": name})
    answer = json.loads(read_frame(sys.stdin.buffer) or b'{"unknown": true}')
    if answer.get("unknown"):
        raise Unknown
    value: str | None = answer["txt"]
    return value


def _say(what: dict[str, Any]) -> None:
    write_frame(sys.stdout.buffer, json.dumps(what).encode())
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
