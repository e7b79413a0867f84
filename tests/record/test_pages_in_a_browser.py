"""The public pages in a real browser, served by the front: on a phone and a desk, in both directions of writing."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from answerable import journey
from answerable.dispatch import outbox
from answerable.evidence.files import keep
from answerable.letters import drafting
from answerable.letters.models import Letter
from answerable.record import building

pytestmark = pytest.mark.browser


@pytest.fixture
def publish(case, draft, consented, alice, now, settings, tmp_path):
    """Publishes a letter whose first version is in the given language: delivered, answered, with a picture."""
    settings.ANSWERABLE_RECORD = tmp_path / "record"

    def do(language: str) -> Letter:
        versions = sorted(draft.versions, key=lambda one: one.language != language)
        letter = drafting.begin(case, drafting.Draft(**vars(draft) | {"versions": versions}), by=alice, now=now)
        journey.send(letter, route="host", by=alice, now=now)
        for dispatch in outbox.claim(now=now, node="n", most=9):
            journey.record_delivery(dispatch, server_words="250 kept", now=now)
        minister = letter.recipients.get(kind="to")
        reply = journey.record_answer(minister, way="paper", text="He is in Orlo.", answered_at=now, by=alice, now=now)
        journey.show(reply, shown=True, by=alice, now=now)
        drawn = io.BytesIO()
        Image.new("RGB", (960, 640), "#776655").save(drawn, "JPEG")
        photo = keep(drawn.getvalue(), media_type="image/jpeg", now=now)
        Letter.objects.filter(pk=letter.pk).update(photo=photo, photo_alt="A door", photo_caption="The door")
        letter.refresh_from_db()
        journey.publish(letter, by=alice, now=now)
        building.build(letter, now=now)
        return letter

    return do


@pytest.fixture
def address(port):
    return f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_can_be_read_by_everybody(page, address, publish, case, office, language, width):
    letter = publish(language)
    problems = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("requestfailed", lambda request: problems.append(request.url))
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/", f"/letters/{letter.slug}/", f"/cases/{case.slug}/", f"/offices/{office.slug}/"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()
    assert problems == []


def test_it_asks_nobody_else_and_keeps_nothing_in_the_browser(page, address, publish):
    letter = publish("en")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/letters/{letter.slug}/")
    page.get_by_alt_text("A door").scroll_into_view_if_needed()
    assert len(asked) > 3
    assert {url.removeprefix(address)[0] for url in asked} == {"/"}
    assert page.context.cookies() == []
    assert page.evaluate("document.fonts.check('600 1rem \"Noto Serif\"')")
    assert page.evaluate("document.querySelector('.photo img').naturalWidth") > 0


def test_it_mirrors_where_the_language_runs_from_right_to_left(page, address, publish):
    letter = publish("fa")
    page.goto(f"{address}/letters/{letter.slug}/")
    assert page.locator("html").get_attribute("dir") == "rtl"
    date, to = (
        page.locator(".sheet-head time").first.bounding_box(),
        page.locator(".sheet-head address").first.bounding_box(),
    )
    assert date["x"] < to["x"]


def test_it_leads_to_the_other_language(page, address, publish):
    letter = publish("en")
    page.goto(f"{address}/letters/{letter.slug}/")
    page.get_by_role("link", name="فارسی").click()
    page.get_by_text("ما دربارهٔ نیما می‌نویسیم.").wait_for(state="visible")


def test_it_shows_the_skip_link_to_the_keyboard(page, address, publish):
    publish("en")
    page.goto(address)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the main content")
    assert skip.bounding_box()["height"] > 20
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_it_prints_the_letter_and_the_account_without_the_frame(page, address, publish):
    letter = publish("en")
    page.goto(f"{address}/letters/{letter.slug}/")
    page.emulate_media(media="print")
    assert not page.locator("header.top").is_visible()
    assert page.locator(".sheet").first.is_visible()
    assert page.locator("#account").is_visible()
