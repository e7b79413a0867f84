"""The rows say what may be computed and for which kind of ask."""

import json

import pytest

from answerable.clock.rules import COUNTABLE, DATA, Period, place, rule, rule_that_starts, rules, rules_for
from answerable.clock.wording import period
from answerable.core.errors import Refused

UNITS = COUNTABLE | {"years", "hours", "promptly", "reasonable", "unknown"}


def test_it_reads_every_row_of_the_file():
    rows = json.loads((DATA / "response_laws.json").read_text(encoding="utf-8"))
    assert list(rules()) == [row["id"] for row in rows]
    assert len(rules()) == 100


def test_it_knows_every_unit_and_can_say_it():
    for each in rules().values():
        within = each.first_appeal.within if each.first_appeal else None
        for length in filter(None, (each.response, each.extension, each.transfer, each.urgent, within)):
            assert isinstance(length, Period)
            assert length.unit in UNITS, each.id
            assert period(length.value, length.unit, in_all=length.in_all)


def test_it_puts_counting_in_order_only_for_rules_that_exist_and_says_why():
    rows = json.loads((DATA / "counting.json").read_text(encoding="utf-8"))
    assert set(rows) <= set(rules())
    for rule_id, row in rows.items():
        assert set(row) == {"federal"} or (row["basis"] and row["source"]), rule_id


@pytest.mark.parametrize(
    "rule_id", ["no-ati", "tn-ati", "ug-ati", "ba-ati", "be-ati", "kz-ati", "cy-ati", "by-pet", "uz-pet", "al-apc"]
)
def test_it_computes_nothing_from_a_low_row(rule_id):
    assert rule(rule_id).confidence == "low"
    assert not rule(rule_id).is_computable


@pytest.mark.parametrize("rule_id", ["se-ati", "iq-ati"])
def test_it_computes_nothing_where_the_law_gives_no_number(rule_id):
    assert not rule(rule_id).is_computable


def test_it_never_lets_a_law_date_a_plea():
    countries = {each.country for each in rules().values()}
    assert not [country for country in countries if rules_for(country, "plea")]
    assert {each.ask_kind for each in rules().values()} == {"information", "petition"}


def test_it_takes_the_law_of_the_kind_of_ask():
    assert rule_that_starts("UA", "information").id == "ua-ati"
    assert rule_that_starts("UA", "petition").id == "ua-pet"
    assert rule_that_starts("AL", "petition") is None
    assert rule_that_starts("", "information") is None


def test_it_prefers_the_law_of_the_part_of_the_country():
    assert rule_that_starts("GB", "information", subdivision="SCT").id == "gb-sct-ati"
    assert rule_that_starts("GB-SCT", "information").id == "gb-sct-ati"
    assert rule_that_starts("gb", "information", subdivision="gb-eng").id == "gb-ati"
    assert [each.id for each in rules_for("GB", "information")] == ["gb-ati"]


def test_it_starts_no_federal_law_for_an_office_of_a_part():
    assert rule_that_starts("DE", "information").id == "de-ati"
    assert rule_that_starts("DE", "information", subdivision="BY") is None


def test_it_starts_no_law_that_fits_only_some_offices_or_asks():
    assert rule("de-apc").is_computable
    assert rule_that_starts("DE", "petition") is None
    assert rule_that_starts("BE", "information") is None
    assert rule_that_starts("AF", "information") is None


def test_it_names_what_is_near_an_unknown_rule():
    with pytest.raises(Refused, match="al-ati") as refused:
        rule("al-atti")
    assert refused.value.field == "rule"
    with pytest.raises(Refused) as refused:
        rule("x" * 10_000)
    assert len(refused.value.sentence) < 200


def test_it_reads_a_place_in_any_spelling():
    assert place(" gb-sct ") == place("GB", "SCT") == place("gb", "GB-SCT") == ("GB", "SCT")
    assert place("al") == ("AL", "")
