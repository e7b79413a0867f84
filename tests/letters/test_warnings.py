"""Plain warnings: what they find, and what they leave alone."""

import pytest

from answerable.cases.opening import open_case
from answerable.directory.models import Body, Office
from answerable.letters import drafting
from answerable.letters.drafting import Asked, Draft, Someone, Words
from answerable.letters.warnings import warnings, written_to_lately
from tests.web.made import a_case, a_draft, a_sent_letter, an_office, days

GOOD = "Please answer within thirty days."
PLEA = Asked("plea", "Please let him call home.")
GOOD_IN = {
    "en": "We ask you to reply by 3 June 2026.",
    "fa": "خواهشمندیم ظرف سی روز پاسخ دهید.",
    "fr": "Nous vous prions de répondre avant le 3 juin.",
    "es": "Le pedimos que responda en treinta días.",
    "de": "Bitte antworten Sie innerhalb von dreißig Tagen.",
    "ar": "نرجو الرد خلال ثلاثين يوما.",
    "sq": "Ju lutemi të përgjigjeni brenda tridhjetë ditëve.",
}


@pytest.fixture
def letter_of(team, alice, now):
    case = open_case(team=team, title="Nima", by=alice, now=now)

    def make(body, *, language="en", asks=(PLEA,), to=(), copies=(), more=()):
        draft = Draft("Nima", [Words(language, "Nima", body), *more], to, copies, asks)
        return drafting.begin(case, draft, by=alice, now=now)

    return make


def kinds(letter):
    return [warning.kind for warning in warnings(letter)]


@pytest.mark.parametrize("language", GOOD_IN)
def test_it_is_silent_about_a_good_letter(letter_of, language):
    assert warnings(letter_of(GOOD_IN[language], language=language)) == []


@pytest.mark.parametrize("language", GOOD_IN)
def test_it_misses_a_date_to_answer_by(letter_of, language):
    assert kinds(letter_of("Nima.", language=language)) == ["no date"]


def test_a_date_of_something_else_is_no_date_to_answer_by(letter_of):
    assert kinds(letter_of("He was arrested on 3 May 2021. Please reply.")) == ["no date"]


def test_it_misses_an_ask(letter_of):
    assert kinds(letter_of(GOOD, asks=())) == ["no ask"]


@pytest.mark.parametrize(
    ("language", "kind", "sentence"),
    [
        ("en", "threat", "Release him, or you will regret it."),
        ("en", "guilt", "The director is a murderer."),
        ("en", "insult", "You are liars and cowards!"),
        ("fa", "guilt", "شما شکنجه‌گر هستید."),
        ("fa", "threat", "از این کار پشيمان خواهيد شد."),
        ("fr", "guilt", "Vous êtes des assassins."),
        ("es", "threat", "Aténgase a las consecuencias."),
        ("de", "guilt", "Sie sind MÖRDER."),
        ("ar", "insult", "عارٌ عليكم."),
        ("sq", "guilt", "Ju jeni vrasës."),
    ],
)
def test_it_names_the_sentence_it_means(letter_of, language, kind, sentence):
    letter = letter_of(f"{GOOD_IN[language]}\n\n{sentence}", language=language)
    assert [(w.kind, w.excerpt) for w in warnings(letter)] == [(kind, sentence)]


def test_guilt_that_is_somebodys_statement_is_no_warning(letter_of):
    assert kinds(letter_of(f"{GOOD} According to the court, the murderer has confessed.")) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Call me: +44 20 7946 0123.",
        "تلفن: ۰۲۱ ۱۲۳۴ ۵۶۷۸",
        "Write to alice@people.example.",
        "She lives at 12 Quay Street.",
    ],
)
def test_it_sees_what_everybody_would_read(letter_of, sentence):
    assert kinds(letter_of(f"{GOOD}\n\n{sentence}")) == ["private"]


@pytest.mark.parametrize(
    "sentence", ["On 2021-05-14 he was moved.", "Born on 14.05.1990.", "He served 2019-2021.", "Law 12345678."]
)
def test_a_date_is_no_phone_number(letter_of, sentence):
    assert ("private" in kinds(letter_of(f"{GOOD} {sentence}"))) == ("Law" in sentence)


def test_copies_that_nobody_gets(letter_of):
    body = f"{GOOD}\n\nCopies to: the ombudsman"
    assert kinds(letter_of(body)) == ["copies"]
    assert kinds(letter_of(body, copies=[Someone("The ombudsman")])) == []


def test_an_office_that_reads_another_language(letter_of):
    body = Body.objects.create(name="Ministria e Drejtësisë", languages="sq, sr")
    office = Office.objects.create(body=body, name="Ministri", folded="ministri", slug="ministri")
    assert kinds(letter_of(GOOD, to=[Someone("Ministri", office)])) == ["language"]
    both = letter_of(GOOD, to=[Someone("Ministri", office)], more=[Words("sq", "Nima", GOOD_IN["sq"])])
    assert kinds(both) == []


def test_a_language_without_words_is_spared(letter_of):
    assert warnings(letter_of("ᓄᓇᕗᑦ", language="iu")) == []


def test_it_says_that_the_same_office_was_written_to_lately(team, alice, now):
    case, office = a_case(team, alice, now), an_office(now)
    first = a_sent_letter(case, alice, now, office=office, to="minister@one.example")
    a_sent_letter(a_case(team, alice, now, title="Another"), alice, now, to="ombudsman@two.example")
    copies = [Someone("The Ombudsman", None, "email", "ombudsman@two.example")]
    second = a_draft(case, alice, now, office=office, to="cabinet@one.example", copies=copies)
    by_address = a_draft(case, alice, now, to="MINISTER@one.example")
    for letter in (second, by_address):
        (warning,) = written_to_lately(letter, now=now + days(3))
        assert warning.kind == "lately" and first.reference in warning.sentence
        assert "2 March 2026" in warning.sentence
        assert written_to_lately(letter, now=now + days(15)) == []
    assert written_to_lately(first, now=now + days(3)) == []
