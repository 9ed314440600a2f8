"""Viewers are kept, linked, revoked, rotated and erased the same way on one server and in a cluster."""

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from streamsrv.config import StateSettings
from streamsrv.core.errors import Expired
from streamsrv.core.model import SessionId, ViewerId
from streamsrv.core.tokens import LinkClaims, TokenKeys
from streamsrv.stores.erasure import ErasureList, erase
from streamsrv.stores.forgetting import trace_of
from streamsrv.stores.issuing import Issuer
from streamsrv.stores.register import Register
from streamsrv.stores.retention import DAY_S, expire_viewers
from streamsrv.stores.revoking import Revoking
from streamsrv.stores.rotation import Rotated, rotate
from streamsrv.stores.secrets import KeyRing
from streamsrv.stores.state import names, open_state
from streamsrv.stores.state.compaction import compact
from streamsrv.stores.vault import Vault, load_identity
from streamsrv.stores.viewers import RedisViewerStore
from streamsrv.stores.writing import ViewerWriter
from tests.chaos.servers import cluster, single
from tests.stores.imports.runs import renewal
from tests.stores.viewers import RENEWAL, Row

KEYS = TokenKeys(1, {1: b"k" * 32})
BOTH = Vault(KeyRing(2, {2: b"2" * 32, 1: b"1" * 32}))
SESSION = bytes.fromhex(SessionId("ab" * 16))
NOW_S = 1_800_000_000
COUNT = 700


@asynccontextmanager
async def _settings(kind: str, folder: Path) -> AsyncIterator[StateSettings]:
    if kind == "embedded":
        yield StateSettings(dir=folder / "state")
    elif kind == "single":
        async with single(folder, binary="redis-server") as server:
            yield StateSettings(redis_url=server.url, budget_ms=5_000, pool_wait_ms=5_000)
    else:
        async with cluster(folder) as servers:
            yield StateSettings(redis_url=servers.url, budget_ms=5_000, pool_wait_ms=5_000)


@pytest.mark.parametrize("kind", ["embedded", "single", "cluster"])
async def test_a_campaigns_viewers_from_import_to_erasure(kind: str, tmp_path: Path) -> None:
    async with _settings(kind, tmp_path) as settings, open_state(settings) as state:
        identity = await load_identity(state, Vault(KeyRing(1, {1: b"1" * 32})))
        register = Register(state, BOTH, identity)
        store = RedisViewerStore(*register)
        old = Vault(KeyRing(1, {1: b"1" * 32}))
        rows = [Row(f"v{number}", {"first_name": f"N{number}"}) for number in range(COUNT)]
        await ViewerWriter(state, old, identity, RENEWAL).put(rows, at_s=NOW_S)

        issuer = Issuer(register, renewal(), KEYS, now_s=NOW_S, expires_at_s=NOW_S + 10)
        links = [one.viewer_id async for batch in issuer.of_all() for one in batch]
        assert {row.viewer_id for row in rows} == set(links)
        assert COUNT == len(links)

        link_id = identity.link_id(RENEWAL, ViewerId("v1"))
        serial = await Revoking(state).link(link_id, now_s=NOW_S)
        whole = await Revoking(state).campaign(identity.campaign_tag(RENEWAL), now_s=NOW_S + 1)
        with pytest.raises(Expired):
            await store.viewer(LinkClaims(link_id, serial - 1, 1, NOW_S))
        assert whole == await store.serial(identity.link_id(RENEWAL, ViewerId("v2")))

        assert Rotated(COUNT, COUNT) == await rotate(register)
        assert Rotated(COUNT, 0) == await rotate(register)

        await state.many_set({names.session(_link(register, one), SESSION): b"s" for one in ("v1", "v2")})
        traces = [trace_of(identity, renewal(), ViewerId(one)) for one in ("v1", "v3", "nobody")]
        assert 2 == await erase(state, ErasureList(tmp_path / "erasures"), traces, now_s=NOW_S)
        sessions = [names.link_of(key.decode()) async for key in state.scan("s:*")]
        assert [_link(register, "v2")] == sessions
        assert (kind == "embedded") == await compact(state, settings)

        short = dataclasses.replace(renewal(), retention_days=1)
        assert COUNT - 2 == await expire_viewers(register, short, now_s=NOW_S + DAY_S + 1)
        assert [] == [key async for key in state.scan("v:*")]


def _link(register: Register, viewer_id: str) -> str:
    return trace_of(register.identity, renewal(), ViewerId(viewer_id)).link
