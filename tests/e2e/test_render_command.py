"""`streamsrv render`: renderers beside a server that has none, and what becomes of orders when one is killed."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from load import world
from tests.app.fleet import until
from tests.chaos.servers import Server as Redis
from tests.chaos.servers import free_port
from tests.e2e.greet import begin, descendants, own_urls, serving, until_personal
from tests.e2e.server import Server, fetch


@pytest.fixture(scope="module")
def bare_server(greet_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(greet_store, tmp_path_factory.mktemp("bare-server"), rendering="processes = 0") as running:
        yield running


@contextmanager
def _rendering(server: Server) -> Iterator["subprocess.Popen[str]"]:
    with (server.folder / "render.log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamsrv", "render", "--processes", "1", "--config",
             str(server.folder / "server.toml")],
            stdout=subprocess.PIPE, stderr=log, text=True,
            env={**os.environ, **world.ENVIRON, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        try:
            assert process.stdout is not None
            assert "rendering, 1 at once\n" == process.stdout.readline()
            yield process
        finally:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()


def test_a_server_without_renderers_shows_the_shared_segments(bare_server: Server) -> None:
    (url,) = own_urls(begin(bare_server, "late"))
    answer = fetch(url)

    assert "private, no-store" == answer.headers["Cache-Control"]
    assert fetch(url.replace("/own/", "/seg/")).body == answer.body


def test_a_renderer_elsewhere_renders_and_stops_when_it_is_told_to(bare_server: Server) -> None:
    with _rendering(bare_server) as process:
        ana = until_personal(own_urls(begin(bare_server, "ana"))[0])
        children = descendants(process.pid)
        process.terminate()
        assert 0 == process.wait(timeout=30)

    assert ana.body != fetch(own_urls(begin(bare_server, "ana"))[0].replace("/own/", "/seg/")).body
    assert all(not Path(f"/proc/{pid}").exists() for pid in children)


@pytest.mark.parametrize("comes", [True, False], ids=["the store comes", "it is stopped before"])
def test_a_renderer_whose_store_for_state_is_away_waits_for_it(greet_store: Path, tmp_path: Path, comes: bool) -> None:
    store = Redis(tmp_path / "redis", free_port(), ())
    config = world.write_settings(
        tmp_path, segments=greet_store / "segments", viewers_file=tmp_path / "none.ndjson", root=Path.cwd()
    )
    environ = {**os.environ, **world.ENVIRON, "STREAMSRV_STATE_REDIS_URL": f"redis://127.0.0.1:{store.port}"}
    log = tmp_path / "log"
    with log.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamsrv", "render", "--processes", "1", "--config", str(config)],
            stdout=subprocess.PIPE, stderr=stream, text=True, env=environ,
        )  # fmt: skip
    try:
        until(lambda: "waiting for the state store" in log.read_text("utf-8"))
        if comes:
            asyncio.run(store.start())
            assert process.stdout is not None
            assert "rendering, 1 at once\n" == process.stdout.readline()
        process.terminate()
        assert 0 == process.wait(timeout=30)
    finally:
        asyncio.run(store.kill())
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def test_what_a_killed_renderer_had_in_hand_is_done_by_another(bare_server: Server) -> None:
    with _rendering(bare_server) as victim, _rendering(bare_server):
        urls = own_urls(begin(bare_server, "zoe"))
        children = descendants(victim.pid)
        victim.kill()
        victim.wait()
        assert all(len(until_personal(url).body) > 0 for url in urls)

    # Its processes do not outlive it.
    end_s = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in children):
        assert time.monotonic() < end_s
        time.sleep(0.1)
