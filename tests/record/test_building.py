"""Public files, built from rows into a real folder."""

import gzip
import io
import re

import brotli
import pytest
from PIL import Image

from answerable import journey
from answerable.core.errors import Refused
from answerable.dispatch import outbox
from answerable.evidence.files import keep
from answerable.inbound.models import Reply
from answerable.letters import drafting
from answerable.letters.models import Letter
from answerable.record import building


@pytest.fixture
def folder(settings, tmp_path):
    settings.ANSWERABLE_RECORD = tmp_path / "record"
    return settings.ANSWERABLE_RECORD


@pytest.fixture
def published(sent, consented, folder, alice, now):
    """The letter, delivered to its addressee and published; nothing built yet."""
    for dispatch in outbox.claim(now=now, node="n", most=9):
        if dispatch.recipient.kind == "to":
            journey.record_delivery(dispatch, server_words="250 2.0.0 kept by mx.justice.example", now=now)
    journey.publish(sent, by=alice, now=now)
    return sent


def build_stale(now):
    letters = building.stale()
    for letter in letters:
        building.build(letter, now=now)
    return letters


def page_of(folder, letter):
    return (folder / "letters" / letter.slug / "index.html").read_text(encoding="utf-8")


def text_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_it_builds_what_was_published_once(published, folder, now):
    assert build_stale(now) == [published]
    assert build_stale(now) == []
    text = text_of(page_of(folder, published))
    for part in (
        "Letter to the Minister",
        "Your Excellency,",
        "We write about Nima.",
        "Alice, sister, Marlow",
        "Copies to",
    ):
        assert part in text


def test_it_builds_nothing_that_nobody_published(sent, consented, folder, now):
    assert build_stale(now) == []
    assert not folder.exists()


def test_it_shows_each_version_in_its_language_and_direction(published, folder, now):
    build_stale(now)
    html = page_of(folder, published)
    assert '<html lang="en" dir="ltr">' in html
    assert '<article class="sheet" id="en" lang="en" dir="ltr">' in html
    assert '<article class="sheet" id="fa" lang="fa" dir="rtl">' in html


def test_it_lists_the_letter_under_its_case_its_office_and_on_the_first_page(published, case, office, folder, now):
    build_stale(now)
    for path in ("index.html", f"cases/{case.slug}/index.html", f"offices/{office.slug}/index.html"):
        assert f'href="/letters/{published.slug}/"' in (folder / path).read_text(encoding="utf-8")


def test_it_keeps_what_is_private_off_every_page(published, case, folder, now):
    case.title, case.summary = "Our private name for it", "What only we know"
    case.save()
    build_stale(now)
    everything = "".join(file.read_text(encoding="utf-8") for file in folder.rglob("*.html"))
    for secret in (case.title, case.summary, "minister@justice.example", "mx.justice.example", "no address known"):
        assert secret not in everything


def test_it_escapes_whatever_was_written(letter, draft, consented, folder, alice, now):
    draft.versions[0] = drafting.Words("en", "<script>alert(1)</script>", "Please <b>answer</b> & write.")
    drafting.revise(letter, draft, by=alice, now=now)
    journey.send(letter, route="host", by=alice, now=now)
    letter.refresh_from_db()
    journey.publish(letter, by=alice, now=now)
    build_stale(now)
    html = page_of(folder, letter)
    assert "<script" not in html
    assert "Please &lt;b&gt;answer&lt;/b&gt; &amp; write." in html


def test_it_writes_the_compressed_forms_beside_each_page(published, folder, now):
    build_stale(now)
    page = folder / "letters" / published.slug / "index.html"
    assert gzip.decompress(page.with_name("index.html.gz").read_bytes()) == page.read_bytes()
    assert brotli.decompress(page.with_name("index.html.br").read_bytes()) == page.read_bytes()


def test_it_leaves_files_alone_that_did_not_change(published, folder, now):
    build_stale(now)
    before = {file: file.stat().st_mtime_ns for file in folder.rglob("*") if file.is_file()}
    building.build(published, now=now)
    assert {file: file.stat().st_mtime_ns for file in folder.rglob("*") if file.is_file()} == before


def test_it_leaves_no_half_written_file(published, folder, now):
    build_stale(now)
    assert [file for file in folder.rglob(".*") if file.is_file()] == []


def test_it_says_what_each_recipient_did_and_blames_nobody(published, folder, now):
    build_stale(now)
    assert "Waiting for an answer" in text_of(page_of(folder, published))
    due = published.recipients.get(kind="to").clocks.order_by("due_at").first()
    journey.tick(now=due.due_at)
    assert build_stale(due.due_at) == [published]
    text = text_of(page_of(folder, published))
    assert "No reply recorded by" in text
    assert not re.search(r"refused|ignored|failed to", text, re.IGNORECASE)


def test_it_shows_the_words_of_an_answer_only_when_somebody_chose_to(published, alice, folder, now):
    minister = published.recipients.get(kind="to")
    reply = journey.record_answer(
        minister, way="paper", text="We looked.\n\nHe is in Orlo.", answered_at=now, by=alice, now=now
    )
    build_stale(now)
    text = text_of(page_of(folder, published))
    assert "Answered on" in text
    assert "He is in Orlo." not in text
    Reply.objects.filter(pk=reply.pk).update(shown_at=now)
    building.build(published, now=now)
    text = text_of(page_of(folder, published))
    assert text.index("We looked. He is in Orlo.") < text.index("What is recorded of each recipient")


def test_it_rebuilds_the_picture_without_anything_that_was_written_into_it(sent, consented, folder, alice, now):
    taken = Image.new("RGB", (1200, 800), "#775533")
    exif = Image.Exif()
    exif[0x010E] = "the house in Marlow"
    exif[0x0112] = 6  # lies on its side
    out = io.BytesIO()
    taken.save(out, "JPEG", exif=exif, comment=b"taken by Alice")
    photo = keep(out.getvalue(), media_type="image/jpeg", now=now)
    Letter.objects.filter(pk=sent.pk).update(photo=photo, photo_alt="A door", photo_caption="The door, May")
    sent.refresh_from_db()
    journey.publish(sent, by=alice, now=now)
    build_stale(now)
    pictures = sorted((folder / "letters" / sent.slug).glob("photo-*"))
    assert {file.suffix for file in pictures} == {".jpg", ".webp"}
    for file in pictures:
        content = file.read_bytes()
        assert b"Marlow" not in content
        assert b"Alice" not in content
        with Image.open(file) as rebuilt:
            assert not rebuilt.getexif()
            assert rebuilt.height > rebuilt.width
    html = page_of(folder, sent)
    assert 'alt="A door"' in html
    assert "The door, May</figcaption>" in html


def test_it_takes_a_withdrawn_letter_off_every_page_and_says_so_at_its_address(published, case, alice, folder, now):
    build_stale(now)
    journey.withdraw(published, by=alice, now=now)
    assert build_stale(now) == [published]
    assert (folder / "withdrawn.txt").read_text(encoding="utf-8") == f"/letters/{published.slug}/\n"
    assert not (folder / "letters" / published.slug).exists()
    assert not (folder / "cases" / case.slug).exists()
    assert "No letter is public" in (folder / "index.html").read_text(encoding="utf-8")
    gone = (folder / "gone.html").read_text(encoding="utf-8")
    assert "This page was withdrawn" in gone
    assert "Nima" not in gone


def test_it_brings_a_letter_back(published, alice, folder, now):
    journey.withdraw(published, by=alice, now=now)
    build_stale(now)
    journey.publish(published, by=alice, now=now)
    build_stale(now)
    assert (folder / "withdrawn.txt").read_text(encoding="utf-8") == ""
    assert page_of(folder, published)


def test_it_names_the_other_letters_of_the_case_on_each(published, draft, case, alice, folder, now):
    build_stale(now)
    other = drafting.begin(case, draft, by=alice, now=now)
    journey.send(other, route="host", by=alice, now=now)
    other.refresh_from_db()
    journey.publish(other, by=alice, now=now)
    build_stale(now)
    assert f'href="/letters/{other.slug}/"' in page_of(folder, published)
    assert f'href="/letters/{published.slug}/"' in page_of(folder, other)
    journey.withdraw(other, by=alice, now=now)
    build_stale(now)
    assert other.slug not in page_of(folder, published)


def test_it_stands_on_its_own_with_style_and_fonts_beside_it(published, folder, now):
    build_stale(now)
    style = (folder / "record" / "record.css").read_text(encoding="utf-8")
    assert len(style.encode()) < 12_000
    for font in re.findall(r'url\("([^"]+)"\)', style):
        assert (folder / "record" / font).is_file()
    for html in (file.read_text(encoding="utf-8") for file in folder.rglob("*.html")):
        assert not re.search(r'(?:src|href)="(?:https?:)?//', html)
        assert not re.search(r"<script| style=|<style| on\w+=", html)
        for asset in re.findall(r'href="/(record/[^"]+)"', html):
            assert (folder / asset).is_file()


def test_it_publishes_nothing_without_a_ground(sent, nima, folder, alice, now):
    with pytest.raises(Refused):
        journey.publish(sent, by=alice, now=now)
    assert build_stale(now) == []
