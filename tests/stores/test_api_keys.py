"""API keys over a real store: hashed, expiring, revocable within half a minute (B25)."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from streamsrv.config import StateSettings
from streamsrv.core.api_keys import ApiKey, Scope, make_key
from streamsrv.core.errors import NotFound, Unauthenticated, Unavailable
from streamsrv.core.model import MAIN_TENANT
from streamsrv.stores.keys import KEPT_S, RedisApiKeys
from streamsrv.stores.state import State, open_state

NOW_S = 1_900_000_000


class StepClock:
    def __init__(self) -> None:
        self.now_s = NOW_S

    def now_ms(self) -> int:
        return self.now_s * 1000


@pytest.fixture
async def state(tmp_path: Path) -> AsyncIterator[State]:
    async with open_state(StateSettings(dir=tmp_path / "state", budget_ms=5000)) as opened:
        yield opened


@pytest.fixture
def clock() -> StepClock:
    return StepClock()


def make(seed: int = 0) -> tuple[str, ApiKey]:
    return make_key(
        MAIN_TENANT,
        frozenset({Scope.VIEWERS_WRITE, Scope.LINKS_WRITE}),
        name="crm",
        now_s=NOW_S,
        life_s=3600,
        random_bytes=random.Random(seed).randbytes,
    )


async def refused(keys: RedisApiKeys, text: str) -> bool:
    try:
        await keys.api_key(text)
    except Unauthenticated:
        return True
    return False


async def test_a_key_is_found_by_any_process_as_it_was_made(state: State, clock: StepClock) -> None:
    text, key = make()
    await RedisApiKeys(state, clock).add(key)

    assert await RedisApiKeys(state, clock).api_key(text) == key
    assert [one async for one in RedisApiKeys(state, clock).all_keys()] == [key]


async def test_no_other_text_opens_anything(state: State, clock: StepClock) -> None:
    text, key = make()
    keys = RedisApiKeys(state, clock)
    await keys.add(key)
    wrong = text[:-1] + ("0" if text[-1] != "0" else "1")

    assert [await refused(keys, one) for one in ("", "ssk_", wrong, text + "0", text.upper(), make(1)[0])] == [True] * 6
    assert not await refused(keys, text)


async def test_the_store_holds_no_secret(state: State, clock: StepClock) -> None:
    text, key = make()
    await RedisApiKeys(state, clock).add(key)
    (record,) = await state.many_get([f"k:{key.prefix}"])

    assert record is not None
    assert text.rpartition("_")[2].encode() not in record


async def test_a_key_ends_with_its_life(state: State, clock: StepClock) -> None:
    text, key = make()
    keys = RedisApiKeys(state, clock)
    await keys.add(key)
    assert not await refused(keys, text)

    clock.now_s += 3600
    assert await refused(keys, text)


async def test_a_revoked_key_is_known_everywhere_within_half_a_minute(state: State, clock: StepClock) -> None:
    text, key = make()
    here, there = RedisApiKeys(state, clock), RedisApiKeys(state, clock)
    await here.add(key)
    assert not await refused(there, text)
    await here.revoke(key.prefix)

    clock.now_s += KEPT_S
    assert await refused(there, text)


async def test_a_key_made_after_somebody_asked_for_it_is_good_within_half_a_minute(
    state: State, clock: StepClock
) -> None:
    text, key = make()
    keys = RedisApiKeys(state, clock)
    assert await refused(keys, text)
    await keys.add(key)

    clock.now_s += KEPT_S
    assert not await refused(keys, text)


async def test_a_key_that_is_not_there_cannot_be_revoked(state: State, clock: StepClock) -> None:
    with pytest.raises(NotFound):
        await RedisApiKeys(state, clock).revoke("0123456789")


async def test_with_the_store_away_only_keys_that_were_just_used_open_anything(
    tmp_path: Path, clock: StepClock
) -> None:
    (text, key), (other_text, other) = make(), make(1)
    async with open_state(StateSettings(dir=tmp_path / "state", budget_ms=5000)) as state:
        for one in (key, other):
            await RedisApiKeys(state, clock).add(one)
        nowhere = StateSettings(redis_url=f"unix://{tmp_path}/nowhere")
        keys = RedisApiKeys(state, clock)
        await keys.api_key(text)
        async with open_state(nowhere) as away:
            keys._state = away

            assert await keys.api_key(text) == key
            with pytest.raises(Unavailable):
                await keys.api_key(other_text)
            clock.now_s += KEPT_S
            with pytest.raises(Unavailable):
                await keys.api_key(text)
