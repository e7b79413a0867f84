"""Inexact dates: read, bounded, said."""

import datetime as dt

import pytest
from django.utils import translation

from answerable.cases import dates
from answerable.core.errors import Refused


@pytest.mark.parametrize(
    ("typed", "edtf", "earliest", "latest"),
    [
        ("2021", "2021", dt.date(2021, 1, 1), dt.date(2021, 12, 31)),
        ("2021-05~", "2021-05~", dt.date(2021, 5, 1), dt.date(2021, 5, 31)),
        ("2021-05-14", "2021-05-14", dt.date(2021, 5, 14), dt.date(2021, 5, 14)),
        ("202X", "202X", dt.date(2020, 1, 1), dt.date(2029, 12, 31)),
        ("2021-05/2021-07", "2021-05/2021-07", dt.date(2021, 5, 1), dt.date(2021, 7, 31)),
        ("2021-05/..", "2021-05/..", dt.date(2021, 5, 1), None),
        ("../2021", "../2021", None, dt.date(2021, 12, 31)),
        ("۲۰۲۱-۰۵", "2021-05", dt.date(2021, 5, 1), dt.date(2021, 5, 31)),
        ("about May 2021", "2021-05~", dt.date(2021, 5, 1), dt.date(2021, 5, 31)),
        ("14.5.2021", "2021-05-14", dt.date(2021, 5, 14), dt.date(2021, 5, 14)),
        ("14/05/2021?", "2021-05-14?", dt.date(2021, 5, 14), dt.date(2021, 5, 14)),
        ("2021/5/14", "2021-05-14", dt.date(2021, 5, 14), dt.date(2021, 5, 14)),
        ("5/2021", "2021-05", dt.date(2021, 5, 1), dt.date(2021, 5, 31)),
        ("\u202e2021\u200c-5", "2021-05", dt.date(2021, 5, 1), dt.date(2021, 5, 31)),
        ("۱۴۰۰/۰۲/۲۴", "2021-05-14", dt.date(2021, 5, 14), dt.date(2021, 5, 14)),
        ("۲۴ اردیبهشت ۱۴۰۰", "2021-05-14", dt.date(2021, 5, 14), dt.date(2021, 5, 14)),
        ("1400-02", "2021-04-21/2021-05-21", dt.date(2021, 4, 21), dt.date(2021, 5, 21)),
        ("1399", "2020-03-20/2021-03-20", dt.date(2020, 3, 20), dt.date(2021, 3, 20)),
        ("1399/1400", "2020-03-20/2022-03-20", dt.date(2020, 3, 20), dt.date(2022, 3, 20)),
    ],
)
def test_it_reads_a_date_as_exactly_as_it_is_known(typed, edtf, earliest, latest):
    assert dates.read(typed) == dates.Inexact(edtf, earliest, latest)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "nonsense",
        "2021-13",
        "2021-02-30",
        "../..",
        "\x00",
        "[2020",
        "9" * 500,
        "0000",
        "3/4/2021",
        "1400-12-30",
        "1400-13",
        "ماه 2021",
        "31.2.2021",
    ],
)
def test_it_refuses_what_is_no_date_with_a_sentence(typed):
    with pytest.raises(Refused) as refused:
        dates.read(typed, field="born")
    assert refused.value.field == "born"


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2021", "2021"),
        ("2021-05~", "about May 2021"),
        ("2021-05-14", "14 May 2021"),
        ("2021?", "perhaps 2021"),
        ("2021-05%", "perhaps about May 2021"),
        ("202X", "the 2020s"),
        ("20XX", "between 2000 and 2099"),
        ("2021-XX", "2021, on a day not known"),
        ("2021-05-XX", "May 2021, on a day not known"),
        ("2021-21", "spring 2021"),
        ("2021-05/2021-07", "May 2021 to July 2021"),
        ("2021-05/..", "from May 2021 on"),
        ("/2021", "until 2021"),
        ("[2020,2021]", "[2020,2021]"),
    ],
)
def test_it_says_a_date_no_more_exactly_than_it_is(edtf, words):
    with translation.override("en"):
        assert dates.say(edtf) == words
