"""The local store: whole files, the same content stored once, whoever stores it at the same time."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from answerable.evidence import files
from answerable.evidence.folder import Folder


@pytest.fixture
def store(tmp_path: Path, monkeypatch) -> Folder:
    folder = Folder(location=tmp_path, base_url=None)
    monkeypatch.setattr(files, "default_storage", folder)
    return folder


def test_it_stores_the_same_content_once_when_many_do_at_the_same_time(store: Folder, tmp_path: Path):
    content = bytes(200_000)
    name = files.path(sha256(content).hexdigest())
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda _: store.save(name, ContentFile(content)), range(40))) == {name}
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == [tmp_path / name]
    assert (tmp_path / name).read_bytes() == content


def test_it_writes_again_what_a_killed_process_left_under_another_name(store: Folder, tmp_path: Path):
    content = b"an answer"
    name = files.path(sha256(content).hexdigest())
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).with_name(".half").write_bytes(b"an a")
    files.store(sha256(content).hexdigest(), content)
    assert (tmp_path / name).read_bytes() == content
