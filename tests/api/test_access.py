"""Who may call what: every operation with every scope, every tenant, and every way to hold a key wrongly (B25)."""

import time
from pathlib import Path

import orjson
import pytest

from streamsrv.config import ApiSettings
from streamsrv.core.api_keys import Scope
from tests.api.site import ACME, ANA, ApiSite, open_api

ERASURE = "ERASURE"
VIEWER = {"viewer": "ana", "attributes": ANA}
CALLS: dict[tuple[str, str], tuple[Scope | None, object]] = {
    ("GET", "/api/v1/campaigns"): (Scope.CAMPAIGNS_READ, None),
    ("POST", "/api/v1/viewers?campaign=renewal"): (Scope.VIEWERS_WRITE, VIEWER),
    ("POST", "/api/v1/campaigns/renewal/viewers"): (Scope.VIEWERS_WRITE, VIEWER),
    ("PUT", "/api/v1/campaigns/renewal/viewers/ana"): (Scope.VIEWERS_WRITE, {"attributes": ANA}),
    ("GET", "/api/v1/campaigns/renewal/viewers/ana"): (Scope.VIEWERS_READ, None),
    ("POST", "/api/v1/links"): (Scope.LINKS_WRITE, {"campaign": "renewal", "viewers": ["ana"]}),
    ("POST", "/api/v1/revocations"): (
        Scope.REVOCATIONS_WRITE,
        {"kind": "viewer", "campaign": "renewal", "viewer": "ana"},
    ),
    ("DELETE", "/api/v1/campaigns/renewal/viewers/nobody"): (Scope.ERASURES_WRITE, None),
    ("DELETE", "/api/v1/viewers/nobody?campaign=renewal"): (Scope.ERASURES_WRITE, None),
    ("POST", "/api/v1/erasures"): (Scope.ERASURES_WRITE, {"viewer": "nobody", "campaign": "renewal"}),
    ("GET", f"/api/v1/erasures/{ERASURE}"): (Scope.ERASURES_READ, None),
    ("GET", "/api/v1/audit"): (Scope.AUDIT_READ, None),
    ("GET", "/api/v1/keys/self"): (None, None),
}


async def test_the_matrix_names_every_operation(api: ApiSite) -> None:
    document = (await api.ask("GET", "/api/openapi.json")).json
    described = {
        (
            method.upper(),
            path.format(campaign="renewal", viewer="nobody" if method == "delete" else "ana", erasure=ERASURE),
        )
        for path, methods in document["paths"].items()
        for method in methods
    }

    assert {(method, path.partition("?")[0]) for method, path in CALLS} == described


async def test_each_operation_takes_its_own_scope_and_no_other(api: ApiSite) -> None:
    await api.ask("PUT", "/api/v1/campaigns/renewal/viewers/ana", body={"attributes": ANA})
    keys = {scope: await api.key({scope}) for scope in Scope}
    (erased,) = (await api.ask("DELETE", "/api/v1/campaigns/renewal/viewers/nobody")).json["erasures"]
    for (method, template), (needed, body) in CALLS.items():
        path = template.replace(ERASURE, erased["erasure"])
        allowed = {
            scope for scope, key in keys.items() if (await api.ask(method, path, key=key, body=body)).status < 300
        }
        assert allowed == (set(Scope) if needed is None else {needed}), (method, path)


async def test_a_key_without_the_scope_is_told_which(api: ApiSite) -> None:
    reply = await api.ask("GET", "/api/v1/campaigns", key=await api.key(()))

    assert (reply.status, reply.json["error"]) == (403, "forbidden")
    assert reply.json["message"] == "this API key lacks the scope campaigns:read"


@pytest.mark.parametrize("kind", ["none", "nonsense", "basic", "unknown", "changed", "expired", "two"])
async def test_without_a_good_key_no_operation_answers(api: ApiSite, kind: str) -> None:
    good = api.main
    expired = await api.key(Scope, life_s=0)
    header = {
        "none": "",
        "nonsense": "Authorization: Bearer nonsense\r\n",
        "basic": f"Authorization: Basic {good}\r\n",
        "unknown": f"Authorization: Bearer ssk_{'0' * 10}_{'0' * 48}\r\n",
        "changed": f"Authorization: Bearer {good[:-1]}{'0' if good[-1] != '0' else '1'}\r\n",
        "expired": f"Authorization: Bearer {expired}\r\n",
        "two": f"Authorization: Bearer {good}\r\nAuthorization: Bearer {good}\r\n",
    }[kind]
    for method, path in CALLS:
        answer = await api.raw(f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{header}\r\n".encode())
        head, _, body = answer.partition(b"\r\n\r\n")

        assert head.startswith(b"HTTP/1.1 401 "), (method, path)
        assert b"\r\nWWW-Authenticate: Bearer\r\n" in head
        assert orjson.loads(body)["error"] == "unauthenticated"


async def test_a_key_of_one_tenant_finds_nothing_of_another(api: ApiSite) -> None:
    """As if it were not there: the same answer as for a campaign that nobody has."""
    await api.ask("PUT", "/api/v1/campaigns/renewal/viewers/ana", body={"attributes": ANA})
    for (method, path), (_, body) in CALLS.items():
        if "renewal" not in path + str(body):
            continue
        strange = await api.ask(method, path, key=api.acme, body=body)
        nowhere = await api.ask(
            method,
            path.replace("renewal", "nowhere"),
            key=api.acme,
            body=orjson.loads(orjson.dumps(body).replace(b"renewal", b"nowhere")),
        )

        assert (strange.status, nowhere.status) == (404, 404), (method, path)
        assert strange.json["message"] == nowhere.json["message"] == "no such campaign"
    listed = (await api.ask("GET", "/api/v1/campaigns", key=api.acme)).json["campaigns"]
    assert [campaign["campaign"] for campaign in listed] == ["spring"]
    assert await api.acts(api.acme) == []


async def test_lines_for_another_tenants_campaign_are_rejected(api: ApiSite) -> None:
    reply = await api.lines("/api/v1/viewers", {**VIEWER, "campaign": "renewal"}, key=api.acme)

    assert (reply.json["stored"], reply.json["rejects"][0]["problems"][0]["where"]) == (0, "campaign")
    assert (await api.ask("GET", "/api/v1/campaigns/renewal/viewers/ana")).status == 404


async def test_a_key_is_told_about_itself_and_never_its_secret(api: ApiSite) -> None:
    text = await api.key({Scope.LINKS_WRITE}, tenant=ACME)
    reply = await api.ask("GET", "/api/v1/keys/self", key=text)

    assert (reply.status, reply.json["tenant"], reply.json["scopes"]) == (200, "acme", ["links:write"])
    assert text.startswith(f"ssk_{reply.json['prefix']}_")
    assert text.endswith(reply.json["tail"])
    assert text not in orjson.dumps(reply.json).decode()


async def test_a_revoked_key_opens_nothing_in_a_process_that_has_not_seen_it(api: ApiSite) -> None:
    text = await api.key(Scope)
    await api.keys.revoke(text.split("_")[1])

    assert (await api.ask("GET", "/api/v1/keys/self", key=text)).status == 401


async def test_more_requests_than_a_key_may_send_are_refused_for_a_while(tmp_path: Path) -> None:
    async with open_api(tmp_path, settings=ApiSettings(requests_per_s=5, burst=10)) as api:
        replies = [await api.ask("GET", "/api/v1/keys/self") for _ in range(12)]
        other = await api.ask("GET", "/api/v1/keys/self", key=api.acme)

        refused = [reply for reply in replies if reply.status == 429]
        assert 1 <= len(refused) <= 2
        assert (refused[0].json["error"], refused[0].headers["Retry-After"]) == ("too_many", "1")
        assert other.status == 200
        waited_until_s = time.monotonic() + 10
        while (await api.ask("GET", "/api/v1/keys/self")).status == 429:
            assert time.monotonic() < waited_until_s


async def test_answers_and_errors_are_kept_by_nobody_and_read_by_no_page(api: ApiSite) -> None:
    for method, path, key in (
        ("GET", "/api/v1/campaigns", None),
        ("GET", "/api/v1/campaigns", "wrong"),
        ("GET", "/api/v1/nothing", None),
        ("DELETE", "/api/v1/campaigns", None),
        ("OPTIONS", "/api/v1/campaigns", None),
        ("GET", "/api/openapi.json", ""),
    ):
        headers = (await api.ask(method, path, key=key, headers={"Origin": "https://evil.example"})).headers

        assert "no-store" in headers["Cache-Control"], path
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert not [name for name in headers if name.startswith("Access-Control")]
        assert "Set-Cookie" not in headers
