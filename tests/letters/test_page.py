"""Letters on paper: what is printed is read back from the PDF itself."""

import ctypes
import dataclasses
import datetime as dt
import hashlib
import io
import multiprocessing
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pypdfium2
import pypdfium2.raw as pdfium_c
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from answerable.core.errors import Refused
from answerable.letters.glyphs import FONTS, NOT_SHOWN, not_printable, printable
from answerable.letters.page import MOST_CHARACTERS, Labels, Page, Sender, Signatory, page_count, pdf, png

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
ENGLISH = Labels("Our reference", "Copy", "Copy of a letter to", "Copies to", "Enclosures")
PERSIAN = Labels("شمارهٔ نامه", "رونوشت", "رونوشت نامه به", "رونوشت به", "پیوست‌ها")
BARE = Page(language="en", labels=ENGLISH, recipient=(), paragraphs=())
LETTER = Page(
    language="en-GB",
    labels=ENGLISH,
    sender=Sender("Friends of Nima", ("1 Quay Street", "Marlow"), ("friends@nima.example",)),
    recipient=("Ms Dana Sample", "Minister of Justice", "Ministry of Justice"),
    place_and_date="Marlow, 2 March 2026",
    reference="AN-7K3M-2QXD",
    subject="Access to a lawyer for Nima",
    salutation="Dear Minister,",
    paragraphs=("I write about my brother Nima.", "We ask:"),
    asks=("to be told where he is held;", "that he may see his lawyer."),
    paragraphs_after=("Please answer by 16 March 2026.",),
    closing="Yours faithfully,",
    signatories=(Signatory("Alice", "sister", "Marlow"),),
    enclosures=("Letter of 3 October 2024",),
    copies=("The Prime Minister", "The Ombudsman"),
    reply_to=("Please answer to r.0123456789abcdefghjkmnpqrs@answerable.example.",),
)
PERSIAN_LETTER = Page(
    language="fa",
    labels=PERSIAN,
    recipient=("وزیر دادگستری", "UN Working Group, 1211 Geneva 10."),
    reference="AN-7K3M-2QXD",
    subject="درخواست دسترسی به وکیل",
    paragraphs=("این نامه را دربارهٔ برادرم نیما می‌نویسم که روز ۲۴ اردیبهشت ۱۴۰۰ از office@justice.example برده شد.",),
    asks=("بگویید نیما کجاست؛", "اجازهٔ دیدار با وکیل بدهید."),
)


def sheets(made: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(made)
    return [sheet.get_textpage().get_text_range().replace("\r\n", "\n") for sheet in document]


def text_of(page: Page) -> str:
    return "\n".join(sheets(pdf(page, stamped_at=AT)))


def language_of(made: bytes) -> str:
    document = pypdfium2.PdfDocument(made)
    size = pdfium_c.FPDFCatalog_GetLanguage(document, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium_c.FPDFCatalog_GetLanguage(document, ctypes.cast(buffer, ctypes.POINTER(pdfium_c.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le")


def test_it_prints_every_part_of_the_letter_in_its_order():
    text = text_of(LETTER)
    parts = [
        "Friends of Nima", "1 Quay Street", "Ms Dana Sample", "Minister of Justice", "Marlow, 2 March 2026", "Our reference", "AN-7K3M-2QXD",
        "Access to a lawyer for Nima", "Dear Minister,", "I write about my brother Nima.", "1. to be told where he is held;",
        "2. that he may see his lawyer.", "Please answer by 16 March 2026.", "Yours faithfully,", "Alice", "sister", "Enclosures",
        "Letter of 3 October 2024", "Copies to", "The Prime Minister", "The Ombudsman",
        "r.0123456789abcdefghjkmnpqrs@answerable.example",
    ]  # fmt: skip
    found = [text.find(part) for part in parts]
    assert -1 not in found, parts[found.index(-1)]
    assert found == sorted(found)


def test_it_makes_a_tagged_archival_document_that_names_its_title_and_language():
    made = pdf(LETTER, stamped_at=AT)
    document = pypdfium2.PdfDocument(made)
    assert document.is_tagged()
    assert document.get_metadata_value("Title") == "Access to a lawyer for Nima"
    assert document.get_metadata_value("Author") == "Friends of Nima"
    assert document.get_metadata_value("CreationDate").startswith("D:20260302090000")
    assert language_of(made) == "en-GB"
    assert b"<pdfaid:part>2</pdfaid:part>" in made and b"<pdfaid:conformance>A</pdfaid:conformance>" in made
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made


def test_it_reads_persian_back_in_its_order_with_its_own_digits():
    made = pdf(PERSIAN_LETTER, stamped_at=AT)
    text = "".join(sheets(made))
    assert language_of(made) == "fa"
    for words in (
        "درخواست دسترسی به وکیل",
        "وزیر دادگستری",
        "این نامه را",
        "برادرم نیما",
        "اردیبهشت",
        "بگویید نیما کجاست؛",
    ):
        assert words in text
    for number in ("۲۴", "۱۴۰۰", "۱", "۲"):
        assert number in text
    assert "1" not in text.replace("1211", "").replace("10", "")


def test_it_mirrors_the_paper_where_the_language_runs_from_right_to_left():
    def ink_left_and_right(page: Page) -> tuple[int, int]:
        sheet = Image.open(io.BytesIO(png(page, ppi=80))).convert("L").point(lambda shade: shade < 200 and 255)
        middle = sheet.width // 2
        halves = (sheet.crop((0, 0, middle, sheet.height)), sheet.crop((middle, 0, sheet.width, sheet.height)))
        return halves[0].histogram()[255], halves[1].histogram()[255]

    short = {"recipient": ("ا",), "paragraphs": ("ا",), "asks": (), "subject": ""}
    left, right = ink_left_and_right(dataclasses.replace(PERSIAN_LETTER, **short, reference=""))
    assert left == 0 < right
    left, right = ink_left_and_right(dataclasses.replace(BARE, recipient=("a",), paragraphs=("a",)))
    assert left > 0 == right


@pytest.mark.parametrize(
    ("language", "mirrored"),
    [("fa", True), ("ar-EG", True), ("he", True), ("ku-Arab", True), ("ur", True), ("az-Latn", False), ("ug-Cyrl", False),
     ("uk", False), ("en", False), ("", False), ("#read(1)", False)],
)  # fmt: skip
def test_it_knows_which_way_a_language_runs(language: str, mirrored: bool):
    page = dataclasses.replace(BARE, language=language)
    assert page.right_to_left is mirrored
    assert pdf(page, stamped_at=AT).startswith(b"%PDF-1.7")


def test_it_makes_the_same_bytes_each_time_in_every_thread_and_process():
    expected = pdf(LETTER, stamped_at=AT)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _n: pdf(LETTER, stamped_at=AT), range(16))) == {expected}
    program = (
        "import hashlib; from answerable.letters.page import pdf; from tests.letters.test_page import AT, LETTER;"
        "print(hashlib.sha256(pdf(LETTER, stamped_at=AT)).hexdigest())"
    )
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == hashlib.sha256(expected).hexdigest()
    assert pdf(LETTER, stamped_at=AT + dt.timedelta(seconds=1)) != expected


def test_it_says_so_in_a_forked_process_instead_of_hanging():
    pdf(BARE, stamped_at=AT)
    fork = multiprocessing.get_context("fork")
    answers = fork.Queue()
    child = fork.Process(target=_try_to_print, args=(answers,))
    child.start()
    assert "fork" in answers.get(timeout=20)
    child.join()


def _try_to_print(answers: "multiprocessing.Queue[str]") -> None:
    try:
        pdf(BARE, stamped_at=AT)
    except RuntimeError as error:
        answers.put(str(error))


HOSTILE = [
    '#read("/etc/passwd")', "#import \"@preview/x:1.0.0\"", "*bold* _it_ `raw`", "$x^2$ and @ref and <label>", "= Heading", "- item + item / term: x",
    "\\ \\n \\u{41} ~ -- ---", "// no comment /* none */", "#{panic()} ] } ) [ {", '" + sys.inputs + "',
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_it_prints_markup_as_the_writer_wrote_it(text: str):
    everywhere = dataclasses.replace(
        LETTER,
        sender=Sender(text, (text,), (text,)),
        recipient=(text,), place_and_date=text, reference=text, subject=text, salutation=text, paragraphs=(text,), asks=(text,),
        paragraphs_after=(text,), closing=text, signatories=(Signatory(text, text, text),), enclosures=(text,), copies=(text,),
        reply_to=(text,), kind="copy", copy_of=(text,), labels=Labels(text, text, text, text, text),
    )  # fmt: skip
    printed = re.sub(r"\s", "", text_of(everywhere).replace("\ufffe", "-"))
    assert printed.count(re.sub(r"\s", "", text)) >= 24


def test_it_prints_a_letter_of_which_only_the_language_is_known():
    for page in (
        BARE,
        dataclasses.replace(
            BARE, recipient=("", " "), paragraphs=("\n", "\x00"), asks=("",), signatories=(Signatory(""),)
        ),
    ):
        assert sheets(pdf(page, stamped_at=AT)) == [""]


def test_it_marks_a_copy_and_says_whose_letter_it_is():
    copy = dataclasses.replace(LETTER, kind="copy", recipient=("The Ombudsman",), copy_of=("Minister of Justice",))
    text = text_of(copy)
    assert "Copy of a letter to\nMinister of Justice" in text
    assert re.search(r"^Copy$", text, re.M) and not re.search(r"^Copy$", text_of(LETTER), re.M)


def test_it_numbers_the_pages_from_the_second_on():
    long = dataclasses.replace(LETTER, paragraphs=tuple(f"{n}. " + "word " * 200 for n in range(160)))
    made = sheets(pdf(long, stamped_at=AT))
    assert page_count(long) == len(made) >= 50
    assert not re.search(r"\d+ / \d+", made[0])
    for number, sheet in enumerate(made[1:], 2):
        assert f"{number} / {len(made)}" in sheet and "AN-7K3M-2QXD" in sheet
    assert page_count(LETTER) == 1


def test_it_keeps_long_words_on_the_paper():
    word = "Donaudampfschiff" * 40
    wide = dataclasses.replace(
        LETTER, subject=word, recipient=(word,), reference=word, paragraphs=(word,), copies=(word,)
    )
    for sheet in pypdfium2.PdfDocument(pdf(wide, stamped_at=AT)):
        text = sheet.get_textpage()
        edges = [text.get_charbox(n) for n in range(text.count_chars())]
        assert max(right for _left, _bottom, right, _top in edges) <= sheet.get_width() - 50


def test_it_keeps_the_recipient_in_the_window_of_the_envelope():
    sheet = pypdfium2.PdfDocument(pdf(LETTER, stamped_at=AT))[0]
    text = sheet.get_textpage()
    found = text.search("Ms Dana Sample").get_next()
    left, _bottom, _right, top = text.get_charbox(found[0])
    mm = 72 / 25.4
    assert 20 < left / mm < 30
    assert 45 < (sheet.get_height() - top) / mm < 60


def test_it_gives_one_sheet_as_a_picture():
    picture = Image.open(io.BytesIO(png(LETTER, ppi=72)))
    assert (picture.format, picture.size) == ("PNG", (595, 842))
    with pytest.raises(Refused, match="no page 2"):
        png(LETTER, page_number=2)
    with pytest.raises(Refused, match="no page 0"):
        png(LETTER, page_number=0)


def test_it_refuses_a_letter_that_would_take_minutes_to_set():
    with pytest.raises(Refused, match="too long"):
        pdf(dataclasses.replace(LETTER, paragraphs=("a" * MOST_CHARACTERS,)), stamped_at=AT)


def test_it_shows_where_a_character_cannot_be_printed_and_names_it():
    assert not_printable("Nima 😀, 中, نیما, Німа, Νίμα, ניצן, \u202e\u200d\ufe0f\x00") == "😀中"
    assert text_of(dataclasses.replace(BARE, paragraphs=("a 😀 b",))).strip() == f"a {NOT_SHOWN} b"


def test_it_lets_no_override_turn_the_words_round():
    assert printable("pay \u202eevil\u202d now") == "pay evil now"
    assert printable("می\u200cنویسم \u2067x\u2069") == "می\u200cنویسم \u2067x\u2069"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.one_of(st.characters(codec=None), st.sampled_from("aא ب\u0301\u05b0\u064b\u200d\u200b\n\u202b😀"))), max_size=5),
       st.sampled_from(["en", "fa", "he", "und"]))  # fmt: skip
def test_it_prints_whatever_people_paste(texts: list[str], language: str):
    page = dataclasses.replace(
        LETTER, language=language, subject="".join(texts), paragraphs=tuple(texts), asks=tuple(texts)
    )
    assert pdf(page, stamped_at=AT).startswith(b"%PDF-1.7")


def test_it_finds_in_the_fonts_what_fonttools_finds():
    for regular in FONTS.glob("*-Regular.ttf"):
        weights = FONTS.glob(regular.name.replace("Regular", "*"))
        shown = set.intersection(*(set(TTFont(font).getBestCmap()) for font in weights))
        assert shown
        assert not [code for code in shown if chr(code).isprintable() and not_printable(chr(code))]


def test_it_takes_little_room():
    assert sum(font.stat().st_size for font in FONTS.glob("*.ttf")) < 6_000_000
    assert os.listdir(FONTS).count("OFL.txt") == 1
