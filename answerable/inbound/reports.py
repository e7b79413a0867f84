"""What mail systems report: delivery status (RFC 3464), read receipts (RFC 8098), and bounces older than both."""

import re
from email.message import Message

from flufl.bounce import all_failures

from .headers import addresses, clean, decoded, header, message_ids, raw_values
from .parsed import Report
from .words import says

# Worst first: one report may speak of several recipients, and only a failure asks for a person.
_ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")
_DAEMONS = re.compile(
    r"^(?:mailer-daemon|mail-daemon|postmaster|mailerdaemon|mail\.daemon|mmdf|uucp)(?:@|$)", re.IGNORECASE
)
_MOST_RECIPIENTS = 200


def is_daemon(address: str) -> bool:
    """Whether the address is that of a mail system, not of a person."""
    return bool(_DAEMONS.match(address))


def report_in(message: Message, parts: list[Message], notes: list[str]) -> Report | None:
    """What the message reports, if it is a report and no answer."""
    for part in parts:
        kind = part.get_content_type()
        if kind in {"message/disposition-notification", "message/global-disposition-notification"}:
            return _disposition(part, notes)
        if kind in {"message/delivery-status", "message/global-delivery-status"}:
            return _delivery(part, parts, notes)
    return _old_style(message, parts, notes)


def _delivery(status: Message, parts: list[Message], notes: list[str]) -> Report:
    groups = [group for group in _groups(status) if group.keys()]
    recipients = [group for group in groups if header(group, "Action", notes)][:_MOST_RECIPIENTS]
    worst = min(recipients, key=lambda group: _rank(header(group, "Action", notes)), default=Message())
    about = groups[0] if groups else Message()
    message_id, to = _original(parts, notes)
    return Report(
        action=header(worst, "Action", notes).lower().split(" ")[0][:20],
        status=header(worst, "Status", notes)[:40],
        recipient=_after_type(header(worst, "Final-Recipient", notes) or header(worst, "Original-Recipient", notes)),
        diagnostic=_after_type(header(worst, "Diagnostic-Code", notes))[:1_000],
        reporting=_after_type(header(about, "Reporting-MTA", notes))[:250],
        original_message_id=message_id,
        original_to=to,
    )


def _disposition(part: Message, notes: list[str]) -> Report:
    groups = [group for group in _groups(part) if group.keys()]
    fields = groups[0] if groups else Message()
    ids = message_ids(fields, "Original-Message-ID")
    return Report(
        action=header(fields, "Disposition", notes).rpartition(";")[2].strip().lower()[:20],
        recipient=_after_type(header(fields, "Final-Recipient", notes)),
        original_message_id=ids[0] if ids else "",
    )


def _old_style(message: Message, parts: list[Message], notes: list[str]) -> Report | None:
    """A bounce without a status part. Looked for only where a mail system says so, never in what a person wrote."""
    failed = [address for _, address in addresses(message, "X-Failed-Recipients", notes)]
    sender = next((address for _, address in addresses(message, "From", notes)), "")
    sender = sender or " ".join(raw_values(message, "From"))[:200].strip()
    subject = header(message, "Subject", notes)
    says_returned, says_delayed = says("returned", subject), says("delayed", subject)
    if not failed and not (is_daemon(sender) or (not sender and says_returned)):
        return None
    message_id, to = _original(parts, notes)
    late: list[str] = []
    if not failed:
        try:
            temporary, permanent = all_failures(message)
        except Exception:  # a detector of the library met what it did not expect: the message is still from a daemon
            notes.append("bounce-unclear")
            temporary, permanent = frozenset(), frozenset()
        failed = sorted(clean(one.decode("utf-8", "replace")) for one in permanent)
        late = sorted(clean(one.decode("utf-8", "replace")) for one in temporary)
    if not (failed or late or says_returned or says_delayed):
        return None
    action = "delayed" if (late or says_delayed) and not failed else "failed"
    return Report(
        action, recipient=(failed or late or [""])[0], original_message_id=message_id, original_to=to, is_standard=False
    )


def _original(parts: list[Message], notes: list[str]) -> tuple[str, tuple[str, ...]]:
    """Message-ID and recipients of the message that a report is about, from the copy or the headers it brings."""
    for part in parts:
        kind = part.get_content_type()
        returned: Message | None = None
        if kind in {"message/rfc822", "message/global", "message/global-headers"}:
            returned = next((one for one in _groups(part)), None)
        elif kind in {"text/rfc822-headers", "message/rfc822-headers"}:
            returned = _headers_of(part)
        if returned is not None and (ids := message_ids(returned, "Message-ID")):
            return ids[0], tuple(address for _, address in addresses(returned, "To", notes))
    return "", ()


def _headers_of(part: Message) -> Message:
    content = part.get_payload(decode=True)
    return _fields(content.decode("ascii", "surrogateescape") if isinstance(content, bytes) else "")


def _fields(text: str) -> Message:
    fields = Message()
    for line in re.sub(r"\r?\n[ \t]+", " ", text[:100_000]).splitlines()[:1_000]:
        name, colon, value = line.partition(":")
        if colon and name and not name.isspace():
            fields[name.strip()] = value.strip()
    return fields


def _groups(part: Message) -> list[Message]:
    """The messages or groups of fields inside a part."""
    payload = part.get_payload() if part.is_multipart() else []
    inside = [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []
    if part.get_content_type() == "message/global-delivery-status" and inside:
        # To the standard library this type (RFC 6533) is a message: the groups after its first are the body.
        groups = re.split(r"\n[ \t\r]*\n", str(inside[0].get_payload()))
        inside += [_fields(group) for group in groups if group.strip()]
    return inside[: _MOST_RECIPIENTS + 1]


def _rank(action: str) -> int:
    word = action.lower().split(" ")[0]
    return _ACTIONS.index(word) if word in _ACTIONS else len(_ACTIONS)


def _after_type(value: str) -> str:
    """`rfc822; someone@office.example` without its type, and without the angle brackets some systems add."""
    return decoded(value.partition(";")[2] or value, []).strip("<> ")[:998]
