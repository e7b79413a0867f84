"""The front, as a reader meets it: real files in a folder, served over HTTP."""

import gzip
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import quote

import brotli
import pytest

PAGE = b"<!DOCTYPE html><title>A letter</title>" + b"<p>word</p>" * 50


@pytest.fixture
def record(tmp_path):
    """A record with one letter, one withdrawn letter whose files still stand, and a secret beside the folder."""
    for path, content in {
        "record/letters/nima/index.html": PAGE,
        "record/letters/nima/photo-480.webp": b"RIFF",
        "record/letters/نیما/index.html": PAGE,
        "record/letters/gone/index.html": PAGE,
        "record/letters/gone/photo-480.webp": b"RIFF",
        "record/letters/gone-not/index.html": PAGE,
        "record/gone.html": b"withdrawn",
        "record/withdrawn.txt": b"/letters/gone/\n",
        "record/letters/.nima.1": b"half written",
        "static/css/base.css": b"p{}",
        "secret.key": b"secret",
        "secret.html": b"secret",
    }.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    page = tmp_path / "record/letters/nima/index.html"
    page.with_name("index.html.gz").write_bytes(gzip.compress(PAGE))
    page.with_name("index.html.br").write_bytes(brotli.compress(PAGE))
    (tmp_path / "record/letters/link.html").symlink_to(tmp_path / "secret.html")
    return tmp_path / "record"


@pytest.fixture
def get(record, port):
    def ask(path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer, answer.read()

    return ask


def test_it_serves_a_published_page_without_cookie_and_under_an_exact_policy(get):
    answer, content = get("/letters/nima/")
    assert (answer.status, content) == (200, PAGE)
    assert answer.headers["Set-Cookie"] is None
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=30"
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
        ("identity", None, bytes),
    ],
)
def test_it_chooses_the_best_encoding_the_reader_takes(get, accepted, encoding, unpack):
    answer, content = get("/letters/nima/", Accept_Encoding=accepted)
    assert answer.headers["Content-Encoding"] == encoding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert unpack(content) == PAGE


def test_it_says_304_to_whoever_has_the_page_and_only_until_it_changes(get, record):
    etag = get("/letters/nima/", Accept_Encoding="br")[0].headers["ETag"]
    assert get("/letters/nima/", Accept_Encoding="gzip", If_None_Match=etag)[0].status == 200
    answer, content = get("/letters/nima/", Accept_Encoding="br", If_None_Match=f'"other", W/{etag}')
    assert (answer.status, content) == (304, b"")
    (record / "letters/nima/index.html").write_bytes(PAGE + b"more")
    assert get("/letters/nima/", Accept_Encoding="br", If_None_Match=etag)[0].status == 200


def test_it_answers_head_without_content(get):
    answer, content = get("/letters/nima/", "HEAD")
    assert (answer.status, answer.headers["Content-Length"], content) == (200, str(len(PAGE)), b"")
    assert get("/letters/gone/", "HEAD")[1] == b""


@pytest.mark.parametrize(
    "path", ["/letters/gone/", "/letters/gone", "/letters/gone/index.html", "/letters/gone/photo-480.webp"]
)
def test_it_looks_at_the_withdrawals_before_any_file(get, path):
    answer, content = get(path)
    assert (answer.status, content, answer.headers["Cache-Control"]) == (410, b"withdrawn", "no-store")


def test_it_withdraws_nothing_that_only_begins_alike(get):
    assert get("/letters/gone-not/")[0].status == 200


def test_it_notices_a_new_withdrawal_and_its_end_at_once(get, record):
    (record / "withdrawn.new").write_bytes(b"/letters/gone/\n/letters/nima/\n")
    (record / "withdrawn.new").replace(record / "withdrawn.txt")
    assert get("/letters/nima/")[0].status == 410
    (record / "withdrawn.txt").unlink()
    assert get("/letters/gone/")[0].status == 200


def test_it_finds_addresses_in_any_script(get):
    assert get(quote("/letters/نیما/"))[0].status == 200


def test_it_leads_to_the_address_with_its_slash(get):
    answer, _content = get(quote("/letters/نیما"))
    assert (answer.status, answer.headers["Location"]) == (301, quote("/letters/نیما/"))


def test_it_serves_style(get):
    answer, content = get("/static/css/base.css")
    assert (answer.status, answer.headers["Content-Type"], content) == (200, "text/css; charset=utf-8", b"p{}")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.html",
        "/letters/../../secret.html",
        "/%2e%2e/secret.html",
        "/static/../secret.html",
        "/static/%2e%2e/%2e%2e/secret.html",
        "/letters/nima/..%2f..%2f..%2fsecret.html",
        "/letters/link.html",
        "//secret.html",
        "/letters/.nima.1",
        "/withdrawn.txt",
        "/letters/nima/%00",
        "/letters/nima/index.html%00.html",
        "/..\\secret.html",
        "/letters/",
        "/%ff%fe",
        "/" + "a" * 5000 + ".html",
    ],
)
def test_it_gives_away_nothing_but_what_was_published(get, path):
    answer, content = get(path)
    assert (answer.status, content) == (404, b"behind")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_it_leaves_every_other_method_to_what_is_behind(get, method):
    assert get("/letters/nima/", method)[1] == b"behind"


def test_it_leaves_the_desk_to_what_is_behind(get):
    assert get("/desk/")[1] == b"behind"


@pytest.mark.parametrize("path", ["//letters/gone/", "/letters//gone/", "//letters/gone", "/letters/gone//index.html"])
def test_it_serves_what_was_withdrawn_under_no_other_spelling_of_its_address(get, path):
    answer, content = get(path)
    assert answer.status in {404, 410} and PAGE not in content
    assert answer.headers["Location"] is None
