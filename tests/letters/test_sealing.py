"""What is sealed is what stands in the database, whatever the caller remembers."""

from dataclasses import replace

import pytest
from django.db import transaction

from answerable.core.errors import Refused
from answerable.letters import drafting, sealing
from answerable.letters.models import Letter
from answerable.letters.parts import read_parts


def test_it_seals_the_words_that_were_saved_last(letter: Letter, draft, alice, now):
    read_parts(letter)
    elsewhere = Letter.objects.get(pk=letter.pk)
    drafting.revise(elsewhere, replace(draft, title="Another title", asks=draft.asks[:1]), by=alice, now=now)
    with transaction.atomic():
        digest = sealing.seal(letter, now=now)
    assert digest == sealing.words_digest(Letter.objects.get(pk=letter.pk))
    assert letter.title == "Another title" and letter.asks.count() == 1


def test_it_refuses_what_another_made_unfit_to_send_meanwhile(letter: Letter, draft, alice, now):
    read_parts(letter)
    drafting.revise(Letter.objects.get(pk=letter.pk), replace(draft, signatories=[]), by=alice, now=now)
    with pytest.raises(Refused, match="Nobody has signed"), transaction.atomic():
        sealing.seal(letter, now=now)
    assert Letter.objects.get(pk=letter.pk).state == "draft"


def test_it_reads_the_parts_of_a_letter_once(letter: Letter, django_assert_num_queries):
    with django_assert_num_queries(5):
        read_parts(letter)
        read_parts(letter)
        assert len(letter.recipients.all()) == 3 and letter.recipients.all()[0].office.body.name
        assert len(letter.versions.all()) == 2 and len(letter.asks.all()) == 2
