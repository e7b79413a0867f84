"""Every sentence a person sees exists in every language that is offered."""

import shutil
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command

from tests.structure import house

OFFERED = [code for code, _name in settings.LANGUAGES if code != "en"]


def _catalogue(language: str, within: Path = house.PACKAGE):
    with (within / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", OFFERED)
def test_it_says_everything_in(language: str):
    catalogue = _catalogue(language)
    assert not catalogue.fuzzy, f"take the word fuzzy out of the head of {language}, or Babel leaves it uncompiled"
    for message in filter(lambda message: message.id, catalogue):
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(said) and not message.fuzzy, f"{language} does not say {message.id!r}"
        assert not list(message.check()), f"{language} has other placeholders in {message.id!r}"


def test_it_has_collected_every_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings):
    if not shutil.which("xgettext"):
        pytest.skip("needs gettext")
    copy = tmp_path / "answerable"
    shutil.copytree(house.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.mo", "data", "fonts"))
    settings.LOCALE_PATHS = [copy / "locale"]
    monkeypatch.chdir(tmp_path)
    call_command("makemessages", locale=OFFERED, add_location="file", no_obsolete=True, verbosity=0)
    for language in OFFERED:
        new = {str(m.id) for m in _catalogue(language, copy)} - {str(m.id) for m in _catalogue(language)}
        assert not new, f"not in the catalogues yet (`make messages`): {sorted(new)}"
