"""Due dates: law and wish, units, month ends, closed days, clocks that change."""

import datetime as dt
import zoneinfo
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerable.clock.calendars import Calendar, Closure, is_working_day
from answerable.clock.deadlines import add_months, count, end_of_day, own, zone
from answerable.clock.rules import Period, rule, rules
from answerable.clock.wording import sentence
from answerable.core.errors import Refused

ZONES = [
    "UTC",
    "Europe/Tirane",
    "Asia/Tehran",
    "Asia/Beirut",
    "America/Havana",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Pacific/Kiritimati",
]
COMPUTABLE = sorted(each.id for each in rules().values() if each.is_computable)
days = st.dates(dt.date(2000, 1, 1), dt.date(2040, 12, 31))


def due(rule_id, received_on, *, time_zone="UTC", calendar=None):
    found = rule(rule_id)
    calendar = calendar or Calendar(found.country, found.subdivision)
    return count(found, received_on=dt.date.fromisoformat(received_on), time_zone=time_zone, calendar=calendar)


def said(facts):
    return {fact["say"] for fact in facts}


@pytest.mark.parametrize(
    ("rule_id", "received_on", "due_on"),
    [
        # Ten working days over Albania's 28 and 29 November (both on the weekend, observed) and 8 December.
        ("al-ati", "2026-11-23", "2026-12-10"),
        # Sunday is a working day in Jordan; Friday and Saturday are not, nor 25 May and Eid al-Adha.
        ("id-ati", "2026-06-02", "2026-06-17"),
        # Section 10(6): New Year's holiday in Scotland (substitute on the 4th) counts for an office in London.
        ("gb-ati", "2026-12-20", "2027-01-21"),
        # Thanksgiving, Christmas.
        ("us-ati", "2026-11-24", "2026-12-23"),
        # A week in the Irish Act is five working days: Christmas and St Stephen's Day push it on.
        ("ie-ati", "2026-12-07", "2027-01-06"),
        # A Dutch week is seven days.
        ("nl-ati", "2026-12-07", "2027-01-04"),
        # Calendar days run through weekends.
        ("xk-ati", "2026-11-16", "2026-11-23"),
        # Brazil: Friday's request counts from Monday; the twentieth day is a Saturday, so Monday.
        ("br-ati", "2026-11-06", "2026-11-30"),
        # A month from 31 January, in a leap year and not.
        ("de-ati", "2028-01-31", "2028-02-29"),
        ("de-ati", "2026-01-31", "2026-02-28"),
        ("de-ati", "2026-02-28", "2026-03-28"),
        ("es-pet", "2026-11-30", "2027-02-28"),
    ],
)
def test_it_counts_as_the_law_says(rule_id, received_on, due_on):
    assert due(rule_id, received_on).due_on == dt.date.fromisoformat(due_on)


def test_it_explains_a_legal_date():
    found = due("al-ati", "2026-11-23", time_zone="Europe/Tirane")
    assert found.law
    assert found.rule_id == "al-ati"
    assert found.counted_from_on == dt.date(2026, 11, 24)
    assert found.due_at == dt.datetime(2026, 12, 10, 23, 0, tzinfo=dt.UTC)
    text = " ".join(map(sentence, found.how))
    for words in ("al-ati", "Law No. 119/2014", "10 working days", "8 December 2026", "Saturday and Sunday", "idp.al"):
        assert words in text
    assert {"from_day_after", "not_extended", "note", "weekend_basis", "no_other_closures"} <= said(found.assumed)


def test_it_does_not_move_a_date_silently():
    found = due("xk-ati", "2026-11-14")
    assert found.due_on == dt.date(2026, 11, 21)
    (told,) = [fact for fact in found.assumed if fact["say"] == "ends_closed"]
    assert told["opens_on"] == "2026-11-23"
    assert "was not moved" in sentence(told)


def test_it_says_when_receipt_fell_on_a_closed_day():
    assert "received_closed" in said(due("xk-ati", "2026-11-14").assumed)
    assert "received_closed" not in said(due("xk-ati", "2026-11-16").assumed)


def test_it_says_that_an_urgent_case_has_less_time():
    (told,) = [fact for fact in due("xk-ati", "2026-11-16").assumed if fact["say"] == "not_urgent"]
    assert "48 hours:" in sentence(told)


def test_it_says_that_the_row_is_only_of_medium_confidence():
    assert "confidence" in said(due("hr-ati", "2026-03-02").assumed)
    assert "confidence" not in said(due("al-ati", "2026-03-02").assumed)


def test_it_marks_holidays_that_depend_on_the_moon():
    found = due("jo-ati", "2026-05-20")
    assert "estimated_holidays" in said(found.assumed)


def test_it_says_when_no_holidays_are_known():
    assert "holidays_unknown" in said(due("eu-ati", "2026-12-20").assumed)


def test_it_takes_the_closures_of_a_calendar():
    closed = Calendar("AL", closures=(Closure(dt.date(2026, 3, 4), "Mourning"),))
    assert due("al-ati", "2026-03-02", calendar=closed).due_on == due("al-ati", "2026-03-03").due_on


@pytest.mark.parametrize("rule_id", ["no-ati", "se-ati", "iq-ati", "al-apc"])
def test_it_computes_no_date_from_a_row_that_is_not_fit(rule_id):
    with pytest.raises(Refused, match="date of your own"):
        due(rule_id, "2026-03-02")


@pytest.mark.parametrize("rule_id", COMPUTABLE)
def test_it_can_count_and_say_every_rule_that_is_fit(rule_id):
    found = due(rule_id, "2026-11-20")
    assert found.due_on > dt.date(2026, 11, 20)
    for fact in (*found.how, *found.assumed):
        assert "%(" not in sentence(fact)


@given(rule_id=st.sampled_from(COMPUTABLE), received=days, later=st.integers(0, 40))
def test_it_never_gives_a_later_letter_an_earlier_date(rule_id, received, later):
    found = rule(rule_id)
    calendar = Calendar(found.country, found.subdivision)
    first = count(found, received_on=received, time_zone="UTC", calendar=calendar)
    second = count(found, received_on=received + dt.timedelta(later), time_zone="UTC", calendar=calendar)
    assert received < first.counted_from_on <= first.due_on <= second.due_on


@given(received=days, value=st.integers(1, 40), country=st.sampled_from(["AL", "JO", "IR", "FR"]))
def test_it_never_mixes_units(received, value, country):
    calendar = Calendar(country)

    def ends(unit):
        made = replace(rule("xk-ati"), response=Period(value, unit), country=country)
        return count(made, received_on=received, time_zone="UTC", calendar=calendar).due_on

    assert ends("calendar_days") == received + dt.timedelta(value)
    assert ends("weeks") == received + dt.timedelta(7 * value)
    assert ends("months") == add_months(received, value)
    between = [received + dt.timedelta(n) for n in range(1, (ends("working_days") - received).days + 1)]
    assert sum(is_working_day(calendar, day) for day in between) == value


@given(day=days, months=st.integers(0, 60))
def test_it_keeps_the_day_of_the_month_or_takes_the_last(day, months):
    reached = add_months(day, months)
    assert (reached.year * 12 + reached.month) - (day.year * 12 + day.month) == months
    assert reached.day == day.day or (reached.day < day.day and (reached + dt.timedelta(1)).day == 1)


@given(day=days, name=st.sampled_from(ZONES))
def test_it_ends_a_day_at_the_first_instant_of_the_next(day, name):
    there = zoneinfo.ZoneInfo(name)
    end = end_of_day(day, there)
    assert end.astimezone(there).date() > day
    assert (end - dt.timedelta(microseconds=1)).astimezone(there).date() <= day


@pytest.mark.parametrize(
    ("name", "day", "end"),
    [
        ("Asia/Beirut", "2026-03-28", "2026-03-28T22:00"),  # the next day begins at 01:00
        ("America/Havana", "2026-10-31", "2026-11-01T04:00"),  # midnight comes twice
        ("Pacific/Apia", "2011-12-29", "2011-12-30T10:00"),  # the next day was left out
        ("Europe/Tirane", "2026-03-29", "2026-03-29T22:00"),
        ("Europe/Tirane", "2026-10-25", "2026-10-25T23:00"),
    ],
)
def test_it_minds_clocks_that_change(name, day, end):
    assert end_of_day(dt.date.fromisoformat(day), zoneinfo.ZoneInfo(name)) == dt.datetime.fromisoformat(f"{end}+00:00")


def test_it_calls_the_writers_own_date_no_law():
    found = own(received_on=dt.date(2026, 3, 2), time_zone="Asia/Tehran", days=30)
    assert found.due_on == dt.date(2026, 4, 1)
    assert (found.law, found.rule_id) == (False, "")
    assert "not a legal one" in sentence(found.how[0])
    named = own(received_on=dt.date(2026, 3, 2), time_zone="Asia/Tehran", on=dt.date(2026, 4, 1))
    assert (named.due_on, named.due_at, named.law) == (found.due_on, found.due_at, False)


@pytest.mark.parametrize(
    "given_",
    [
        {},
        {"days": 0},
        {"days": -3},
        {"days": 100_000},
        {"days": 3, "on": dt.date(2026, 4, 1)},
        {"on": dt.date(2026, 3, 2)},
        {"on": dt.date.max},
    ],
)
def test_it_refuses_an_own_date_that_makes_no_sense(given_):
    with pytest.raises(Refused):
        own(received_on=dt.date(2026, 3, 2), time_zone="UTC", **given_)


@pytest.mark.parametrize("received", [dt.date.min, dt.date.max])
def test_it_refuses_dates_out_of_reach(received):
    with pytest.raises(Refused, match="1900"):
        count(rule("al-ati"), received_on=received, time_zone="UTC", calendar=Calendar("AL"))


@pytest.mark.parametrize("name", ["", "Nowhere/City", "../etc/passwd", "a\0b", "America", "x" * 300])
def test_it_says_that_a_time_zone_is_unknown(name):
    assert zone(name) is None
    found = own(received_on=dt.date(2026, 3, 2), time_zone=name, days=1)
    assert found.due_at == dt.datetime(2026, 3, 4, tzinfo=dt.UTC)
    assert said(found.assumed) == {"zone_unknown"}
