"""Pictures for the public record: rebuilt from their pixels, so that nothing that was written into the file goes out."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageOps

from answerable.evidence.files import content
from answerable.letters.models import Letter

WIDTHS = (480, 960)  # a phone, a desk
MOST_PIXELS = 60_000_000


@dataclass(frozen=True)
class Picture:
    """A picture on a page: its files (names relative to the page), size in pixels, and words. `src` is a JPEG."""

    src: str
    webp: str
    srcset: str
    width: int
    height: int
    alt: str
    caption: str


def rebuild(letter: Letter) -> tuple[Picture | None, dict[str, bytes]]:
    """The letter's picture, and the files to be put beside its page. Nothing of EXIF, XMP, IPTC or thumbnails remains."""
    if letter.photo is None:
        return None, {}
    with Image.open(io.BytesIO(content(letter.photo))) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            return None, {}
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    pixels = Image.new("RGB", upright.size)
    pixels.paste(upright)
    files = dict(_sizes(pixels))
    webp = [name for name in files if name.endswith(".webp")]
    srcset = ", ".join(f"{name} {name.split('-')[1].split('.')[0]}w" for name in webp)
    jpeg = max(
        (name for name in files if name.endswith(".jpg")), key=lambda name: int(name.split("-")[1].split(".")[0])
    )
    width = int(jpeg.split("-")[1].split(".")[0])
    height = round(pixels.height * width / pixels.width)
    return Picture(jpeg, webp[-1], srcset, width, height, letter.photo_alt, letter.photo_caption), files


def _sizes(pixels: Image.Image) -> Iterator[tuple[str, bytes]]:
    for width in sorted({min(width, pixels.width) for width in WIDTHS}):
        sized = pixels.resize((width, round(pixels.height * width / pixels.width)), Image.Resampling.LANCZOS)
        for kind, suffix in (("WEBP", "webp"), ("JPEG", "jpg")):
            out = io.BytesIO()
            sized.save(out, kind, quality=80)
            yield f"photo-{width}.{suffix}", out.getvalue()
