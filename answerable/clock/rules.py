"""Response rules: what a law says about the time to answer, and how far the row that says so may be trusted.

The rows are `data/response_laws.json`; `data/SOURCES.md` says where they come from. What a row's own note says
about counting, and whether it may start a clock unasked, is put in order in `data/counting.json`.
"""

import datetime as dt
import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from django.conf import settings
from django.utils.translation import gettext as _

from answerable.core.errors import Refused

DATA = Path(__file__).resolve().parent.parent / "data"

# Which kind of ask a kind of law covers. No kind of law covers a plea.
ASK_KINDS = {"access_to_information": "information", "petition": "petition", "administrative_procedure": "petition"}
COUNTABLE = frozenset({"working_days", "calendar_days", "weeks", "months"})


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as a law gives it. Without a `value` it cannot be counted ("promptly", "reasonable")."""

    value: int | None
    unit: str
    condition: str = ""
    counted_from: str = ""
    in_all: bool | None = None  # of an extension: the new length from the start, or days on top


@dataclass(frozen=True, slots=True)
class Appeal:
    """Whom the law lets one turn to first when there is no answer, and within what time."""

    body: str
    kind: str
    within: Period | None


@dataclass(frozen=True, slots=True)
class Counting:
    """How a rule counts, and whom it binds, where its row says more than a number.

    `by_choice`: the rule fits only some offices or asks, so it never starts a clock unless a person chose it.
    `federal`: the law binds the offices of the federation, not those of its parts.
    """

    starts: Literal["", "day_after_receipt", "next_working_day"] = ""
    ends: Literal["", "working_day"] = ""
    week: Literal["", "five_working_days"] = ""
    holidays: Literal["", "every_subdivision"] = ""
    by_choice: bool = False
    federal: bool = False
    basis: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One law's time to answer one kind of ask. `country` is ISO 3166-1 or one of the codes in SOURCES.md."""

    id: str
    country: str
    subdivision: str
    jurisdiction: str
    law: str
    law_type: str
    ask_kind: str
    response: Period
    extension: Period | None
    transfer: Period | None
    urgent: Period | None
    silence_is_refusal: str
    silence_effect: str
    first_appeal: Appeal | None
    sources: tuple[str, ...]
    confidence: str
    read_on: dt.date
    note: str
    counting: Counting

    @property
    def is_computable(self) -> bool:
        """Whether a date may be counted from this row: it gives a number, and somebody saw that number in a source."""
        return self.confidence != "low" and self.response.value is not None and self.response.unit in COUNTABLE


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its id, in the order of the file. The demonstration adds the law of its invented country."""
    rows = json.loads((DATA / "response_laws.json").read_text(encoding="utf-8"))
    if settings.ANSWERABLE_DEMO:
        rows += json.loads((DATA / "demo" / "response_laws.json").read_text(encoding="utf-8"))
    counting = json.loads((DATA / "counting.json").read_text(encoding="utf-8"))
    return MappingProxyType({row["id"]: _rule(row, Counting(**counting.get(row["id"], {}))) for row in rows})


def rule(rule_id: str) -> Rule:
    """The rule with this id; refused, with the nearest ids, where there is none."""
    rule_id = rule_id.strip().lower()
    if found := rules().get(rule_id):
        return found
    near = difflib.get_close_matches(rule_id[:40], rules(), n=3) or ["al-ati"]
    raise Refused(
        _("There is no response rule “%(id)s”. An id looks like this: %(near)s.")
        % {"id": rule_id[:40], "near": ", ".join(near)},
        field="rule",
    )


def rules_for(country: str, ask_kind: str, *, subdivision: str = "") -> list[Rule]:
    """The rules that cover this kind of ask there; those of the part of the country first. None for a plea."""
    country, part = place(country, subdivision)
    found = [
        r for r in rules().values() if (r.country, r.ask_kind) == (country, ask_kind) and r.subdivision in {"", part}
    ]
    return sorted(found, key=lambda r: r.subdivision == "")


def rule_that_starts(country: str, ask_kind: str, *, subdivision: str = "") -> Rule | None:
    """The rule that dates such an ask without anybody choosing it; none where no row is fit to be computed."""
    country, part = place(country, subdivision)
    for each in rules_for(country, ask_kind, subdivision=part):
        if each.is_computable and not each.counting.by_choice and not (part and each.counting.federal):
            return each
    return None


def place(country: str, subdivision: str = "") -> tuple[str, str]:
    """Country and part in one spelling: "gb-sct", "GB" with "GB-SCT" and "GB" with "sct" are all ("GB", "SCT")."""
    country, _dash, part = country.strip().upper().partition("-")
    return country, (subdivision.strip().upper().removeprefix(f"{country}-") or part)


def _rule(row: dict[str, Any], counting: Counting) -> Rule:
    country, subdivision = place(row["country"])
    return Rule(
        id=row["id"],
        country=country,
        subdivision=subdivision,
        jurisdiction=row["jurisdiction"],
        law=row["law"],
        law_type=row["law_type"],
        ask_kind=ASK_KINDS[row["law_type"]],
        response=Period(row["response"]["value"], row["response"]["unit"]),
        extension=_extension(row["extension"]),
        transfer=_period(row["transfer"]),
        urgent=_period(row["urgent"]),
        silence_is_refusal=row["silence_counts_as_refusal"],
        silence_effect=row["silence_effect"],
        first_appeal=_appeal(row["first_appeal"]),
        sources=tuple(row["sources"]),
        confidence=row["confidence"],
        read_on=dt.date.fromisoformat(row["read_on"]),
        note=row["note"] or "",
        counting=counting,
    )


def _period(part: dict[str, Any] | None) -> Period | None:
    if part is None:
        return None
    return Period(
        part["value"],
        part["unit"],
        condition=part.get("note") or part.get("when") or "",
        counted_from=part.get("counted_from") or "",
    )


def _extension(part: dict[str, Any] | None) -> Period | None:
    period = _period(part)
    return replace(period, in_all=part["basis"] == "total") if period and part else None


def _appeal(part: dict[str, Any] | None) -> Appeal | None:
    return Appeal(part["body"], part["kind"], _period(part.get("time_limit"))) if part else None
