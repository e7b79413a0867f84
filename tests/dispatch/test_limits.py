"""Daily limits: what is over one waits for tomorrow, is told so, and keeps nobody else waiting."""

import datetime as dt

import pytest

from answerable.dispatch import outbox
from answerable.dispatch.telling import waiting
from answerable.letters.drafting import Someone
from answerable.letters.models import Dispatch
from tests.web.made import a_case, a_sent_letter

MIDNIGHT = dt.datetime(2026, 3, 3, tzinfo=dt.UTC)


@pytest.fixture
def limits(settings):
    """No limits but those that a test sets."""

    def set_to(address=0, domain=0, host=0):
        settings.ANSWERABLE_MOST_A_DAY_TO_ADDRESS = address
        settings.ANSWERABLE_MOST_A_DAY_TO_DOMAIN = domain
        settings.ANSWERABLE_MOST_A_DAY = host

    set_to()
    return set_to


@pytest.fixture
def send(team, alice, now):
    """A letter to each of these addresses waits to leave; returns their dispatches."""
    case = a_case(team, alice, now)

    def sent(*addresses, at=now):
        others = [Someone(f"Office {n}", None, "email", address) for n, address in enumerate(addresses[1:])]
        letter = a_sent_letter(case, alice, at, route="host", to=addresses[0], copies=others)
        return list(Dispatch.objects.filter(recipient__letter=letter))

    return sent


def taken(at, *, most=1):
    """The addresses of all that may leave at that time, taken as a worker would."""
    addresses = []
    while claimed := outbox.claim(now=at, node="n", most=most):
        addresses += [dispatch.address for dispatch in claimed]
    return addresses


def by_state():
    return sorted(Dispatch.objects.values_list("address", "state", "held_back_by"))


@pytest.mark.parametrize("most", [1, 20])
def test_it_holds_back_what_is_over_the_limit_of_an_address_and_nobody_else(limits, send, now, most):
    limits(address=2)
    for _letter in range(3):
        send("Minister@ministry.example", "other@ministry.example" if _letter == 2 else f"o{_letter}@people.example")
    assert len(taken(now, most=most)) == 5
    (held,) = Dispatch.objects.filter(state="queued")
    assert (held.address, held.held_back_by, held.next_try_at) == ("Minister@ministry.example", "address", MIDNIGHT)
    assert "As many letters as may leave for this address in one day have left today." in waiting(held)
    assert "3 March 2026" in waiting(held)


def test_it_counts_an_address_however_its_letters_are_written(limits, send, now):
    limits(address=1)
    send("minister@ministry.example")
    send("MINISTER@Ministry.example")
    assert taken(now) == ["minister@ministry.example"]


@pytest.mark.parametrize("most", [1, 20])
def test_it_holds_back_what_is_over_the_limit_of_a_domain(limits, send, now, most):
    limits(domain=2)
    send("a@one.example", "b@one.example", "c@one.example", "a@two.example", "a@notone.example")
    assert sorted(taken(now, most=most)) == ["a@notone.example", "a@one.example", "a@two.example", "b@one.example"]
    assert ("c@one.example", "queued", "domain") in by_state()


@pytest.mark.parametrize("most", [1, 20])
def test_it_holds_back_what_is_over_the_limit_of_the_host(limits, send, now, most):
    limits(host=1)
    send("a@one.example", "a@two.example", "a@three.example")
    assert taken(now, most=most) == ["a@one.example"]
    assert [row[1:] for row in by_state()].count(("queued", "host")) == 2


def test_it_lets_leave_tomorrow_what_was_held_back_and_loses_nothing(limits, send, now):
    limits(address=1)
    for _letter in range(3):
        send("minister@ministry.example")
    assert len(taken(now)) == 1
    assert taken(MIDNIGHT - dt.timedelta(seconds=1)) == []
    assert len(taken(MIDNIGHT)) == 1
    assert len(taken(MIDNIGHT + dt.timedelta(days=1))) == 1
    assert {row[1:] for row in by_state()} == {("sending", None)}


def test_it_does_not_count_what_was_put_off_or_refused(limits, send, now):
    limits(address=1)
    for state in ("queued", "refused"):
        send("minister@ministry.example")
        Dispatch.objects.filter(state="queued").update(
            state=state, sending_at=now, next_try_at=now + dt.timedelta(days=9)
        )
    send("minister@ministry.example")
    assert len(taken(now)) == 1


def test_it_has_no_limit_at_nought(limits, send, now):
    send(*(f"o{n}@one.example" for n in range(30)))
    assert len(taken(now, most=20)) == 30


def test_it_does_not_touch_what_a_person_sends(limits, team, alice, now):
    limits(host=1)
    case = a_case(team, alice, now)
    a_sent_letter(case, alice, now, route="writer")
    a_sent_letter(case, alice, now, route="host")
    a_sent_letter(case, alice, now, route="host")
    taken(now)
    assert Dispatch.objects.get(route="writer").held_back_by is None


def test_it_tells_how_often_it_was_tried_and_when_it_is_tried_next(send, now):
    (dispatch,) = send("minister@ministry.example")
    assert waiting(dispatch) == ""
    dispatch.tries, dispatch.next_try_at = 3, now
    assert waiting(dispatch) == "Put off 3 times; at most 17 tries are made, the next on 2 March 2026, 09:00."
    dispatch.tries, dispatch.state = 17, "refused"
    assert waiting(dispatch) == "It was given up after 17 tries."
