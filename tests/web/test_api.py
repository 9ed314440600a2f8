"""The API where it is served: a viewer who was sent over it gets a link, plays, is revoked, and is erased."""

import os
from typing import Any

import orjson

from streamsrv.core.api_keys import Scope, make_key
from streamsrv.core.model import MAIN_TENANT
from streamsrv.stores.keys import RedisApiKeys
from tests.web.conftest import Site

ANA = {"first_name": "Ana", "product": "home", "renewal_on": "2027-03-01"}
VIEWER = "/api/v1/campaigns/renewal/viewers/from-the-crm"


async def caller(site: Site) -> dict[str, str]:
    """Headers with a key that may do everything."""
    now_s = site.services.clock.now_ms() // 1000
    text, key = make_key(MAIN_TENANT, frozenset(Scope), name="test", now_s=now_s, life_s=3600, random_bytes=os.urandom)
    await RedisApiKeys(site.services.register.state, site.services.clock).add(key)
    return {"Authorization": f"Bearer {text}", "Content-Type": "application/json"}


async def ask(site: Site, method: str, path: str, headers: dict[str, str], body: object = None) -> Any:
    data = None if body is None else orjson.dumps(body)
    reply = await site.fetch(path, method=method, headers=headers, data=data)
    assert reply.status < 300, reply.body
    return orjson.loads(reply.body)


async def sent_link(site: Site, headers: dict[str, str]) -> str:
    wanted = {"campaign": "renewal", "viewers": ["from-the-crm"]}
    (link,) = (await ask(site, "POST", "/api/v1/links", headers, wanted))["links"]
    assert link["url"].startswith(f"{site.bound.base_url}/v/")
    return str(link["url"]).removeprefix(site.bound.base_url)


async def test_a_viewer_from_a_program_plays_until_the_program_says_otherwise(site: Site) -> None:
    headers = await caller(site)
    await ask(site, "PUT", VIEWER, headers, {"attributes": ANA})
    link = await sent_link(site, headers)
    session = await site.fetch(f"{link}/sessions", method="POST")
    assert (session.status, orjson.loads(session.body)["personal"]) == (201, True)
    assert (await site.fetch(orjson.loads(session.body)["multivariant_url"])).status == 200

    revocation = {"kind": "viewer", "campaign": "renewal", "viewer": "from-the-crm"}
    await ask(site, "POST", "/api/v1/revocations", headers, revocation)
    assert (await site.fetch(f"{link}/sessions", method="POST")).status == 410
    anew = await sent_link(site, headers)
    assert (await site.fetch(f"{anew}/sessions", method="POST")).status == 201

    (erasure,) = (await ask(site, "DELETE", VIEWER, headers))["erasures"]
    assert (erasure["was_there"], erasure["is_there"]) == (True, False)
    assert (await site.fetch(f"{anew}/sessions", method="POST")).status in {404, 410}


async def test_requests_of_programs_are_counted_by_their_routes(site: Site) -> None:
    await ask(site, "GET", "/api/v1/keys/self", await caller(site))
    await site.fetch("/api/v1/campaigns/renewal/viewers/someone", method="PUT")
    metrics = (await site.operations("/metrics")).body.decode()

    assert 'route="/api/v1/keys/self"' in metrics
    assert 'route="/api/v1/campaigns/{campaign}/viewers/{viewer}"' in metrics
    assert "someone" not in metrics
