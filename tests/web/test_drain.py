"""A drain under load, in a process of its own: no request fails, no event is lost, exit code 0."""

import asyncio
import re
import signal
import time
from pathlib import Path

import orjson
import pytest
from aiohttp import ClientConnectionError, ClientSession, ClientTimeout

from load import world
from streamsrv.core.model import Scene
from tests.web.conftest import ROOT, OpenSite, running


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_under_load_loses_nothing(
    store: tuple[Path, dict[str, Scene]], tmp_path: Path, number: signal.Signals
) -> None:
    people = world.viewers(4)
    world.write_viewers(tmp_path / "viewers.ndjson", people)
    config = world.write_settings(tmp_path, segments=store[0], viewers_file=tmp_path / "viewers.ndjson", root=ROOT)
    await world.put(config, people)
    playback = f"/p/{next(world.playback_tokens(people, 1, segments=store[0], now_s=int(time.time())))}"
    with running(config) as (process, base_url, _):
        async with ClientSession() as session, session.get(f"{base_url}{playback}/video/432p.m3u8") as response:
            text = await response.text()
        segment = f"{base_url}{playback}/{re.findall(r'[.][.]/(seg/[^ ]+[.]m4s)', text)[0]}"
        got: list[int] = []
        failed: list[str] = []
        asked = asyncio.Event()

        async def client() -> None:
            async with ClientSession(timeout=ClientTimeout(total=20)) as session:
                while True:
                    try:
                        async with session.get(segment) as response:
                            size = len(await response.read())
                    except ClientConnectionError as error:
                        # Refused: the listener is closed and the request never began. Anything else is a loss.
                        if "Cannot connect" not in str(error):
                            failed.append(repr(error))
                        return
                    got.append(size)
                    if len(got) > 200:
                        asked.set()

        clients = [asyncio.create_task(client()) for _ in range(8)]
        await asked.wait()
        process.send_signal(number)
        await asyncio.wait_for(asyncio.gather(*clients), 20)
        status = await asyncio.to_thread(process.wait, 20)

    lines = b"".join(path.read_bytes() for path in (tmp_path / "events").glob("*.jsonl")).splitlines()
    events = [orjson.loads(line) for line in lines]
    assert (status, failed) == (0, [])
    assert len(got) == len(events)
    assert sum(got) == sum(event["bytes"] for event in events)


async def test_while_draining_the_server_is_not_ready_and_ends_kept_connections(open_site: OpenSite) -> None:
    async with open_site() as site:
        reader, writer = await site.connect()
        writer.write(b"GET /x HTTP/1.1\r\nHost: test\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        assert (await site.operations("/readyz")).status == 200
    # Leaving the block drains; the idle connection was ended, not left to time out.
    assert b"HTTP/1.1" not in await asyncio.wait_for(reader.read(), 5)
    writer.close()
