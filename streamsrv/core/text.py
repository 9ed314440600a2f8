"""A text as it goes over the wire: encoded once, and compressed at most once, for all who are sent the same."""

import zlib

MIN_GZIP_BYTES = 512
"""Less than this fits one packet as it is."""
_FAST = 1
"""Playlists shrink tenfold at any level; higher ones only cost time."""
_GZIP_WINDOW = 31


class Text:
    """Frozen but for its compressed form, which is made when it is first asked for."""

    __slots__ = ("_gzipped", "plain")

    def __init__(self, text: str) -> None:
        self.plain = text.encode()
        self._gzipped = b""

    def gzipped(self) -> bytes:
        """The gzip form, or nothing where compression gains nothing."""
        if not self._gzipped and len(self.plain) >= MIN_GZIP_BYTES:
            self._gzipped = compress(self.plain)
        return self._gzipped

    def __str__(self) -> str:
        return self.plain.decode()


def compress(body: bytes, *, level: int = _FAST) -> bytes:
    """`body` as a gzip member; the same bytes for the same body."""
    return zlib.compress(body, level, _GZIP_WINDOW)
