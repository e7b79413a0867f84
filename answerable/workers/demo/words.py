"""What the simulated offices write: an answer in substance, an out-of-office, an acknowledgement, proper DSNs."""

from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

OMBUDSMAN = """\
Dear Ms Solenne,

Thank you for the copy of your letter to the Minister of Justice, which reached us on the day you sent it.

We have opened a file, number O-2026-1187. We have asked the prison administration to tell us in writing whether
Mr Marek Solenne is held in a place under its authority, since when, and on what ground. The law gives it fifteen days.
You may call the case officer, Ms Ilve Marran, on any working day; please quote the file number.

We cannot say today where he is. We will write to you as soon as we know more.

Yours sincerely,
Ilve Marran
Office of the Ombudsman of the Republic of Ardania
"""
ANSWER = """\
Dear Sir or Madam,

We have read your letter and looked into what you ask. The matter lies with this office, and a file has been opened.
You will have our decision in writing within four weeks.

Yours sincerely,
The head of the registry
"""
AWAY = """\
I am out of the office until further notice and have no access to my messages.
Your message has not been forwarded.
"""
ACKNOWLEDGED = """\
Your message was received and registered. This is not an answer to it.
Please do not reply to this message.
"""


def answer(letter: EmailMessage, address: str, _sender: str) -> EmailMessage:
    """An answer in substance, with the letter quoted beneath, as offices do."""
    return _reply(letter, address, ANSWER)


def ombudsman(letter: EmailMessage, address: str, _sender: str) -> EmailMessage:
    """The ombudsman's answer in the story."""
    return _reply(letter, address, OMBUDSMAN)


def out_of_office(letter: EmailMessage, address: str, _sender: str) -> EmailMessage:
    """An automatic reply as RFC 3834 wants it."""
    message = _reply(letter, address, AWAY)
    message.replace_header("Subject", f"Out of office: {letter.get('Subject', '')}")
    message["Auto-Submitted"] = "auto-replied"
    message["X-Auto-Response-Suppress"] = "All"
    return message


def acknowledgement(letter: EmailMessage, address: str, _sender: str) -> EmailMessage:
    """A machine's word that the message was registered."""
    message = _reply(letter, address, ACKNOWLEDGED)
    message.replace_header("Subject", f"Received: {letter.get('Subject', '')}")
    message["Auto-Submitted"] = "auto-generated"
    return message


def not_delivered(letter: EmailMessage, address: str, sender: str) -> Message:
    """A non-delivery report (RFC 3464): the mailbox does not exist any more."""
    return _report(
        letter, address, sender, action="failed", status="5.1.1", said="smtp; 550 5.1.1 mailbox does not exist"
    )


def delayed(letter: EmailMessage, address: str, sender: str) -> Message:
    """A report of delay (RFC 3464): it may still arrive."""
    return _report(letter, address, sender, action="delayed", status="4.2.2", said="smtp; 452 4.2.2 mailbox full")


def _reply(letter: EmailMessage, address: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = address
    message["To"] = str(letter.get("Reply-To") or letter.get("From") or "")
    message["Subject"] = f"Re: {letter.get('Subject', '')}"
    if letter.get("Message-ID"):
        message["In-Reply-To"] = str(letter["Message-ID"])
        message["References"] = f"{letter.get('References', '')} {letter['Message-ID']}".strip()
    body = letter.get_body(("plain",))
    quoted = "".join(f"> {line}\n" for line in body.get_content().splitlines()) if body else ""
    message.set_content(f"{text}\nOn {letter.get('Date', 'that day')}, you wrote:\n{quoted}")
    return message


def _report(letter: EmailMessage, address: str, sender: str, *, action: str, status: str, said: str) -> Message:
    domain = address.rpartition("@")[2]
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"] = f"Mail Delivery System <mailer-daemon@{domain}>"
    report["To"] = sender
    report["Subject"] = "Undelivered Mail Returned to Sender" if action == "failed" else "Warning: message delayed"
    report["Auto-Submitted"] = "auto-replied"
    report.attach(MIMEText(f"Your message to {address} could not be delivered ({action}): {said}\n"))
    report.attach(
        _status(
            {"Reporting-MTA": f"dns; mx.{domain}"},
            {"Final-Recipient": f"rfc822; {address}", "Action": action, "Status": status, "Diagnostic-Code": said},
        )
    )
    headers = "".join(f"{name}: {value}\n" for name, value in letter.raw_items())
    report.attach(MIMEText(headers, "rfc822-headers"))
    return report


def _status(*blocks: dict[str, str]) -> MIMEBase:
    """A message/delivery-status part: one block of fields for the message, then one for each recipient."""
    part = MIMEBase("message", "delivery-status")
    for fields in blocks:
        block = Message()
        for name, value in fields.items():
            block[name] = value
        part.attach(block)
    return part
