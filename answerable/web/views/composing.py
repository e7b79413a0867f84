"""Writing a letter: the form, which saves with every button, and throwing a draft away."""

import uuid
from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from answerable.accounts.models import Team
from answerable.cases.models import Case
from answerable.core.errors import Refused
from answerable.core.instants import now
from answerable.directory import finding
from answerable.directory.finding import Proposal
from answerable.directory.models import Office
from answerable.letters import drafting
from answerable.letters.drafting import Draft
from answerable.letters.models import Letter
from answerable.letters.states import LetterState
from answerable.letters.warnings import warnings
from answerable.web.access import as_uid, check_writes, found, signed_in
from answerable.web.acting import FormPage, confirm
from answerable.web.forms.composer import Button, Composer, beginning, meaning, with_office, without

from .cases import case_of, trail_of

MOST_FOUND = 12
WORTH_ASKING = 0.5  # how near an office has to be before the writer is asked whether it is meant
_RECIPIENTS = ("to", "copies")


def letter_of(request: HttpRequest, letter: uuid.UUID, *, to_write: bool = False) -> Letter:
    """The letter, if this user may see it (404 otherwise) and, `to_write`, change it (403 otherwise)."""
    user = signed_in(request)
    one = found(
        Letter.objects.seen_by(user).select_related("case__team", "mailbox", "reminder_of", "reminders_chosen_by"),
        uid=letter,
    )
    if to_write:
        check_writes(user, one.case.team)
    return one


@login_required
def letter_new(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Begin a letter in the case; `?after=` an earlier letter of it: to the same offices, signed by the same people."""
    one = case_of(request, case, to_write=True)
    if request.method == "POST":
        return _save(request, one, None)
    start = beginning((get_language() or "en").split("-")[0])
    earlier = request.GET.get("after", "")
    if earlier:
        start = _following(found(one.letters.all(), uid=as_uid(earlier)), start)
    return _show(request, one, None, Composer.showing(start, team=one.team))


@login_required
def letter_edit(request: HttpRequest, letter: uuid.UUID) -> HttpResponse:
    """Change a draft."""
    one = letter_of(request, letter, to_write=True)
    if one.state != LetterState.DRAFT:
        return redirect("letter", letter)
    if request.method == "POST":
        return _save(request, one.case, one)
    composer = Composer.showing(drafting.as_draft(one), team=one.case.team, one_more=request.GET.get("add", ""))
    return _show(request, one.case, one, composer)


@login_required
def letter_discard(request: HttpRequest, letter: uuid.UUID) -> HttpResponse:
    """Ask once, then throw a draft away."""
    one = letter_of(request, letter, to_write=True)
    if one.state != LetterState.DRAFT:
        return redirect("letter", letter)
    user = signed_in(request)
    page = FormPage(
        _("Throw this draft away?"),
        _("Throw it away"),
        reverse("letter", args=[letter]),
        trail_of(one.case),
        [one.title, _("What was written in it cannot be brought back.")],
        danger=True,
    )
    case = reverse("case", args=[one.case.uid])
    said = _("The draft was thrown away.")
    return confirm(request, page, lambda: drafting.discard(one, by=user, now=now()), said=said, then=case)


def _save(request: HttpRequest, case: Case, letter: Letter | None) -> HttpResponse:
    """Save the draft, whatever button was pressed; then go where the button leads."""
    composer = Composer.posted(request.POST, request.FILES, team=case.team)
    at = now()
    if not composer.is_valid(now=at):
        return _show(request, case, letter, composer, status=422)
    button = Button.pressed(request.POST)
    user = signed_in(request)
    draft = _changed(composer.draft(), button, case.team)
    try:
        if letter:
            earlier = drafting.as_draft(letter)
            draft = replace(draft, source=earlier.source, source_name=earlier.source_name)
            letter = drafting.revise(letter, draft, by=user, now=at)
        else:
            letter = drafting.begin(case, draft, by=user, now=at)
    except Refused as refused:
        composer = Composer.showing(draft, team=case.team)
        composer.refuse(refused)
        return _show(request, case, letter, composer, status=422)
    if button.verb == "save":
        messages.success(request, _("The draft is saved."))
    return redirect(_next(letter, button, request.POST))


def _changed(draft: Draft, button: Button, team: Team) -> Draft:
    """The draft after what the button does to it."""
    part = button.about[0] if button.about else ""
    today = now().date()
    if button.verb == "remove" and part == "photo":
        return replace(draft, photo=None, photo_alt="", photo_caption="")
    if button.verb == "remove":
        return without(draft, part, button.number(1))
    if part not in _RECIPIENTS:
        return draft
    if button.verb == "take":
        return with_office(draft, part, _office(team, button.number(1)), team=team, on=today)
    if button.verb == "means":
        return meaning(draft, part, button.number(1), _office(team, button.number(2)), team=team, on=today)
    if button.verb == "not":
        return meaning(draft, part, button.number(1), None, team=team, on=today)
    return draft


def _next(letter: Letter, button: Button, posted: QueryDict) -> str:
    """Where a button leads once the draft is saved."""
    edit = reverse("letter_edit", args=[letter.uid])
    part = button.about[0] if button.about else ""
    match button.verb:
        case "preview":
            return reverse("letter_preview", args=[letter.uid])
        case "review":
            return reverse("letter_send", args=[letter.uid])
        case "add":
            return f"{edit}?{_query(add=part)}#{part}-last"
        case "find":
            return f"{edit}?{_query(find=posted.get('find', '').strip())}#find"
        case "save":
            return edit
    return f"{edit}#{part}"


def _show(
    request: HttpRequest, case: Case, letter: Letter | None, composer: Composer, *, status: int = 200
) -> HttpResponse:
    sought = request.GET.get("find", "")
    context = {
        "case": case,
        "letter": letter,
        "composer": composer,
        "form": None,
        "trail": trail_of(case),
        "proposals": _proposals(composer, case.team),
        "sought": sought,
        "offices": list(finding.search(sought, team=case.team)[:MOST_FOUND]) if sought.strip() else [],
        "warnings": warnings(letter) if letter else [],
    }
    return render(request, "letters/compose.html", context, status=status)


def _proposals(composer: Composer, team: Team) -> dict[str, list[Proposal]]:
    """For each recipient that means no office yet, by the prefix of its form: the offices it may mean."""
    unmatched = [
        form
        for part in _RECIPIENTS
        for form in composer.parts[part].forms
        if form.said.get("as_written") and not form.said.get("office")
    ]
    if not unmatched:
        return {}
    proposed = finding.propose_each([form.said["as_written"] for form in unmatched], team=team, most=3)
    return {
        str(form.prefix): [one for one in near if one.score >= WORTH_ASKING]
        for form, near in zip(unmatched, proposed, strict=True)
    }


def _following(earlier: Letter, start: Draft) -> Draft:
    """The start of a further letter: the recipients and signatories of the earlier one, its language, no words yet."""
    before = drafting.as_draft(earlier)
    versions = [replace(words, subject="", body="") for words in before.versions] or start.versions
    return replace(
        start, versions=versions, to=before.to, copies=before.copies, signatories=before.signatories,
        own_days=before.own_days, mailbox=before.mailbox,
    )  # fmt: skip


def _office(team: Team, pk: int) -> Office:
    return found(Office.objects.seen_by(team).select_related("body"), pk=pk)


def _query(**parameters: str) -> str:
    query = QueryDict(mutable=True)
    query.update(parameters)
    return query.urlencode()
