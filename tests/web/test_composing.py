"""The letter form: every button saves, nothing that was typed is lost, and what is sent is what was written."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from answerable.core import instants
from answerable.directory import keeping
from answerable.letters.models import Letter
from tests.web import made

COUNTS = ("versions", "to", "copies", "asks", "signatories", "enclosures")


@pytest.fixture
def office(now):
    office = made.an_office(now)
    keeping.add_contact(office=office, channel="email", value=made.OFFICE, team=None, by=None, now=now)
    keeping.add_contact(office=office, channel="post", value="1 Square\nMarlow", team=None, by=None, now=now)
    return office


def typed(do="save", **given):
    """What a browser sends: one row in each part, with what is given by "part-row-field"."""
    said = {
        "do": do,
        "own_days": "30",
        "versions-0-language": "en",
        "versions-0-subject": "Where is Nima?",
        "versions-0-body": "We ask you.",
        "to-0-as_written": "The Minister",
        "to-0-channel": "email",
        "to-0-address": made.OFFICE,
        "asks-0-kind": "plea",
        "asks-0-text": "Let him call home.",
        "signatories-0-name": "Alice Rad",
        "enclosures-0-title": "",
    } | {name.replace("__", "-"): value for name, value in given.items()}
    for part in COUNTS:
        rows = {int(name.split("-")[1]) for name in said if name.startswith(f"{part}-")}
        said |= {f"{part}-TOTAL_FORMS": str(max(rows, default=-1) + 1), f"{part}-INITIAL_FORMS": "0"}
    return said


def begun(desk, case, **given):
    answer = desk.post(reverse("letter_new", args=[case.uid]), typed(**given))
    assert answer.status_code == 302, answer.content.decode()
    return Letter.objects.get(), answer


def test_it_saves_a_draft_with_everything_in_it(desk, case):
    letter, answer = begun(desk, case, copies__0__as_written="The Ombudsman", copies__0__channel="post")
    assert answer["Location"] == reverse("letter_edit", args=[letter.uid])
    assert (letter.title, letter.state) == ("Where is Nima?", "draft")
    assert [(r.kind, r.as_written, r.address) for r in letter.recipients.all()] == [
        ("to", "The Minister", made.OFFICE),
        ("copy", "The Ombudsman", ""),
    ]
    assert [ask.text for ask in letter.asks.all()] == ["Let him call home."]


def test_it_saves_a_draft_that_says_nothing_yet(desk, case):
    empty = {
        f"{name}": "" for name in ("versions__0__subject", "versions__0__body", "to__0__as_written", "to__0__address")
    }
    letter, _answer = begun(desk, case, **empty, asks__0__text="", signatories__0__name="")
    assert not letter.recipients.exists()
    assert letter.title


@pytest.mark.parametrize(
    "do",
    [
        "add:asks",
        "find",
        "preview",
        "review",
        "take:to:0",
        "remove:asks:9",
        "remove:nothing:0",
        "nonsense",
        "means:to:x:y",
    ],
)
def test_every_button_saves_first(desk, case, do):
    letter, _answer = begun(desk, case, do="save")
    edit = reverse("letter_edit", args=[letter.uid])
    answer = desk.post(edit, typed(do=do, versions__0__body="New words."))
    letter.refresh_from_db()
    known = not do.startswith(("take", "means"))
    assert answer.status_code == (302 if known else 404)
    assert letter.versions.get().body == ("New words." if known else "We ask you.")


def test_another_row_is_one_button_away_and_a_row_can_be_taken_away(desk, case):
    letter, answer = begun(desk, case, do="add:asks")
    assert b"asks-1-text" in desk.get(answer["Location"].partition("#")[0]).content
    desk.post(reverse("letter_edit", args=[letter.uid]), typed(do="remove:asks:0", asks__1__text="Tell us."))
    assert [ask.text for ask in letter.asks.all()] == ["Tell us."]


def test_the_last_version_is_never_taken_away(desk, case):
    letter, _answer = begun(desk, case, do="remove:versions:0")
    assert letter.versions.count() == 1


def test_an_office_is_found_and_taken_with_its_address_and_a_salutation(desk, case, office):
    letter, answer = begun(desk, case, do="find", find="justice", to__0__as_written="", to__0__address="")
    page = desk.get(answer["Location"].partition("#")[0]).content.decode()
    assert f'value="take:to:{office.pk}"' in page
    edit = reverse("letter_edit", args=[letter.uid])
    desk.post(edit, typed(do=f"take:to:{office.pk}", to__0__as_written="", to__0__address=""))
    recipient = letter.recipients.get()
    assert (recipient.office, recipient.address) == (office, made.OFFICE)
    assert recipient.as_written == "Minister\nMinistry of Justice"
    assert letter.versions.get().salutation == "Dear Minister,"


def test_the_enter_key_in_the_search_box_searches(desk, case):
    _letter, answer = begun(desk, case, do="save", find="justice")
    assert "find=justice" in answer["Location"]


def test_an_empty_address_is_the_directorys_for_that_channel(desk, case, office):
    letter, _answer = begun(desk, case, to__0__office=str(office.pk), to__0__channel="post", to__0__address="")
    assert letter.recipients.get().address == "1 Square\nMarlow"


def test_what_is_written_by_hand_is_proposed_an_office_and_stays_as_written(desk, case, office):
    letter, answer = begun(desk, case, to__0__as_written="To the Minister\nMinistry of Justice", to__0__address="")
    page = desk.get(answer["Location"]).content.decode()
    assert f'value="means:to:0:{office.pk}"' in page
    said = typed(
        do=f"means:to:0:{office.pk}", to__0__as_written="To the Minister\nMinistry of Justice", to__0__address=""
    )
    desk.post(reverse("letter_edit", args=[letter.uid]), said)
    recipient = letter.recipients.get()
    assert (recipient.office, recipient.as_written) == (office, "To the Minister\nMinistry of Justice")
    assert recipient.address == made.OFFICE


@pytest.mark.parametrize(
    "wrong",
    [
        {"own_days": "0"},
        {"own_days": "many"},
        {"versions-0-subject": "x" * 251},
        {"enclosures-0-file_kept": "forged"},
        {"versions-0-language": "xx-none"},
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(desk, case, wrong):
    answer = desk.post(reverse("letter_new", args=[case.uid]), typed() | wrong)
    assert answer.status_code == 422
    assert "We ask you." in answer.content.decode()
    assert not Letter.objects.exists()


def test_the_same_office_twice_is_refused_and_the_upload_is_kept(desk, case, office):
    said = typed(to__0__office=str(office.pk), to__1__as_written="Again", to__1__office=str(office.pk))
    answer = desk.post(
        reverse("letter_new", args=[case.uid]), said | {"enclosures-0-file": SimpleUploadedFile("a.pdf", b"%PDF-1.7\n")}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "twice" in page
    assert "a.pdf" in page
    assert 'name="enclosures-0-file_kept" value="' in page


def photo():
    written = BytesIO()
    Image.new("RGB", (30, 20), "teal").save(written, "JPEG")
    return written.getvalue()


def test_files_are_kept_from_one_saving_to_the_next(desk, case):
    letter, answer = begun(
        desk,
        case,
        enclosures__0__file=SimpleUploadedFile("id.pdf", b"%PDF-1.7\n"),
        photo=SimpleUploadedFile("p.jpg", photo()),
    )
    assert [one.title for one in letter.enclosures.all()] == ["id.pdf"]
    assert desk.get(reverse("letter_photo", args=[letter.uid]))["Content-Type"] == "image/jpeg"
    form = desk.get(answer["Location"]).context["composer"]
    kept = {
        "enclosures__0__file_kept": form.parts["enclosures"].forms[0]["file_kept"].value(),
        "photo_kept": form.letter["photo_kept"].value(),
    }
    desk.post(answer["Location"], typed(**kept, enclosures__0__title="His papers"))
    letter.refresh_from_db()
    assert [one.title for one in letter.enclosures.all()] == ["His papers"]
    assert letter.photo is not None
    desk.post(answer["Location"], typed(do="remove:photo", **kept))
    letter.refresh_from_db()
    assert letter.photo is None


def test_a_file_of_no_use_is_refused_with_a_sentence(desk, case):
    said = typed() | {"enclosures-0-file": SimpleUploadedFile("run.exe", b"MZ\x90\x00")}
    answer = desk.post(reverse("letter_new", args=[case.uid]), said)
    assert answer.status_code == 422
    assert "A file of this kind is not sent" in answer.content.decode()


def test_whatever_else_is_wrong_a_file_is_not_chosen_twice(desk, case):
    files = {
        "enclosures-0-file": SimpleUploadedFile("id.pdf", b"%PDF-1.7\n"),
        "photo": SimpleUploadedFile("p.jpg", b"no picture"),
    }
    answer = desk.post(reverse("letter_new", args=[case.uid]), typed(own_days="soon", **files))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_photo"' in page and 'id="id_photo_error"' in page
    form = answer.context["composer"]
    kept = form.parts["enclosures"].forms[0]
    _letter, answer = begun(
        desk, case, enclosures__0__file_kept=kept["file_kept"].value(), enclosures__0__title=kept["title"].value()
    )
    assert [one.title for one in Letter.objects.get().enclosures.all()] == ["id.pdf"]


def test_an_office_that_was_chosen_is_still_named_where_something_is_wrong(desk, case, office):
    answer = desk.post(reverse("letter_new", args=[case.uid]), typed(to__0__office=str(office.pk), own_days="0"))
    assert answer.status_code == 422
    assert "It is not this office" in answer.content.decode()


def test_a_title_that_nobody_gave_is_the_subject_once_there_is_one(desk, case):
    letter, answer = begun(desk, case, title="", versions__0__subject="")
    assert letter.title == "Letter without a title"
    form = desk.get(answer["Location"]).context["composer"]
    assert not form.letter["title"].value()
    desk.post(answer["Location"], typed(title="", versions__0__subject="Where is Nima?"))
    letter.refresh_from_db()
    assert letter.title == "Where is Nima?"


def test_a_draft_is_thrown_away_only_after_asking(desk, case):
    letter, _answer = begun(desk, case)
    discard = reverse("letter_discard", args=[letter.uid])
    assert "Throw this draft away?" in desk.get(discard).content.decode()
    letter.refresh_from_db()
    assert letter.state == "draft"
    assert desk.post(discard).status_code == 302
    letter.refresh_from_db()
    assert letter.state == "discarded"


def test_a_further_letter_begins_with_the_same_people_and_no_words(desk, case, alice, now):
    earlier = made.a_sent_letter(case, alice, now)
    page = desk.get(reverse("letter_new", args=[case.uid]), {"after": earlier.uid}).content.decode()
    assert "Alice Rad" in page
    assert made.OFFICE in page
    assert "within thirty days" not in page
    assert desk.get(reverse("letter_new", args=[case.uid]), {"after": "x"}).status_code == 404


def test_it_cannot_be_sent_before_somebody_signed(desk, case):
    letter, _answer = begun(desk, case, signatories__0__name="")
    send = reverse("letter_send", args=[letter.uid])
    assert "Nobody has signed" in desk.get(send).content.decode()
    assert desk.post(send, {"route": "writer"}).status_code == 422
    letter.refresh_from_db()
    assert letter.state == "draft"


def test_it_is_sealed_once_and_says_by_when_each_should_answer(desk, case):
    letter, _answer = begun(desk, case)
    send = reverse("letter_send", args=[letter.uid])
    assert "your own date" in desk.get(send).content.decode()
    assert "Let him call home." in desk.get(send).content.decode()
    assert desk.post(send, {"route": "writer"}).status_code == 302
    assert desk.post(send, {"route": "writer"}).status_code == 302
    letter.refresh_from_db()
    assert letter.state == "sealed"
    assert letter.recipients.get().dispatches.count() == 1
    assert desk.post(reverse("letter_edit", args=[letter.uid]), typed()).status_code == 302
    assert letter.versions.get().body == "We ask you."


def test_a_relay_that_is_not_there_cannot_be_chosen(desk, case, settings):
    settings.ANSWERABLE_SMTP_URL = ""
    letter, _answer = begun(desk, case)
    assert desk.post(reverse("letter_send", args=[letter.uid]), {"route": "host"}).status_code == 422


def test_the_preview_is_a_picture_of_each_page_and_a_pdf(desk, case):
    letter, _answer = begun(desk, case)
    page = desk.get(reverse("letter_preview", args=[letter.uid])).content.decode()
    assert reverse("letter_sheet", args=[letter.uid, "en", 1]) in page
    assert desk.get(reverse("letter_sheet", args=[letter.uid, "en", 1])).content.startswith(b"\x89PNG")
    assert desk.get(reverse("letter_sheet", args=[letter.uid, "en", 9])).status_code == 404
    pdf = desk.get(reverse("letter_pdf", args=[letter.uid, "en"]))
    assert pdf.content.startswith(b"%PDF")
    assert pdf["X-Content-Type-Options"] == "nosniff"
    assert desk.get(reverse("letter_pdf", args=[letter.uid, "fa"])).status_code == 404


def test_the_review_says_that_the_office_was_written_to_lately_and_lets_it_be_sent(desk, case, office, alice, now):
    before = made.a_sent_letter(case, alice, instants.now() - made.days(2), office=office)
    letter = made.a_draft(case, alice, now, office=office)
    send = reverse("letter_send", args=[letter.uid])
    page = desk.get(send).content.decode()
    assert "was written to about this case on" in page and before.reference in page
    assert desk.post(send, {"route": "writer"}).status_code == 302


def test_the_writer_chooses_how_reminders_leave_and_may_change_it_after_sending(desk, case, alice, bob, signed_in):
    letter, _answer = begun(desk, case)
    assert letter.reminders_chosen_by is None
    desk.post(reverse("letter_edit", args=[letter.uid]), typed(reminders_by_themselves="on"))
    signed_in(bob).post(reverse("letter_edit", args=[letter.uid]), typed(reminders_by_themselves="on"))
    letter.refresh_from_db()
    assert letter.reminders_chosen_by == alice
    assert "checked" in desk.get(reverse("letter_edit", args=[letter.uid])).content.decode()
    desk.post(reverse("letter_send", args=[letter.uid]), {"route": "writer"})
    page = desk.get(reverse("letter", args=[letter.uid])).content.decode()
    assert "a reminder leaves by itself, as Alice chose" in page
    page = desk.post(reverse("letter_reminders", args=[letter.uid]), follow=True).content.decode()
    assert "a reminder waits as a draft until somebody sends it" in page
    page = desk.post(reverse("letter_reminders", args=[letter.uid]), {"by_themselves": "1"}, follow=True)
    assert "At most two reminders leave by themselves now" in page.content.decode()
