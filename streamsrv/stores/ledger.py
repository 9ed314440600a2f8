"""The assignment ledger: which arm each unit was given, written before anything is shown, and never changed (C18).

One hash for each unit in the store for state: experiment to arm, with the release and the time of it. The first writer
of a field wins, in every process of every machine. Units go by names that confirm no guess (B10).
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from redis.asyncio import RedisCluster

from streamsrv.core.cache import LruCache
from streamsrv.core.identity import Identity, tag_text
from streamsrv.core.model import CampaignId
from streamsrv.stores.state import AnyRedis, State, names

BATCH = 1_000
"""Entries or units of one round trip when there are many."""
BATCH_MS = 10_000
"""What it may take: others are served meanwhile, and a store that is busy with them answers late."""
WHAT = "assignment ledger"
Unit: TypeAlias = tuple[CampaignId, str]
"""A campaign and a `unit_key`."""
RELEASE_DIGITS = 16
"""Of a release's hash: enough to tell releases apart, and a field stays short enough for Redis to pack it, 64 bytes."""
# One script for many units of one server: as many commands in a pipeline cost this process five times the time.
_READ = """
local found = {}
for at, key in ipairs(KEYS) do found[at] = redis.call('HGETALL', key) end
return found
"""
_RECORD = """
local new = 0
for at, key in ipairs(KEYS) do new = new + redis.call('HSETNX', key, ARGV[2 * at - 1], ARGV[2 * at]) end
return new
"""
_APART = "\t"
"""Between the parts of a field. Names of arms and releases have no such character."""


class Entry(NamedTuple):
    """One line of the ledger: this unit (a `unit_key`) was given this arm, under this release of the campaign."""

    campaign_id: CampaignId
    unit: str
    experiment: str
    arm: str
    release: str
    at_ms: int


class Progress(NamedTuple):
    """How many entries have been handled so far, and how many of them were new."""

    handled: int
    recorded: int


class Held(NamedTuple):
    """One line of the ledger as it is read back: the unit by its name there, the release by its first digits."""

    unit_name: str
    experiment: str
    arm: str
    release: str
    at_ms: int


class RedisLedger:
    """An `AssignmentLedger` over the store for state. Every method raises `Unavailable`.

    At most `kept` units are remembered, and one that is costs no round trip. A unit that another process erased is
    remembered until it makes room.
    """

    def __init__(self, state: State, identity: Identity, *, kept: int) -> None:
        self._state = state
        self._identity = identity
        self._known: LruCache[Unit, Mapping[str, str]] = LruCache(kept)
        self._tags: dict[CampaignId, str] = {}
        self.hits = 0
        self.misses = 0

    async def settle(
        self, campaign_id: CampaignId, unit: str, wanted: Mapping[str, str], *, release: str, at_ms: int
    ) -> Mapping[str, str]:
        """Record `wanted` (experiment to arm) where nothing is recorded yet; what holds now, for those experiments.

        Where it raises, what was wanted may have been recorded nevertheless.
        """
        known = self._known.get((campaign_id, unit))
        if known is not None and wanted.keys() <= known.keys():
            self.hits += 1
        elif not wanted:
            return {}
        else:
            self.misses += 1
            fields = {experiment: _field(arm, release, at_ms) for experiment, arm in wanted.items()}
            known = await self._state.run(_settling(self._key(campaign_id, unit), fields), what=WHAT)
            self._known.put((campaign_id, unit), known)
        return {experiment: known[experiment] for experiment in wanted}

    async def recorded(self, campaign_id: CampaignId, unit: str) -> Mapping[str, str]:
        """What is recorded for the unit, experiment to arm."""
        known = self._known.get((campaign_id, unit))
        if known is not None:
            self.hits += 1
            return known
        self.misses += 1
        (arms,) = await self._state.run(_reading([self._key(campaign_id, unit)]), what=WHAT)
        if arms:
            self._known.put((campaign_id, unit), arms)
        return arms

    async def recorded_many(self, units: Sequence[Unit]) -> list[Mapping[str, str]]:
        """What is recorded for each of many units; none of them is remembered."""
        found: list[Mapping[str, str]] = []
        for start in range(0, len(units), BATCH):
            keys = [self._key(*unit) for unit in units[start : start + BATCH]]
            found += await self._state.run(_reading(keys), what=WHAT, budget_ms=BATCH_MS)
        return found

    async def record_many(self, entries: Iterable[Entry]) -> AsyncIterator[Progress]:
        """Record what is not recorded yet, a batch at a time; run again after a failure, it goes on."""
        handled = recorded = 0
        remaining = iter(entries)
        while batch := list(islice(remaining, BATCH)):
            fields = [(self._key(one.campaign_id, one.unit), one.experiment, _field(*one[3:])) for one in batch]
            recorded += await self._state.run(_recording(fields), what=WHAT, budget_ms=BATCH_MS)
            handled += len(batch)
            yield Progress(handled, recorded)

    async def rows(self, campaign_id: CampaignId) -> AsyncIterator[Held]:
        """A campaign's entries, in no order. Those added meanwhile may be left out, and some may come twice."""
        keys: list[bytes] = []
        async for key in self._state.scan(names.assignments(self._tag(campaign_id), "*"), budget_ms=BATCH_MS):
            keys.append(key)
            if len(keys) == BATCH:
                for held in await self._state.run(_whole(keys), what=WHAT, budget_ms=BATCH_MS):
                    yield held
                keys = []
        for held in await self._state.run(_whole(keys), what=WHAT, budget_ms=BATCH_MS) if keys else ():
            yield held

    async def erase(self, campaign_id: CampaignId, unit: str) -> int:
        """Take the unit's entries out; how many they were. It can be asked again where it raises."""
        key = self._key(campaign_id, unit)
        try:
            return await self._state.run(_erasing(key), what=WHAT)
        finally:
            self._known.discard((campaign_id, unit))

    def _key(self, campaign_id: CampaignId, unit: str) -> str:
        return names.assignments(self._tag(campaign_id), self._identity.unit_name(campaign_id, unit))

    def _tag(self, campaign_id: CampaignId) -> str:
        tag = self._tags.get(campaign_id)
        if tag is None:
            tag = self._tags[campaign_id] = tag_text(self._identity.campaign_tag(campaign_id))
        return tag


def _field(arm: str, release: str, at_ms: int) -> str:
    return f"{arm}{_APART}{release[:RELEASE_DIGITS]}{_APART}{at_ms}"


def _arms(fields: Mapping[bytes, bytes]) -> dict[str, str]:
    return {name.decode(): field.decode().partition(_APART)[0] for name, field in fields.items()}


def _settling(key: str, fields: Mapping[str, str]) -> Callable[[AnyRedis], Awaitable[Mapping[str, str]]]:
    async def settle(client: AnyRedis) -> Mapping[str, str]:
        pipeline = client.pipeline(transaction=False)
        for experiment, field in fields.items():
            pipeline.hsetnx(key, experiment, field)
        # After the writes, on the same connection: what is answered is there, whoever wrote it.
        pipeline.hgetall(key)
        return _arms((await pipeline.execute())[-1])

    return settle


def _reading(keys: Sequence[str]) -> Callable[[AnyRedis], Awaitable[list[Mapping[str, str]]]]:
    async def read(client: AnyRedis) -> list[Mapping[str, str]]:
        if len(keys) > 1 and not isinstance(client, RedisCluster):
            found: Any = await client.eval(_READ, len(keys), *keys)
            return [_arms(dict(zip(flat[::2], flat[1::2], strict=True))) for flat in found]
        pipeline = client.pipeline(transaction=False)
        for key in keys:
            pipeline.hgetall(key)
        return [_arms(fields) for fields in await pipeline.execute()]

    return read


def _recording(fields: Sequence[tuple[str, str, str]]) -> Callable[[AnyRedis], Awaitable[int]]:
    """How many were new. Done twice, it says fewer, and records the same."""

    async def record(client: AnyRedis) -> int:
        if not isinstance(client, RedisCluster):
            keys = [key for key, _, _ in fields]
            given = [part for _, experiment, field in fields for part in (experiment, field)]
            return int(await client.eval(_RECORD, len(keys), *keys, *given))
        pipeline = client.pipeline(transaction=False)
        for key, experiment, field in fields:
            pipeline.hsetnx(key, experiment, field)
        return sum(await pipeline.execute())

    return record


def _whole(keys: Sequence[bytes]) -> Callable[[AnyRedis], Awaitable[list[Held]]]:
    async def read(client: AnyRedis) -> list[Held]:
        pipeline = client.pipeline(transaction=False)
        for key in keys:
            pipeline.hgetall(key)
        answers: list[Any] = await pipeline.execute()
        return [
            _held(key, name, field) for key, fields in zip(keys, answers, strict=True) for name, field in fields.items()
        ]

    return read


def _held(key: bytes, name: bytes, field: bytes) -> Held:
    arm, release, at_ms = field.decode().split(_APART)
    return Held(key.decode().partition(".")[2].rstrip("}"), name.decode(), arm, release, int(at_ms))


def _erasing(key: str) -> Callable[[AnyRedis], Awaitable[int]]:
    async def erase(client: AnyRedis) -> int:
        pipeline = client.pipeline(transaction=False)
        pipeline.hlen(key)
        pipeline.unlink(key)
        return int((await pipeline.execute())[0])

    return erase
