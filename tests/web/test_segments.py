"""Media over HTTP: bytes, ranges, validators, and one event for each request."""

import asyncio
import hashlib
import re
import socket
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from load import world
from streamsrv.core.errors import BadRange
from streamsrv.core.fragment import parse_fragment
from streamsrv.web.answer import media_answer
from streamsrv.web.headers import VIDEO
from tests.web.conftest import OpenSite, Site

IMMUTABLE = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Type": "video/mp4",
    "Accept-Ranges": "bytes",
    "Access-Control-Allow-Origin": "*",
}


async def segment_paths(site: Site, playlist: str = "video/720p.m3u8") -> list[str]:
    text = (await site.fetch(f"{site.playback}/{playlist}", headers={"Accept-Encoding": "identity"})).body.decode()
    return [f"{site.playback}/{line[3:]}" for line in text.splitlines() if line.startswith("../seg/")]


async def segment_events(site: Site) -> list[dict[str, Any]]:
    return [event for event in await site.events() if event["type"] == "segment"]


async def test_a_segment_is_the_stored_one_moved_to_its_base(site: Site) -> None:
    path = (await segment_paths(site))[4]
    reply = await site.fetch(path, headers={"Accept-Encoding": "gzip"})

    base_units = int(re.findall(r"-(\d+)\.m4s", path)[0])
    moved = parse_fragment(reply.body)
    assert (reply.status, reply.headers["Content-Length"]) == (200, str(len(reply.body)))
    assert {name: reply.headers[name] for name in IMMUTABLE} == IMMUTABLE
    assert "Content-Encoding" not in reply.headers
    assert moved.start_ticks == base_units * 48_000


async def test_sound_is_audio_and_init_sections_are_what_their_name_says(site: Site) -> None:
    sound = await site.fetch((await segment_paths(site, "audio/en.m3u8"))[0])
    text = (await site.fetch(f"{site.playback}/audio/en.m3u8", headers={"Accept-Encoding": "identity"})).body.decode()
    name = re.findall(r"init/(\w+)\.mp4", text)[0]
    section = await site.fetch(f"{site.playback}/init/{name}.mp4")

    assert sound.headers["Content-Type"] == "audio/mp4"
    assert (section.headers["Content-Type"], hashlib.sha256(section.body).hexdigest()) == ("audio/mp4", name)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_every_range_is_that_part_of_the_body(data: st.DataObject) -> None:
    """Against the bytes themselves: the split between head and body may show nowhere."""
    head = data.draw(st.binary(max_size=20))
    body = data.draw(st.binary(max_size=20))
    whole = head + body
    first, last = data.draw(st.integers(0, 50)), data.draw(st.integers(0, 50))
    wanted = data.draw(st.sampled_from([f"bytes={first}-{last}", f"bytes={first}-", f"bytes=-{last}"]))
    request: Any = _Asked({"Range": wanted})
    try:
        answer = media_answer(request, VIDEO, head, memoryview(body), etag='"x"')
    except BadRange:
        assert first >= len(whole) or wanted == "bytes=-0" or not whole
        return
    got = answer.body + bytes(answer.tail)
    if answer.status == 206:
        start, end = map(int, re.findall(rb"bytes (\d+)-(\d+)/", answer.fields)[0])
        assert whole[start : end + 1] == got
        assert f"/{len(whole)}\r\n".encode() in answer.fields
    else:
        assert (answer.status, got) == (200, whole)


class _Asked:
    """What `media_answer` looks at of a request."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers
        self.method = "GET"


async def test_ranges_over_http(site: Site) -> None:
    path = (await segment_paths(site))[2]
    whole = (await site.fetch(path)).body
    etag = (await site.fetch(path, method="HEAD")).headers["ETag"]
    size = len(whole)

    part = await site.fetch(path, headers={"Range": "bytes=100-299"})
    assert (part.status, part.headers["Content-Range"], part.body) == (206, f"bytes 100-299/{size}", whole[100:300])
    outside = await site.fetch(path, headers={"Range": f"bytes={size}-"})
    assert (outside.status, outside.headers["Content-Range"]) == (416, f"bytes */{size}")
    assert outside.headers["Cache-Control"] == "no-store"
    same = await site.fetch(path, headers={"Range": "bytes=0-9", "If-Range": etag})
    assert (same.status, same.body) == (206, whole[:10])
    other = await site.fetch(path, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert (other.status, other.body) == (200, whole)
    several = await site.fetch(path, headers={"Range": "bytes=0-1,5-6"})
    assert (several.status, several.body) == (200, whole)


@pytest.mark.parametrize("header", ["{}", "W/{}", '"a", {}', "*"])
async def test_a_known_etag_is_not_sent_again(site: Site, header: str) -> None:
    path = (await segment_paths(site))[0]
    etag = (await site.fetch(path)).headers["ETag"]
    reply = await site.fetch(path, headers={"If-None-Match": header.format(etag)})

    assert (reply.status, reply.body, reply.headers["ETag"]) == (304, b"", etag)


async def test_the_bytes_do_not_depend_on_the_viewer(site: Site) -> None:
    """So that a CDN may share them: another session's URL gives the same body and ETag."""
    path = (await segment_paths(site))[0]
    opened = await site.fetch(f"{site.link}/sessions", method="POST")
    token = re.findall(rb"/p/([^/]+)/", opened.body)[0].decode()
    other = path.replace(site.playback, f"/p/{token}")
    ours, theirs = await site.fetch(path), await site.fetch(other + "?utm_source=mail")

    assert (ours.body, ours.headers["ETag"]) == (theirs.body, theirs.headers["ETag"])


async def test_each_request_is_one_event_with_what_was_sent(site: Site) -> None:
    path = (await segment_paths(site))[0]
    whole = await site.fetch(path)
    etag = whole.headers["ETag"]
    await site.fetch(path, headers={"Range": "bytes=0-99"})
    await site.fetch(path, headers={"If-None-Match": etag})
    await site.fetch(path, headers={"Range": "bytes=99999999-"})
    await site.fetch(path, method="HEAD")
    await site.fetch(path.replace("/0-0.", "/9-9."))

    found = [(event["method"], event["status"], event["bytes"]) for event in await segment_events(site)]
    assert found == [
        ("GET", 200, len(whole.body)),
        ("GET", 206, 100),
        ("GET", 304, 0),
        ("GET", 416, found[3][2]),
        ("HEAD", 200, 0),
    ]


async def test_a_client_that_leaves_is_one_event_with_fewer_bytes(site: Site) -> None:
    path = (await segment_paths(site))[2]
    size = len((await site.fetch(path)).body)
    reader, writer = await site.connect()
    # A small window, so that the server cannot hand everything to the kernel.
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    for _ in range(8):
        writer.write(f"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n".encode())
    await reader.readexactly(1000)
    writer.transport.abort()
    await asyncio.sleep(0.3)

    events = (await segment_events(site))[1:]
    assert 1 <= len(events) <= 8
    assert events[-1]["bytes"] < size


async def test_a_lost_object_is_worth_a_retry_and_an_event(open_site: OpenSite, tmp_path: Any) -> None:
    segments = tmp_path / "lost"
    world.write_store(segments)
    async with open_site(segments=segments) as site:
        path = (await segment_paths(site))[0]
        for stored in (segments / "objects").rglob("*"):
            if stored.is_file():
                stored.unlink()
        reply = await site.fetch(path)

        assert (reply.status, reply.headers["Retry-After"], reply.headers["Cache-Control"]) == (503, "1", "no-store")
        assert reply.headers["Access-Control-Allow-Origin"] == "*"
        assert [event["status"] for event in await segment_events(site)] == [503]
