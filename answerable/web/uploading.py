"""Files from strangers: held in memory and never written down before they are asked for, so that a full disk, or a
file without end, is met where it can be told to the person who sent it."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class InMemory(FileUploadHandler):
    """Keeps at most `most` bytes of all files together. What is beyond is not kept, and counted in the files' `size`."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._room = most
        self._content = BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._content = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._room -= len(raw_data)
        if self._room >= 0:
            self._content.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self._content.seek(0)
        return InMemoryUploadedFile(
            self._content, self.field_name, self.file_name or "", self.content_type, file_size, self.charset
        )
