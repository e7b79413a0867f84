"""The directory that comes with the product: bodies anybody in the world may turn to, from data/mechanisms.json.

Their addresses were read in stored copies of web pages (data/SOURCES.md): none counts as checked until a person on
this host has checked it.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from answerable.evidence.log import append

from .keeping import folded, name_body
from .models import Body, BodyAct, Channel, Contact, Office

FILE = Path(__file__).parent.parent / "data" / "mechanisms.json"
# Rows that stand for a kind of body, one in each country: nobody can write to them before naming the one they mean.
KINDS_OF_BODY = frozenset({"consular", "eu-eeas", "national-ombudsman", "nhri", "ohchr-field", "un-sr-country"})
PLACES = {"al-ombudsman": ("AL", "Europe/Tirane")}

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_ABBREVIATION = re.compile(r"\(([A-Z]{3,8})\)")


def ship(*, now: dt.datetime) -> int:
    """Afterwards every shipped body is in the shared directory, with one office where one can be written to.

    Returns how many were added. A body that is there already is left as people have made it.
    """
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    known = set(Body.objects.filter(key__isnull=False).values_list("key", flat=True))
    missing = [row for row in rows if row["id"] not in known]
    with transaction.atomic():
        for row in missing:
            body = _add(row)
            append(BodyAct, body, "ship", by=None, now=now, key=row["id"])
    return len(missing)


def _add(row: dict[str, Any]) -> Body:
    country, time_zone = PLACES.get(row["id"], ("", "UTC"))
    body = Body.objects.create(
        key=row["id"],
        name=row["name"]["en"],
        kind=row["kind"],
        country=country,
        time_zone=time_zone,
        languages=" ".join(code for code in row["languages"] if _LANGUAGE.fullmatch(code))[:60],
        note=row["what_it_can_do"],
        source=" ".join(row["sources"])[:500],
        confidence=row["confidence"],
    )
    name_body(body, names=_other_names(row))
    if row["id"] not in KINDS_OF_BODY:
        office = Office(body=body, name="Registry" if row["kind"] == "court" else "Secretariat", slug=row["id"])
        office.folded = folded(office)
        office.save()
        Contact.objects.bulk_create(
            Contact(office=office, channel=Channel.EMAIL, value=address, source=body.source)
            for address in _ADDRESS.findall(row["channel_note"])
        )
    return body


def _other_names(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The names in other languages; what stands before a colon or a bracket; and the abbreviation in brackets."""
    for language, name in row["name"].items():
        yield name, language
        short = re.split(r"\s*[:(]", name)[0]
        yield short, language
        if language == "en" and row["parent_body"].startswith("UN ") and not short.startswith("UN "):
            yield f"UN {short}", language
        for abbreviation in _ABBREVIATION.findall(name):
            yield abbreviation, language
