"""What kind a message is, where its structure leaves room for words; and what an answer may amount to."""

import json
from pathlib import Path

import pytest

from answerable.inbound import outcomes, words
from answerable.inbound.kinds import Kind, kind_of
from answerable.inbound.models import Reply
from answerable.inbound.parsed import Parsed
from answerable.inbound.parsing import parse
from answerable.inbound.sentences import SENTENCES
from answerable.inbound.spool import Envelope

DATA = Path(words.__file__).parent / "data"
MACHINES = json.loads((DATA / "automatic_words.json").read_text(encoding="utf-8"))
AMOUNTS = json.loads((DATA / "outcome_words.json").read_text(encoding="utf-8"))
LANGUAGES = {"en", "fr", "de", "es", "it", "sq", "fa", "ar", "tr", "uk", "ru"}
PERSON = Envelope("registry@justice.example", ("r.x@answerable.example",), "smtp")
NOBODY = Envelope("", ("r.x@answerable.example",), "smtp")


def kind(envelope: Envelope = PERSON, **parsed: object) -> tuple[Kind, str, bool]:
    verdict = kind_of(Parsed(**{"from_address": "registry@justice.example", **parsed}), envelope)
    assert verdict.reason in SENTENCES
    return verdict.kind, verdict.reason, verdict.guessed


def every(listed: dict[str, dict[str, list[str]]], about: str) -> list[str]:
    return [phrase for phrases in listed[about].values() for phrase in phrases]


def test_it_has_words_in_every_language():
    for listed in (*MACHINES.values(), *AMOUNTS.values()):
        assert set(listed) == LANGUAGES and all(listed.values())


@pytest.mark.parametrize("phrase", every(MACHINES, "absence"))
def test_it_tells_an_absence_from_another_automatic_reply(phrase: str):
    assert kind(subject=f"{phrase}: Nima") == (Kind.AUTOMATIC, "absence-words", True)
    assert kind(auto_submitted="auto-replied", reply_text=f"{phrase}.") == (Kind.AUTOMATIC, "automatic-absence", False)


@pytest.mark.parametrize("phrase", every(MACHINES, "automatic"))
def test_it_knows_an_automatic_reply_by_its_subject_only(phrase: str):
    assert kind(subject=f"{phrase}: Nima") == (Kind.AUTOMATIC, "automatic-words", True)
    assert kind(reply_text=f"He is in Marlow. {phrase}.")[0] == Kind.ANSWER


@pytest.mark.parametrize("phrase", every(MACHINES, "challenge"))
def test_it_knows_a_challenge(phrase: str):
    assert kind(reply_text=f"{phrase}: https://mx.example/1") == (Kind.AUTOMATIC, "challenge-words", True)
    assert kind(NOBODY, reply_text=f"{phrase}.") == (Kind.AUTOMATIC, "automatic-challenge", False)
    assert kind(reply_text=f"{phrase}. {'He is in Marlow. ' * 100}")[0] == Kind.ANSWER


@pytest.mark.parametrize("phrase", every(MACHINES, "newsletter"))
def test_it_guesses_a_newsletter_where_it_answers_nothing(phrase: str):
    assert kind(reply_text=f"News. {phrase}") == (Kind.OTHER, "newsletter-words", True)
    assert kind(reply_text=f"He is in Marlow. {phrase}", in_reply_to=("<1@answerable.example>",))[0] == Kind.ANSWER


@pytest.mark.parametrize("phrase", every(MACHINES, "receipt"))
def test_it_guesses_a_receipt(phrase: str):
    assert kind(reply_text=f"{phrase} 4711.")[::2] == (Kind.ACKNOWLEDGEMENT, True)
    assert kind(auto_submitted="auto-generated", reply_text=f"{phrase}.")[1] == "automatic-receipt"


def test_a_mark_as_spam_hides_no_answer():
    assert kind(is_marked_spam=True, reply_text="Buy now.") == (Kind.OTHER, "spam-mark", True)
    assert kind(is_marked_spam=True, references=("<1@answerable.example>",)) == (Kind.ANSWER, "written", False)
    marked = parse(b"From: a@b.example\r\nX-Spam-Status: Yes, score=9.1\r\n\r\nwords\r\n")
    plain = parse(b"From: a@b.example\r\nX-Spam-Status: No, score=0.1\r\n\r\nwords\r\n")
    assert marked.is_marked_spam and not plain.is_marked_spam


def test_a_list_is_a_list_whatever_else_it_is_marked_with():
    assert kind(is_from_list=True, precedence="bulk") == (Kind.OTHER, "list", True)
    assert kind(is_from_list=True, auto_submitted="auto-replied")[0] == Kind.AUTOMATIC


@pytest.mark.parametrize("about", ["returned", "delayed"])
def test_it_reads_what_a_mail_system_says_in_its_own_words(about: str):
    for phrase in every(MACHINES, about):
        raw = f"From: MAILER-DAEMON@mx.example\r\nSubject: {phrase}\r\n\r\nThe letter.\r\n".encode()
        verdict = kind_of(parse(raw), NOBODY)
        assert verdict.kind == (Kind.BOUNCE if about == "returned" else Kind.DELAYED), phrase
        from_person = kind_of(parse(raw.replace(b"MAILER-DAEMON", b"registry")), PERSON)
        assert from_person.kind not in {Kind.BOUNCE, Kind.DELAYED}


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        ("favourable", "We are glad to say that Mr Rad has been released on 3 March."),
        ("favourable", "سلام علیکم. با درخواست شما موافقت شد."),
        ("favourable", "Заявителю сообщаем: Ваше ходатайство удовлетворено."),
        ("favourable", "Talebiniz kabul edilmiştir."),
        ("pledge", "Votre demande sera examinée par nos services."),
        ("pledge", "درخواست شما در دست بررسی است و نتیجه به اطلاع شما خواهد رسید."),
        ("pledge", "Kërkesa juaj është në shqyrtim."),
        ("request_for_more", "Bitte übersenden Sie uns eine Vollmacht."),
        ("request_for_more", "يرجى تزويدنا بنسخة من الوكالة."),
        ("request_for_more", "Просимо надати копію довіреності."),
        ("token", "We have taken note of your letter."),
        ("token", "La ringraziamo per l’interesse."),
        ("referral", "Hemos remitido su carta al Ministerio del Interior."),
        ("referral", "Letra juaj nuk është në kompetencën tonë."),
        ("referral", "درخواست شما به دادستانی ارجاع شد."),
        ("counter", "The allegations are unfounded."),
        ("counter", "Наведене не відповідає дійсності."),
        ("counter", "إن هذه الأنباء لا أساس لها من الصحة."),
        ("referral", "Thank you for your interest. We have forwarded your letter to the Prosecutor."),
    ],
)
def test_it_guesses_what_an_answer_amounts_to(outcome: str, text: str):
    guess = outcomes.guess(text)
    assert guess and guess.outcome == outcome and guess.words in AMOUNTS[outcome][language_of(guess.words)]


@pytest.mark.parametrize(
    "text", ["", "He has not been released.", "Your request cannot be granted.", "See the file.", "۱۲۳"]
)
def test_it_guesses_nothing_where_the_words_say_nothing(text: str):
    assert outcomes.guess(text) is None


def test_it_proposes_only_outcomes_that_there_are():
    assert set(AMOUNTS) == {*Reply.Outcome.values} - {"other"}
    for outcome, listed in AMOUNTS.items():
        for phrase in (one for phrases in listed.values() for one in phrases):
            assert outcomes.guess(phrase), (outcome, phrase)


def language_of(phrase: str) -> str:
    return next(language for listed in AMOUNTS.values() for language, phrases in listed.items() if phrase in phrases)
