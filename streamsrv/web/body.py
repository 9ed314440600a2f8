"""Request bodies, read in pieces: as much as a route takes, as slowly as its deadline allows, and never unpacked.

A body that is read whole must be there within the request deadline. One that is read line by line may take longer as
long as it gets on: every `PROGRESS_BYTES` begin the deadline anew, so a body that trickles gains no time (B28).
"""

from collections.abc import AsyncIterator

from aiohttp import hdrs

from streamsrv.core.errors import Rejected
from streamsrv.web.errors import TooLarge, Unsupported
from streamsrv.web.request import UNBOUNDED_BYTES, Request

PROGRESS_BYTES = 64 * 1024


async def read_whole(request: Request, *, limit_bytes: int) -> bytes:
    """The body; raises `TooLarge` above the limit, before reading where the size is declared, and `Rejected`."""
    return b"".join([piece async for piece in _pieces(request, limit_bytes)])


async def read_lines(request: Request, *, limit_bytes: int, max_line_bytes: int) -> AsyncIterator[bytes | None]:
    """The body's lines without their ends, and None in place of one that is too long; raises as `read_whole` does.

    Holds one line and one piece of the connection's buffer at a time.
    """
    rest = b""
    overlong = False
    due_bytes = PROGRESS_BYTES
    async for piece in _pieces(request, limit_bytes):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield None if overlong or len(line) > max_line_bytes else line.removesuffix(b"\r")
            overlong = False
        if len(rest) > max_line_bytes:
            rest, overlong = b"", True
        due_bytes -= len(piece)
        if due_bytes <= 0:
            request.connection.note_progress()
            due_bytes = PROGRESS_BYTES
    if overlong:
        yield None
    elif rest:
        yield rest


async def _pieces(request: Request, limit_bytes: int) -> AsyncIterator[bytes]:
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
        raise Unsupported("a body is taken as it is, without a content coding")
    declared_bytes = request.body_bytes
    if limit_bytes < declared_bytes < UNBOUNDED_BYTES:
        raise TooLarge(f"the body has {declared_bytes} bytes, and at most {limit_bytes} are taken")
    await _invite(request)
    connection, body = request.connection, request.body
    taken_bytes = 0
    while True:
        try:
            piece = await connection.read(body)
        except ConnectionError:
            raise
        except Exception as error:  # A body that is malformed, in any of aiohttp's ways.
            raise Rejected("the body cannot be read: it is not what its headers say") from error
        if not piece:
            return
        taken_bytes += len(piece)
        if taken_bytes > limit_bytes:
            raise TooLarge(f"the body has over {limit_bytes} bytes, more than are taken")
        yield piece


async def _invite(request: Request) -> None:
    """Tell a client that waits for it to send its body (RFC 9110 10.1.1)."""
    if not request.continued and not request.body.is_eof() and expects_invitation(request):
        request.continued = True
        await request.connection.write(b"HTTP/1.1 100 Continue\r\n\r\n")


def expects_invitation(request: Request) -> bool:
    """Whether the client holds its body back until it is told to send it."""
    return request.version >= (1, 1) and request.headers.get(hdrs.EXPECT, "").lower() == "100-continue"
