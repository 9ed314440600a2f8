"""One connection: aiohttp's parser and flow control, with a request loop and a clock of its own.

aiohttp itself has no deadline for headers, for a request or for a reader that stops reading (A30). Here the
request path only sets flags; `HttpServer` looks at all connections from time to time and compares. The loop
replaces aiohttp's because a task, a writer and a response object per request cost more than a playlist.
"""

import asyncio
import fcntl
import termios
from array import array
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from aiohttp import StreamReader, web
from aiohttp.http import RawRequestMessage
from aiohttp.http_exceptions import LineTooLong

from streamsrv.web.request import Request

if TYPE_CHECKING:
    from streamsrv.web.server import HttpServer

SKIPPED_BODY_BYTES = 64 * 1024
"""Of a body that no handler wanted, read this much to keep the connection; above it, close."""

SMALL_BYTES = 32 * 1024
"""Pieces up to this are written together with those of other connections."""

Stage = Literal["header", "idle", "request", "write"]


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long each stage may last, in seconds."""

    header_s: float
    """From the connection's start, or from a request's first byte, to the end of its headers."""
    idle_s: float
    """Between two requests."""
    request_s: float
    """From a request's headers to the start of its answer, its body's arrival included."""
    write_s: float
    """Without a single byte taken by the reader."""

    @property
    def shortest_s(self) -> float:
        return min(self.header_s, self.idle_s, self.request_s, self.write_s)

    def of(self, stage: Stage) -> float:
        match stage:
            case "header":
                return self.header_s
            case "idle":
                return self.idle_s
            case "request":
                return self.request_s
            case "write":
                return self.write_s


class Connection(web.RequestHandler):
    """A client's connection and its clock."""

    __slots__ = (
        "_answered",
        "_body",
        "_http",
        "_mark",
        "_overdue",
        "_partial",
        "_progress",
        "_since_s",
        "_task",
        "_working",
        "_writes",
    )

    def __init__(self, http: "HttpServer", **settings: Any) -> None:
        super().__init__(http, **settings)
        self._http = http
        self._body: StreamReader | None = None
        self._answered = 0
        self._writes = 0
        self._partial = False
        self._progress = 0
        self._working = False
        self._task: asyncio.Task[Any] | None = None
        self._mark: tuple[Stage, int, int] = ("header", 0, 0)
        self._since_s = self._loop.time()
        self._overdue = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._http.admits():
            super().connection_made(transport)
            return
        self._close = True
        refused = cast(asyncio.Transport, transport)
        refused.write(self._http.guard.full_answer())
        refused.close()

    def data_received(self, data: bytes) -> None:
        before = self._request_count
        super().data_received(data)
        self._partial = self._request_count == before
        if self._body is not None and self._is_broken():
            self._body.set_exception(ValueError("what follows is not HTTP"))

    def connection_lost(self, exc: BaseException | None) -> None:
        super().connection_lost(exc)
        if self._body is not None:
            self._body.set_exception(exc or ConnectionResetError("the client went away"))

    async def start(self) -> None:
        """Answer requests one after the other until either side wants no more. Run by aiohttp, as a task."""
        try:
            await self._answer_all()
        except BaseException:
            # Whatever happens, no client is left waiting on a connection that nobody serves.
            self.force_close()
            raise
        self._http.outbox.flush()
        if not self._force_close:
            self._task_handler = None
            if self.transport is not None:
                self.transport.close()

    async def _answer_all(self) -> None:
        guard = self._http.guard
        while not self._force_close:
            if not self._messages:
                self._waiter = self._loop.create_future()
                try:
                    await self._waiter
                finally:
                    self._waiter = None
            message, body = self._messages.popleft()
            if self._parser is not None:
                self._parser.message_consumed()
            if self._buffer_paused and len(self._messages) <= self._msg_queue_resume_size:
                self._resume_reading_if_drained()
            if not isinstance(message, RawRequestMessage):
                await guard.refuse(self, too_long=_is_too_long(message.exc))
                break
            if not await guard.handle(Request(message, body, self)) or self._close or self._upgraded:
                break
            if not body.is_eof() and not await self._skip(body):
                break

    async def _skip(self, body: StreamReader) -> bool:
        """Read what is left of a body, within the header deadline; whether the next request may follow it."""
        skipped_bytes = 0
        self._body = body
        try:
            while not body.is_eof() and skipped_bytes <= SKIPPED_BODY_BYTES:
                skipped_bytes += len(await body.readany())
        except Exception:  # A body that breaks off or is malformed, in any of aiohttp's ways: nothing can follow it.
            return False
        finally:
            self._body = None
        return body.is_eof()

    def _is_broken(self) -> bool:
        """Whether the client sent what is not HTTP: aiohttp tells whoever reads messages, not whoever reads a body."""
        return bool(self._messages) and not isinstance(self._messages[-1][0], RawRequestMessage)

    def begin_request(self) -> None:
        """A request's headers are here and a handler starts."""
        self._working = True
        self._task = asyncio.current_task()

    def take_overdue(self) -> bool:
        """Whether the request in hand was cancelled because its deadline passed; it may go on to answer so."""
        overdue, self._overdue = self._overdue, False
        if overdue and self._task is not None:
            self._task.uncancel()
        return overdue

    async def read(self, body: StreamReader) -> bytes:
        """The next piece of a request's body, empty at its end; raises `ConnectionError` when the client is gone.

        A body that is malformed raises whatever aiohttp does.
        """
        if self._is_broken() and not body.is_eof():
            raise ValueError("what follows is not HTTP")
        self._body = body
        try:
            return await body.readany()
        except Exception as error:
            if self.transport is None:
                raise ConnectionResetError("the client went away") from error
            raise
        finally:
            self._body = None

    def note_progress(self) -> None:
        """The request in hand got on by as much as its deadline asks for: it begins anew."""
        self._progress += 1

    def begin_answer(self) -> None:
        """The handler is done; from here on the reader's progress counts."""
        self._working = False

    def end_answer(self) -> None:
        self._working = False
        self._task = None
        self._answered += 1

    async def write(self, data: bytes | memoryview) -> None:
        """Hand `data` over and wait while the client is slower; raises `ConnectionError` when it is gone."""
        transport = self.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("the client is gone")
        if len(data) <= SMALL_BYTES:
            self._http.outbox.put(transport, data)
        else:
            self._http.outbox.flush()
            transport.write(data)
        self._writes += 1
        if self._paused:
            await self._drain_helper()
            if self.transport is None:
                raise ConnectionResetError("the client went away")

    def check(self, now_s: float, deadlines: Deadlines) -> Stage | None:
        """End this stage if it has lasted too long, and say which it was."""
        transport = self.transport
        if transport is None:
            return None
        mark = self._stage(transport.get_write_buffer_size())
        if mark != self._mark:
            self._mark, self._since_s = mark, now_s
            return None
        stage = mark[0]
        if now_s - self._since_s < deadlines.of(stage):
            return None
        self._since_s = now_s
        if stage == "write":
            transport.abort()
        elif stage != "request":
            self.force_close()
        elif self._task is not None:
            self._overdue = True
            self._task.cancel()
        return stage

    def close_if_idle(self) -> None:
        """Close between two requests, not within one, nor where a request has come that nobody has read yet."""
        transport = self.transport
        if transport is None or self._task is not None or self._partial:
            return
        if self._stage(transport.get_write_buffer_size())[0] in ("idle", "header") and not _unread_bytes(transport):
            self.force_close()

    def _stage(self, unsent_bytes: int) -> tuple[Stage, int, int]:
        """The stage, with numbers that change whenever it makes progress."""
        if self._working:
            return "request", self._answered, self._progress
        if unsent_bytes or self._task is not None:
            return "write", self._writes, unsent_bytes
        if self._partial or not self._answered:
            return "header", self._answered, 0
        return "idle", self._answered, 0


def _unread_bytes(transport: asyncio.Transport) -> int:
    """How much the kernel holds of what the client sent: closing now would answer it with a reset."""
    count = array("i", [0])
    with suppress(OSError):
        fcntl.ioctl(transport.get_extra_info("socket").fileno(), termios.FIONREAD, count)
    return count[0]


def _is_too_long(error: BaseException) -> bool:
    """Whether aiohttp's parser gave up because of a limit, and not because of what it read."""
    return isinstance(error, LineTooLong) or "Too many headers" in str(error)
