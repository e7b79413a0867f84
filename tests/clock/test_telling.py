"""What `answerable due` prints."""

import pytest
from django.utils import translation

from answerable.clock.telling import tell_due
from answerable.core.errors import Refused


def test_it_puts_the_date_first_and_then_how_it_was_counted():
    first, *others = tell_due("al-ati", "2026-11-23").splitlines()
    assert first.split()[0] == "2026-12-10"
    assert "Law No. 119/2014" in first
    assert any(line.startswith("Not counted") for line in others)
    assert "Assumed: The letter arrived on the day it was sent." in others


def test_it_counts_the_holidays_of_a_part_of_the_country():
    assert tell_due("gb-sct-ati", "2025-12-31").startswith("2026-01-30")
    assert tell_due("pt-ati", "2026-06-01") != tell_due("pt-ati", "2026-06-01", subdivision="30")


def test_it_takes_spaces_and_capitals():
    assert tell_due(" AL-ATI ", " 2026-11-23 ") == tell_due("al-ati", "2026-11-23")


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "23/11/2026",
        "2026-02-30",
        "20261123",
        "2026-W10-1",
        "2026-11-23T10:00",
        "٢٠٢٦-١١-٢٣",
        "0000-00-00",
        "9999-12-31",
        "x" * 9999,
    ],
)
def test_it_refuses_what_is_no_date_with_a_sentence(sent):
    with pytest.raises(Refused) as refused:
        tell_due("al-ati", sent)
    assert refused.value.field == "sent"
    assert len(refused.value.sentence) < 200


@pytest.mark.parametrize("rule_id", ["", "zz-ati", "no-ati", "se-ati"])
def test_it_refuses_a_rule_that_is_unknown_or_not_fit(rule_id):
    with pytest.raises(Refused) as refused:
        tell_due(rule_id, "2026-11-23")
    assert refused.value.field == "rule"


def test_it_says_dates_in_the_language_of_the_reader():
    with translation.override("de"):
        assert "November 2026" in tell_due("al-ati", "2026-11-23")
        assert "Dezember 2026" in tell_due("al-ati", "2026-11-23")
