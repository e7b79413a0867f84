"""What no letter is: a sentence or an empty reading, soon, and never a crash."""

import time

import pytest

from answerable.core.errors import Refused
from answerable.importers.reading import read

REFUSED = {
    "100 MB": (b"<p>" + b"a" * 100_000_000, ""),
    "100,000 deep": (b"<div>" * 100_000 + b"x", ""),
    "100,000 deep in elements nobody closes": (b"<p><b>" * 100_000 + b"x", ""),
    "a million tags": (b"<p>" * 1_000_000 + b"x", ""),
    "three million lines": (b"a\n" * 3_000_000, ""),
    "one line as long as a book": ("слово, ".encode() * 140_000, ""),
    "a message in 20,000 parts": (
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(20_000)),
        "letter.eml",
    ),
    "a message of a picture alone": (b"Content-Type: image/png\nSubject: x\n\nabc", "letter.eml"),
    "a PDF": (b"%PDF-1.7\n", ""),
    "an archive": (b"PK\x03\x04" + b"x" * 100, ""),
    "zeros": (b"\0" * 1_000, ""),
}
READ = {
    "nothing": b"",
    "white space": b" \n\t\n ",
    "an encoding nobody knows": b'<meta charset="wat-9"><p>\xff\xfe\xe9 hello</p>',
    "lone surrogates": b"\xed\xa0\x80" * 1_000,
    "a comment that does not end": b"<p>hello<!--" + b"-" * 5_000_000,
    "brackets": b"[" * 500_000,
    "emphasis that does not end": b"---\na: b\n---\n" + b"*a " * 100_000,
    "as many breadcrumbs": "» ".encode() * 100_000,
    "a salutation on every line": b"Dear Mr. Nobody,\n" * 19_000,
    "thousands of letters": b"Dear Sir,\nThis sentence says nothing at all, at some length.\nRespectfully\n\n" * 4_000,
    "a date of a thousand parts": b"1/1/" * 100_000,
}
SECONDS = 20  # a machine that is busy; alone each takes less than three


@pytest.mark.parametrize("name", REFUSED)
def test_it_refuses_with_a_sentence(name):
    source, file = REFUSED[name]
    began = time.monotonic()
    with pytest.raises(Refused) as refused:
        read(source, name=file)
    assert refused.value.sentence.endswith(".")
    assert time.monotonic() - began < SECONDS


@pytest.mark.parametrize("name", READ)
def test_it_finds_no_letter_and_comes_back(name):
    began = time.monotonic()
    assert not read(READ[name]).is_letter
    assert time.monotonic() - began < SECONDS


def test_it_leaves_out_scripts_and_what_is_hidden():
    reading = read(
        b"<p>Dear Sir,</p><script>alert('we ask you')</script><p hidden>We ask you for money.</p>"
        b"<p onclick='x()'>We ask you to tell us where our brother is kept.</p><p>Respectfully,</p><p>Ann Vale</p>"
    )
    assert reading.is_letter
    assert reading.body == ["We ask you to tell us where our brother is kept."]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_it_reads_the_encodings_that_pages_come_in(encoding):
    text = "Señora Ministra,\n\nLe pedimos una respuesta, señora, porque nadie nos la ha dado en un año.\n\nAtentamente,\nIñaki Olmo\n"
    reading = read(text.encode(encoding))
    assert reading.salutation == "Señora Ministra,"
    assert reading.signatories[0].name == "Iñaki Olmo"
