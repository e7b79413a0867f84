"""What is taken from a message: plain values, so that they can cross from the child that parsed to the one who asked."""

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the text. `media_type` was told from the bytes, `declared_type` is what the sender wrote."""

    name: str
    media_type: str
    declared_type: str
    size: int
    sha256: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail system says became of a message of ours (RFC 3464, RFC 8098, or a bounce in the words of an older one).

    `action` is failed | delayed | delivered | relayed | expanded, or displayed for a read receipt; "" when it says none.
    """

    action: str
    status: str = ""
    recipient: str = ""
    diagnostic: str = ""
    reporting: str = ""
    original_message_id: str = ""
    original_to: tuple[str, ...] = ()
    is_standard: bool = True


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message that is kept as it came. `reason` is a code that `inbound.sentences` turns into a sentence."""

    reason: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """A message as read. Addresses are as written; message ids keep their angle brackets; instants are aware, in UTC.

    `text` is all of its words; `reply_text` leaves out what it quotes; `notes` are codes of what was unsure.
    """

    subject: str = ""
    from_name: str = ""
    from_address: str = ""
    reply_to: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    delivered_to: tuple[str, ...] = ()
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    dated_at: dt.datetime | None = None
    return_path: str | None = None
    auto_submitted: str = ""
    precedence: str = ""
    auto_headers: tuple[str, ...] = ()
    is_from_list: bool = False
    is_marked_spam: bool = False
    text: str = ""
    reply_text: str = ""
    report: Report | None = None
    attachments: tuple[Attachment, ...] = ()
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """All but the bytes of the attachments, as JSON has it."""
        data = asdict(self)
        data["dated_at"] = self.dated_at.isoformat() if self.dated_at else None
        for attachment in data["attachments"]:
            del attachment["content"]
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any], contents: list[bytes]) -> "Parsed":
        """The same again, given the bytes of the attachments in their order."""
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in data.items()
        }
        values["dated_at"] = dt.datetime.fromisoformat(data["dated_at"]) if data["dated_at"] else None
        if report := data["report"]:
            values["report"] = Report(**{**report, "original_to": tuple(report["original_to"])})
        values["attachments"] = tuple(
            Attachment(**one, content=content) for one, content in zip(data["attachments"], contents, strict=True)
        )
        return cls(**values)
