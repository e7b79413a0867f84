"""Weekends, holidays and substitute days, checked against what is known of each country, not against the package."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerable.clock.calendars import (
    Calendar,
    Closure,
    add_working_days,
    closed_because,
    is_working_day,
    knows_holidays,
    leaves_out_parts,
    next_working_day,
    weekend,
)
from answerable.clock.rules import rules

PLACES = ["AL", "XK", "IR", "AF", "IQ", "JO", "IL", "BD", "NP", "TR", "FR", "DE", "GB", "US", "PY", "HU", "EU", ""]
places = st.sampled_from(PLACES)
days = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))


@pytest.mark.parametrize(
    ("country", "part", "closed", "open_"),
    [
        # Each line: a country, a part of it, days when its offices are closed, days when they work.
        ("AL", "", ["2025-11-28", "2026-03-14", "2026-03-15"], ["2026-03-13", "2026-03-17"]),
        ("XK", "", ["2026-02-17", "2026-02-21"], ["2026-02-18"]),
        ("FR", "", ["2026-07-14", "2026-05-01", "2026-07-18"], ["2026-07-13"]),
        ("DE", "", ["2026-10-03", "2026-05-01"], ["2026-01-06"]),
        ("DE", "BY", ["2026-01-06", "2026-06-04"], ["2026-01-07"]),
        ("DE", "BE", ["2027-03-08"], ["2026-01-06", "2026-06-04"]),
        ("GB", "ENG", ["2026-04-06", "2026-12-28"], ["2026-01-02", "2026-03-17"]),
        ("GB", "SCT", ["2026-01-02", "2026-11-30"], ["2026-04-06"]),
        ("GB", "NIR", ["2026-03-17", "2026-07-13"], ["2026-01-02"]),
        ("US", "", ["2026-07-03", "2026-11-26", "2026-06-19"], ["2026-07-06"]),
        ("TR", "", ["2026-10-29", "2026-05-19", "2026-10-31"], ["2026-10-30"]),
        ("IR", "", ["2026-03-22", "2026-05-07", "2026-05-08"], ["2026-05-09", "2026-05-10"]),
        ("AF", "", ["2026-08-19", "2026-09-03", "2026-09-04"], ["2026-09-05"]),
        ("IQ", "", ["2026-09-04", "2026-09-05"], ["2026-09-03", "2026-09-06"]),
        ("JO", "", ["2026-05-25", "2026-09-04", "2026-09-05"], ["2026-09-06"]),
        ("IL", "", ["2026-09-21", "2026-09-04", "2026-09-05"], ["2026-09-06"]),
        ("BD", "", ["2026-12-16", "2026-09-04", "2026-09-05"], ["2026-09-06"]),
        ("NP", "", ["2026-09-05"], ["2026-09-06", "2026-09-11"]),
        ("PY", "", ["2026-05-15", "2026-09-05", "2026-09-06"], ["2026-09-04"]),
        ("HU", "", ["2024-12-24", "2024-12-27"], ["2024-12-07"]),
        ("JP", "", ["2026-02-11", "2026-02-14"], ["2026-02-12"]),
        ("IN", "", ["2026-01-26", "2026-01-24"], ["2026-01-27"]),
        ("SA", "", ["2026-09-04", "2026-09-05"], ["2026-09-06"]),
        ("AE", "", ["2026-09-05", "2026-09-06"], ["2026-09-04"]),
    ],
)
def test_it_knows_when_offices_are_closed(country, part, closed, open_):
    calendar = Calendar(country, part)
    assert [day for day in closed if is_working_day(calendar, dt.date.fromisoformat(day))] == []
    assert [day for day in open_ if not is_working_day(calendar, dt.date.fromisoformat(day))] == []


def test_it_has_a_sourced_weekend_for_every_country_with_a_rule():
    for each in rules().values():
        found = weekend(each.country)
        assert found.basis, each.id
        assert found.sources or found.confidence == "low", each.id
        assert 1 <= len(found.days) <= 2


def test_it_calls_the_weekend_of_an_unknown_country_a_guess():
    assert weekend("ZZ").days == {5, 6}
    assert (weekend("ZZ").confidence, weekend("ZZ").basis) == ("low", "")


def test_it_takes_a_holiday_of_any_part_where_that_is_the_law():
    everywhere = Calendar("GB", every_subdivision=True)
    for day in (dt.date(2026, 1, 2), dt.date(2026, 3, 17), dt.date(2026, 4, 6)):
        assert not is_working_day(everywhere, day)


def test_it_adds_closures_that_are_told():
    day = dt.date(2026, 5, 12)
    calendar = Calendar("FR", closures=(Closure(day, "Strike"),))
    assert is_working_day(Calendar("FR"), day)
    assert closed_because(calendar, day) == "Strike"
    assert add_working_days(calendar, dt.date(2026, 5, 11), 1) == dt.date(2026, 5, 13)


def test_it_says_what_it_does_not_know():
    assert not knows_holidays(Calendar("EU"), 2026)
    assert not knows_holidays(Calendar("LK"), 2090)
    assert not knows_holidays(Calendar("IN"), 2060)
    assert knows_holidays(Calendar("IN"), 2026)
    assert leaves_out_parts(Calendar("DE"))
    assert leaves_out_parts(Calendar("DE", "NOWHERE"))
    assert not leaves_out_parts(Calendar("DE", "BY"))
    assert not leaves_out_parts(Calendar("AL"))


@given(country=places, day=days, count=st.integers(0, 60))
def test_it_never_moves_back_and_agrees_with_a_plain_loop(country, day, count):
    calendar = Calendar(country)
    reached = add_working_days(calendar, day, count)
    assert reached >= day
    between = [day + dt.timedelta(n) for n in range(1, (reached - day).days + 1)]
    assert sum(is_working_day(calendar, each) for each in between) == count
    assert count == 0 or is_working_day(calendar, reached)


@given(country=places, day=days, first=st.integers(0, 20), then=st.integers(0, 20))
def test_it_adds_in_two_steps_what_it_adds_in_one(country, day, first, then):
    calendar = Calendar(country)
    assert add_working_days(calendar, add_working_days(calendar, day, first), then) == add_working_days(
        calendar, day, first + then
    )


@given(country=places, day=days)
def test_it_opens_on_the_first_working_day(country, day):
    calendar = Calendar(country)
    opens = next_working_day(calendar, day)
    assert is_working_day(calendar, opens)
    assert not any(is_working_day(calendar, day + dt.timedelta(n)) for n in range((opens - day).days))


def test_it_refuses_to_count_backwards():
    with pytest.raises(ValueError, match="forward"):
        add_working_days(Calendar("FR"), dt.date(2026, 1, 1), -1)
