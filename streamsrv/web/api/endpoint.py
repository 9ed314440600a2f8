"""Serves one operation: lets the caller in, checks what they sent, and answers. Errors are JSON in their own words."""

from collections.abc import Mapping

from aiohttp import hdrs
from pydantic import BaseModel

from streamsrv.core.errors import NotFound, StreamsrvError
from streamsrv.web.answer import Answer
from streamsrv.web.api.callers import Callers
from streamsrv.web.api.operations import MAX_JSON_BYTES, MAX_JSON_DEPTH, Call, Operation
from streamsrv.web.api.parsing import check, decode, parse_json, parse_query
from streamsrv.web.body import expects_invitation, read_whole
from streamsrv.web.errors import Unsupported, api_error_answer
from streamsrv.web.headers import API
from streamsrv.web.request import Request

JSON, NDJSON = "application/json", "application/x-ndjson"


class Endpoint:
    """A handler for the router."""

    def __init__(self, operation: Operation, callers: Callers) -> None:
        self._operation = operation
        self._callers = callers

    async def __call__(self, request: Request, *values: str) -> Answer:
        try:
            answer = await self._answer(request, values)
        except StreamsrvError as error:
            answer = api_error_answer(error, request_id=request.request_id)
        if not request.continued and expects_invitation(request):
            # The body was never asked for: what comes next may be it, or another request.
            answer.close = True
        return answer

    async def _answer(self, request: Request, values: tuple[str, ...]) -> Answer:
        operation = self._operation
        caller = await self._callers.caller(request, operation.scope)
        decoded = [decode(value) for value in values]
        if None in decoded:
            raise NotFound("page")
        query = parse_query(request.query, operation.query)
        body = None if operation.body is None else await self._body(request, operation.body)
        reply = await operation.handle(Call(caller, request, query, body), *decoded)
        return Answer(reply.status, API, reply.model.model_dump_json().encode())

    async def _body(self, request: Request, model: type[BaseModel]) -> BaseModel | None:
        """The body as a model; None for lines, which the handler reads."""
        found = media_type(request.headers)
        if self._operation.lines is not None and found == NDJSON:
            return None
        if found != JSON:
            raise Unsupported(f"the body must be {JSON}" + (f" or {NDJSON}" if self._operation.lines else ""))
        data = await read_whole(request, limit_bytes=MAX_JSON_BYTES)
        return check(parse_json(data, max_depth=MAX_JSON_DEPTH), model)


def media_type(headers: Mapping[str, str]) -> str:
    """What a body is said to be, without parameters."""
    return headers.get(hdrs.CONTENT_TYPE, "").partition(";")[0].strip().lower()
