"""The sheet of each recipient: what stands on it, in whose language, and the same bytes each time."""

import re
from io import BytesIO

import pypdfium2
import pytest

from answerable.cases.opening import open_case
from answerable.directory import keeping
from answerable.letters import addressing, drafting
from answerable.letters.drafting import Asked, Draft, Signed, Someone, Words
from answerable.letters.paper import page_of, pdf_of, picture_of, sheets_in
from answerable.letters.plain import authoritative, text_of


@pytest.fixture
def letter(team, alice, now):
    case = open_case(team=team, title="Nima", by=alice, now=now)
    draft = Draft(
        "Nima",
        [
            Words("en", "Where is Nima?", "We ask you.\n\nLet him call home.", "Dear Minister,", "Yours,"),
            Words("fa", "نیما کجاست؟", "پاسخ دهید."),
        ],
        [Someone("The Minister\nMinistry of Justice")],
        [Someone("The Ombudsman", None, "post", "The Ombudsman\n1 Square\nMarlow")],
        [Asked("information", "Tell us where he is."), Asked("plea", "Let him call home.")],
        [Signed("Alice Rad", "his sister", "Marlow")],
    )
    return drafting.begin(case, draft, by=alice, now=now)


def test_the_sheet_says_who_writes_whom_and_what_is_asked_once(letter, now):
    page = page_of(authoritative(letter), stamped_at=now)
    assert page.sender.name == "Friends of Nima"
    assert page.recipient == ("The Minister", "Ministry of Justice")
    assert page.place_and_date == "Marlow, 2 March 2026"
    assert page.asks == ("Tell us where he is.",)
    assert page.copies == ("The Ombudsman",)
    assert page.reply_to == ()


def test_a_copy_says_so_and_shows_its_address_in_the_window(letter, now):
    copy = letter.recipients.get(kind="copy")
    page = page_of(authoritative(letter), recipient=copy, reply_to="r.abc@answerable.example", stamped_at=now)
    assert (page.kind, page.copy_of) == ("copy", ("The Minister, Ministry of Justice",))
    assert page.recipient == ("The Ombudsman", "1 Square", "Marlow")
    assert "r.abc@answerable.example" in page.reply_to[0]
    assert letter.reference in page.reply_to[0]


def test_a_translation_is_laid_out_in_its_own_direction(letter, now):
    page = page_of(letter.versions.get(language="fa"), stamped_at=now)
    assert page.right_to_left
    assert page.asks == ()


def test_the_same_words_give_the_same_pdf_and_can_be_read_back(letter):
    version = authoritative(letter)
    made = pdf_of(version)
    assert made == pdf_of(version)
    text = pypdfium2.PdfDocument(BytesIO(made))[0].get_textpage().get_text_range()
    assert "Where is Nima?" in text
    assert letter.reference in text
    assert sheets_in(version) == 1
    assert picture_of(version, 1).startswith(b"\x89PNG")


@pytest.fixture
def office(db, now):
    body = keeping.add_body(name="Ministry of Justice", languages="en", team=None, by=None, now=now)
    return keeping.add_office(body=body, name="Minister", team=None, by=None, now=now)


def test_an_office_is_addressed_by_its_holder_of_that_day(office, team, now):
    today = now.date()
    assert addressing.block(office, on=today) == "Minister\nMinistry of Justice"
    assert addressing.salutation(office, language="en", on=today) == "Dear Minister,"
    assert addressing.salutation(office, language="de", on=today) == "Sehr geehrte Damen und Herren,"
    assert addressing.salutation(office, language="iu", on=today) == ""
    keeping.add_holder(office=office, name="Vera Hoti", form_of_address="Ms", from_on=today, by=None, now=now)
    assert addressing.block(office, on=today).startswith("Ms Vera Hoti\n")
    assert addressing.salutation(office, language="en", on=today) == "Dear Ms Vera Hoti,"
    office.holders.update(form_of_address="Her Excellency Ms Vera Hoti")
    assert addressing.block(office, on=today).startswith("Her Excellency Ms Vera Hoti\n")
    assert addressing.salutation(office, language="en", on=today) == "Your Excellency,"


def test_the_teams_own_address_comes_before_the_shared_one(office, team, charlie, alice, now):
    for whose, address in (
        (None, "a@ministry.example"),
        (team, "b@ministry.example"),
        (charlie.memberships.get().team, "c@ministry.example"),
    ):
        keeping.add_contact(office=office, channel="email", value=address, team=whose, by=alice, now=now)
    assert addressing.reach(office, team=team) == ("email", "b@ministry.example")
    assert addressing.reach(office, team=team, channel="post") == ("post", "")


LINK = "https://letters.example/reply/00000000000000000000000000/"


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_page_to_answer_on_stands_beside_the_address_in_text_and_on_paper(letter, language):
    version = letter.versions.get(language=language)
    where = {"reply_to": "r.abc@answerable.example", "reply_link": LINK}
    lines = text_of(version, **where).rstrip("\n").splitlines()[-3:]
    assert "r.abc@answerable.example" in lines[0]
    assert lines[2] == LINK
    on_paper = pypdfium2.PdfDocument(BytesIO(pdf_of(version, **where)))[0].get_textpage().get_text_range()
    for part in re.findall(r"\w+", LINK):  # of a page from right to left they are read back in another order
        assert part in on_paper


def test_without_a_page_the_address_stands_alone(letter):
    text = text_of(authoritative(letter), reply_to="r.abc@answerable.example")
    assert text.endswith(f"Please answer to r.abc@answerable.example and quote {letter.reference}.\n")
