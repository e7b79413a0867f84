"""What Outlook saves as .msg, as the message that it was. Runs in the child process, as all parsing does."""

import email.utils
import re
from email.encoders import encode_base64
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from email.parser import HeaderParser

import oxmsg
from oxmsg.domain import constants

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # also how old Word and Excel files begin
_PROPERTIES = "__properties_version1.0".encode("utf-16-le")
_INTERNET_HEADERS = ((0x1035, "Message-ID"), (0x1042, "In-Reply-To"), (0x1039, "References"))  # [MS-OXPROPS]
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}")


def is_saved_message(raw: bytes) -> bool:
    """Whether these are the bytes of a .msg file, not of another document of that age."""
    return raw.startswith(OLE) and _PROPERTIES in raw


def message_of(raw: bytes, notes: list[str]) -> Message:
    """The message in a .msg file: the headers that it came with, or what Outlook kept of them; its words; its files.

    A message attached to it stays in the original, which is noted. Raises what its readers raise for malformed files.
    """
    saved = oxmsg.Message.load(raw)
    message = _headers(saved)
    message["Content-Type"] = "multipart/mixed"
    if saved.body:
        message.attach(MIMEText(saved.body, "plain", "utf-8"))
    elif saved.html_body:
        message.attach(MIMEText(saved.html_body, "html", "utf-8"))
    for attachment in saved.attachments:
        if attachment.file_bytes is None:
            notes.append("inside-original")
        else:
            message.attach(_file(attachment.file_name or "", attachment.mime_type or "", attachment.file_bytes))
    return message


def _headers(saved: oxmsg.Message) -> Message:
    properties = saved.properties
    message = HeaderParser().parsestr(properties.str_prop_value(constants.PID_TRANSPORT_MESSAGE_HEADERS) or "")
    for name in ("MIME-Version", "Content-Type", "Content-Transfer-Encoding"):
        del message[name]
    kept = {
        "From": saved.sender or "",
        "To": ", ".join(one.email_address for one in saved.recipients),
        "Subject": saved.subject,
        "Date": email.utils.format_datetime(saved.sent_date) if saved.sent_date else "",
        **{name: properties.str_prop_value(number) or "" for number, name in _INTERNET_HEADERS},
    }
    for name, value in kept.items():
        if value and name not in message:
            message[name] = value.rstrip("\x00")
    message.set_payload([])
    return message


def _file(name: str, media_type: str, content: bytes) -> Message:
    main, _, sub = (media_type if _MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream").partition("/")
    part = MIMEBase(main, sub)
    part.set_payload(content)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name.rstrip("\x00")))
    return part
