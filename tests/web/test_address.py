"""Where a request came from: what delays one who guesses passwords must not delay everybody behind the same proxy."""

import pytest

from answerable.web.access import address_of


@pytest.mark.parametrize(
    ("behind", "forwarded", "address"),
    [
        (False, "203.0.113.9", "127.0.0.1"),
        (True, "203.0.113.9", "203.0.113.9"),
        (True, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (True, "", "127.0.0.1"),
    ],
    ids=["no proxy: the header is anybody's", "proxy", "what the visitor wrote before counts for nothing", "no header"],
)
def test_it_believes_only_the_proxy_of_this_host(rf, settings, behind, forwarded, address):
    settings.ANSWERABLE_BEHIND_PROXY = behind
    assert address_of(rf.get("/", HTTP_X_FORWARDED_FOR=forwarded)) == address


def test_it_delays_the_one_who_guesses_and_nobody_else(client, alice, settings):
    settings.ANSWERABLE_BEHIND_PROXY = True
    wrong = {"login": alice.email, "password": "wrong"}
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        last = client.post("/desk/account/login/", wrong, HTTP_X_FORWARDED_FOR="198.51.100.1")
    assert last.status_code == 429
    right = {"login": alice.email, "password": "correct horse battery"}
    assert client.post("/desk/account/login/", right, HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 302
