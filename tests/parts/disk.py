"""A small disk of its own, which can be full, without inodes, or read-only."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Disk:
    """What is mounted at `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Afterwards not a byte more fits."""
        for piece in (1 << 16, 1 << 10, 1):
            with suppress(OSError), (self.folder / "ballast").open("ab", buffering=0) as ballast:
                while True:
                    ballast.write(bytes(piece))

    def use_up_inodes(self) -> None:
        """Afterwards there can be no further file."""
        (self.folder / "many").mkdir()
        with suppress(OSError):
            for number in range(1_000_000):
                (self.folder / "many" / str(number)).touch()

    def allow_writing(self, so: bool) -> None:
        """Afterwards the disk is read-only, or is not."""
        subprocess.run(["mount", "-o", f"remount,{'rw' if so else 'ro'}", self.folder], check=True)

    def mend(self) -> None:
        """Afterwards it is as it was."""
        self.allow_writing(True)
        (self.folder / "ballast").unlink(missing_ok=True)
        if (self.folder / "many").exists():
            for one in (self.folder / "many").iterdir():
                one.unlink()
            (self.folder / "many").rmdir()


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[Disk]:
    """A disk of that size and 1,000 inodes at `folder` while the block runs. Raises RuntimeError where none can be had."""
    if os.geteuid() != 0:
        raise RuntimeError("needs root, to mount a small disk")
    folder.mkdir(parents=True, exist_ok=True)
    size = f"size={megabytes}m,nr_inodes=1000"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], capture_output=True, text=True)
    if mounted.returncode:
        raise RuntimeError(f"needs the right to mount a small disk: {mounted.stderr.strip()}")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
