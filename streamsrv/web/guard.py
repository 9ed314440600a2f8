"""The one thing between a connection and a handler.

It finds the route, turns errors into answers, sends, counts, and tells the end of each request exactly once.
No middleware and no signals: this runs for every request, and everything in it is paid for every time.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import cast

from aiohttp import web

from streamsrv.core.errors import NotFound, StreamsrvError, Unavailable
from streamsrv.ports import Clock
from streamsrv.telemetry.metrics import Metrics
from streamsrv.web.answer import Answer, http_date
from streamsrv.web.errors import ErrorPage, error_answer, malformed_answer, method_answer
from streamsrv.web.headers import ERROR
from streamsrv.web.request import Request
from streamsrv.web.router import NOWHERE, Route, Router

logger = logging.getLogger(__name__)

CLIENT_GONE = 499
"""Counted when a request ended without an answer, as nginx does."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Sent:
    """What aiohttp is given for an answer that was already sent: nothing is left to do but keep or close."""

    __slots__ = ("keep_alive",)

    def __init__(self, *, keep_alive: bool) -> None:
        self.keep_alive = keep_alive

    async def prepare(self, request: web.BaseRequest) -> None:
        return

    async def write_eof(self) -> None:
        return


class Refused(Sent):
    """What aiohttp is given for bytes that are not a request; sent when aiohttp asks for it."""

    __slots__ = ("_send",)

    def __init__(self, send: Callable[[], Awaitable[None]]) -> None:
        super().__init__(keep_alive=False)
        self._send = send

    async def write_eof(self) -> None:
        await self._send()


_KEPT, _CLOSED = Sent(keep_alive=True), Sent(keep_alive=False)


class Guard:
    """Answers every request of one listener, and never raises but when it is cancelled."""

    def __init__(
        self,
        router: Router,
        *,
        metrics: Metrics,
        clock: Clock,
        request_id_prefix: str,
        error_page: ErrorPage | None = None,
    ) -> None:
        self.draining = False
        """Once true, every answer asks its client to come back on another connection."""
        self._find = router.find
        self._metrics = metrics
        self._observe = {
            route.template: metrics.route(route.template).observe for route in (*router.routes, NOWHERE)
        }
        self._clock = clock
        self._prefix = request_id_prefix.encode("ascii")
        self._requests = 0
        self._error_page = error_page
        self._date_s = -1
        self._date_text = b""

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request, from its headers to its last byte."""
        assert isinstance(request, Request)
        started_s = time.perf_counter()
        self._number(request)
        connection = request.protocol
        connection.begin_request()
        self._metrics.in_flight += 1
        route, values = self._find(request.target)
        answer: Answer | None = None
        keep_alive = False
        try:
            answer = await self._answer(request, route, values)
            connection.begin_answer()
            close = answer.close or self.draining or request.wants_close
            await answer.send(request, self._date(), close=close)
            keep_alive = not close
        except ConnectionError:
            pass  # The client is gone; what it got is counted below.
        finally:
            connection.end_answer()
            self._metrics.in_flight -= 1
            taken_s = time.perf_counter() - started_s
            status, sent_bytes = (CLIENT_GONE, 0) if answer is None else (answer.status, answer.sent_bytes)
            method = request.method
            self._observe[route.template](method if method in _METHODS else "OTHER", status, taken_s, sent_bytes)
            if request.on_over is not None:
                request.on_over(status, sent_bytes, taken_s)
        return cast(web.StreamResponse, _KEPT if keep_alive else _CLOSED)

    def refuse(self, request: web.BaseRequest) -> web.StreamResponse:
        """The answer to bytes that are not HTTP."""
        assert isinstance(request, Request)
        self._number(request)

        async def send() -> None:
            answer = malformed_answer(request_id=request.request_id)
            await answer.send(request, self._date(), close=True)
            self._observe[NOWHERE.template]("OTHER", answer.status, 0.0, answer.sent_bytes)

        return cast(web.StreamResponse, Refused(send))

    def full_answer(self) -> bytes:
        """The whole answer to a connection above the cap, which is not read from."""
        head = b"HTTP/1.1 503 Service Unavailable\r\n" + ERROR.lines
        return head + b"Retry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\nDate: %b\r\n\r\n" % self._date()

    async def _answer(self, request: Request, route: Route, values: list[str]) -> Answer:
        handler = route.handlers.get(request.method)
        page = self._error_page if route.for_people else None
        request_id = request.request_id
        try:
            if route is NOWHERE:
                raise NotFound("page")
            if handler is None:
                return method_answer(route.allowed, request_id=request_id, page=page)
            return await handler(request, *values)
        except StreamsrvError as error:
            return error_answer(error, request_id=request_id, page=page)
        except asyncio.CancelledError:
            if not request.protocol.take_overdue():
                raise
            return error_answer(Unavailable("answer in time"), request_id=request_id, page=page)
        except Exception as error:
            if request.transport is None:
                raise ConnectionResetError("the client went away") from error
            logger.exception(
                "a handler failed", extra={"route": route.template, "request_id": request_id.decode("ascii")}
            )
            return error_answer(error, request_id=request_id, page=page)

    def _number(self, request: Request) -> None:
        self._requests += 1
        request.request_id = b"%b-%x" % (self._prefix, self._requests)

    def _date(self) -> bytes:
        """The `Date` header's value, formatted once a second."""
        now_s = self._clock.now_ms() // 1000
        if now_s != self._date_s:
            self._date_s = now_s
            self._date_text = http_date(now_s)
        return self._date_text
