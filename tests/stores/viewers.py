"""Viewers in a real store: what the tests of stores, imports and commands build on."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from streamsrv.config import StateSettings
from streamsrv.core.identity import Identity, link_text
from streamsrv.core.model import CampaignId, ViewerId
from streamsrv.stores.secrets import KeyRing
from streamsrv.stores.state import State, open_state
from streamsrv.stores.vault import Vault, load_identity
from streamsrv.stores.viewers import RedisViewerStore

RENEWAL = CampaignId("renewal")
KEYS = KeyRing(1, {1: b"1" * 32})


class Row(NamedTuple):
    """A viewer as they are given."""

    viewer_id: str
    attributes: Mapping[str, object]


class Book(NamedTuple):
    """A store for state with all that keeps viewers in it."""

    state: State
    vault: Vault
    identity: Identity
    store: RedisViewerStore

    def link(self, viewer_id: str, campaign_id: CampaignId = RENEWAL) -> str:
        """The text of the viewer's link id."""
        return link_text(self.identity.link_id(campaign_id, ViewerId(viewer_id)))


@asynccontextmanager
async def open_book(folder: Path, keys: KeyRing = KEYS) -> AsyncIterator[Book]:
    """A book over an embedded server of its own."""
    async with open_state(StateSettings(dir=folder)) as state:
        vault = Vault(keys)
        identity = await load_identity(state, vault)
        yield Book(state, vault, identity, RedisViewerStore(state, vault, identity))


async def keys_and_values(state: State) -> Mapping[bytes, bytes]:
    """Everything in the store: each key, and all that its value holds."""
    found: dict[bytes, bytes] = {}
    async for key in state.scan("*"):
        found[key] = b"\n".join(_flat(await _value(state.client, key)))
    return found


async def _value(client: Any, key: bytes) -> object:
    kind = (await client.type(key)).decode()
    match kind:
        case "string":
            return await client.get(key)
        case "hash":
            return await client.hgetall(key)
        case "set":
            return await client.smembers(key)
        case "zset":
            return await client.zrange(key, 0, -1, withscores=True)
        case "list":
            return await client.lrange(key, 0, -1)
        case "stream":
            return await client.xrange(key)
        case _:
            raise AssertionError(f"a key of type {kind}")


def _flat(value: object) -> Iterator[bytes]:
    """Every text in a reply, however deep."""
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, Mapping):
        for item in value.items():
            yield from _flat(item)
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for item in value:
            yield from _flat(item)
    else:
        yield str(value).encode()
