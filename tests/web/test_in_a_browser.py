"""The desk in a real browser: the main path without a script on a phone, and every page fit to be read by everybody."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as configured
from PIL import Image

from answerable.accounts.models import User
from answerable.cases.models import Person
from answerable.core import instants
from answerable.letters.models import Letter
from tests.web import made
from tests.web.everything import ROWS, address

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
# Where nobody can be signed in; and what is saved or drawn instead of read.
OUTSIDE = {"front_door", "start", "join", "account_login", "account_reset_password", "reply_page"}
NO_PAGES = {
    "letter_sheet", "letter_pdf", "dispatch_message", "reply_proof", "attachment", "original", "letter_public_preview",
}  # fmt: skip
PAGES = [row for row in ROWS if row.get.startswith("200") and row.name not in OUTSIDE | NO_PAGES]
# The letter of `things` is about somebody for whom no ground counts yet: it has no form to publish it.
FORMS = [row for row in ROWS if row.post.startswith("422") and row.name not in OUTSIDE | {"letter_publish"}]


class Desk:
    """A phone without a script, and the words on its buttons."""

    def __init__(self, page, server):
        self.page, self.server = page, server

    def open(self, path):
        self.page.goto(self.server + path)

    def fill(self, **values):
        for name, value in values.items():
            field = self.page.locator(f'main [name="{name.replace("__", "-")}"]').first
            tag, kind = field.evaluate("e => [e.tagName, e.type]")
            if tag == "SELECT":
                field.select_option(value)
            elif kind == "file":
                field.set_input_files(value)
            elif kind in ("radio", "checkbox"):
                self.page.locator(f'main [name="{name}"][value="{value}"]').check()
            else:
                field.fill(value)

    def press(self, words):
        self.page.locator("main").get_by_role("button", name=words).first.click()

    def follow(self, words):
        self.page.locator("main").get_by_role("link", name=words).first.click()

    @property
    def says(self):
        return self.page.locator("main").inner_text()


@pytest.fixture
def phone(browser, live_server):
    with browser.new_context(viewport=PHONE, java_script_enabled=False, accept_downloads=True) as context:
        yield Desk(context.new_page(), live_server.url)


@pytest.mark.django_db(transaction=True)
def test_a_relative_with_a_phone_goes_all_the_way(phone, tmp_path):
    begin(phone)
    case = open_a_case(phone)
    add_an_office(phone)
    write(phone, case, tmp_path)
    send(phone)
    hear_by_phone(phone)
    file_what_came(phone)
    publish_and_withdraw(phone)
    phone.page.get_by_role("button", name="Sign out").click()
    phone.open(case)
    assert "Sign in" in phone.says


def begin(phone):
    phone.open("/")
    phone.press("Begin")
    assert phone.says.count("This field is required.") == 8  # each beside its field and in the summary
    phone.fill(name="Alice", email="alice@people.example", password="lantern harbour violin", team_name="Family Rad")
    phone.press("Begin")
    assert "Today" in phone.says


def open_a_case(phone):
    phone.follow("Open a case")
    phone.fill(title="Nima", public_title="Where is Nima Rad?", country="Iran")
    phone.press("Open the case")
    assert "This is no code of a country" in phone.says
    phone.fill(country="ir")
    phone.press("Open the case")
    case = phone.page.url.removeprefix(phone.server)
    phone.follow("Add a person")
    phone.fill(name="Nima Rad", spellings="نیما راد | fa", born="۱۳۷۸")
    phone.press("Add")
    person = Person.objects.get()
    assert (person.born, person.variants.get().language) == ("1999-03-21/2000-03-19", "fa")
    phone.page.get_by_text("State a ground").click()
    phone.follow("consent: the person agrees")
    phone.fill(document="A letter of 3 May 2026.")
    phone.press("State this ground")
    assert "may be shown" in phone.says
    phone.follow("Add an event")
    phone.fill(when="nobody knows", what="Four men took him from his home.")
    phone.press("Add")
    assert "is not a date we can read" in phone.says
    phone.fill(when="about May 2021")
    phone.press("Add")
    assert "about May 2021" in phone.says
    phone.follow("Add a claim")
    phone.fill(stated_by="The police", text="They hold no record of him.", source="A telephone call")
    phone.press("Add")
    assert "The police" in phone.says
    return case


def add_an_office(phone):
    phone.open("/desk/directory/new/")
    phone.fill(body="Ministry of Justice of Ardania", office="Minister of Justice", value="minister@justice,example")
    phone.press("Add")
    assert "This is no e-mail address" in phone.says
    phone.fill(value="minister@justice.example")
    phone.press("Add")
    assert "It stands in your directory now." in phone.says


def write(phone, case, folder):
    picture = folder / "nima.jpg"
    Image.new("RGB", (90, 60), "teal").save(picture)
    paper = folder / "papers.pdf"
    paper.write_bytes(b"%PDF-1.7\n")
    phone.open(case)
    phone.follow("Write a letter")
    phone.fill(find="justice of ardania")
    phone.press("Search")
    phone.press("Write to it")
    phone.press("Add a copy by hand")
    phone.fill(
        copies__0__as_written="The Ombudsman\nArdania", copies__0__channel="post", copies__0__address="1 Square\nVessa"
    )
    phone.fill(versions__0__subject="Where is Nima Rad?", versions__0__body="We write about Nima Rad.")
    phone.fill(asks__0__text="Tell us where he is held.", asks__0__kind="information")
    for number, (kind, text) in enumerate([("petition", "Look into his arrest."), ("plea", "Let him call home.")], 1):
        phone.press("Add an ask")
        phone.fill(**{f"asks__{number}__text": text, f"asks__{number}__kind": kind})
    phone.fill(signatories__0__name="Alice Rad")
    phone.press("Add a translation")
    phone.fill(versions__1__language="fa", versions__1__subject="نیما راد کجاست؟", versions__1__body="ما می‌نویسیم.")
    phone.press("Add an enclosure")
    phone.fill(enclosures__0__file=paper, photo=paper)
    phone.press("See it on paper")
    assert "This is not a picture we can read" in phone.says
    phone.fill(photo=picture, photo_alt="Nima")
    phone.press("See it on paper")
    assert (
        phone.page.get_by_alt_text("Page 1 of the letter").evaluate("e => e.decode().then(() => e.naturalWidth)") > 400
    )
    phone.follow("Go on writing")
    phone.press("Review and send")


def send(phone):
    assert "Worth a second look" in phone.says
    phone.page.get_by_role("button", name="Seal and send the letter").dblclick()
    phone.page.wait_for_url("**/letters/*/")
    letter = Letter.objects.get()
    assert letter.state == "sealed"
    assert [one.dispatches.count() for one in letter.recipients.all()] == [1, 1]
    with phone.page.expect_download() as download:
        phone.follow("Download the message")
    assert download.value.suggested_filename.endswith(".eml")
    phone.follow("I have sent it")
    phone.press("Record the delivery")
    assert "The clock of this recipient runs" in phone.says
    phone.follow("Record the delivery")
    phone.fill(accepted_on="0202-01-01", proof_number="RR 1")
    phone.press("Record the delivery")
    assert "look at the year" in phone.says
    phone.fill(accepted_on=instants.now().date().isoformat())
    phone.press("Record the delivery")
    phone.page.go_back()
    phone.press("Record the delivery")
    assert "This was recorded, taken back or sent already" in phone.says


def hear_by_phone(phone):
    phone.open(f"/desk/letters/{Letter.objects.get().uid}/")
    phone.follow("Record an answer by phone")
    phone.press("Record the answer")
    assert "This field is required." in phone.says
    phone.fill(text="They will look into it.", outcome="pledge")
    phone.press("Record the answer")
    assert "They will look into it." in phone.says


def file_what_came(phone):
    made.a_held_message(instants.now(), subject=f"About {Letter.objects.get().reference}")
    phone.open("/desk/pen/")
    phone.follow("About AN-")
    phone.press("It belongs here")
    assert "The message stands in the thread" in phone.says


def publish_and_withdraw(phone):
    phone.open(f"/desk/letters/{Letter.objects.get().uid}/publish/")
    phone.press("Publish the letter")
    assert "The letter is published." in phone.says
    phone.follow("Withdraw it")
    phone.press("Withdraw it")
    assert "The letter is withdrawn." in phone.says


@pytest.fixture
def alices(browser, live_server, signed_in, things, alice, settings):
    """A phone on which Alice is signed in, in a language."""
    settings.ANSWERABLE_SMTP_URL = "smtp://127.0.0.1:25"

    def page(language):
        User.objects.filter(pk=alice.pk).update(language=language)
        session = signed_in(alice).cookies[configured.SESSION_COOKIE_NAME].value
        context = browser.new_context(viewport=PHONE, locale=language)
        context.add_cookies(
            [
                {"name": name, "value": value, "url": live_server.url}
                for name, value in (
                    (configured.SESSION_COOKIE_NAME, session),
                    (configured.LANGUAGE_COOKIE_NAME, language),
                )
            ]
        )
        opened.append(context)
        return context.new_page()

    opened = []
    yield page
    for context in opened:
        context.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_page_fits_a_phone_and_can_be_read_by_everybody(alices, live_server, things, language):
    page = alices(language)
    found = []
    for row in PAGES:
        page.goto(live_server.url + address(row, things))
        found += wrong_with(page, row.name, language)
    assert not found, "\n".join(found)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_form_says_what_is_wrong_to_everybody(alices, live_server, things, language):
    page = alices(language)
    found = []
    for row in FORMS:
        page.goto(live_server.url + address(row, things))
        with page.expect_navigation():
            page.evaluate(EMPTY_AND_SEND)
        if not page.locator(".notice-bad").count():
            found.append(f"{row.name} says nothing of what is wrong")
        found += wrong_with(page, row.name, language)
    assert not found, "\n".join(found)


# Everything that was filled in is taken away, and the form is sent.
EMPTY_AND_SEND = """() => {
  const form = document.querySelector('main form');
  for (const field of form.elements)
    if (field.name !== 'csrfmiddlewaretoken' && !field.name.endsWith('_FORMS') && field.type !== 'hidden') {
      field.value = field.type === 'checkbox' || field.type === 'radio' ? field.value : '';
      field.checked = false;
    }
  form.submit();
}"""


def wrong_with(page, name, language):
    """What keeps somebody from reading this page, in lines."""
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    lines = [f"{name} ({language}) is wider than a phone"] if wide else []
    if page.locator("html").get_attribute("lang") != language:
        lines.append(f"{name} does not speak {language}")
    violations = Axe().run(page).response["violations"]
    for violation in violations:
        where = violation["nodes"][0]["html"][:150]
        lines.append(f"{name} ({language}): {violation['id']}, {violation['help']}: {where}")
    return lines
