"""Addressing: how an office stands on a letter, how it is reached, and how a letter to it begins and ends."""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from answerable.accounts.models import Team
from answerable.directory.models import Channel, Contact, Holder, Office

from .drafting import Someone

_PREFERRED = (Channel.EMAIL, Channel.POST, Channel.FORM, Channel.BY_HAND)


def someone(office: Office, *, team: Team, on: dt.date) -> Someone:
    """The office as a recipient: its address block, and the best channel that the team knows for it."""
    channel, address = reach(office, team=team)
    return Someone(block(office, on=on), office, channel, address)


def block(office: Office, *, on: dt.date) -> str:
    """The lines that stand on the letter: whoever holds the office on that day, the post, the body."""
    held_by = holder(office, on=on)
    name = held_by.addressed if held_by else ""
    return "\n".join(line for line in (name, office.name, office.body.name) if line)


def reach(office: Office, *, team: Team, channel: str = "") -> tuple[str, str]:
    """(channel, address) of the office: by `channel` if given, else by the best there is. The address may be ""."""
    known = _contacts(office, team=team)
    for wanted in [Channel(channel)] if channel else _PREFERRED:
        if wanted in known:
            return wanted, known[wanted]
    return channel or Channel.EMAIL, ""


def salutation(office: Office | None, *, language: str, on: dt.date) -> str:
    """How a letter in that language may begin; "" for a language that we know nothing of."""
    words = _words(language)
    if office is None:
        return words.get("anybody", "")
    if office.salutation and _base(language) in _languages(office):
        return office.salutation
    held_by = holder(office, on=on)
    if held_by and "excellency" in words and "excellency" in held_by.form_of_address.lower():
        return words["excellency"]
    if held_by and held_by.form_of_address and "named" in words:
        return words["named"] % held_by.addressed
    if "post" in words and _base(language) in (_languages(office) or {"en"}):
        return words["post"] % office.name
    return words.get("anybody", "")


def closing(language: str) -> str:
    """How a letter in that language may end."""
    return _words(language).get("closing", "")


def holder(office: Office, *, on: dt.date) -> Holder | None:
    """Who holds the office on that day, as far as is known."""
    return next((one for one in office.holders.all() if one.holds_on(on)), None)


def _contacts(office: Office, *, team: Team) -> dict[str, str]:
    """The address for each channel; the team's own before the shared ones."""
    rows = Contact.objects.filter(office=office, out_of_use_on__isnull=True)
    shared = {one.channel: one.value for one in rows.filter(team__isnull=True)}
    return shared | {one.channel: one.value for one in rows.filter(team=team)}


def _languages(office: Office) -> set[str]:
    return {_base(code) for code in re.split(r"[\s,;]+", office.body.languages) if code}


def _base(language: str) -> str:
    return language.split("-")[0].lower()


def _words(language: str) -> Mapping[str, str]:
    return _all_words().get(_base(language), {})


@cache
def _all_words() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((Path(__file__).parent / "addressing.toml").read_text(encoding="utf-8"))
