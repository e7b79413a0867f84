"""A letter that exists already: bringing it in, looking at what was read, keeping it as a draft.

Between the two steps nothing is held but the source itself, kept as a file: it is read again, which gives the same.
The address of the second step carries a sealed note of which file that is, for which team and for whom, so that
nobody reaches a file by its hash alone, and no log of addresses shows what it was called.
"""

import datetime as dt
import json
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from answerable.accounts.models import Team, User
from answerable.accounts.sealing import sealing_key
from answerable.cases.models import Case
from answerable.core.instants import now
from answerable.evidence import files
from answerable.evidence.models import File
from answerable.importers import keeping
from answerable.importers.letter import Reading
from answerable.importers.reading import lines, read
from answerable.letters.models import Letter
from answerable.web.access import check_writes, found, signed_in
from answerable.web.acting import done
from answerable.web.forms.importing import NEW_CASE, BringForm, ReadForm

from .directory import teams_to_write_in

_LASTS = dt.timedelta(days=7)
MOST_CASES = 200
MOST_LINES = 2_000


@dataclass(frozen=True)
class Brought:
    """What was brought in: the file, what it was called, where it comes from, for which team."""

    file: File
    name: str
    source_name: str
    team: Team

    def read(self) -> tuple[list[Reading], str]:
        """The letters in it, and its text as it was read; the same each time."""
        content = files.content(self.file)
        first = read(content, name=self.name)
        text = "\n".join(line.text for line in lines(content, name=self.name)[:MOST_LINES])
        return [first, *first.others], text


@login_required
def bring(request: HttpRequest) -> HttpResponse:
    """Paste or upload a letter."""
    user = signed_in(request)
    teams = teams_to_write_in(user)
    form = BringForm(request.POST or None, request.FILES or None, teams=teams)
    tokens: list[str] = []

    def act() -> None:
        content, name, media_type = form.source
        read(content, name=name)
        file = files.keep(content, media_type=media_type, now=now())
        source_name = form.cleaned_data["source_name"] or name
        tokens.append(sealed(file, name=name, source_name=source_name, team=form.cleaned_data["team"], by=user))

    if request.method == "POST" and done(form, act):
        return redirect("import_read", tokens[0])
    return render(request, "importing/bring.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def what_was_read(request: HttpRequest, token: str) -> HttpResponse:
    """Everything that was read, to be put right; then it is kept as a draft. `?letter=2` is the second on the page."""
    user = signed_in(request)
    brought = _brought(token, user)
    letters, text = brought.read()
    wanted = request.GET.get("letter", "")
    reading = letters[int(wanted) - 1] if wanted.isdecimal() and 0 < int(wanted) <= len(letters) else letters[0]
    cases = list(Case.objects.seen_by(user).filter(team=brought.team, closed_at__isnull=True)[:MOST_CASES])
    form = ReadForm(request.POST or None, reading=reading, team=brought.team, cases=cases)
    kept: list[Letter] = []

    def act() -> None:
        chosen = form.cleaned_data["case"]
        case = None if chosen == NEW_CASE else found(Case.objects.filter(pk__in=[one.pk for one in cases]), uid=chosen)
        draft = form.draft(source=brought.file, source_name=brought.source_name)
        title = form.cleaned_data["case_title"]
        kept.append(keeping.keep(draft, case=case, team=brought.team, case_title=title, by=user, now=now()))

    if request.method == "POST" and done(form, act):
        messages.success(request, _("The letter is kept as a draft. Nothing has been sent."))
        return redirect("letter_edit", kept[0].uid)
    context = {"form": form, "reading": reading, "letters": letters, "text": text, "name": brought.source_name}
    return render(request, "importing/read.html", context, status=422 if form.errors else 200)


def sealed(file: File, *, name: str, source_name: str, team: Team, by: User) -> str:
    """The note for the second step; it opens for `by` alone, for seven days."""
    note = json.dumps([file.pk, name, source_name, team.pk, by.pk])
    return Fernet(sealing_key("letter brought in")).encrypt(note.encode()).decode()


def _brought(token: str, user: User) -> Brought:
    """What the address stands for; 404 for anybody but who brought it, and after seven days."""
    try:
        note = Fernet(sealing_key("letter brought in")).decrypt(token, ttl=int(_LASTS.total_seconds()))
    except InvalidToken:
        raise Http404 from None
    sha256, name, source_name, team_pk, user_pk = json.loads(note)
    if user_pk != user.pk:
        raise Http404
    team = found(Team.objects.of(user), pk=team_pk)
    check_writes(user, team)
    return Brought(found(File.objects.all(), pk=sha256), name, source_name, team)
