"""One request, as handlers see it: aiohttp's own, with what this server keeps beside it."""

from collections.abc import Callable
from typing import cast

from aiohttp import web

from streamsrv.web.connection import Connection

OnOver = Callable[[int, int, float], None]
"""Told once when a request is over: status, body bytes sent, seconds taken."""


class Request(web.BaseRequest):
    """A request on one of our connections."""

    request_id: bytes = b""
    """Given by the guard; in every answer, and in the log beside an unexpected error."""
    on_over: OnOver | None = None
    """Set by a handler that must know how its answer ended, whatever happens to it."""

    @property
    def protocol(self) -> Connection:
        return cast(Connection, self._protocol)

    @property
    def target(self) -> str:
        """The path as it was sent, never decoded: no URL of ours needs an escape. Without the query."""
        path = self._message.path
        if not path.startswith("/"):
            # Absolute form (RFC 9112 3.2.2); authority and asterisk form name nothing here.
            path = self._message.url.raw_path if "://" in path else ""
        return path if "?" not in path else path[: path.index("?")]

    @property
    def wants_close(self) -> bool:
        """Whether the client keeps the connection only for this request."""
        return self._message.should_close

    @property
    def body_bytes(self) -> int:
        """The size of the body as declared; a body without a declared size counts as unbounded."""
        if "Transfer-Encoding" in self.headers:
            return 1 << 62
        return self.content_length or 0
