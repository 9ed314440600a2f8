"""A state store that is killed, frozen, full, read-only, starting, slow or cut off (A8, A12, A13, A18, A19).

While it is, calls are `Unavailable` inside their budget; when it is back, so are they, without a restart of ours.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvloop
from redis.exceptions import ConnectionError as RedisConnectionError

from streamsrv.config import StateSettings
from streamsrv.core.errors import Unavailable
from streamsrv.stores.state import BreakerState, State, open_state
from streamsrv.stores.state.connections import BoundedConnection
from tests.chaos import proxy as toxics
from tests.chaos.proxy import Proxy, open_proxy
from tests.chaos.servers import Server, single

BUDGET_MS = 200
PATIENCE_S = 10.0
"""How long to wait for what happens within seconds."""


@dataclass(frozen=True)
class Site:
    server: Server
    proxy: Proxy
    state: State

    async def write(self) -> None:
        # A call that outstays its budget by far fails the test instead of holding it up.
        async with asyncio.timeout(PATIENCE_S):
            await self.state.run(lambda client: client.set("a", b"written"), what="state")

    async def recovers(self) -> None:
        """Until writes do well, and the breaker is closed."""
        await _eventually(self._is_well)

    async def _is_well(self) -> bool:
        try:
            await self.write()
        except Unavailable:
            return False
        return self.state.breaker_state is BreakerState.CLOSED


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with (
        single(tmp_path / "server", "--appendonly", "yes") as server,
        open_proxy(("127.0.0.1", server.port)) as proxy,
    ):
        settings = StateSettings(redis_url=f"redis://127.0.0.1:{proxy.port}", budget_ms=BUDGET_MS)
        async with open_state(settings) as state:
            one = Site(server, proxy, state)
            await one.recovers()
            yield one


Act = Callable[[Site], Awaitable[object]]


async def _thaw(site: Site) -> None:
    site.server.freeze(thaw=True)


async def _freeze(site: Site) -> None:
    site.server.freeze()


async def _load(site: Site) -> None:
    """A server that reads its file for longer than a test waits."""
    await site.server.do("EVAL", "for i = 1, 1000 do redis.call('SET', 'k' .. i, i) end", 0)
    await site.server.kill()
    site.server.arguments += ("--key-load-delay", "100000")
    await site.server.start(wait=False)


async def _load_quickly(site: Site) -> None:
    await site.server.kill()
    site.server.arguments = site.server.arguments[:-2]
    await site.server.start()


async def _eventually(check: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(int(PATIENCE_S / 0.005)):
        if await check():
            return
        await asyncio.sleep(0.005)
    raise AssertionError(f"not within {PATIENCE_S} s")


def _command(*words: str | int) -> Act:
    return lambda site: site.server.do(*words)


def _toxic(toxic: toxics.Toxic) -> Act:
    async def add(site: Site) -> None:
        site.proxy.add(toxic, name="harm")

    return add


async def _cure(site: Site) -> None:
    site.proxy.clear()


FAULTS: dict[str, tuple[Act, Act]] = {
    "killed": (lambda site: site.server.kill(), lambda site: site.server.start()),
    "frozen": (_freeze, _thaw),
    "full": (_command("CONFIG", "SET", "maxmemory", 1), _command("CONFIG", "SET", "maxmemory", 0)),
    "read-only": (_command("REPLICAOF", "127.0.0.1", 1), _command("REPLICAOF", "NO", "ONE")),
    "too few replicas": (
        _command("CONFIG", "SET", "min-replicas-to-write", 1),
        _command("CONFIG", "SET", "min-replicas-to-write", 0),
    ),
    "loading": (_load, _load_quickly),
    "unreachable": (lambda site: site.proxy.down(), lambda site: site.proxy.up()),
    "slow": (_toxic(toxics.Latency(1_000)), _cure),
    "silent": (_toxic(toxics.Timeout()), _cure),
    "resetting": (_toxic(toxics.ResetPeer()), _cure),
    "cut short": (_toxic(toxics.LimitData(3)), _cure),
    "dripping": (_toxic(toxics.Slicer(1, delay_ms=100)), _cure),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_calls_are_unavailable_while_it_lasts_and_well_when_it_is_over(fault: str, site: Site) -> None:
    harm, heal = FAULTS[fault]
    await harm(site)
    for _ in range(20):
        with pytest.raises(Unavailable, match="state"):
            await site.write()
    await heal(site)
    await site.recovers()

    assert site.state.in_flight == 0
    assert site.state.breaker_state is BreakerState.CLOSED


@pytest.mark.parametrize("fault", ["killed", "unreachable", "resetting"])
async def test_retries_stay_within_a_fifth_of_the_calls(fault: str, site: Site) -> None:
    harm, _ = FAULTS[fault]
    for _ in range(30):
        await site.write()
    await harm(site)
    for _ in range(100):
        with pytest.raises(Unavailable):
            await site.write()

    assert 0 < site.state.retries <= 0.2 * site.state.calls
    assert site.state.attempts <= 1.2 * site.state.calls


async def test_a_lost_connection_is_made_good_by_a_retry(site: Site) -> None:
    for _ in range(10):
        await site.write()
    await site.proxy.down()
    await site.proxy.up()
    await asyncio.gather(*(site.write() for _ in range(5)))

    assert site.state.breaker_opened == 0


async def test_half_open_lets_exactly_two_calls_reach_the_server(site: Site) -> None:
    site.server.freeze()

    async def is_open() -> bool:
        await asyncio.gather(*(site.write() for _ in range(5)), return_exceptions=True)
        return site.state.breaker_state is BreakerState.OPEN

    async def is_half_open() -> bool:
        return site.state.breaker_state is BreakerState.HALF_OPEN

    await _eventually(is_open)
    await _eventually(is_half_open)
    attempts, refused = site.state.attempts, site.state.refused
    await asyncio.gather(*(site.write() for _ in range(50)), return_exceptions=True)

    assert (site.state.attempts - attempts, site.state.refused - refused) == (2, 48)
    site.server.freeze(thaw=True)
    await site.recovers()


async def test_a_full_server_is_still_read_from(site: Site) -> None:
    await site.server.do("CONFIG", "SET", "maxmemory", 1)
    for _ in range(20):
        with pytest.raises(Unavailable):
            await site.write()

    assert await site.state.run(lambda client: client.get("a"), what="state") == b"written"


async def test_starvation_is_a_bounded_wait_and_a_count(tmp_path: Path) -> None:
    async with single(tmp_path / "server") as server, open_proxy(("127.0.0.1", server.port)) as proxy:
        settings = StateSettings(
            redis_url=f"redis://127.0.0.1:{proxy.port}", pool_size=2, pool_wait_ms=20, budget_ms=2_000
        )
        async with open_state(settings) as state:
            proxy.add(toxics.Latency(300))
            calls = [state.run(lambda client: client.get("a"), what="state") for _ in range(50)]
            outcomes = await asyncio.gather(*calls, return_exceptions=True)

            assert sum(outcome is None for outcome in outcomes) == 2
            assert sum(isinstance(outcome, Unavailable) for outcome in outcomes) == state.pool_timeouts == 48
            assert (proxy.connections, state.breaker_opened) == (2, 0)


async def test_a_server_that_is_not_there_yet_does_not_stop_us_from_opening(tmp_path: Path) -> None:
    async with single(tmp_path / "server") as server:
        await server.kill()
        async with open_state(StateSettings(redis_url=server.url, budget_ms=BUDGET_MS)) as state:
            with pytest.raises(Unavailable):
                await state.run(lambda client: client.get("a"), what="state")
            await server.start()

            assert await state.run(lambda client: client.get("a"), what="state") is None


async def test_ten_thousand_cancelled_calls_leave_no_reply_to_another(tmp_path: Path) -> None:
    """A17: through a proxy that delays, drips and resets, with callers that go away and budgets that end at random."""
    dice = random.Random(17)
    keys = [f"k{number}" for number in range(500)]
    async with single(tmp_path / "server") as server, open_proxy(("127.0.0.1", server.port)) as proxy:
        settings = StateSettings(
            redis_url=f"redis://127.0.0.1:{proxy.port}", budget_ms=200, pool_size=64, pool_wait_ms=1_000
        )
        async with open_state(settings) as state:
            await state.many_set({key: key.encode() for key in keys}, budget_ms=5_000)
            proxy.add(toxics.Latency(1, jitter_ms=1))
            proxy.add(toxics.Slicer(4, variation_bytes=3), toxicity=0.05)
            proxy.add(toxics.Latency(400), toxicity=0.002, name="too late")
            proxy.add(toxics.ResetPeer(), toxicity=0.002)
            answers = {"own": 0, "foreign": 0}
            cancelled = await _cancel_many(state, keys, answers, dice, how_many=10_000)

            assert cancelled == 10_000
            assert answers["foreign"] == 0
            assert answers["own"] > 5_000
            assert state.timeouts > 0


async def _cancel_many(
    state: State, keys: list[str], answers: dict[str, int], dice: random.Random, *, how_many: int
) -> int:
    """So many calls are cancelled by their callers, 16 at a time; every answer that comes is looked at."""
    cancelled = 0

    async def ask(key: str) -> None:
        async def op(client: object) -> None:
            found = await client.get(key)  # type: ignore[attr-defined] # either kind of client
            answers["own" if found == key.encode() else "foreign"] += 1

        await state.run(op, what="state")

    async def is_calm() -> bool:
        return state.in_flight <= 32

    async def worker() -> None:
        nonlocal cancelled
        while cancelled < how_many:
            task = asyncio.create_task(ask(dice.choice(keys)))
            await asyncio.sleep(dice.uniform(0, 0.01))
            cancelled += task.cancel() and cancelled < how_many
            await asyncio.gather(task, return_exceptions=True)
            # Calls go on when their callers have gone: more of them than can be served would only wait.
            await _eventually(is_calm)

    await asyncio.gather(*(worker() for _ in range(16)))
    return cancelled


def test_a_connection_that_was_closed_just_before_a_write_is_a_server_that_is_away(tmp_path: Path) -> None:
    """On the product's loop, which says it in a way of its own."""

    async def write_to_a_closed_connection() -> None:
        async with single(tmp_path / "server") as server:
            connection = BoundedConnection(host="127.0.0.1", port=server.port)
            await connection.connect()  # type: ignore[no-untyped-call] # theirs
            assert connection._writer is not None
            connection._writer.transport.abort()
            await connection.send_command("PING")

    with pytest.raises(RedisConnectionError):
        uvloop.run(write_to_a_closed_connection())
