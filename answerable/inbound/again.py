"""The same message more than once: by LMTP and from a mailbox, at two addresses of ours, or brought in by hand.

Each delivery keeps its row and its bytes. For each recipient the first that was filed is the reply, whichever way it
came; a further one stands beside it (`Mail.same_as`), is no second answer, and waits in nobody's pen. What came to a
team's own mailbox is the team's alone, so it never stands beside what others have.
"""

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce

from .matching import Matched
from .models import Mail, Reply
from .parsed import Attachment, Parsed

_IN_PEN = (Mail.State.HELD, Mail.State.DISMISSED)
Pen = tuple[str, int | None]  # the key of a message, and the team in whose pen it would be; None: the host's


def key_of(parsed: Parsed) -> str:
    """What stays the same of a message however it travelled: Message-ID, sender, words, files. "" without a Message-ID.

    Headers added on the way, other line ends and another transfer encoding change nothing in it.
    """
    if not parsed.message_id:
        return ""
    same = [parsed.message_id, parsed.from_address.lower(), parsed.text.strip(), *map(_file_key, parsed.attachments)]
    return hashlib.sha256(json.dumps(same).encode()).hexdigest()


def _file_key(attachment: Attachment) -> str:
    content = attachment.content
    if attachment.media_type.startswith(("text/", "message/")):
        content = b"\n".join(content.splitlines()).strip()
    return hashlib.sha256(content).hexdigest()


def apart(found: Iterable[tuple[Mail, Matched]]) -> tuple[list[tuple[Mail, Matched]], list[tuple[Mail, UUID]]]:
    """The messages that say something new, each with the recipients that do not have it yet; and those that came
    again, each with the delivery beside which it stands."""
    found = list(found)
    keys = {mail.message_key for mail, _matched in found}
    filed, pens = _filed(keys)
    held = Mail.objects.filter(message_key__in=keys, state__in=_IN_PEN)
    pens |= {_pen(mail): mail.pk for mail in held.order_by("-received_at")}
    new, again = [], []
    for mail, matched in found:
        ahead = tuple(match for match in matched.filed if (mail.message_key, match.recipient_id) not in filed)
        if matched.filed and not ahead:
            again.append((mail, filed[mail.message_key, matched.filed[0].recipient_id]))
        elif not matched.filed and _pen(mail) in pens:
            again.append((mail, pens[_pen(mail)]))
        else:
            filed |= {(mail.message_key, match.recipient_id): mail.pk for match in ahead}
            pens.setdefault(_pen(mail), mail.pk)
            new.append((mail, dataclasses.replace(matched, filed=ahead)))
    return new, again


def gather(replies: Iterable[Reply]) -> None:
    """Afterwards no further delivery of what was just filed waits in the pen of those who have it in a thread now."""
    keys = {reply.message_key for reply in replies}
    held = Mail.objects.filter(message_key__in=keys, state__in=_IN_PEN)
    if held:
        _recipients, pens = _filed(keys)
        for mail in held:
            if first := pens.get(_pen(mail)):
                stand_beside(mail, first)


def stand_beside(mail: Mail, first: UUID) -> None:
    """Afterwards this delivery is out of the pen and, with those that stood beside it, stands beside the first."""
    Mail.objects.filter(pk=mail.pk).update(state=Mail.State.MATCHED)
    Mail.objects.filter(Q(pk=mail.pk) | Q(same_as=mail)).exclude(pk=first).update(same_as=first)


def _filed(keys: set[str]) -> tuple[dict[tuple[str, int], UUID], dict[Pen, UUID]]:
    """Of these messages: the delivery that a recipient has, or had until a person took it out; and the delivery in a
    thread by the pen of those who see it there."""
    filed: dict[tuple[str, int], UUID] = {}
    pens: dict[Pen, UUID] = {}
    rows = Reply.objects.filter(message_key__in=keys, mail__isnull=False)
    for key, recipient, first, team, came_to, undone_at in rows.values_list(
        "message_key", "recipient", Coalesce("mail__same_as", "mail"), "recipient__letter__case__team",
        "mail__team", "undone_at",
    ):  # fmt: skip
        filed[key, recipient] = first
        if undone_at is None:
            pens |= {(key, team): first, (key, came_to): first}
    return filed, pens


def _pen(mail: Mail) -> Pen:
    return mail.message_key, mail.team_id
