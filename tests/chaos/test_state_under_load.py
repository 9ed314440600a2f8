"""The state store killed, stopped, full, read-only and slow, each under load, with two processes (A8, A19).

Who watches goes on watching. Who comes is asked to come again, at once, and may when the store is back; nothing is
restarted. Figures are printed: `pytest -s`.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.chaos import proxy as toxics
from tests.chaos.proxy import Proxy, open_proxy
from tests.chaos.servers import Server, single
from tests.chaos.siege import Answer, Siege, besieged

HARM_S = 2.0
BUDGET_MS = 250


@dataclass(frozen=True)
class Ground:
    redis: Server
    proxy: Proxy
    siege: Siege


Act = Callable[[Ground], Awaitable[object]]


async def _stop(ground: Ground) -> None:
    ground.redis.freeze()


async def _go_on(ground: Ground) -> None:
    ground.redis.freeze(thaw=True)


def _command(*words: str | int) -> Act:
    return lambda ground: ground.redis.do(*words)


def _toxic(toxic: toxics.Toxic) -> Act:
    async def harm(ground: Ground) -> None:
        ground.proxy.add(toxic, name="harm")

    return harm


async def _cure(ground: Ground) -> None:
    ground.proxy.clear()


FAULTS: dict[str, tuple[Act, Act]] = {
    "killed": (lambda ground: ground.redis.kill(), lambda ground: ground.redis.start()),
    "stopped": (_stop, _go_on),
    "full": (_command("CONFIG", "SET", "maxmemory", 1), _command("CONFIG", "SET", "maxmemory", 0)),
    "read-only": (_command("REPLICAOF", "127.0.0.1", 1), _command("REPLICAOF", "NO", "ONE")),
    "slow": (_toxic(toxics.Latency(2 * BUDGET_MS)), _cure),
}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def ground(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    folder = tmp_path_factory.mktemp("ground")
    async with (
        single(folder / "redis", "--appendonly", "yes") as redis,
        open_proxy(("127.0.0.1", redis.port)) as proxy,
    ):
        environ = {
            "STREAMSRV_STATE_REDIS_URL": f"redis://127.0.0.1:{proxy.port}",
            "STREAMSRV_STATE_BUDGET_MS": str(BUDGET_MS),
        }
        async with besieged(folder, environ) as siege:
            yield Ground(redis, proxy, siege)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("fault", FAULTS)
async def test_who_watches_goes_on_and_who_comes_is_asked_to_come_again(ground: Ground, fault: str) -> None:
    harm, cure = FAULTS[fault]
    siege = ground.siege
    workers = siege.fleet.workers
    await harm(ground)
    harmed_s = time.monotonic()
    await asyncio.sleep(HARM_S)
    watched, came = siege.since(harmed_s)
    await cure(ground)
    cured_s = time.monotonic()
    recovered_s = await siege.until_well()
    watched_after, came_after = siege.since(cured_s)
    _print(fault, watched, came, recovered_s)

    assert {200} == {one.status for one in watched + watched_after}
    assert 503 in {one.status for one in came}
    # A call that was under way when the harm came may still do well.
    assert {one.status for one in came + came_after} <= {201, 503}
    assert all(int(one.retry_after) >= 1 for one in came + came_after if one.status == 503)
    assert workers == siege.fleet.workers


def _print(fault: str, watched: Sequence[Answer], came: Sequence[Answer], recovered_s: float) -> None:
    refused = sorted(one.took_ms for one in came if one.status == 503)
    print(  # noqa: T201  # figures for whoever runs it with -s
        f"\n{fault:<10} watched {len(watched)} {dict(Counter(one.status for one in watched))}, "
        f"p99 {_quantile(sorted(one.took_ms for one in watched), 0.99):.0f} ms; "
        f"came {dict(Counter(one.status for one in came))}, refused in p50 {_quantile(refused, 0.5):.0f} ms, "
        f"p99 {_quantile(refused, 0.99):.0f} ms, at most {refused[-1] if refused else 0:.0f} ms; "
        f"well again after {recovered_s:.2f} s"
    )


def _quantile(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0.0
