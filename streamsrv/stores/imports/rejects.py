"""The file of rejected rows while it is written: cut back to what is known to be true whenever an import goes on."""

import fcntl
import os
from pathlib import Path

from streamsrv.core.errors import invalid
from streamsrv.core.importing import HEADER


class RejectsFile:
    """Appends whole rows. One import at a time; raises `Invalid` where the file cannot be written or another has it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise invalid(str(path), f"cannot be written: {error.strerror}", "--rejects with another path") from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._descriptor)
            raise invalid(str(path), "is being written by another import", "one import of a file at a time") from None
        self._waiting: list[str] = []
        self._size_bytes = 0

    def begin(self, size_bytes: int) -> bool:
        """Cut back to its first `size_bytes`, or begin anew for 0; False, and nothing is done, where it has fewer."""
        if os.fstat(self._descriptor).st_size < size_bytes:
            return False
        os.ftruncate(self._descriptor, size_bytes)
        self._size_bytes = size_bytes
        if not size_bytes:
            self.add(HEADER)
        return True

    def add(self, text: str) -> None:
        """Lines for the end of the file; on the disk after the next `sync`."""
        self._waiting.append(text)

    def sync(self) -> int:
        """Write and sync what was added; how long the file is now. Raises `OSError`, and may be tried again."""
        data = memoryview("".join(self._waiting).encode())
        place = self._size_bytes
        while data:
            written = os.pwrite(self._descriptor, data, place)
            data, place = data[written:], place + written
        os.fsync(self._descriptor)
        self._waiting.clear()
        self._size_bytes = place
        return place

    def close(self, *, keep: bool) -> None:
        """Give the file up; without `keep` it is removed."""
        if not keep:
            self.path.unlink(missing_ok=True)
        os.close(self._descriptor)
