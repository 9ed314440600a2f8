"""Revoking over the API: for the store to hold, so that every process refuses what was revoked."""

from collections.abc import Mapping

import pytest

from load import world
from streamsrv.core.api_keys import Scope
from streamsrv.core.tokens import LinkClaims, parse_link
from tests.api.site import ANA, ApiSite


async def link(api: ApiSite, viewer: str) -> LinkClaims:
    """What the link says that the viewer would be sent now."""
    reply = await api.ask("POST", "/api/v1/links", body={"campaign": "renewal", "viewers": [viewer]})
    token = reply.json["links"][0]["url"].rpartition("/")[2]
    return parse_link(token, now_s=0, keys=world.KEYS)


async def revoke(api: ApiSite, wanted: Mapping[str, object], *, key: str | None = None) -> int:
    return (await api.ask("POST", "/api/v1/revocations", key=key, body=wanted)).status


@pytest.mark.parametrize("kind", ["viewer", "campaign"])
async def test_links_that_are_issued_after_a_revocation_are_of_a_new_generation(api: ApiSite, kind: str) -> None:
    for name in ("ana", "ben"):
        await api.ask("PUT", f"/api/v1/campaigns/renewal/viewers/{name}", body={"attributes": ANA})
    before = [await link(api, name) for name in ("ana", "ben")]
    wanted: Mapping[str, object] = {"kind": kind, "campaign": "renewal"} | (
        {"viewer": "ana"} if kind == "viewer" else {}
    )
    assert [await revoke(api, wanted), await revoke(api, wanted)] == [200, 200]

    after = [await link(api, name) for name in ("ana", "ben")]
    newer = [new.serial > old.serial for old, new in zip(before, after, strict=True)]
    assert newer == [True, kind == "campaign"]
    assert (f"{kind}.revoke" in [action for action, _ in await api.acts()]) is True


async def test_a_signing_key_is_for_operators(api: ApiSite) -> None:
    team = await api.key({Scope.REVOCATIONS_WRITE})
    operator = await api.key({Scope.REVOCATIONS_WRITE, Scope.OPERATOR})

    wanted: Mapping[str, object] = {"kind": "signing_key", "key_id": 7}
    assert [await revoke(api, wanted, key=key) for key in (team, operator)] == [403, 200]
    assert await api.state.run(lambda client: client.smembers("r:keys"), what="state") == {b"7"}


async def test_the_key_that_signs_now_is_not_revoked(api: ApiSite) -> None:
    assert await revoke(api, {"kind": "signing_key", "key_id": world.KEYS.current}) == 422
    assert await api.acts() == []


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"kind": "everything"},
        {"kind": "viewer", "campaign": "renewal"},
        {"kind": "campaign", "campaign": "renewal", "viewer": "ana"},
        {"kind": "signing_key", "key_id": 256},
        {"kind": "signing_key", "key_id": "1"},
    ],
)
async def test_what_is_to_be_revoked_is_said_exactly(api: ApiSite, wanted: Mapping[str, object]) -> None:
    assert await revoke(api, wanted) == 422


async def test_another_tenants_links_stay(api: ApiSite) -> None:
    await api.ask("PUT", "/api/v1/campaigns/renewal/viewers/ana", body={"attributes": ANA})
    before = await link(api, "ana")

    assert await revoke(api, {"kind": "campaign", "campaign": "renewal"}, key=api.acme) == 404
    assert await link(api, "ana") == before


async def test_what_is_no_kind_of_revocation_is_refused_without_saying_it_again(api: ApiSite) -> None:
    reply = await api.ask("POST", "/api/v1/revocations", body={"kind": "canary"})

    expected = "'kind': 'viewer', 'campaign', 'signing_key'"
    assert [{"where": "body", "what": "is another word", "expected": expected}] == reply.json["problems"]
