"""A server that starts before its state store: alive, not ready, and serving as soon as the store is there."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import orjson
import pytest

from load import world
from tests.app.fleet import until
from tests.chaos.servers import Server, free_port

VIEWERS = world.viewers(1)
PASSWORD = "a-password-that-is-shown-nowhere"


@dataclass(frozen=True)
class Waiting:
    """A server whose state store is away. It has a viewer."""

    process: "subprocess.Popen[str]"
    store: Server
    port: int
    internal_url: str
    log: Path

    def status(self, path: str) -> int:
        """Of the internal listener; 0 while nobody listens there."""
        try:
            with urlopen(self.internal_url + path, timeout=20) as response:
                return int(response.status)
        except HTTPError as error:
            error.close()
            return error.code
        except URLError:
            return 0

    def lines(self, message: str) -> list[dict[str, object]]:
        """What was logged so."""
        lines = [orjson.loads(line) for line in self.log.read_bytes().splitlines()]
        return [line for line in lines if line["message"] == message]


@pytest.fixture
def waiting(config: Path) -> Iterator[Waiting]:
    user = ("--user", "streamsrv", "on", f">{PASSWORD}", "~*", "&*", "+@all")
    kept = ("--appendonly", "yes", "--appendfsync", "always")
    store = Server(config.parent / "valkey", free_port(), (*kept, *user))
    port, internal_port = free_port(), free_port()
    environ = {
        **world.ENVIRON,
        "STREAMSRV_STATE_REDIS_URL": f"redis://streamsrv:{PASSWORD}@127.0.0.1:{store.port}/0",
        "STREAMSRV_SERVER_PORT": str(port),
        "STREAMSRV_SERVER_INTERNAL_PORT": str(internal_port),
    }
    asyncio.run(store.start())
    world.fill(config, VIEWERS, environ)
    asyncio.run(store.kill())
    command = [sys.executable, "-m", "streamsrv", "serve", "--config", str(config), "--workers", "2"]
    log = config.parent / "log"
    with log.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=stream, text=True, env={**os.environ, **environ}
        )
    assert process.stdout is not None
    try:
        yield Waiting(process, store, port, f"http://127.0.0.1:{internal_port}", log)
    finally:
        asyncio.run(store.kill())
        process.kill()
        process.wait()
        process.stdout.close()


def test_it_is_alive_and_not_ready_until_the_store_is_there_and_then_serves(waiting: Waiting) -> None:
    until(lambda: len(waiting.lines("waiting for the state store")) >= 2)
    before = (waiting.status("/healthz"), waiting.status("/readyz"), waiting.status("/metrics"))
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", waiting.port), timeout=5)
    asyncio.run(waiting.store.start())
    assert waiting.process.stdout is not None
    line = waiting.process.stdout.readline()

    assert (200, 503, 200) == before
    assert line.startswith("serving on "), waiting.log.read_text("utf-8")
    assert 200 == waiting.status("/readyz")
    link = f"/v/{world.link_token(VIEWERS[0], now_s=int(time.time()))}"
    with urlopen(f"http://127.0.0.1:{waiting.port}{link}", timeout=20) as page:
        assert 200 == page.status
    place = f"redis://127.0.0.1:{waiting.store.port}/0"
    told = waiting.lines("waiting for the state store") + waiting.lines("the state store is there")
    assert {place} == {line["store"] for line in told}
    assert PASSWORD not in waiting.log.read_text("utf-8")


def test_sigterm_ends_a_server_that_waits(waiting: Waiting) -> None:
    until(lambda: waiting.lines("waiting for the state store") != [])
    waiting.process.send_signal(signal.SIGTERM)

    assert (0, "") == (waiting.process.wait(30), waiting.process.communicate()[0])
