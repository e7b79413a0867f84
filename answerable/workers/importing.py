"""`answerable import`: letters that exist become drafts in a case, each with the file it was read from."""

import argparse
import sys

import puremagic

from answerable.accounts.models import Team, User
from answerable.cases.models import Case
from answerable.core.errors import Refused
from answerable.core.instants import now
from answerable.evidence.files import keep
from answerable.importers import keeping
from answerable.importers.reading import read

from .acting import may_write, says_who, user_called
from .reading import bytes_of


def arguments(parser: argparse.ArgumentParser) -> None:
    """The files, and where they go."""
    says_who(parser)
    parser.add_argument(
        "--case", metavar="C", help="the case's address (its slug); a new case for each letter without it"
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="pages, texts, e-mails")


def run(options: argparse.Namespace) -> int:
    """Import one after the other; 1 if any of them could not be."""
    by = user_called(options.by)
    case = Case.objects.seen_by(by).select_related("team").filter(slug=options.case).first() if options.case else None
    if options.case and case is None:
        raise Refused("There is no case at this address that this account may see: give the last part of its address.")
    team = case.team if case else Team.objects.of(by).first()
    if team is None or not may_write(by, team):
        raise Refused("This account may not write in any team: ask an owner of the team to let it.")
    failed = 0
    for number, file in enumerate(options.files, 1):
        try:
            said = import_one(file, case=case, team=team, by=by)
        except Refused as refused:
            failed += 1
            said = refused.sentence
        print(f"{number}/{len(options.files)}  {file}: {said}", file=sys.stderr if failed else sys.stdout, flush=True)
    return 1 if failed else 0


def import_one(file: str, *, case: Case | None, team: Team, by: User) -> str:
    """One file becomes one draft; says which. Refused where it holds no letter."""
    source, name = bytes_of(file)
    reading = read(source, name=name)
    if not reading.is_letter:
        raise Refused("this is no letter, as far as can be told; nothing was kept")
    kept = keep(source, media_type=media_type_of(source), now=now())
    draft = keeping.as_draft(reading, team=team, source=kept, source_name=name)
    letter = keeping.keep(draft, case=case, team=team, case_title=draft.title, by=by, now=now())
    return f"draft {letter.reference} in {letter.case.slug}"


def media_type_of(source: bytes) -> str:
    """The type by content; plain text where nothing else is seen."""
    try:
        return str(puremagic.from_string(source, mime=True)) or "text/plain"
    except puremagic.PureError:
        return "text/html" if b"<html" in source[:2000].lower() else "text/plain"
