"""The one thing between a connection and a handler.

It finds the route, turns errors into answers, sends, counts, and tells the end of each request exactly once.
No middleware and no signals: this runs for every request, and everything in it is paid for every time.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress

from streamsrv.core.errors import NotFound, StreamsrvError, Unavailable
from streamsrv.ports import Clock
from streamsrv.telemetry.metrics import Metrics
from streamsrv.web.answer import Answer, http_date
from streamsrv.web.connection import Connection
from streamsrv.web.errors import ErrorPage, Refusal, crowded, error_answer, malformed, method_answer
from streamsrv.web.request import Request
from streamsrv.web.router import NOWHERE, Route, Router, error_policy

logger = logging.getLogger(__name__)

CLIENT_GONE = 499
"""Counted when a request ended without an answer, as nginx does."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Guard:
    """Answers every request of one listener, and never raises unless it is cancelled."""

    def __init__(
        self,
        router: Router,
        *,
        metrics: Metrics,
        clock: Clock,
        request_id_prefix: str,
        error_page: Callable[[Refusal, str], str] | None = None,
    ) -> None:
        self.draining = False
        """Once true, every answer asks its client to come back on another connection."""
        self._find = router.find
        self._metrics = metrics
        self._observe = {route.template: metrics.route(route.template).observe for route in (*router.routes, NOWHERE)}
        self._clock = clock
        self._prefix = request_id_prefix.encode("ascii")
        self._requests = 0
        self._error_page = error_page
        self._date_s = -1
        self._date_text = b""

    async def handle(self, request: Request) -> bool:
        """Answer one request, from its headers to its last byte; whether its connection may be kept."""
        started_s = time.perf_counter()
        request.request_id = self._next_id()
        connection = request.connection
        connection.begin_request()
        self._metrics.in_flight += 1
        route, values = self._find(request.target)
        page = self._page_for(request) if route.for_people else None
        answer: Answer | None = None
        keep_alive = False
        try:
            try:
                answer = await self._answer(request, route, values, page)
            except Exception as error:
                answer = self._unexpected(error, request, route, page)
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
        return keep_alive

    def _page_for(self, request: Request) -> ErrorPage | None:
        """What would render an error for the person behind the request, in a language that they read."""
        render, wishes = self._error_page, request.headers.get("Accept-Language", "")
        return None if render is None else lambda refusal: render(refusal, wishes)

    async def refuse(self, connection: Connection, *, too_long: bool) -> None:
        """Answer bytes that are not HTTP, or have too much of it. Not logged: anyone can send them (B4)."""
        with suppress(ConnectionError):
            await connection.write(malformed(self._next_id(), self._date(), too_long=too_long))
        self._observe[NOWHERE.template]("OTHER", 431 if too_long else 400, 0.0, 0)

    def full_answer(self) -> bytes:
        """The whole answer to a connection above the cap, which is not read from."""
        return crowded(self._next_id(), self._date())

    async def _answer(self, request: Request, route: Route, values: list[str], page: ErrorPage | None) -> Answer:
        handler = route.handlers.get(request.method)
        request_id = request.request_id
        try:
            if route is NOWHERE:
                raise NotFound("page")
            if handler is None:
                return method_answer(route.allowed, request_id=request_id, page=page, policy=route.errors)
            return await handler(request, *values)
        except StreamsrvError as error:
            policy = error_policy(route, request.target)
            return error_answer(error, request_id=request_id, page=page, policy=policy)
        except asyncio.CancelledError:
            if not request.connection.take_overdue():
                raise
            late = Unavailable("answer in time")
            return error_answer(late, request_id=request_id, page=page, policy=route.errors)

    def _unexpected(self, error: Exception, request: Request, route: Route, page: ErrorPage | None) -> Answer:
        """The answer to what no one foresaw: logged once, with where it happened; not one word to the client."""
        if request.connection.transport is None:
            raise ConnectionResetError("the client went away") from error
        request_id = request.request_id
        extra = {"route": route.template, "request_id": request_id.decode("ascii")}
        logger.error("a handler failed", exc_info=error, extra=extra)
        try:
            return error_answer(error, request_id=request_id, page=page, policy=route.errors)
        except Exception:
            logger.exception("the error page failed", extra=extra)
            return error_answer(error, request_id=request_id)

    def _next_id(self) -> bytes:
        self._requests += 1
        return b"%b-%x" % (self._prefix, self._requests)

    def _date(self) -> bytes:
        """The `Date` header's value, formatted once a second."""
        now_s = self._clock.now_ms() // 1000
        if now_s != self._date_s:
            self._date_s = now_s
            self._date_text = http_date(now_s)
        return self._date_text
