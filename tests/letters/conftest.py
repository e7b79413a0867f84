"""A letter like the one everything is about: an addressee, two copies, an ask under law and a plea."""

import pytest

from answerable.cases.models import Case
from answerable.directory.models import Body, Office
from answerable.letters import drafting
from answerable.letters.drafting import Asked, Draft, Signed, Someone, Words


@pytest.fixture
def case(team, now):
    return Case.objects.create(team=team, title="Nima", slug="nima", opened_at=now)


@pytest.fixture
def office(team):
    body = Body.objects.create(team=team, name="Ministry of Justice", country="AL", time_zone="Europe/Tirane")
    return Office.objects.create(team=team, body=body, name="Minister", slug="minister", folded="minister")


@pytest.fixture
def draft(office):
    return Draft(
        title="Letter to the Minister",
        versions=[
            Words(
                "en",
                "Where is Nima?",
                "We write about Nima.\n\nPlease answer.",
                "Your Excellency,",
                "Yours respectfully",
            ),
            Words("fa", "نیما کجاست؟", "ما دربارهٔ نیما می‌نویسیم.", "جناب آقای وزیر،", "با احترام"),
        ],
        to=[Someone("Minister\nMinistry of Justice", office, "email", "minister@justice.example")],
        copies=[
            Someone("The Ombudsman", None, "email", "ombudsman@people.example"),
            Someone("International Court of Human Rights", None, "post", "no address known"),
        ],
        asks=[Asked("information", "Tell us where Nima is held."), Asked("plea", "Let his sister visit him.")],
        signatories=[Signed("Alice", "sister", "Marlow")],
    )


@pytest.fixture
def letter(case, draft, alice, now):
    return drafting.begin(case, draft, by=alice, now=now)
