"""The API on a real listener, over a real store for state and two tenants' campaigns."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from aiohttp import ClientSession, ClientTimeout
from multidict import CIMultiDict
from yarl import URL

from load import world
from streamsrv.app.api import routes_of_api
from streamsrv.app.clock import SystemClock
from streamsrv.app.managing import make_management
from streamsrv.config import ApiSettings, StateSettings
from streamsrv.core.api_keys import Scope, make_key
from streamsrv.core.model import MAIN_TENANT, TenantId
from streamsrv.management import Management
from streamsrv.stores.campaigns import Against, FolderCampaignStore
from streamsrv.stores.erasure import ErasureList
from streamsrv.stores.keys import RedisApiKeys
from streamsrv.stores.register import Register
from streamsrv.stores.secrets import KeyRing
from streamsrv.stores.state import State, open_state
from streamsrv.stores.vault import Vault, load_identity
from streamsrv.telemetry.metrics import Metrics
from streamsrv.web.connection import Deadlines
from streamsrv.web.guard import Guard
from streamsrv.web.router import Router
from streamsrv.web.server import HttpServer

ACME = TenantId("acme")
LINKS = "https://video.example.com"
CAMPAIGN = """\
campaign: {id}
schema:
  first_name: {{type: string, max_length: 40}}
  product: {{type: enum, values: [home, motor]}}
  points: {{type: int, default: 0}}
require: [first_name]
story: [{{slot: a, scene: hello}}]
fallback: [hello]
"""
ANA = {"first_name": "Ana", "product": "home"}


class Reply(NamedTuple):
    status: int
    json: Any
    headers: CIMultiDict[str]


@dataclass(frozen=True)
class ApiSite:
    """A running server and keys for it."""

    base_url: str
    client: ClientSession
    keys: RedisApiKeys
    state: State
    management: Management
    main: str
    """A key of the tenant `main` with every scope."""
    acme: str
    """The same of the tenant `acme`."""

    async def ask(
        self,
        method: str,
        path: str,
        *,
        key: str | None = None,
        body: object = None,
        data: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """One request: the path as written, `body` as JSON, with the main tenant's key unless another is given."""
        sent = {"Authorization": f"Bearer {self.main if key is None else key}", **(headers or {})}
        if body is not None:
            data = orjson.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        url = URL(self.base_url + path, encoded=True)
        async with self.client.request(method, url, data=data, headers=sent) as response:
            content = await response.read()
            return Reply(response.status, orjson.loads(content) if content else None, CIMultiDict(response.headers))

    async def key(self, scopes: Iterable[Scope], *, tenant: TenantId = MAIN_TENANT, life_s: int = 3600) -> str:
        """A new key."""
        now_s = SystemClock().now_ms() // 1000
        text, key = make_key(
            tenant, frozenset(scopes), name="test", now_s=now_s, life_s=life_s, random_bytes=os.urandom
        )
        await self.keys.add(key)
        return text

    async def lines(self, path: str, *lines: object, key: str | None = None) -> Reply:
        """Many viewers, a line each; bytes are sent as they are."""
        data = b"\n".join(line if isinstance(line, bytes) else orjson.dumps(line) for line in lines)
        return await self.ask("POST", path, key=key, data=data, headers={"Content-Type": "application/x-ndjson"})

    async def raw(self, data: bytes) -> bytes:
        """Everything that the server sends for `data` until it closes."""
        url = URL(self.base_url)
        reader, writer = await asyncio.open_connection(url.host, url.port)
        writer.write(data)
        try:
            return await asyncio.wait_for(reader.read(), 20)
        finally:
            writer.close()

    async def acts(self, key: str | None = None) -> list[tuple[str, str]]:
        """What the audit log of the key's tenant holds: actions and subjects."""
        found = await self.ask("GET", "/api/v1/audit?limit=1000", key=key)
        return [(act["action"], act["subject"]) for act in found.json["acts"]]


@asynccontextmanager
async def open_api(folder: Path, *, settings: ApiSettings | None = None) -> AsyncIterator[ApiSite]:
    """The API in this test's event loop."""
    campaigns = folder / "campaigns"
    (campaigns / ACME).mkdir(parents=True, exist_ok=True)
    (campaigns / "renewal.yaml").write_text(CAMPAIGN.format(id="renewal"), encoding="utf-8")
    (campaigns / ACME / "spring.yaml").write_text(CAMPAIGN.format(id="spring"), encoding="utf-8")
    clock = SystemClock()
    async with (
        open_state(StateSettings(dir=folder / "state", budget_ms=2000)) as state,
        ClientSession(timeout=ClientTimeout(total=30)) as client,
    ):
        vault = Vault(KeyRing(1, {1: b"1" * 32}))
        identity = await load_identity(state, vault)
        management = make_management(
            Register(state, vault, identity),
            ErasureList(folder / "erasures.ndjson"),
            campaigns=FolderCampaignStore(campaigns, Against(), tag_of=identity.campaign_tag),
            keys=world.KEYS,
            clock=clock,
        )
        keys = RedisApiKeys(state, clock)
        routes = routes_of_api(
            management,
            keys,
            settings or ApiSettings(requests_per_s=100_000, burst=100_000),
            base_url=lambda: LINKS,
            link_s=90 * 86_400,
        )
        guard = Guard(Router(routes), metrics=Metrics(), clock=clock, request_id_prefix="t")
        deadlines = Deadlines(header_s=10, idle_s=10, request_s=10, write_s=10)
        server = HttpServer(guard, deadlines=deadlines, max_connections=100)
        port = await server.start("127.0.0.1", 0, backlog=100)
        site = ApiSite(f"http://127.0.0.1:{port}", client, keys, state, management, "", "")
        object.__setattr__(site, "main", await site.key(Scope))
        object.__setattr__(site, "acme", await site.key(Scope, tenant=ACME))
        try:
            yield site
        finally:
            await server.drain(0)
