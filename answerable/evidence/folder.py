"""The store of files where it is a local folder: a file is there whole or not at all, and survives a power cut."""

from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from answerable.core.durable import sync_folder, write_whole


class Folder(FileSystemStorage):
    """Django's folder of files, for names that say their content: the same name again is the same file."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: two who store the same content at the same time store one file."""
        return name

    def _save(self, name: str, content: "File[bytes]") -> str:
        path = Path(self.path(name))
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            sync_folder(path.parent.parent)
        write_whole(path, content.read())
        return name
