"""One request to one source: what is sent, how much is taken, and what each way of going wrong is called."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import orjson
from aiohttp import (
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ServerDisconnectedError,
    ServerTimeoutError,
)
from multidict import CIMultiDict
from yarl import URL

from streamsrv.core.campaign.completing import SourceFault
from streamsrv.core.campaign.sources import Header, Secret
from streamsrv.sources.guard import Forbidden

MAX_BODY_BYTES = 64 * 1024
MAX_DEPTH = 16
_OURS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "streamsrv"}


class Fault(Exception):
    """Why a source gave nothing; `kind` is from the closed list."""

    def __init__(self, kind: SourceFault) -> None:
        super().__init__(kind)
        self.kind = kind


class Fetched(NamedTuple):
    """A source's answer as JSON has it, and how many bytes it took."""

    document: object
    size_bytes: int


def filled(headers: Iterable[Header], secrets: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The headers with their secrets; raises `Fault`."""
    found = []
    for header in headers:
        parts = [secrets.get(part.name) if isinstance(part, Secret) else part for part in header.parts]
        if None in parts:
            raise Fault("no_secret")
        found.append((header.name, "".join(part or "" for part in parts)))
    return tuple(found)


async def fetch(session: ClientSession, url: str, headers: Iterable[tuple[str, str]], timeout_s: float) -> Fetched:
    """The JSON behind `url`; raises `Fault` for anything else, at the latest after `timeout_s`."""
    sent = CIMultiDict(_OURS)
    sent.update(headers)
    try:
        async with session.get(
            URL(url, encoded=True), headers=sent, allow_redirects=False, timeout=ClientTimeout(total=timeout_s)
        ) as response:
            try:
                return await _read(response)
            except BaseException:
                # What is left of a bad answer is not worth waiting for.
                response.close()
                raise
    except Fault:
        raise
    except Exception as error:
        kind = _kind_of(error)
        if kind is None:
            raise
        raise Fault(kind) from error


async def _read(response: ClientResponse) -> Fetched:
    declared = response.content_type.lower()
    if response.status != 200 or not (declared == "application/json" or declared.endswith("+json")):
        raise Fault("bad_answer")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Fault("bad_answer")
    if (response.content_length or 0) > MAX_BODY_BYTES:
        raise Fault("bad_answer")
    body = bytearray()
    async for piece in response.content.iter_any():
        body += piece
        if len(body) > MAX_BODY_BYTES:
            raise Fault("bad_answer")
    try:
        document: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Fault("bad_answer") from None
    if not isinstance(document, dict | list) or _is_deep(document, body):
        raise Fault("bad_answer")
    return Fetched(document, len(body))


def _is_deep(document: object, body: bytearray) -> bool:
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return False
    level = [document]
    for _ in range(MAX_DEPTH):
        inside = [one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)]
        level = [part for parts in inside for part in parts if isinstance(part, dict | list)]
    return bool(level)


def _kind_of(error: BaseException) -> SourceFault | None:
    """What going wrong like that is called; None for a mistake of ours."""
    if isinstance(error, TimeoutError | ServerTimeoutError):
        return "timeout"
    if _forbidden(error):
        return "refused"
    if isinstance(error, ClientConnectorError | ClientConnectorDNSError | ServerDisconnectedError | OSError):
        return "unreachable"
    return "bad_answer" if isinstance(error, ClientError) else None


def _forbidden(error: BaseException | None) -> bool:
    while error is not None:
        inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
        if isinstance(error, Forbidden) or any(_forbidden(one) for one in inner):
            return True
        error = error.__cause__ or error.__context__
    return False
