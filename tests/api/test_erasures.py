"""Erasing over the API: every trace of a viewer, in one campaign or in all of the tenant's, with a proof (B11)."""

import asyncio

import pytest

from tests.api.site import ANA, ApiSite
from tests.stores.viewers import keys_and_values

VIEWER = "/api/v1/campaigns/renewal/viewers/ana"
CANARY = "Zanzibar-7731"


async def put(api: ApiSite, path: str = VIEWER) -> int:
    return (await api.ask("PUT", path, body={"attributes": {**ANA, "first_name": CANARY}})).status


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("DELETE", VIEWER, None, 200),
        ("DELETE", "/api/v1/viewers/ana?campaign=renewal", None, 200),
        ("DELETE", "/api/v1/viewers/ana", None, 200),
        ("POST", "/api/v1/erasures", {"viewer": "ana", "campaign": "renewal"}, 201),
        ("POST", "/api/v1/erasures", {"viewer": "ana"}, 201),
    ],
)
async def test_an_erased_viewer_is_gone_and_stays_gone(
    api: ApiSite, method: str, path: str, body: object, status: int
) -> None:
    await put(api)
    erased = await api.ask(method, path, body=body)
    (erasure,) = erased.json["erasures"]
    links = await api.ask("POST", "/api/v1/links", body={"campaign": "renewal", "viewers": ["ana"]})

    assert (erased.status, erasure["campaign"], erasure["was_there"], erasure["is_there"]) == (
        status,
        "renewal",
        True,
        False,
    )
    assert (await api.ask("GET", VIEWER)).status == 404
    assert links.json == {"links": [], "unknown": ["ana"]}
    assert await put(api) == 422
    assert (await api.ask("GET", VIEWER)).status == 404


async def test_the_proof_can_be_looked_at_later_and_names_nobody(api: ApiSite) -> None:
    await put(api)
    (erasure,) = (await api.ask("DELETE", VIEWER)).json["erasures"]
    proof = await api.ask("GET", f"/api/v1/erasures/{erasure['erasure']}")
    acts = await api.acts()

    assert (proof.status, proof.json["is_there"], proof.json["erased_at"]) == (200, False, erasure["erased_at"])
    assert ("viewer.erase", erasure["erasure"]) in acts
    everything = b"".join(value for item in (await keys_and_values(api.state)).items() for value in item)
    assert b"ana" not in everything.lower().replace(b"manag", b"")
    assert CANARY.encode() not in everything


async def test_erasing_again_or_whom_nobody_knows_is_no_error(api: ApiSite) -> None:
    await put(api)
    twice = [(await api.ask("DELETE", VIEWER)).json["erasures"][0] for _ in range(2)]
    nobody = await api.ask("DELETE", "/api/v1/campaigns/renewal/viewers/nobody")

    assert [erasure["was_there"] for erasure in twice] == [True, False]
    assert (nobody.status, nobody.json["erasures"][0]["was_there"]) == (200, False)


@pytest.mark.parametrize("viewer", ["a" * 201, "a%0Ab", "%3D1"])
async def test_what_can_be_nobodys_id_is_a_mistake(api: ApiSite, viewer: str) -> None:
    """Whoever erases a person must not be told that it is done when the id is mistyped beyond being one."""
    assert (await api.ask("DELETE", f"/api/v1/campaigns/renewal/viewers/{viewer}")).status == 422


@pytest.mark.parametrize("erasure", ["x", "A" * 28, "A" * 27 + "=", "%2B" * 28, "%C3%A9"])
async def test_an_erasure_that_never_was_is_not_there(api: ApiSite, erasure: str) -> None:
    assert (await api.ask("GET", f"/api/v1/erasures/{erasure}")).status == 404


async def test_a_viewer_who_was_not_erased_has_no_proof_of_it(api: ApiSite) -> None:
    await put(api)
    (subject,) = {subject for action, subject in await api.acts() if action == "viewer.write"}

    assert (await api.ask("GET", f"/api/v1/erasures/{subject}")).status == 404


async def test_one_tenant_erases_nobody_of_another_and_sees_no_proof(api: ApiSite) -> None:
    await put(api)
    for path in (VIEWER, "/api/v1/viewers/ana?campaign=renewal"):
        assert (await api.ask("DELETE", path, key=api.acme)).status == 404
    assert (await api.ask("DELETE", "/api/v1/viewers/ana", key=api.acme)).status == 200
    assert (await api.ask("GET", VIEWER)).status == 200

    (erasure,) = (await api.ask("DELETE", VIEWER)).json["erasures"]
    assert (await api.ask("GET", f"/api/v1/erasures/{erasure['erasure']}", key=api.acme)).status == 404


async def test_whoever_is_erased_while_they_are_being_written_stays_erased(api: ApiSite) -> None:
    for number in range(30):
        path = f"/api/v1/campaigns/renewal/viewers/v-{number}"
        await put(api, path)
        await asyncio.gather(put(api, path), api.ask("DELETE", path), put(api, path))

        assert (await api.ask("GET", path)).status == 404
