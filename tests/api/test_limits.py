"""What is more than a program may send is refused, and soon (B28)."""

import gzip
import re
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.config import StateSettings
from streamsrv.core.errors import BadData
from streamsrv.stores.state import open_state
from streamsrv.web.api.operations import MAX_BULK_BYTES, MAX_JSON_BYTES
from streamsrv.web.api.parsing import decode, depth_exceeds, parse_query
from streamsrv.web.api.viewers import OfCampaign
from tests.api.site import ANA, ApiSite

PUT = "/api/v1/campaigns/renewal/viewers/ana"
MANY = "/api/v1/campaigns/renewal/viewers"
LARGE = 48 * 1024
"""In units of 1 KiB."""
JSON, NDJSON = "application/json", "application/x-ndjson"


def head(api: ApiSite, method: str, path: str, *fields: str) -> bytes:
    lines = (f"{method} {path} HTTP/1.1", "Host: x", f"Authorization: Bearer {api.main}", *fields, "", "")
    return "\r\n".join(lines).encode()


async def status(api: ApiSite, data: bytes) -> int:
    return int((await api.raw(data)).split(b" ")[1])


async def test_a_body_that_says_it_is_too_large_is_refused_before_it_comes(api: ApiSite) -> None:
    put = head(api, "PUT", PUT, f"Content-Type: {JSON}", f"Content-Length: {MAX_JSON_BYTES + 1}")
    many = head(api, "POST", MANY, f"Content-Type: {NDJSON}", f"Content-Length: {MAX_BULK_BYTES + 1}")

    assert [await status(api, put), await status(api, many)] == [413, 413]


async def test_a_body_that_grows_too_large_is_refused(api: ApiSite) -> None:
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    data = head(api, "PUT", PUT, f"Content-Type: {JSON}", "Transfer-Encoding: chunked") + chunk * 5

    assert await status(api, data) == 413


async def test_packed_bodies_are_refused(api: ApiSite) -> None:
    bomb = gzip.compress(bytes(5_000_000))
    for media_type in (JSON, NDJSON):
        reply = await api.ask("POST", MANY, data=bomb, headers={"Content-Type": media_type, "Content-Encoding": "gzip"})
        assert (reply.status, reply.json["error"]) == (415, "unsupported")


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_other_media_types_are_refused(api: ApiSite, media_type: str) -> None:
    reply = await api.ask("PUT", PUT, data=b'{"attributes": {}}', headers={"Content-Type": media_type})

    assert (reply.status, reply.json["error"]) == (415, "unsupported")


async def test_too_many_or_too_long_headers_are_refused(api: ApiSite) -> None:
    many = head(api, "GET", "/api/v1/campaigns", *(f"X-{number}: 1" for number in range(100)))
    long = head(api, "GET", "/api/v1/campaigns", "X: " + "a" * 9000)

    assert [await status(api, many), await status(api, long)] == [431, 431]


async def test_a_body_that_nobody_asked_for_ends_the_connection(api: ApiSite) -> None:
    """The client waited to be told to send it, and never was: what it sends next may be anything."""
    waiting = head(api, "PUT", PUT, "Expect: 100-continue", "Content-Length: 20", "Content-Type: text/plain")
    answer = await api.raw(waiting)

    assert re.findall(rb"HTTP/1\.1 (\d+)", answer) == [b"415"]
    assert b"Connection: close\r\n" in answer


async def test_links_for_too_many_viewers_are_refused(api: ApiSite) -> None:
    body = {"campaign": "renewal", "viewers": ["v"] * 1001}

    assert (await api.ask("POST", "/api/v1/links", body=body)).status == 422


@pytest.mark.parametrize("query", ["campain=renewal", "campaign=renewal&campaign=renewal", "campaign=%zz", "x", "a&b"])
async def test_a_query_that_is_not_understood_is_refused(api: ApiSite, query: str) -> None:
    reply = await api.ask("POST", f"/api/v1/viewers?{query}", body={"viewer": "a", "attributes": ANA})

    assert (reply.status, reply.json["error"]) == (422, "bad_data")


async def test_with_the_store_away_nothing_is_done_and_programs_are_told_to_come_back(
    api: ApiSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await api.ask("GET", "/api/v1/keys/self")
    async with open_state(StateSettings(redis_url=f"unix://{tmp_path}/nowhere", budget_ms=200)) as away:
        monkeypatch.setattr(api.state, "client", away.client)
        replies = [
            await api.ask("PUT", PUT, body={"attributes": ANA}),
            await api.ask("GET", PUT),
            await api.lines(MANY, {"viewer": "a", "attributes": ANA}),
            await api.ask("POST", "/api/v1/links", body={"campaign": "renewal", "viewers": ["ana"]}),
            await api.ask("GET", "/api/v1/audit"),
            await api.ask("GET", "/api/v1/keys/self", key=api.acme),
        ]
        monkeypatch.undo()

    assert [(reply.status, reply.json["error"]) for reply in replies] == [(503, "unavailable")] * len(replies)
    assert {int(reply.headers["Retry-After"]) >= 1 for reply in replies} == {True}


async def test_a_large_body_of_lines_costs_no_memory(api: ApiSite) -> None:
    async def lines() -> AsyncIterator[bytes]:
        for number in range(LARGE // 64):
            yield b"x" * 63_000 + b"\n" if number % 2 else b'{"viewer": "%d"}\n' % number + b"y" * 65_000 + b"\n"

    tracemalloc.start()
    try:
        headers = {"Authorization": f"Bearer {api.main}", "Content-Type": NDJSON}
        async with api.client.post(f"{api.base_url}{MANY}", data=lines(), headers=headers) as reply:
            told = await reply.json()
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert (reply.status, told["stored"]) == (200, 0)
    assert peak_bytes < 8 * 1024 * 1024


@given(st.text(max_size=30))
def test_any_text_is_decoded_once_or_not_at_all(text: str) -> None:
    found = decode(text)

    assert found is None or "%" not in text or found != text


@given(st.text(max_size=60))
def test_any_query_is_read_or_refused(text: str) -> None:
    with suppress(BadData):
        parse_query(text, OfCampaign)


@given(st.integers(0, 60), st.booleans())
def test_depth_is_counted_in_lists_and_objects(depth: int, in_objects: bool) -> None:
    value: object = 1
    for _ in range(depth):
        value = {"a": value} if in_objects else [value]

    assert depth_exceeds(value, 32) == (depth > 32)
