"""One request, as handlers see it. Made from aiohttp's parsed message; slim, because one is made every time."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from aiohttp import StreamReader, hdrs
from aiohttp.http import RawRequestMessage

if TYPE_CHECKING:
    from streamsrv.web.connection import Connection

OnOver = Callable[[int, int, float], None]
"""Told once when a request is over: status, body bytes sent, seconds taken."""

UNBOUNDED_BYTES = 1 << 62


class Request:
    """A request on one of our connections."""

    __slots__ = (
        "_path",
        "body",
        "connection",
        "continued",
        "headers",
        "method",
        "on_over",
        "request_id",
        "target",
        "version",
        "wants_close",
    )

    def __init__(self, message: RawRequestMessage, body: StreamReader, connection: "Connection") -> None:
        self.method = message.method
        self.headers = message.headers
        self.version = message.version
        # No protocol is upgraded to here; what follows such a request is not HTTP.
        self.wants_close = message.should_close or message.upgrade
        """Whether the connection is of no use after this request."""
        self._path = message.path
        self.target = _target(message)
        self.body = body
        self.connection = connection
        self.request_id = b""
        """Given by the guard; in every answer, and in the log beside an unexpected error."""
        self.continued = False
        """Whether a client that waits for it was told to send its body (RFC 9110 10.1.1)."""
        self.on_over: OnOver | None = None
        """Set by a handler that must know how its answer ended, whatever happens to it."""

    @property
    def has_query(self) -> bool:
        return "?" in self._path

    @property
    def query(self) -> str:
        """What follows the path's question mark, as it was sent."""
        return self._path.partition("?")[2].partition("#")[0]

    @property
    def body_bytes(self) -> int:
        """The size of the body as declared; a body without a declared size counts as unbounded."""
        if hdrs.TRANSFER_ENCODING in self.headers:
            return UNBOUNDED_BYTES
        return int(self.headers.get(hdrs.CONTENT_LENGTH, "0"))


def _target(message: RawRequestMessage) -> str:
    """The path as it was sent, never decoded: no URL of ours needs an escape. Without the query."""
    path = message.path
    if not path.startswith("/"):
        # Absolute form (RFC 9112 3.2.2); authority and asterisk form name nothing here.
        path = message.url.raw_path if "://" in path else ""
    return path if "?" not in path else path[: path.index("?")]
