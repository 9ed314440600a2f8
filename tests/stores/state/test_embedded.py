"""The embedded server: shared by its users, gone with the last of them, back when it died."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from blockbuster import blockbuster_ctx

from streamsrv.config import StateSettings
from streamsrv.core.errors import Invalid, Unavailable
from streamsrv.stores.state import State, open_state

ROOT = Path(__file__).resolve().parents[3]


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


async def test_what_was_answered_outlives_the_servers_sudden_end(settings: StateSettings) -> None:
    async with open_state(settings) as state:
        for number in range(200):
            await _set(state, f"k{number}", b"1")
        os.kill(await _server_pid(state), signal.SIGKILL)
        await _patiently(state, "k0")

        assert await state.many_get([f"k{number}" for number in range(200)]) == [b"1"] * 200


async def test_a_frozen_server_is_waited_for_and_never_replaced(settings: StateSettings) -> None:
    async with open_state(settings) as state:
        await _set(state, "a", b"1")
        pid = await _server_pid(state)
        os.kill(pid, signal.SIGSTOP)
        for _ in range(6):
            with pytest.raises(Unavailable):
                await _get(state, "a")
        os.kill(pid, signal.SIGCONT)

        assert await _patiently(state, "a") == b"1"
        assert await _server_pid(state) == pid


async def test_a_user_that_was_killed_leaves_the_server_to_the_next(settings: StateSettings) -> None:
    pid = int((await _user(settings, "os.kill(os.getpid(), signal.SIGKILL)")).split()[-1])
    assert _runs(pid)

    async with open_state(settings) as state:
        assert await _server_pid(state) == pid
        assert await _get(state, "a") == b"1"
    assert not _runs(pid)


async def test_users_that_come_and_go_at_once_never_meet_a_second_server_or_none(settings: StateSettings) -> None:
    pids = await asyncio.gather(*(_user(settings, f"await use('u{number}')", times=3) for number in range(4)))

    assert all(len(lines.split()) == 3 for lines in pids)
    async with open_state(settings) as state:
        assert await state.many_get([f"u{number}" for number in range(4)]) == [b"3"] * 4


async def test_opening_that_is_cancelled_leaves_no_server_behind(settings: StateSettings) -> None:
    task = asyncio.create_task(_opened_for_ever(settings))
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert not (settings.dir / "valkey.sock").exists()


async def test_a_folder_with_a_long_path_will_do(tmp_path: Path) -> None:
    async with open_state(StateSettings(dir=tmp_path / ("long" * 30) / "state")) as state:
        await _set(state, "a", b"1")

        assert await _get(state, "a") == b"1"


async def test_the_server_is_private_durable_and_knows_no_secret(
    settings: StateSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMSRV_LINKS_SECRET", "canary-of-the-environment")
    async with open_state(settings) as state:
        pid = await _server_pid(state)
        names = ["appendonly", "appendfsync", "save", "maxmemory-policy", "port"]
        config = {name: (await state.client.config_get(name))[name] for name in names}
        socket = settings.dir / "valkey.sock"

        assert config == {
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "port": "0",
        }
        assert (settings.dir.stat().st_mode & 0o777, socket.stat().st_mode & 0o777) == (0o700, 0o600)
        assert b"canary" not in Path(f"/proc/{pid}/environ").read_bytes()


async def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")

    with pytest.raises(Invalid, match=f"state.dir: {tmp_path}/state: cannot be used: File exists"):
        async with open_state(StateSettings(dir=tmp_path / "state")):
            pass


async def test_a_server_that_cannot_read_its_file_is_refused_with_its_own_words(settings: StateSettings) -> None:
    async with open_state(settings) as state:
        await _set(state, "a", b"1")
    (log,) = settings.dir.glob("appendonlydir/*.incr.aof")
    log.write_bytes(b"nonsense" + log.read_bytes())

    with pytest.raises(Invalid, match=r"valkey.log: the embedded server does not start: .*[Bb]ad file format"):
        async with open_state(settings):
            pass


async def _opened_for_ever(settings: StateSettings) -> None:
    async with open_state(settings):
        await asyncio.Event().wait()


async def _user(settings: StateSettings, act: str, *, times: int = 1) -> str:
    """What another process prints that opens the state so many times: the server's process id each time."""
    code = f"""
import asyncio, os, signal
from pathlib import Path
from streamsrv.config import StateSettings
from streamsrv.stores.state import open_state
async def main():
    for _ in range({times}):
        async with open_state(StateSettings(dir=Path({str(settings.dir)!r}), budget_ms=5000)) as state:
            async def use(key):
                await state.run(lambda client: client.incr(key), what="state")
            await state.run(lambda client: client.set("a", b"1"), what="state")
            print((await state.run(lambda client: client.info("server"), what="state"))["process_id"], flush=True)
            {act}
asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        code,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    printed, _ = await process.communicate()
    return printed.decode()


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
