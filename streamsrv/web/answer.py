"""What a handler answers, and how it becomes bytes on a connection.

Written straight to the transport: header lines come ready from their policy, and a segment's body is never copied.
"""

from email.utils import formatdate
from http import HTTPStatus

from streamsrv.core.ranges import parse_range
from streamsrv.web.connection import Connection
from streamsrv.web.encoding import MIN_BYTES, accepts_gzip, compress
from streamsrv.web.headers import Policy
from streamsrv.web.request import Request

_STATUS_LINES = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode("ascii") for status in HTTPStatus
}
_BODILESS = frozenset({204, 304})
JOINED_BYTES = 32 * 1024
"""Answers up to this go out as one piece: copying them is cheaper than a second write."""
SLICE_BYTES = 256 * 1024
"""How much of a body is given to the transport at once: what may be in doubt when a client goes away."""


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
        connection = request.protocol
        body, tail = self.body, self.tail
        length = len(body) + len(tail)
        head = (
            _STATUS_LINES[self.status]
            + self.policy.lines
            + self.fields
            + (b"X-Request-Id: %b\r\nDate: %b\r\n" % (request.request_id, date))
        )
        if self.status not in _BODILESS:
            head += b"Content-Length: %d\r\n" % length
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

    async def _send_tail(self, connection: Connection, tail: memoryview) -> None:
        for start in range(0, len(tail), SLICE_BYTES):
            piece = tail[start : start + SLICE_BYTES]
            await connection.write(piece)
            self.sent_bytes += len(piece)


def text_answer(request: Request, policy: Policy, text: str) -> Answer:
    """A text of this viewer's own, compressed where the client accepts it."""
    body = text.encode()
    if len(body) >= MIN_BYTES and accepts_gzip(request.headers.get("Accept-Encoding", "")):
        return Answer(200, policy, compress(body), fields=b"Content-Encoding: gzip\r\n")
    return Answer(200, policy, body)


def media_answer(
    request: Request, policy: Policy, head: bytes, body: bytes | memoryview, *, etag: str
) -> Answer:
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
