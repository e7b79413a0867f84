"""Who wrote, as far as it can be told: what signatures show, and whether an address lies in a domain known for the office.

It is shown beside what was filed and decides nothing: an office may well answer from elsewhere.
"""

from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext as _

from answerable.directory.models import Channel, Contact
from answerable.letters.models import Dispatch, Thread

from .models import Mail, Reply

# Of these a person is meant to be the sender; mail systems report from their own domains.
_WRITTEN = (Mail.Kind.ANSWER, Mail.Kind.ACKNOWLEDGEMENT, Mail.Kind.AUTOMATIC, Mail.Kind.OTHER)


def known_domains(thread: Thread) -> frozenset[str]:
    """The domains of the addresses that were written to in the thread, and of those the directory has for its office."""
    written_to = Dispatch.objects.filter(recipient__thread=thread, channel=Channel.EMAIL)
    contacts = Contact.objects.filter(
        Q(team=None) | Q(team=thread.case.team_id), office=thread.office_id, channel=Channel.EMAIL
    )
    addresses = {
        *written_to.values_list("address", flat=True),
        *(contacts.values_list("value", flat=True) if thread.office_id else ()),
    }
    return frozenset(domain for address in addresses if (domain := domain_of(address)))


def domain_of(address: str) -> str:
    """The domain of an address, in small letters; "" where it has none."""
    return address.rpartition("@")[2].strip().rstrip(".").lower() if "@" in address else ""


def lies_in(domain: str, known: Collection[str]) -> bool:
    """Whether a domain is one of those, or above or below one: mail.justice.example lies in justice.example."""
    return any(
        domain == one or domain.endswith(f".{one}") or ("." in domain and one.endswith(f".{domain}")) for one in known
    )


def stranger(reply: Reply, known: Collection[str]) -> str:
    """The domain a message came from, where the office is known and that is none of its domains; else ""."""
    if reply.mail is None or reply.way != Reply.Way.EMAIL or reply.kind not in _WRITTEN or not known:
        return ""
    domain = domain_of(reply.mail.from_address)
    return "" if lies_in(domain, known) else domain


def verified(mail: Mail, known: Collection[str] = ()) -> str:
    """What is shown of the sender, in a sentence: confirmed by a known channel, aligned, or unverified, and why."""
    shown = mail.verdicts or {}
    if domain := shown.get("aligned"):
        if lies_in(domain, known):
            return _("Its signature shows that it comes from %(domain)s, which is known for this office.") % {
                "domain": domain
            }
        return _("Its signature shows that it comes from %(domain)s.") % {"domain": domain}
    results = {one["result"] for one in shown.get("dkim", ())}
    if "fail" in results:
        return _("Unverified: it has a signature that does not hold. Lists and forwarding break signatures, too.")
    if results - {"unknown"}:
        return _("Unverified: its signature holds, but not for the domain it names as its sender.")
    return _("Unverified: nothing that was checked shows who sent it.")
