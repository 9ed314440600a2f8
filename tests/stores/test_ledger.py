"""The assignment ledger over a real server: first writer wins, and nothing recorded ever changes (C18)."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from blockbuster import blockbuster_ctx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streamsrv.config import StateSettings
from streamsrv.core.errors import Unavailable
from streamsrv.core.identity import Identity
from streamsrv.core.model import CampaignId
from streamsrv.stores.ledger import BATCH, Entry, Held, Progress, RedisLedger
from streamsrv.stores.state import State, open_state

CAMPAIGN, OTHER = CampaignId("renewal"), CampaignId("churn")
IDENTITY = Identity(b"i" * 32)
RELEASE = "0123456789abcdef" * 4


@pytest.fixture
async def state(tmp_path: Path) -> AsyncIterator[State]:
    async with open_state(StateSettings(dir=tmp_path / "state", budget_ms=5_000)) as opened:
        yield opened


@pytest.fixture
def ledger(state: State) -> RedisLedger:
    return _ledger(state)


def _ledger(state: State, *, kept: int = 100) -> RedisLedger:
    return RedisLedger(state, IDENTITY, kept=kept)


async def _settle(
    ledger: RedisLedger, unit: str, campaign_id: CampaignId = CAMPAIGN, **wanted: str
) -> Mapping[str, str]:
    return await ledger.settle(campaign_id, unit, wanted, release=RELEASE, at_ms=1_000)


def _entry(unit: str, experiment: str = "offer", arm: str = "plain", campaign_id: CampaignId = CAMPAIGN) -> Entry:
    return Entry(campaign_id, unit, experiment, arm, RELEASE, 1_000)


def _held(unit: str, experiment: str = "offer", arm: str = "plain") -> Held:
    return Held(IDENTITY.unit_name(CAMPAIGN, unit), experiment, arm, RELEASE[:16], 1_000)


async def _rows(ledger: RedisLedger, campaign_id: CampaignId = CAMPAIGN) -> list[Held]:
    return sorted([held async for held in ledger.rows(campaign_id)])


async def test_what_is_wanted_first_is_what_holds(state: State) -> None:
    assert {"offer": "plain"} == await _settle(_ledger(state), "u1", offer="plain")
    assert {"offer": "plain"} == await _settle(_ledger(state), "u1", offer="bonus")


async def test_a_new_experiment_joins_what_is_recorded(ledger: RedisLedger) -> None:
    await _settle(ledger, "u1", offer="plain")

    assert {"offer": "plain", "hello": "short"} == await _settle(ledger, "u1", offer="bonus", hello="short")
    assert {"hello": "short"} == await _settle(ledger, "u1", hello="long")
    assert {"offer": "plain", "hello": "short"} == await ledger.recorded(CAMPAIGN, "u1")


async def test_units_and_campaigns_are_kept_apart(ledger: RedisLedger) -> None:
    await _settle(ledger, "u1", offer="plain")

    assert {"offer": "bonus"} == await _settle(ledger, "u2", offer="bonus")
    assert {"offer": "gift"} == await _settle(ledger, "u1", OTHER, offer="gift")
    assert {} == await ledger.recorded(CAMPAIGN, "u3")


async def test_nothing_wanted_is_nothing_held(ledger: RedisLedger) -> None:
    await _settle(ledger, "u1", offer="plain")

    assert {} == await _settle(ledger, "u1")
    assert {} == await _settle(ledger, "u2")


async def test_a_unit_that_was_seen_costs_no_call(ledger: RedisLedger, state: State) -> None:
    await _settle(ledger, "u1", offer="plain", hello="short")
    calls = state.calls

    assert {"offer": "plain"} == await _settle(ledger, "u1", offer="bonus")
    assert {"offer": "plain", "hello": "short"} == await ledger.recorded(CAMPAIGN, "u1")
    assert (state.calls, ledger.hits, ledger.misses) == (calls, 2, 1)


async def test_only_so_many_units_are_remembered(state: State) -> None:
    ledger = _ledger(state, kept=2)
    for unit in ("u1", "u2", "u3", "u3", "u2", "u1"):
        await _settle(ledger, unit, offer="plain")

    assert (2, 4) == (ledger.hits, ledger.misses)


async def test_what_callers_do_with_an_answer_changes_nothing(ledger: RedisLedger) -> None:
    answer = await _settle(ledger, "u1", offer="plain")
    assert isinstance(answer, dict)
    answer["offer"] = "bonus"

    assert {"offer": "plain"} == await _settle(ledger, "u1", offer="gift")


async def test_sessions_of_one_unit_get_one_answer_in_every_process(state: State) -> None:
    ledgers = [_ledger(state, kept=0) for _ in range(5)]
    answers = await asyncio.gather(
        *(
            _settle(ledger, "u1", offer=f"a{number}-{turn}")
            for number, ledger in enumerate(ledgers)
            for turn in range(9)
        )
    )

    assert [answers[0]] * 45 == answers


async def test_who_goes_away_disturbs_nobody(state: State) -> None:
    ledger = _ledger(state, kept=0)
    tasks = [asyncio.create_task(_settle(ledger, f"u{number}", offer=f"a{number}")) for number in range(60)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    answers = await asyncio.gather(*tasks, return_exceptions=True)

    assert [{"offer": f"a{number}"} for number in range(1, 60, 2)] == answers[1::2]
    assert {"offer": "a1"} == await ledger.recorded(CAMPAIGN, "u1")


async def test_nothing_blocks_the_event_loop(ledger: RedisLedger) -> None:
    with blockbuster_ctx("streamsrv"):
        await _settle(ledger, "u1", offer="plain")
        await ledger.recorded(CAMPAIGN, "u2")
        await ledger.erase(CAMPAIGN, "u1")


async def test_a_store_that_is_full_refuses_only_what_is_new(state: State) -> None:
    await _settle(_ledger(state), "u1", offer="plain")
    await state.client.config_set("maxmemory", 1)
    with pytest.raises(Unavailable, match="assignment ledger"):
        await _settle(_ledger(state), "u2", offer="plain")

    assert {"offer": "plain"} == await _ledger(state).recorded(CAMPAIGN, "u1")


async def test_a_whole_campaign_is_recorded_in_batches(ledger: RedisLedger) -> None:
    count = 2 * BATCH + 7
    entries = [_entry(f"{number:032x}") for number in range(count)]
    progress = [so_far async for so_far in ledger.record_many(entries)]

    assert [Progress(BATCH, BATCH), Progress(2 * BATCH, 2 * BATCH), Progress(count, count)] == progress
    assert sorted(_held(entry.unit) for entry in entries) == await _rows(ledger)
    assert [] == await _rows(ledger, OTHER)


async def test_recording_a_campaign_again_goes_on_where_it_stopped(ledger: RedisLedger) -> None:
    units = [f"{number:032x}" for number in range(2 * BATCH)]
    await anext(ledger.record_many(map(_entry, units)))
    again = [so_far async for so_far in ledger.record_many(_entry(unit, arm="bonus") for unit in units)]

    assert [Progress(BATCH, 0), Progress(2 * BATCH, BATCH)] == again
    held = await ledger.recorded_many([(CAMPAIGN, unit) for unit in [*units, "nobody"]])
    assert [{"offer": "plain"}] * BATCH + [{"offer": "bonus"}] * BATCH + [{}] == held


async def test_an_erased_unit_is_nowhere_any_more(ledger: RedisLedger) -> None:
    for unit in ("to-erase", "to-keep"):
        await _settle(ledger, unit, offer="plain", hello="short")

    assert 2 == await ledger.erase(CAMPAIGN, "to-erase")
    assert 0 == await ledger.erase(CAMPAIGN, "to-erase")
    assert {} == await ledger.recorded(CAMPAIGN, "to-erase")
    assert [_held("to-keep", "hello", "short"), _held("to-keep")] == await _rows(ledger)


async def test_no_key_says_whose_it_is(ledger: RedisLedger, state: State) -> None:
    await _settle(ledger, "unit", offer="plain")
    keys = [key.decode() async for key in state.scan("*")]

    assert [f"a:{{{IDENTITY.campaign_tag(CAMPAIGN).hex()}.{IDENTITY.unit_name(CAMPAIGN, 'unit')}}}"] == keys
    assert Identity(b"j" * 32).unit_name(CAMPAIGN, "unit") not in keys[0]


names = st.sampled_from(["a", "b", "c"])
arms = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=5)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(names, st.dictionaries(names, arms)), max_size=30))
async def test_the_ledger_is_what_was_wanted_first(state: State, requests: list[tuple[str, dict[str, str]]]) -> None:
    await state.client.flushall()
    model: dict[str, dict[str, str]] = {}
    for kept, (unit, wanted) in enumerate(requests):
        answer = await _ledger(state, kept=kept % 2).settle(CAMPAIGN, unit, wanted, release=RELEASE, at_ms=1)
        model[unit] = wanted | model.get(unit, {})

        assert {name: model[unit][name] for name in wanted} == answer
    assert model == {unit: await _ledger(state).recorded(CAMPAIGN, unit) for unit in model}
