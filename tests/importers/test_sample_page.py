"""The page of the demonstration: a family's open letter with all that stands around one."""

import json
from pathlib import Path

import pytest

import answerable
from answerable.importers.reading import lines, read
from answerable.importers.telling import tell

PAGE = Path(answerable.__file__).parent / "data" / "demo" / "open-letter.html"


@pytest.fixture(scope="module")
def source():
    return PAGE.read_bytes()


@pytest.fixture(scope="module")
def letter(source):
    return read(source, name=PAGE.name)


def test_it_knows_the_letter_and_its_title_under_a_breadcrumb(letter):
    assert letter.is_letter
    assert letter.confidence > 0.9
    assert letter.title == "Letter of the Solenne family to the Minister of Justice"
    assert letter.breadcrumb[:3] == ["Home", "Letters", "Letters of families"]
    assert letter.language == "en"


def test_it_takes_the_address_apart(letter):
    (addressee,) = letter.as_json()["addressees"]
    assert addressee == {
        "name": "Oren Valdis",
        "office": "Minister of Justice",
        "institution": "Ministry of Justice of the Republic of Ardania",
        "country": "Ardania",
    }


def test_it_keeps_the_text_on_both_sides_of_a_salutation_in_the_middle(letter):
    assert letter.salutation == "Your Excellency,"
    assert len(letter.body) == 6
    assert letter.body[0].startswith("We are the family of Marek Solenne")
    assert letter.body[2].startswith("We do not write to accuse")
    assert letter.body[-1].endswith("bad news.")


def test_it_finds_what_is_asked(letter):
    information, plea = letter.asks
    assert "tell us in writing where Marek Solenne is held" in information
    assert "allow his sister to visit him" in plea


def test_it_reads_who_signs_and_where(letter):
    (signatory,) = letter.as_json()["signatories"]
    assert signatory == {"name": "Tamsin Solenne", "role": "sister of Marek Solenne", "place": "Lisvik, Ardania"}
    assert letter.signatory_count == 1


def test_it_lists_the_copies_as_written_even_one_no_directory_knows(letter):
    assert len(letter.copies) == 6
    assert letter.copies[2] == "UN Working Group on Arbitrary Detention"
    assert letter.copies[5] == "International Court of Human Rights"


def test_it_names_a_doubled_caption_once(letter):
    assert letter.captions == ["Marek Solenne's chair at the window of the family's house in Lisvik"]
    assert not any("chair at the window" in paragraph for paragraph in letter.body)


def test_it_takes_no_date_from_the_page_for_the_letter(letter):
    assert letter.date is None
    assert any("2026-09-20" in note for note in letter.notes)


def test_it_says_which_lines_each_field_was_taken_from(source, letter):
    numbered = {line.number: line.text for line in lines(source)}
    first, last = letter.spans["copies"][0]
    assert numbered[first] == "Copies to:"
    assert numbered[last].endswith("International Court of Human Rights")
    assert [numbered[first] for first, _last in letter.spans["salutation"]] == ["Your Excellency,"]


def test_it_tells_the_same_in_json_in_lines_and_with_reasons(source, letter):
    assert json.loads(tell(source, PAGE.name, as_json=True)) == json.loads(json.dumps(letter.as_json()))
    assert "Mr. Oren Valdis" in tell(source, PAGE.name, numbered=True)
    explained = tell(source, PAGE.name, explain=True)
    assert "labelled “copies to”" in explained
    assert "is it a letter? +" in explained
    assert "Tamsin Solenne, sister of Marek Solenne, Lisvik, Ardania" in tell(source, PAGE.name)
