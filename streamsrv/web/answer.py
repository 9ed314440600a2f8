"""What a handler answers, and how it becomes bytes on a connection.

Written straight to the transport: header lines come ready from their policy, and a segment's body is never copied.
"""

from email.utils import formatdate
from http import HTTPStatus

from aiohttp import hdrs

from streamsrv.core.ranges import parse_range
from streamsrv.core.text import Text
from streamsrv.web.connection import Connection
from streamsrv.web.encoding import accepts_gzip
from streamsrv.web.headers import Policy
from streamsrv.web.request import Request

_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode("ascii") for status in HTTPStatus}
_BODILESS = frozenset({204, 304})
JOINED_BYTES = 32 * 1024
"""Answers up to this go out as one piece: copying them is cheaper than a second write."""
SLICE_BYTES = 2 * 1024 * 1024
"""How much of a body is given to the transport at once: what may be in doubt when a client goes away. Eight times
smaller pieces cost 1.6 times the CPU: each wakes the client and waits for it."""


class Answer:
    """A status, the policy its headers follow, and a body in one or two pieces."""

    __slots__ = ("body", "close", "fields", "policy", "sent_bytes", "status", "tail")

    def __init__(
        self,
        status: int,
        policy: Policy,
        body: bytes = b"",
        *,
        tail: bytes | memoryview = b"",
        fields: bytes = b"",
        close: bool = False,
    ) -> None:
        self.status = status
        self.policy = policy
        self.body = body
        self.tail = tail
        self.fields = fields
        self.close = close
        self.sent_bytes = 0
        """Body bytes that have left for the client so far."""

    async def send(self, request: Request, date: bytes, *, close: bool) -> None:
        """Write the whole answer; raises `ConnectionError` when the client goes away first."""
        connection = request.connection
        body, tail = self.body, self.tail
        length = len(body) + len(tail)
        head = self._head(length, request.request_id, date)
        if close:
            head += b"Connection: close\r\n"
        elif request.version < (1, 1):
            head += b"Connection: keep-alive\r\n"
        if request.method == "HEAD" or self.status in _BODILESS:
            await connection.write(head + b"\r\n")
        elif length <= JOINED_BYTES:
            await connection.write(b"".join((head, b"\r\n", body, tail)))
            self.sent_bytes = length
        else:
            await connection.write(b"%b\r\n%b" % (head, body))
            self.sent_bytes = len(body)
            await self._send_tail(connection, memoryview(tail))

    def as_last(self, request_id: bytes, date: bytes) -> bytes:
        """The whole answer as bytes, for a client whose request could not be read."""
        head = self._head(len(self.body), request_id, date)
        return b"%bConnection: close\r\n\r\n%b" % (head, self.body)

    def _head(self, length: int, request_id: bytes, date: bytes) -> bytes:
        common = (_STATUS_LINES[self.status], self.policy.lines, self.fields, request_id, date)
        if self.status in _BODILESS:
            return b"%b%b%bX-Request-Id: %b\r\nDate: %b\r\n" % common
        return b"%b%b%bX-Request-Id: %b\r\nDate: %b\r\nContent-Length: %d\r\n" % (*common, length)

    async def _send_tail(self, connection: Connection, tail: memoryview) -> None:
        for start in range(0, len(tail), SLICE_BYTES):
            piece = tail[start : start + SLICE_BYTES]
            await connection.write(piece)
            self.sent_bytes += len(piece)


def text_answer(request: Request, policy: Policy, text: Text) -> Answer:
    """A text, compressed where the client accepts it and something is gained."""
    accepted = request.headers.get(hdrs.ACCEPT_ENCODING)
    if accepted is not None and accepts_gzip(accepted) and (gzipped := text.gzipped()):
        return Answer(200, policy, gzipped, fields=b"Content-Encoding: gzip\r\n")
    return Answer(200, policy, text.plain)


def media_answer(request: Request, policy: Policy, head: bytes, body: bytes | memoryview, *, etag: str) -> Answer:
    """Immutable bytes in two pieces: whole, one range, or not modified (RFC 9110 13.2.2); raises `BadRange`."""
    headers = request.headers
    fields = b"ETag: %b\r\n" % etag.encode("ascii")
    if "If-None-Match" in headers and names_etag(",".join(headers.getall("If-None-Match")), etag):
        return Answer(304, policy, fields=fields)
    wanted = headers.get("Range")
    if wanted is None or request.method != "GET" or headers.get("If-Range", etag) != etag:
        return Answer(200, policy, head, tail=body, fields=fields)
    size = len(head) + len(body)
    found = parse_range(wanted, size)
    if found is None:
        return Answer(200, policy, head, tail=body, fields=fields)
    start, end = found
    split = len(head)
    return Answer(
        206,
        policy,
        head[start:end],
        tail=memoryview(body)[max(0, start - split) : max(0, end - split)],
        fields=fields + b"Content-Range: bytes %d-%d/%d\r\n" % (start, end - 1, size),
    )


def names_etag(header: str, etag: str) -> bool:
    """Whether an `If-None-Match` header names `etag` or `*`; weak comparison (RFC 9110 8.8.3.2)."""
    return any(item.strip().removeprefix("W/") in {etag, "*"} for item in header.split(","))


def http_date(unix_s: int) -> bytes:
    """The `Date` header's value."""
    return formatdate(unix_s, usegmt=True).encode("ascii")
