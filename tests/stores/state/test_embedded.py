"""The embedded server: shared by its users, gone with the last of them, back when it died."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from blockbuster import blockbuster_ctx

from streamsrv.config import StateSettings
from streamsrv.core.errors import Unavailable
from streamsrv.stores.state import State, open_state


@pytest.fixture
def settings(tmp_path: Path) -> StateSettings:
    return StateSettings(dir=tmp_path / "state")


async def test_opening_closing_and_calling_blocks_no_loop(settings: StateSettings) -> None:
    with blockbuster_ctx("streamsrv"):
        async with open_state(settings) as state:
            await _set(state, "a", b"1")

            assert await _get(state, "a") == b"1"


async def test_what_is_kept_outlives_the_server(settings: StateSettings) -> None:
    async with open_state(settings) as state:
        await _set(state, "a", b"1")
        first = await _server_pid(state)
    async with open_state(settings) as state:
        assert await _get(state, "a") == b"1"
        assert await _server_pid(state) != first


async def test_two_users_share_a_server_and_the_last_one_shuts_it_down(settings: StateSettings) -> None:
    async with open_state(settings) as one:
        async with open_state(settings) as other:
            pid = await _server_pid(other)

            assert await _server_pid(one) == pid
        await _set(one, "a", b"1")
    assert not _runs(pid)


async def test_a_server_that_died_is_started_again_with_all_it_held(settings: StateSettings) -> None:
    async with open_state(settings) as state:
        await _set(state, "a", b"1")
        os.kill(await _server_pid(state), signal.SIGKILL)

        assert await _patiently(state, "a") == b"1"


async def _set(state: State, key: str, value: bytes) -> None:
    await state.run(lambda client: client.set(key, value), what="state")


async def _get(state: State, key: str) -> object:
    return await state.run(lambda client: client.get(key), what="state")


async def _patiently(state: State, key: str) -> object:
    for _ in range(1000):
        try:
            return await _get(state, key)
        except Unavailable:
            await asyncio.sleep(0.01)
    raise AssertionError("it never came back")


async def _server_pid(state: State) -> int:
    about = await state.run(lambda client: client.info("server"), what="state")
    return int(about["process_id"])


def _runs(pid: int) -> bool:
    """Whether it runs; one that nobody has buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
