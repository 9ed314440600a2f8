"""The one table from errors to HTTP. What is unknown is a 500 without a word about why."""

from collections.abc import Callable
from dataclasses import dataclass

import orjson

from streamsrv.core.errors import (
    BadData,
    BadRange,
    Expired,
    Forbidden,
    NotFound,
    NotShown,
    Rejected,
    StreamsrvError,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from streamsrv.web.answer import Answer
from streamsrv.web.headers import API_ERROR, ERROR, ERROR_PAGE, Policy


class TooLarge(Rejected):
    """A request body above what its route takes."""


class Unsupported(Rejected):
    """A request body in a form that its route does not take."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """How one kind of error is told: to programs by its code, to people by two sentences."""

    status: int
    code: str
    heading: str
    message: str


_TABLE: tuple[tuple[type[StreamsrvError], Refusal], ...] = (
    (NotFound, Refusal(404, "not_found", "This page does not exist", "Please check the link in your message.")),
    (Expired, Refusal(410, "expired", "This link is no longer valid", "Please ask for a new one.")),
    (NotShown, Refusal(410, "not_shown", "This video is not shown at the moment", "Please ask who sent you the link.")),
    (BadRange, Refusal(416, "range_not_satisfiable", "Nothing is there", "The range lies outside the file.")),
    (TooLarge, Refusal(413, "too_large", "That was too much", "The request is larger than this address takes.")),
    (Unsupported, Refusal(415, "unsupported", "That did not work", "The request has a form that is not taken here.")),
    (BadData, Refusal(422, "bad_data", "That did not work", "The data that was sent does not fit.")),
    (Unauthenticated, Refusal(401, "unauthenticated", "That did not work", "An API key is needed.")),
    (Forbidden, Refusal(403, "forbidden", "That did not work", "The API key may not do this.")),
    (TooMany, Refusal(429, "too_many", "One moment, please", "Please try again in a moment.")),
    (Rejected, Refusal(400, "rejected", "That did not work", "The request could not be understood.")),
    (Unavailable, Refusal(503, "unavailable", "One moment, please", "The video is not ready. Please try again.")),
)
_INTERNAL = Refusal(500, "internal", "Something went wrong", "Please try again in a moment.")
_MALFORMED = Refusal(400, "malformed", "That did not work", "The request could not be understood.")
_TOO_LONG = Refusal(431, "too_large", "That was too much", "The address or the headers are larger than is taken.")
_METHOD = Refusal(405, "method_not_allowed", "That did not work", "This address does not take that method.")

ErrorPage = Callable[[Refusal], str]
"""Renders a refusal for a person."""


def refusal_for(error: Exception) -> Refusal:
    """How `error` is told to the client."""
    for kind, refusal in _TABLE:
        if isinstance(error, kind):
            return refusal
    return _INTERNAL


def error_answer(
    error: Exception, *, request_id: bytes, page: ErrorPage | None = None, policy: Policy = ERROR
) -> Answer:
    """The answer to a request that failed with `error`: JSON, or a page for people where one is given."""
    return _answer(
        refusal_for(error),
        request_id,
        page=page,
        policy=policy,
        fields=_fields(error),
        close=isinstance(error, TooLarge),
    )


def api_error_answer(error: StreamsrvError, *, request_id: bytes) -> Answer:
    """The answer to a program's request that failed: in the error's own words, and with every problem found."""
    refusal = refusal_for(error)
    if refusal is _INTERNAL:
        return error_answer(error, request_id=request_id, policy=API_ERROR)
    document: dict[str, object] = {
        "error": refusal.code, "message": str(error), "request_id": request_id.decode("ascii"),
    }  # fmt: skip
    if isinstance(error, BadData):
        document["problems"] = [
            {"where": problem.where, "what": problem.what, "expected": problem.expected} for problem in error.problems
        ]
    body = orjson.dumps(document)
    return Answer(refusal.status, API_ERROR, body, fields=_fields(error), close=isinstance(error, TooLarge))


def _fields(error: Exception) -> bytes:
    match error:
        case Unavailable() | TooMany():
            return b"Retry-After: %d\r\n" % error.retry_after_s
        case BadRange():
            return b"Content-Range: bytes */%d\r\n" % error.size_bytes
        case Unauthenticated():
            return b"WWW-Authenticate: Bearer\r\n"
        case _:
            return b""


def method_answer(
    allowed: bytes, *, request_id: bytes, page: ErrorPage | None = None, policy: Policy = ERROR
) -> Answer:
    """405 with what is allowed."""
    return _answer(_METHOD, request_id, page=page, policy=policy, fields=b"Allow: %b\r\n" % allowed)


def malformed(request_id: bytes, date: bytes, *, too_long: bool) -> bytes:
    """The whole answer to bytes that are not an HTTP request, or one with too much before its body.

    The connection is of no further use.
    """
    return _answer(_TOO_LONG if too_long else _MALFORMED, request_id).as_last(request_id, date)


def crowded(request_id: bytes, date: bytes) -> bytes:
    """The whole answer to a connection above the cap, which is not even read from."""
    return error_answer(Unavailable("a free connection"), request_id=request_id).as_last(request_id, date)


def _answer(
    refusal: Refusal,
    request_id: bytes,
    *,
    page: ErrorPage | None = None,
    policy: Policy = ERROR,
    fields: bytes = b"",
    close: bool = False,
) -> Answer:
    if page is not None:
        return Answer(refusal.status, ERROR_PAGE, page(refusal).encode(), fields=fields, close=close)
    body = orjson.dumps({"error": refusal.code, "message": refusal.message, "request_id": request_id.decode()})
    return Answer(refusal.status, policy, body, fields=fields, close=close)
