"""The page on which an office answers without an account: what it shows, keeps, refuses, and who learns of it."""

import datetime as dt
import errno
import re
import uuid

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from answerable import journey
from answerable.core import instants
from answerable.dispatch import answering
from answerable.dispatch.outbox import reply_token
from answerable.inbound import intake, reading, spool
from answerable.inbound.models import Mail, Reply
from answerable.inbound.pool import Pool
from answerable.record.pages import letter_page
from tests.web import made

SAID = {"text": "He is in Marlow.", "name": "Ana Berisha", "post": "Head of the registry", "email": ""}


@pytest.fixture(autouse=True)
def host(settings, tmp_path, monkeypatch, now):
    """A host with an address of its own and a spool of its own, on the third day."""
    settings.ANSWERABLE_URL = "https://letters.example"
    settings.ANSWERABLE_SPOOL = tmp_path / "spool"
    monkeypatch.setattr(instants, "offset", lambda: now + made.days(3) - dt.datetime.now(dt.UTC))


@pytest.fixture
def letter(case, alice, now):
    return made.a_delivered_letter(case, alice, now)


@pytest.fixture
def recipient(letter):
    return letter.recipients.get()


@pytest.fixture
def address(recipient):
    return reverse("reply_page", args=[reply_token(recipient.dispatches.get().uid)])


@pytest.fixture
def office():
    """The browser of somebody at the ministry, who has no account; as strict as a host is."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture(scope="module")
def pool():
    children = Pool(size=1)
    yield children
    children.close()


@pytest.fixture
def receive(pool, now):
    """What `work` does with what came."""

    def do():
        reading.read_next(pool, now=now + made.days(3), most=50, by=uuid.uuid4())
        journey.receive(*Mail.objects.to_receive(), now=now + made.days(3))
        return list(Reply.objects.order_by("pk"))

    return do


def opened(office, address):
    return re.search(r'name="opened" value="([^"]+)"', office.get(address).content.decode())[1]


def answer(office, address, **said):
    response = office.post(address, SAID | {"opened": opened(office, address)} | said)
    assert response.status_code == 200
    return response.content.decode()


def pdf(size=1000, name="plan.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.7 ".ljust(size, b"."))


def test_it_shows_the_letter_to_whoever_has_the_link(office, letter, address):
    page = office.get(address).content.decode()
    for part in (
        letter.reference,
        "Where is Nima?",
        "Alice Rad",
        "Friends of Nima",
        "2 March 2026",
        "Let him call home.",
    ):
        assert part in page
    assert "the sender is not verified" in page


def test_it_is_for_nobody_elses_eyes_and_leaves_nothing_in_the_browser(office, address):
    for response in (office.get(address), office.post(address, SAID)):
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert not response.cookies
        assert b"<script" not in response.content


def test_an_answer_is_kept_and_filed_as_mail_is(office, address, recipient, receive, now):
    page = answer(office, address, email="ana@ministry.example", enclosed=[pdf(), pdf(2000, "map.pdf")])
    mail = Mail.objects.get()
    assert mail.sha256 in page
    assert intake.original(mail).startswith(b"From: ")
    (reply,) = receive()
    mail.refresh_from_db()
    recipient.refresh_from_db()
    assert (reply.recipient, reply.kind, reply.kind_guessed, reply.way) == (recipient, "answer", False, "page")
    assert (mail.way, mail.envelope_from, mail.kind_reason) == ("page", None, "page")
    assert (mail.from_name, mail.from_address) == ("Ana Berisha, Head of the registry", "ana@ministry.example")
    assert mail.reply_text == "He is in Marlow."
    assert [one.name for one in mail.attachments.all()] == ["plan.pdf", "map.pdf"]
    assert recipient.state == "answered"
    assert recipient.answered_at == mail.received_at


def test_everybody_who_sees_it_sees_that_nobody_verified_the_sender(
    office, desk, address, letter, recipient, receive, alice, now
):
    answer(office, address)
    (reply,) = receive()
    said = "answered on our page; the sender is not verified"
    pages = [reverse("letter", args=[letter.uid]), reverse("thread", args=[recipient.thread.uid]), reverse("today")]
    for page in pages:
        assert said in desk.get(page).content.decode()
    assert "reply-page.invalid" not in desk.get(pages[1]).content.decode()
    journey.show(reply, shown=True, by=alice, now=now)
    public = letter_page(letter, picture=None, now=now)
    assert [one.way for one in public.replies] == [said]
    assert [one.what for one in public.recipients[0].happened if "nswered" in one.what] == [said.capitalize()]
    journey.unfile(reply, by=alice, now=now)
    Mail.objects.update(team=None)
    alice.is_superuser = True
    alice.save()
    assert said in desk.get(reverse("pen_mail", args=[reply.mail.uid])).content.decode()


def test_the_same_answer_sent_twice_is_one(office, address, receive):
    form = SAID | {"opened": opened(office, address)}
    receipts = {re.search(r"[0-9a-f]{64}", office.post(address, form).content.decode())[0] for _ in range(3)}
    assert len(receipts) == Mail.objects.count() == 1
    answer(office, address, opened="")  # the page opened once more, or a form that lost the field
    assert len(receive()) == 1


def test_another_answer_is_another(office, address, receive):
    answer(office, address)
    answer(office, address, text="We were wrong: he is in Orlo.")
    assert len(receive()) == 2


def test_a_letter_of_any_age_and_fate_can_be_answered(office, address, recipient, receive, alice, now, monkeypatch):
    journey.record_bounce(recipient.dispatches.get(), words="550 no such user", now=now)
    journey.close(recipient.letter, by=alice, now=now)
    monkeypatch.setattr(instants, "offset", lambda: now + made.days(4000) - dt.datetime.now(dt.UTC))
    answer(office, address)
    assert [reply.kind for reply in receive()] == ["answer"]


@pytest.mark.parametrize("token", ["0" * 26, "x", "%00", "a" * 3000, "..%2f..", "ر" * 26])
def test_an_unknown_address_says_nothing_of_anybody(office, address, token):
    for response in (office.get(f"/reply/{token}/"), office.post(f"/reply/{token}/", SAID)):
        assert response.status_code == 404
        assert "Friends of Nima" not in response.content.decode()
    assert not Mail.objects.exists()


def test_what_is_missing_is_asked_for_and_what_was_written_stays(office, address):
    page = answer(office, address, name="", email="nobody", text="A long answer.")
    assert "There is something to put right" in page
    assert "A long answer." in page
    assert "choose them again" in page
    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        {"name": "N" * 10_000},
        {"name": "Ana\x00"},
        {"text": "a\x00b"},
        {"text": " \r\n "},
        {"text": "x" * 100_001},
        {"email": 'a"@b"@c'},
        {"email": "a@b.example\r\nBcc: x@y.example"},
    ],
)
def test_what_nobody_writes_is_refused_with_a_sentence(office, address, said):
    assert "There is something to put right" in answer(office, address, **said)
    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        {"name": "Ana\r\nBcc: everybody@elsewhere.example"},
        {"post": "=?utf-8?b?" + "A" * 150},
        {"email": "ana@münster.example"},
        {"email": '"ana.b"@ministry.example'},
        {"text": "<script>alert(1)</script>\r\n.\r\nFrom me\r\n--page-0\r\n\ufdd0\u202e"},
        {"opened": "not ours"},
    ],
)
def test_what_is_strange_is_kept_and_harms_nothing(office, address, desk, recipient, receive, said):
    page = answer(office, address, **said)
    assert "Your answer is kept" in page and "<script>" not in page
    (reply,) = receive()
    assert reply.kind == "answer"
    assert b"\nBcc:" not in intake.original(reply.mail)
    assert "<script>alert" not in desk.get(reverse("thread", args=[recipient.thread.uid])).content.decode()


def test_files_that_are_too_many_or_too_large_are_refused_and_the_words_stay(office, address):
    for files in (
        [pdf(name=f"{n}.pdf") for n in range(6)],
        [pdf(30_000_000)],
        [pdf(9_000_000)] * 3,
        [SimpleUploadedFile("empty.pdf", b"")],
    ):
        for file in files:
            file.seek(0)
        page = answer(office, address, text="A long answer.", enclosed=files)
        assert "There is something to put right" in page
        assert "A long answer." in page
    assert not Mail.objects.exists()


def test_files_within_the_limits_are_all_read(office, address, receive):
    answer(office, address, enclosed=[pdf(5_000_000, "a.pdf"), pdf(15_000_000, "b.pdf")])
    (reply,) = receive()
    assert [one.size for one in reply.mail.attachments.all()] == [5_000_000, 15_000_000]


def test_of_a_request_without_end_nothing_is_read(office, address):
    page = office.post(address, SAID, CONTENT_LENGTH=str(10**12)).content.decode()
    assert "far too large" in page
    assert not Mail.objects.exists()


def test_a_disk_that_is_full_loses_no_word(office, address, monkeypatch):
    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(spool.os, "fsync", full)
        page = answer(office, address)
    assert "could not be kept" in page
    assert "He is in Marlow." in page
    assert not Mail.objects.exists()
    assert "Your answer is kept" in answer(office, address)


def test_it_is_kept_while_the_database_cannot_be_written(office, address, monkeypatch, now):
    def away(_kept):
        raise DatabaseError

    with monkeypatch.context() as patched:
        patched.setattr(intake, "adopt", away)
        page = answer(office, address)
    receipt = re.search(r"[0-9a-f]{64}", page)[0]
    assert intake.adopt_orphans(now=now, most=10) == 1
    assert Mail.objects.get().sha256 == receipt


def test_a_field_that_people_do_not_see_tells_machines_and_locks_nobody_out(office, address):
    page = answer(office, address, website="https://pills.example")
    assert "as machines do" in page
    assert "pills.example" not in page
    assert not Mail.objects.exists()
    assert "Your answer is kept" in answer(office, address)


def test_who_sends_one_after_the_other_is_asked_to_wait_and_others_are_not(office, address):
    for number in range(10):
        assert "Your answer is kept" in answer(office, address, text=f"Answer {number}")
    page = answer(office, address, text="Answer 11")
    assert "Wait ten minutes" in page
    assert "Answer 11" in page
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert "Your answer is kept" in answer(elsewhere, address, text="Answer 12")


def test_the_secret_is_in_no_log(office, address, caplog):
    with caplog.at_level("DEBUG"):
        answer(office, address, name="")
        answer(office, address)
    assert address.split("/")[2] not in caplog.text


def test_it_speaks_the_language_that_is_asked_for(office, address):
    assert 'lang="fa" dir="rtl"' in office.get(f"{address}?language=fa").content.decode()
    assert 'lang="en"' in office.get(f"{address}?language=xx").content.decode()
    page = office.get(address, headers={"accept-language": "fa"})
    assert page["Content-Language"] == "fa"


def test_the_desk_shows_the_link_beside_each_recipient(desk, letter, recipient, settings):
    link = answering.reply_link(recipient.dispatches.get())
    page = reverse("letter", args=[letter.uid])
    assert link in desk.get(page).content.decode()
    settings.ANSWERABLE_URL = "http://localhost:8000"
    assert "/reply/" not in desk.get(page).content.decode()


def test_it_stands_in_the_message_and_on_the_sheet(desk, recipient):
    dispatch = recipient.dispatches.get()
    message = desk.get(reverse("dispatch_message", args=[dispatch.uid])).content.decode()
    assert answering.reply_link(dispatch) in message.replace("=\r\n", "").replace("=\n", "")


def test_it_asks_a_constant_number_of_times(office, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        office.get(address)
    form = SAID | {"opened": opened(office, address)}
    with django_assert_max_num_queries(14):
        office.post(address, form)


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_answered_on_a_phone_and_a_desk_without_a_script_or_a_cookie(
    browser, live_server, address, language, width, settings
):
    settings.ANSWERABLE_RECEIVES_MAIL = True
    with browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}{address}?language={language}")
        page.locator("summary").first.click()
        assert page.locator(".sheet").first.is_visible()
        page.fill("textarea", "He is in Marlow.")
        page.fill("input[name=name]", "Ana Berisha")
        plan = {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
        page.set_input_files("input[type=file]", [plan])
        page.locator("form[method=post] button").click()
        assert page.locator("code").inner_text() == Mail.objects.get().sha256
        assert page.locator("html").get_attribute("lang") == language
        assert context.cookies() == []


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_can_be_read_by_everybody(page, live_server, address, language, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_server.url}{address}?language={language}")
    page.locator("summary").first.click()
    fits_and_reads(page)
    page.fill("textarea", "He is in Marlow. " * 40)
    page.fill("input[name=name]", "Ana Berisha")
    page.locator("form[method=post] button").click()
    page.wait_for_selector("code")
    fits_and_reads(page)


def fits_and_reads(page):
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
