"""Keeping the directory: adding and correcting bodies, offices, holders and contacts, each change in the log.

What belongs to no team is shared by everybody on the host. Callers decide who may change what; nothing here asks.
"""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from answerable.accounts.models import Team, User
from answerable.core.errors import Refused
from answerable.core.folding import fold
from answerable.core.ids import slug, token
from answerable.evidence.log import append

from .models import Body, BodyAct, BodyName, Channel, Contact, Holder, Office


def add_body(
    *,
    name: str,
    team: Team | None,
    by: User | None,
    now: dt.datetime,
    other_names: Iterable[str] = (),
    kind: str = "",
    country: str = "",
    subdivision: str = "",
    time_zone: str = "UTC",
    languages: str = "",
    web_page: str = "",
    note: str = "",
    source: str = "",
) -> Body:
    """Afterwards the team (or, without one, everybody) has this body, found under all its names.

    Refused where the same directory has a body of this name in this country, or where the time zone does not exist.
    """
    _check_time_zone(time_zone)
    country = country.strip().upper()
    if Body.objects.filter(team=team, country=country, names__folded=fold(name)[:250]).exists():
        raise Refused(
            _("“%(name)s” stands in your directory already: add the office to it.") % {"name": name}, field="name"
        )
    with transaction.atomic():
        body = Body.objects.create(
            team=team,
            name=name,
            kind=kind,
            country=country,
            subdivision=subdivision,
            time_zone=time_zone,
            languages=languages,
            web_page=web_page,
            note=note,
            source=source,
        )
        name_body(body, names=other_names)
        _log(body, "add_body", by=by, now=now)
    return body


def revise_body(body: Body, *, other_names: Iterable[str], by: User | None, now: dt.datetime) -> None:
    """Afterwards the body is as the caller set its fields, under exactly these names, and its offices are found so."""
    _check_time_zone(body.time_zone)
    body.country = body.country.strip().upper()
    with transaction.atomic():
        body.save()
        body.names.all().delete()
        name_body(body, names=other_names)
        for office in body.offices.all():
            office.body = body
            office.folded = folded(office)
            office.save(update_fields=["folded"])
        _log(body, "revise_body", by=by, now=now)


def name_body(body: Body, *, names: Iterable[str] | Iterable[tuple[str, str]]) -> None:
    """Afterwards the body is also found under these names; a pair is a name and its language."""
    pairs = [(one, "") if isinstance(one, str) else one for one in (body.name, *names)]
    once = {name.strip()[:250]: language for name, language in reversed(pairs) if name.strip()}
    BodyName.objects.bulk_create(
        [BodyName(body=body, name=name, language=language, folded=fold(name)[:250]) for name, language in once.items()],
        ignore_conflicts=True,
    )


def check_body(body: Body, *, source: str, by: User, now: dt.datetime) -> None:
    """Afterwards the body says that `by` checked it today, and against what."""
    with transaction.atomic():
        Body.objects.filter(pk=body.pk).update(checked_on=now.date(), checked_by=by, source=source or body.source)
        _log(body, "check_body", by=by, now=now)


def add_office(
    *, body: Body, name: str, team: Team | None, by: User | None, now: dt.datetime, salutation: str = ""
) -> Office:
    """Afterwards letters can go to this post of the body, and it has an address of its own on the public record.

    Refused where the team, or everybody, has this post of the body already.
    """
    office = Office(body=body, name=name, team=team, salutation=salutation)
    office.folded = folded(office)
    if Office.objects.seen_by(team).filter(body=body, folded=office.folded).exists():
        raise Refused(_("“%(name)s” stands here already: add what you know to it.") % {"name": name}, field="name")
    office.slug = _free_slug(office)
    with transaction.atomic():
        office.save()
        _log(body, "add_office", by=by, now=now, office=str(office.uid))
    return office


def add_whole(
    *,
    team: Team | None,
    body: str,
    country: str,
    office: str,
    salutation: str,
    holder: str,
    channel: str,
    value: str,
    source: str,
    checked: bool,
    by: User,
    now: dt.datetime,
) -> Office:
    """Afterwards the team (or everybody) has this body, one office in it and, where they were given, its holder and its address.

    All of it or nothing. Refused as each part is.
    """
    with transaction.atomic():
        try:
            of = add_body(name=body, team=team, country=country, source=source, by=by, now=now)
        except Refused as refused:
            raise Refused(refused.sentence, field="body") from None
        made = add_office(body=of, name=office, salutation=salutation, team=team, by=by, now=now)
        if holder:
            add_holder(office=made, name=holder, source=source, by=by, now=now)
        if value:
            add_contact(
                office=made, channel=channel, value=value, team=team, source=source, checked=checked, by=by, now=now
            )
    return made


def revise_office(office: Office, *, by: User | None, now: dt.datetime) -> None:
    """Afterwards the office is as the caller set its fields. Its public address stays as it was: others link to it."""
    office.folded = folded(office)
    with transaction.atomic():
        office.save(update_fields=["name", "salutation", "folded"])
        _log(office.body, "revise_office", by=by, now=now, office=str(office.uid))


def add_holder(
    *,
    office: Office,
    name: str,
    by: User | None,
    now: dt.datetime,
    form_of_address: str = "",
    from_on: dt.date | None = None,
    until_on: dt.date | None = None,
    source: str = "",
) -> Holder:
    """Afterwards this person is known to hold, or to have held, the office. Refused where it ends before it begins."""
    check_order(from_on, until_on)
    with transaction.atomic():
        holder = Holder.objects.create(
            office=office,
            name=name,
            form_of_address=form_of_address,
            from_on=from_on,
            until_on=until_on,
            source=source,
        )
        _log(office.body, "add_holder", by=by, now=now, office=str(office.uid))
    return holder


def revise_holder(holder: Holder, *, by: User | None, now: dt.datetime) -> None:
    """Afterwards the holder is as the caller set the fields. Refused where it ends before it begins."""
    check_order(holder.from_on, holder.until_on)
    with transaction.atomic():
        holder.save()
        _log(holder.office.body, "revise_holder", by=by, now=now, office=str(holder.office.uid))


def add_contact(
    *,
    office: Office,
    channel: str,
    value: str,
    team: Team | None,
    by: User | None,
    now: dt.datetime,
    source: str = "",
    checked: bool = False,
) -> Contact:
    """Afterwards the team (or everybody) can reach the office here.

    Refused where the address is none of its channel, or stands there already.
    """
    value = _checked_address(channel, value)
    known = Contact.objects.filter(office=office, team=team, channel=channel, out_of_use_on__isnull=True)
    if known.filter(value__iexact=value).exists():
        raise Refused(_("This address stands here already: say there that you checked it."), field="value")
    with transaction.atomic():
        contact = Contact.objects.create(
            office=office,
            channel=channel,
            value=value,
            team=team,
            source=source,
            checked_on=now.date() if checked else None,
            checked_by=by if checked else None,
        )
        _log(office.body, "add_contact", by=by, now=now, office=str(office.uid), channel=channel)
    return contact


def check_contact(contact: Contact, *, source: str, by: User, now: dt.datetime) -> None:
    """Afterwards the contact says that `by` checked it today, and against what."""
    with transaction.atomic():
        Contact.objects.filter(pk=contact.pk).update(
            checked_on=now.date(), checked_by=by, source=source or contact.source
        )
        _log(contact.office.body, "check_contact", by=by, now=now, contact=contact.pk)


def retire_contact(contact: Contact, *, by: User, now: dt.datetime) -> None:
    """Afterwards no new letter is offered this address; what was sent to it stays as it was."""
    with transaction.atomic():
        Contact.objects.filter(pk=contact.pk, out_of_use_on__isnull=True).update(out_of_use_on=now.date())
        _log(contact.office.body, "retire_contact", by=by, now=now, contact=contact.pk)


def check_order(from_on: dt.date | None, until_on: dt.date | None) -> None:
    """Refused where a holder would end before beginning."""
    if from_on and until_on and until_on < from_on:
        raise Refused(_("The last day lies before the first: put the dates the other way round."), field="until_on")


def folded(office: Office) -> str:
    """The words an office is found by: its own and its body's."""
    return fold(f"{office.name} {office.body.name}")[:500]


def _free_slug(office: Office) -> str:
    wanted = slug(f"{office.name} {office.body.name}", most=100)
    return f"{wanted}-{token(20)}" if Office.objects.filter(slug=wanted).exists() else wanted


def _checked_address(channel: str, value: str) -> str:
    value = value.strip()
    try:
        if channel == Channel.EMAIL:
            validate_email(value)
        elif channel == Channel.FORM:
            URLValidator(schemes=["https", "http"])(value)
    except ValidationError:
        wrong = {
            Channel.EMAIL: _(
                "This is no e-mail address: it has a name, an @ and a domain, as in registry@court.example."
            ),
            Channel.FORM: _("This is no web address: it begins with https://."),
        }
        raise Refused(wrong[Channel(channel)], field="value") from None
    if not value:
        raise Refused(_("The address is empty: write it as it would stand on an envelope."), field="value")
    return value


def _check_time_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Refused(
            _("There is no time zone of this name: write it as in Europe/Paris."), field="time_zone"
        ) from None


def _log(body: Body, verb: str, *, by: User | None, now: dt.datetime, **facts: object) -> None:
    append(BodyAct, body, verb, by=by.uid if by else None, now=now, **facts)
