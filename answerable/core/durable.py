"""Files that are whole or absent, whatever dies when: written beside their place, synced, then given their name."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Afterwards `path` holds `content` and survives a power cut; until then it holds what it held. Raises `OSError`."""
    with _beside(path, content) as part:
        part.replace(path)
    sync_folder(path.parent)


def make_once(path: Path, make: Callable[[], bytes]) -> bytes:
    """What `path` holds; where it was absent, what `make` gave to the first process that asked. For its owner's eyes only."""
    with contextlib.suppress(FileNotFoundError):
        return path.read_bytes()
    with _beside(path, make()) as part:
        with contextlib.suppress(FileExistsError):  # another process made it first: its content stands
            path.hardlink_to(part)
        part.unlink()
    sync_folder(path.parent)
    return path.read_bytes()


def write_synced(path: Path, *pieces: bytes) -> None:
    """Afterwards the new file `path` holds the pieces; it may still lose its name in a power cut, see `sync_folder`."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0) as file:
        for piece in pieces:
            view = memoryview(piece)
            while view:
                view = view[file.write(view) :]
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Afterwards the names in `folder` survive a power cut."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


@contextlib.contextmanager
def _beside(path: Path, content: bytes) -> Iterator[Path]:
    part = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    try:
        write_synced(part, content)
        yield part
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
