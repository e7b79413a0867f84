"""Files that people bring: rebuilt, sniffed, refused with a sentence."""

import zipfile
from io import BytesIO

import pytest
from PIL import Image

from answerable.core.errors import Refused
from answerable.evidence.files import content
from answerable.evidence.uploads import LARGEST, keep_document, keep_photo


def picture(size=(40, 20), kind="JPEG", **save):
    written = BytesIO()
    Image.new("RGB", size, "teal").save(written, kind, **save)
    return written.getvalue()


def archive(name, inside="x"):
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        made.writestr(name, inside)
    return written.getvalue()


def test_it_draws_a_photo_anew_upright_and_without_metadata(db, now):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "A camera"
    kept = keep_photo(picture(exif=exif.tobytes(), comment=b"at home"), field="photo", now=now)
    with Image.open(BytesIO(content(kept))) as drawn:
        assert drawn.size == (20, 40)
        assert not drawn.getexif()
        assert "comment" not in drawn.info


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_it_takes_other_pictures_and_makes_them_small_enough(db, now, kind):
    kept = keep_photo(picture((3000, 10), kind), field="photo", now=now)
    with Image.open(BytesIO(content(kept))) as drawn:
        assert (drawn.format, drawn.width) == ("JPEG", 2400)


@pytest.mark.parametrize(
    "bytes_",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture()[:200],
        picture(kind="GIF"),
        b"x" * (LARGEST + 1),
    ],
)
def test_it_refuses_what_is_no_photo(db, now, bytes_):
    with pytest.raises(Refused) as refused:
        keep_photo(bytes_, field="photo", now=now)
    assert refused.value.field == "photo"


def test_it_refuses_a_picture_that_would_fill_the_memory(db, now):
    with pytest.raises(Refused):
        keep_photo(picture((9000, 9000), "PNG"), field="photo", now=now)


@pytest.mark.parametrize(
    ("bytes_", "media_type"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (picture(), "image/jpeg"),
        (picture(kind="PNG"), "image/png"),
        (archive("word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (archive("mimetype", "application/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text"),
        ("نامه\n".encode(), "text/plain"),
    ],
)
def test_it_keeps_a_document_as_it_came(db, now, bytes_, media_type):
    kept = keep_document(bytes_, field="scan", now=now)
    assert (kept.media_type, content(kept)) == (media_type, bytes_)


@pytest.mark.parametrize(
    "bytes_", [b"", b"MZ\x90\x00", b"<html><script>", archive("run.exe"), b"\xff\xfe\x00", b"a\x00b"]
)
def test_it_refuses_documents_of_other_kinds(db, now, bytes_):
    with pytest.raises(Refused):
        keep_document(bytes_, field="scan", now=now)
