"""Building the record: what is public becomes plain files that any web server can serve; what is not leaves none.

A letter is stale when the log of it or of its case went further than what its files show. Files are written beside
their place and renamed into it, each with its compressed forms, and the list of withdrawals before anything else.
"""

import datetime as dt
import gzip
import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import brotli
from django.conf import settings
from django.db.models import Max
from django.template.loader import render_to_string
from django.utils import translation

from answerable.cases.models import Case, CaseAct
from answerable.directory.models import Office
from answerable.letters.models import Letter, LetterAct
from answerable.letters.states import RecordState

from . import pages
from .front import GONE, WITHDRAWN
from .models import Built
from .pictures import Picture, rebuild

SEEN = (RecordState.PUBLISHED, RecordState.WITHDRAWN)
# Entries that are looked at again: a transaction that took its number earlier may have committed later.
OVERLAP = 2_000
STYLE = ("base.css", "letter.css", "record.css")  # joined: the desk has the first two as well
_NOT_NEEDED = re.compile(r"/\*.*?\*/|\n\s*", re.DOTALL)  # comments and indentation
EDITION = ".edition"  # which templates and style the pages were made with; the front shows no such name
COMPRESSED = {".html", ".css", ".svg", ".xml", ".json", ".txt"}


def stale(*, everything: bool = False, most: int = 50) -> list[Letter]:
    """Letters whose public files are not as the log wants them. With `everything`, all are looked at, not the newest only."""
    since = 0 if everything else (Built.objects.aggregate(last=Max("through"))["last"] or 0) - OVERLAP
    wanted: dict[int, int] = {}
    acts = LetterAct.objects.filter(entry_id__gt=since, subject__record_state__in=SEEN).order_by()
    for letter, last in acts.values_list("subject").annotate(last=Max("entry_id")):
        wanted[letter] = last
    cases = CaseAct.objects.filter(entry_id__gt=since, subject__letters__record_state__in=SEEN).order_by()
    for letter, last in cases.values_list("subject__letters").annotate(last=Max("entry_id")):
        wanted[letter] = max(last, wanted.get(letter, 0))
    built = dict(Built.objects.filter(letter__in=wanted).values_list("letter", "through"))
    late = sorted((last, pk) for pk, last in wanted.items() if built.get(pk, -1) < last)  # the oldest news first
    oldest = [pk for _last, pk in late[:most]]
    rows = Letter.objects.filter(pk__in=oldest, record_state__in=SEEN).select_related("case").in_bulk()
    return [rows[pk] for pk in oldest if pk in rows]


def renew() -> bool:
    """Afterwards style and fonts stand, and every page is stale if its template or style is not the one it was made with.

    Returns whether that was so.
    """
    write(assets())
    templates = sorted((Path(__file__).parent / "templates" / "record").glob("*.html"))
    edition = hashlib.sha256(b"".join([*assets().values(), *(path.read_bytes() for path in templates)])).hexdigest()
    if (root() / EDITION).is_file() and (root() / EDITION).read_text(encoding="ascii") == edition:
        return False
    Built.objects.update(through=-1)
    _put(root() / EDITION, edition.encode())
    return True


def build(letter: Letter, *, now: dt.datetime) -> None:
    """Afterwards the letter's files, and every page that speaks of it, are as its rows say at `now`."""
    letter.refresh_from_db(fields=["record_state", "published_at"])
    through = last_entry(letter)
    write_withdrawals()
    public = letter.record_state == RecordState.PUBLISHED
    paths = write_letter(letter, now=now) if public else []
    before = Built.objects.filter(letter=letter).first()
    for path in set(before.paths if before else []) - set(paths):
        remove(path)
    write_around([letter])
    Built.objects.update_or_create(
        letter=letter, defaults={"through": through, "is_public": public, "paths": paths, "built_at": now}
    )


def last_entry(letter: Letter) -> int:
    """The last entry of the log that concerns the letter or its case."""
    last = letter.acts.aggregate(last=Max("entry_id"))["last"] or 0
    return max(last, letter.case.acts.aggregate(last=Max("entry_id"))["last"] or 0)


def write_letter(letter: Letter, *, now: dt.datetime) -> list[str]:
    """Afterwards the letter's page and picture stand; returns their paths."""
    picture, files = rebuild(letter)
    folder = f"letters/{letter.slug}"
    html = letter_html(letter, picture=picture, now=now)
    return write({f"{folder}/{name}": content for name, content in files.items()} | {f"{folder}/index.html": html})


def letter_html(letter: Letter, *, picture: Picture | None, now: dt.datetime) -> bytes:
    """The letter's page, in the interface language nearest to its own: the preview and the published file are this."""
    main = letter.versions.get(is_authoritative=True)
    with translation.override(interface_language(main.language)):
        return render("record/letter.html", pages.letter_page(letter, picture=picture, now=now))


def write_around(letters: Iterable[Letter]) -> None:
    """Afterwards the pages that list these letters are right: cases, offices, the index, and what says that one is gone."""
    with translation.override(settings.LANGUAGE_CODE):
        for case in Case.objects.filter(letters__in=letters).distinct():
            page = pages.case_page(case)
            put_or_remove(f"cases/{case.slug}/index.html", "record/case.html", page)
        for office in Office.objects.filter(recipients__letter__in=letters).select_related("body").distinct():
            put_or_remove(f"offices/{office.slug}/index.html", "record/office.html", pages.office_page(office))
        for other in others_of(letters):
            write_letter(other, now=other.built.built_at)
        write({"index.html": render("record/index.html", pages.index_page()), GONE: render("record/gone.html", None)})
        write(assets())


def others_of(letters: Iterable[Letter]) -> list[Letter]:
    """Public letters of the same cases, whose lists of other letters may have changed."""
    cases = {letter.case_id for letter in letters}
    rows = (
        pages.public_letters().filter(case__in=cases, built__is_public=True).exclude(pk__in=[one.pk for one in letters])
    )
    return list(rows.select_related("case", "built"))


def put_or_remove(path: str, template: str, page: pages.CasePage | pages.OfficePage) -> None:
    """A page that lists letters stands as long as it has any."""
    if page.letters:
        write({path: render(template, page)})
    else:
        remove(path)


def render(template: str, page: object) -> bytes:
    """A public page as bytes. No request, no session: nothing of whoever looks can be in it."""
    return render_to_string(template, {"page": page}).encode()


def interface_language(language: str) -> str:
    """The interface language nearest to a letter's language."""
    known = {code for code, _name in settings.LANGUAGES}
    return (
        language
        if language in known
        else language.split("-")[0]
        if language.split("-")[0] in known
        else settings.LANGUAGE_CODE
    )


def assets() -> dict[str, bytes]:
    """Style and fonts of the public pages, so that the folder stands on its own: one short sheet, its fonts beside it."""
    static = settings.PACKAGE / "web" / "static"
    style = "\n".join((static / "css" / name).read_text(encoding="utf-8") for name in STYLE)
    beside = [static / "img" / "mark.svg", *sorted((static / "fonts").glob("*"))]  # with their licence
    short = _NOT_NEEDED.sub("", style.replace("../fonts/", ""))
    joined = {"record/record.css": short.encode()}
    return joined | {f"record/{path.name}": path.read_bytes() for path in beside}


def write_withdrawals() -> None:
    """Afterwards the front knows every address that is withdrawn, before any file is touched."""
    gone = Letter.objects.filter(record_state=RecordState.WITHDRAWN).order_by("slug").values_list("slug", flat=True)
    write({WITHDRAWN: "".join(f"/letters/{slug}/\n" for slug in gone).encode()})


def write(files: Mapping[str, bytes]) -> list[str]:
    """Afterwards each file stands in the record's folder with its compressed forms; an unchanged one is left alone."""
    for path, content in files.items():
        target = root() / path
        if target.is_file() and target.read_bytes() == content:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix in COMPRESSED:
            _put(target.with_name(f"{target.name}.gz"), gzip.compress(content, 9, mtime=0))
            _put(target.with_name(f"{target.name}.br"), brotli.compress(content))
        _put(target, content)
    return list(files)


def remove(path: str) -> None:
    """Afterwards neither the file nor its compressed forms stand, nor an empty folder."""
    target = root() / path
    for suffix in ("", ".gz", ".br"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    if target.parent != root() and target.parent.is_dir() and not any(target.parent.iterdir()):
        shutil.rmtree(target.parent)


def root() -> Path:
    """The record's folder."""
    return Path(settings.ANSWERABLE_RECORD)


def _put(target: Path, content: bytes) -> None:
    part = target.with_name(f".{target.name}.{os.getpid()}")
    part.write_bytes(content)
    part.replace(target)
