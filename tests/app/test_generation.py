"""What a worker is started with, and the messages that bring it."""

import asyncio
import socket
import struct
from collections.abc import Mapping
from pathlib import Path

import pytest

from streamsrv.app.processes.channel import Channel
from streamsrv.app.processes.generation import Generation
from streamsrv.app.processes.messages import (
    Accept,
    Ask,
    Counts,
    Drain,
    Hello,
    Leaving,
    Message,
    Ready,
    Refused,
    parse_message,
    write_message,
)  # fmt: skip
from streamsrv.config import load_settings
from streamsrv.core.errors import Invalid, Problem

ENVIRON: Mapping[str, str] = {
    "STREAMSRV_LINKS_SECRET": "2:a secret with 32 characters or more,1:another secret with 32 or more",
    "STREAMSRV_SERVER_BASE_URL": "https://video.example.com",
    "STREAMSRV_CAMPAIGNS_CTA_HOSTS": "www.example.com,*.example.org",
    "STREAMSRV_STORAGE_EVENTS": "/somewhere/else",
}
MESSAGES: list[Message] = [
    Hello("1.0", 1, {"server": {"port": 1}}, {"a.yaml": "YTogYg=="}, [[3], [4, 5]]),
    Accept([0, 2]), Ask(), Drain(20.0, 0.5), Ready(), Leaving(),
    Refused([["a.yaml:3", "is wrong", "something else"]]),
    Counts([["c", "counter", "Text.", "sum", [["c_total", {"of": "a"}, 3.0]]]]),
]  # fmt: skip


def test_a_generation_arrives_as_it_was_sent() -> None:
    settings = load_settings(Path("config/server.toml"), ENVIRON)
    generation = Generation(settings, {Path("a/ü.yaml"): b"campaign: \xff\r\n"})
    hello = Hello("", 0, *generation.document(), [])

    arrived = parse_message(write_message(hello))
    assert isinstance(arrived, Hello)
    assert generation == Generation.parse(arrived.settings, arrived.campaigns)


async def test_messages_arrive_whole_and_in_order_and_then_the_end() -> None:
    ours, theirs = socket.socketpair()
    here, there = await Channel.over(ours), await Channel.over(theirs)
    for message in MESSAGES:
        here.send(message)
    await here.aclose()

    assert [*MESSAGES, None, None] == [await there.receive() for _ in range(len(MESSAGES) + 2)]
    there.send(Ready())
    await there.aclose()


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[1,2]", b"not JSON", b'["Nobody",{}]', b'["Ready",1]', b'["Accept",{"x":1}]']
)
async def test_what_is_no_message_is_the_end(body: bytes) -> None:
    ours, theirs = socket.socketpair()
    there = await Channel.over(theirs)
    with ours:
        ours.sendall(struct.pack(">I", len(body)) + body)

    assert await asyncio.wait_for(there.receive(), 5) is None
    await there.aclose()


def test_problems_arrive_as_they_were_found() -> None:
    problems = (Problem("a.yaml:3", "is wrong", "something else"), Problem("b.yaml", "is not there"))

    assert problems == Refused.of(Invalid(problems)).error().problems
