"""Sources asked over real connections: what good ones give, and that bad ones cost a viewer nothing but their data."""

import asyncio
import gc
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from decimal import Decimal
from pathlib import Path

import pytest

from streamsrv.config import SourceSettings
from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import Invalid
from streamsrv.core.model import CampaignId, Viewer, ViewerId
from streamsrv.sources import HttpDataSources, open_sources
from streamsrv.sources.asking import MAX_IN_FLIGHT
from streamsrv.sources.fetching import MAX_BODY_BYTES
from tests.core.authored import load, packaged
from tests.sources import stub
from tests.sources.stub import Names, Respond, serving

GOOD = {"premium": 900.5, "name": "Berta"}
BUDGET_MS = 400
LOOPBACK = ("127.0.0.0/8", "::1/128")
SLACK_S = 5.0
"""For a busy machine: what is told apart is within the budget, or for ever."""


def campaign(
    port: int, *, host: str = "127.0.0.1", scheme: str = "http", path: str = "{viewer}", extra: str = "", more: str = ""
) -> Campaign:
    written = f"[{host}]" if ":" in host else host
    return load(
        f"""\
campaign: test
schema:
  premium: {{type: money, currency: EUR, default: 1}}
  name: {{type: string, personal: true}}
  other: {{type: int, default: 0}}
sources:
  crm:
    url: "{scheme}://{written}:{port}/{path}"
    map: {{premium: /premium, name: /name}}
{extra}{more}story: [{{slot: a, scene: b}}]
fallback: [b]
""",
        packaged("b"),
    )


class Asking:
    """Sources with what was found out about one viewer."""

    def __init__(self, sources: HttpDataSources) -> None:
        self.sources = sources

    async def ask(self, told: Campaign, viewer: str = "anna") -> tuple[dict[str, object], list[str]]:
        """Attributes that are not as they were imported, and why others are."""
        imported: dict[str, object] = {"premium": "812.40", "name": "Anna"}
        person = Viewer(ViewerId(viewer), CampaignId("test"), imported, link_ref="ref-1")
        found, problems = await self.sources.completed(told, person)
        before = {"premium": Decimal("812.40"), "name": "Anna", "other": 0}
        changed = {name: value for name, value in found.attributes.items() if value != before[name]}
        return changed, [str(problem) for problem in problems]


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as opened:
        yield opened


async def asking(
    stack: AsyncExitStack,
    *hosts: str,
    campaigns: Sequence[Campaign] = (),
    names: Names | None = None,
    private: tuple[str, ...] = LOOPBACK,
    budget_ms: int = BUDGET_MS,
    secrets: dict[str, str] | None = None,
    ca_file: Path | None = None,
) -> Asking:
    settings = SourceSettings(
        allow_hosts=hosts, allow_private=private, budget_ms=budget_ms, secrets=secrets or {}, ca_file=ca_file
    )
    return Asking(await stack.enter_async_context(open_sources(settings, campaigns, resolver=names)))


async def asked_once(stack: AsyncExitStack, respond: Respond) -> tuple[dict[str, object], list[str]]:
    server = await stack.enter_async_context(serving(respond))
    one = await asking(stack, f"http://127.0.0.1:{server.port}")
    return await one.ask(campaign(server.port))


async def test_what_a_source_says_stands_in_place_of_what_was_imported(stack: AsyncExitStack) -> None:
    assert ({"premium": Decimal("900.5"), "name": "Berta"}, []) == await asked_once(stack, stub.json(GOOD))


async def test_a_campaign_without_sources_asks_nobody(stack: AsyncExitStack) -> None:
    told = load("campaign: a\nstory: [{slot: a, scene: b}]\nfallback: [b]\n", packaged("b"))
    viewer = Viewer(ViewerId("anna"), CampaignId("a"), {})

    assert (viewer, ()) == await (await asking(stack)).sources.completed(told, viewer)


async def test_the_address_the_headers_and_the_secrets_are_what_the_author_wrote(stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(serving(stub.json(GOOD)))
    extra = '    headers: {Authorization: "Bearer {secret:CRM}", X-A: b}\n'
    told = campaign(server.port, path="c/{viewer}?ref={link_ref}", extra=extra)
    one = await asking(stack, f"http://127.0.0.1:{server.port}", campaigns=[told], secrets={"CRM": "s3cret"})
    await one.ask(told, viewer="a/b?ü&x=\r\ny")

    assert "GET /c/a%2Fb%3F%C3%BC%26x%3D%20%20y?ref=ref-1 HTTP/1.1" == server.asked[0].line
    assert {
        "host": f"127.0.0.1:{server.port}", "accept": "application/json", "accept-encoding": "identity",
        "user-agent": "streamsrv", "authorization": "Bearer s3cret", "x-a": "b",
    } == server.asked[0].headers  # fmt: skip


BAD: dict[str, tuple[Respond, str]] = {
    "500": (stub.body(b"{}", status="500 No"), "bad_answer"),
    "404": (stub.body(b"{}", status="404 No"), "bad_answer"),
    "204": (stub.raw(b"HTTP/1.1 204 No Content\r\n\r\n"), "bad_answer"),
    "html": (stub.body(b"<p>", content_type="text/html"), "bad_answer"),
    "json as text": (stub.body(b"{}", content_type="text/plain"), "bad_answer"),
    "not json": (stub.body(b"{premium: 1}"), "bad_answer"),
    "two documents": (stub.body(b"{}{}"), "bad_answer"),
    "nan": (stub.body(b'{"premium": NaN}'), "bad_answer"),
    "not utf-8": (stub.body(b'{"name": "\xff"}'), "bad_answer"),
    "a number": (stub.body(b"1"), "bad_answer"),
    "empty": (stub.body(b""), "bad_answer"),
    "deep": (stub.body(b'{"a":' * 20 + b"1" + b"}" * 20), "bad_answer"),
    "very deep": (stub.body(b"[" * 30_000 + b"]" * 30_000), "bad_answer"),
    "packed": (stub.body(b"\x1f\x8b", extra="Content-Encoding: gzip\r\n"), "bad_answer"),
    "declared huge": (stub.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999999\r\n\r\n"),
                      "bad_answer"),
    "huge": (stub.huge, "bad_answer"),
    "short body": (stub.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{}",
                            then_close=True), "bad_answer"),
    "no http": (stub.raw(b"SSH-2.0-OpenSSH\r\n", then_close=True), "bad_answer"),
    "endless header": (stub.raw(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n{}"), "bad_answer"),
    "many headers": (stub.raw(b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 50_000 + b"\r\n{}"), "bad_answer"),
    "closed": (stub.raw(b"", then_close=True), "unreachable"),
    "hangs": (stub.hang, "timeout"),
    "drips": (stub.drip, "timeout"),
    "redirect": (stub.body(b"{}", status="302 Go", extra="Location: http://169.254.169.254/latest/\r\n"), "bad_answer"),
    "early hints for ever": (stub.raw(b"HTTP/1.1 103 Early\r\n\r\n" * 2_000), "timeout"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
async def test_a_bad_answer_leaves_what_was_imported_within_the_budget(stack: AsyncExitStack, case: str) -> None:
    respond, reason = BAD[case]
    began_s = time.monotonic()

    changed, problems = await asked_once(stack, respond)
    assert ({}, 1) == (changed, len(problems))
    assert problems[0] in {f"source crm: {reason}", "source crm: timeout"}
    assert time.monotonic() - began_s < BUDGET_MS / 1000 + SLACK_S


async def test_a_body_as_large_as_may_be_is_taken(stack: AsyncExitStack) -> None:
    data = b'{"premium": 2}'.ljust(MAX_BODY_BYTES)

    assert ({"premium": Decimal(2)}, []) == await asked_once(stack, stub.body(data))
    assert ({}, ["source crm: bad_answer"]) == await asked_once(stack, stub.body(data + b" "))


async def test_values_of_the_wrong_type_leave_what_was_imported_and_the_others_change(stack: AsyncExitStack) -> None:
    answer = stub.json({"premium": {"amount": 3}, "name": "Berta"})

    assert (
        {"name": "Berta"},
        ["source crm: premium: bad_value; expected an amount in EUR, such as 812.40"],
    ) == await asked_once(stack, answer)


async def test_nobody_there_is_unreachable(stack: AsyncExitStack) -> None:
    one = await asking(stack, "http://127.0.0.1:1", "http://nowhere.test", names=Names({}))

    assert ({}, ["source crm: unreachable"]) == await one.ask(campaign(1))
    assert ({}, ["source crm: unreachable"]) == await one.ask(campaign(80, host="nowhere.test"))


async def test_sources_are_asked_at_once_and_one_that_hangs_keeps_no_other_back(stack: AsyncExitStack) -> None:
    slow = await stack.enter_async_context(serving(stub.hang))
    good = await stack.enter_async_context(serving(stub.json({"other": 7})))
    one = await asking(stack, f"http://127.0.0.1:{slow.port}", f"http://127.0.0.1:{good.port}")
    more = f'  more: {{url: "http://127.0.0.1:{good.port}/", map: {{other: /other}}}}\n'

    assert ({"other": 7}, ["source crm: timeout"]) == await one.ask(campaign(slow.port, more=more))


async def test_a_source_may_have_less_time_than_the_budget(stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(serving(stub.hang))
    one = await asking(stack, f"http://127.0.0.1:{server.port}", budget_ms=2_000)
    one.sources._budget_s = 3_600  # Without its own, it would take an hour.

    assert ({}, ["source crm: timeout"]) == await one.ask(campaign(server.port, extra="    timeout_ms: 50\n"))


async def test_hosts_that_are_not_listed_now_are_not_asked(stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(serving(stub.json(GOOD)))
    one = await asking(stack, "http://127.0.0.1:1")

    assert ({}, ["source crm: refused"]) == await one.ask(campaign(server.port))
    assert [] == server.asked


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1", "0.0.0.0", "::1", "169.254.169.254", "10.0.0.1"])
async def test_a_name_that_leads_somewhere_private_is_refused_without_a_connection(
    stack: AsyncExitStack, address: str
) -> None:
    server = await stack.enter_async_context(serving(stub.json(GOOD)))
    names = Names({"crm.example.com": [[address]]})
    one = await asking(stack, f"http://crm.example.com:{server.port}", names=names, private=())

    assert ({}, ["source crm: refused"]) == await one.ask(campaign(server.port, host="crm.example.com"))
    assert (["crm.example.com"], 0) == (names.asked, server.connections)


async def test_a_name_with_one_private_address_among_public_ones_is_refused(stack: AsyncExitStack) -> None:
    names = Names({"crm.example.com": [["93.184.215.14", "127.0.0.1"]]})
    one = await asking(stack, "http://crm.example.com", names=names, private=())

    assert ({}, ["source crm: refused"]) == await one.ask(campaign(80, host="crm.example.com"))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_an_address_written_out_is_checked_as_well(stack: AsyncExitStack, host: str) -> None:
    server = await stack.enter_async_context(serving(stub.json(GOOD), host=host))
    listed = f"http://[{host}]:{server.port}" if ":" in host else f"http://{host}:{server.port}"
    told = campaign(server.port, host=host)

    assert ({}, ["source crm: refused"]) == await (await asking(stack, listed, private=())).ask(told)
    assert 0 == server.connections
    assert [] == (await (await asking(stack, listed)).ask(told))[1]


async def test_a_name_that_means_something_else_a_moment_later_still_leads_nowhere_private(
    stack: AsyncExitStack,
) -> None:
    server = await stack.enter_async_context(serving(stub.json(GOOD)))
    # What DNS rebinding does: the first answer may be reached (it is allowed here), the next may not.
    allowed = await stack.enter_async_context(serving(stub.raw(b"", then_close=True), host="127.0.0.2"))
    names = Names({"crm.example.com": [["127.0.0.2"], ["127.0.0.1"]]})
    hosts = [f"http://crm.example.com:{port}" for port in (allowed.port, server.port)]
    one = await asking(stack, *hosts, names=names, private=("127.0.0.2/32",))

    first = await one.ask(campaign(allowed.port, host="crm.example.com"))
    second = await one.ask(campaign(server.port, host="crm.example.com"))
    assert [["source crm: unreachable"], ["source crm: refused"]] == [first[1], second[1]]
    assert (0, 2) == (server.connections, len(names.asked))


async def test_a_name_is_resolved_once_for_one_request_and_the_connection_goes_to_that_address(
    stack: AsyncExitStack,
) -> None:
    server = await stack.enter_async_context(serving(stub.json(GOOD), host="127.0.0.3"))
    names = Names({"crm.example.com": [["127.0.0.3"], ["127.0.0.1"]]})
    one = await asking(stack, f"http://crm.example.com:{server.port}", names=names)

    assert [] == (await one.ask(campaign(server.port, host="crm.example.com")))[1]
    assert (["crm.example.com"], f"crm.example.com:{server.port}") == (names.asked, server.asked[0].headers["host"])


async def test_a_redirect_is_not_followed(stack: AsyncExitStack) -> None:
    other = await stack.enter_async_context(serving(stub.json(GOOD)))
    extra = f"Location: http://127.0.0.1:{other.port}/\r\n"

    assert ({}, ["source crm: bad_answer"]) == await asked_once(stack, stub.body(b"{}", status="301 Go", extra=extra))
    assert [] == other.asked


async def test_no_proxy_of_the_environment_is_used(stack: AsyncExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = await stack.enter_async_context(serving(stub.json(GOOD)))
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")

    assert [] == (await asked_once(stack, stub.json(GOOD)))[1]
    assert [] == proxy.asked


async def test_cookies_are_not_kept(stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(serving(stub.body(b"{}", extra="Set-Cookie: a=b; Path=/\r\n")))
    one = await asking(stack, f"http://127.0.0.1:{server.port}")
    for viewer in ("anna", "bert"):
        await one.ask(campaign(server.port), viewer)

    assert [False, False] == ["cookie" in request.headers for request in server.asked]


async def test_over_tls_the_certificate_and_the_name_are_those_of_the_host(
    stack: AsyncExitStack, tmp_path: Path
) -> None:
    ca_file, tls = stub.certificate(tmp_path, "crm.example.com")
    server = await stack.enter_async_context(serving(stub.json(GOOD), tls=tls))
    names = Names({"crm.example.com": [["127.0.0.1"]], "other.example.com": [["127.0.0.1"]]})
    hosts = [f"{name}.example.com:{server.port}" for name in ("crm", "other")]
    trusting = await asking(stack, *hosts, names=names, ca_file=ca_file, budget_ms=2_000)
    wary = await asking(stack, *hosts, names=names, budget_ms=2_000)
    right, other = (campaign(server.port, scheme="https", host=f"{name}.example.com") for name in ("crm", "other"))

    assert [] == (await trusting.ask(right))[1]
    assert ["crm.example.com"] == server.server_names
    assert [["source crm: unreachable"]] * 2 == [(await trusting.ask(other))[1], (await wary.ask(right))[1]]
    assert 1 == len(server.asked)


async def test_a_file_of_authorities_that_cannot_be_read_is_found_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("x")
    for name in ("none.pem", "ca.pem"):
        with pytest.raises(Invalid, match=r"^sources\.ca_file: cannot be read"):
            async with open_sources(SourceSettings(ca_file=tmp_path / name), ()):
                pass


async def test_answers_are_kept_for_as_long_as_the_author_says_and_for_the_same_address_only(
    stack: AsyncExitStack,
) -> None:
    server = await stack.enter_async_context(serving(stub.json(GOOD)))
    one = await asking(stack, f"http://127.0.0.1:{server.port}")
    told = campaign(server.port, extra="    cache_s: 60\n")
    for viewer in ("anna", "anna", "bert", "anna"):
        assert [] == (await one.ask(told, viewer))[1]

    assert ["GET /anna HTTP/1.1", "GET /bert HTTP/1.1"] == [request.line for request in server.asked]
    now_s = one.sources._monotonic()
    one.sources._monotonic = lambda: now_s + 61
    await one.ask(told)
    assert 3 == len(server.asked)


async def test_without_cache_s_nothing_is_kept(stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(serving(stub.json(GOOD)))
    one = await asking(stack, f"http://127.0.0.1:{server.port}")
    await asyncio.gather(*(one.ask(campaign(server.port, path="same")) for _ in range(3)))

    assert 3 == len(server.asked)


async def test_who_sends_other_headers_gets_no_answer_of_another(stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(serving(stub.json(GOOD)))
    one = await asking(stack, f"http://127.0.0.1:{server.port}")
    for tenant in ("a", "b", "a"):
        extra = f"    cache_s: 60\n    headers: {{X-Tenant: {tenant}}}\n"
        await one.ask(campaign(server.port, path="same", extra=extra))

    assert ["a", "b"] == [request.headers["x-tenant"] for request in server.asked]


async def test_bad_answers_are_not_kept(stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(serving(stub.body(b"{", status="200 OK")))
    one = await asking(stack, f"http://127.0.0.1:{server.port}")
    told = campaign(server.port, extra="    cache_s: 60\n")
    assert ["source crm: bad_answer"] == (await one.ask(told))[1]
    server.respond = stub.json(GOOD)

    assert [] == (await one.ask(told))[1]


async def test_those_who_ask_the_same_at_once_share_one_request(stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(serving(_slow(stub.json(GOOD))))
    one = await asking(stack, f"http://127.0.0.1:{server.port}", budget_ms=2_000)
    told = campaign(server.port, extra="    cache_s: 60\n")
    found = await asyncio.gather(*(one.ask(told, viewer) for viewer in ("anna", "bert") * 20))

    assert [[]] * 40 == [problems for _, problems in found]
    assert 2 == len(server.asked)


async def test_the_last_of_those_who_share_still_gets_it_when_the_others_go_away(stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(serving(_slow(stub.json(GOOD))))
    one = await asking(stack, f"http://127.0.0.1:{server.port}", budget_ms=2_000)
    told = campaign(server.port, extra="    cache_s: 60\n")
    tasks = [asyncio.create_task(one.ask(told)) for _ in range(20)]
    await asyncio.sleep(0.02)
    for task in tasks[:19]:
        task.cancel()

    assert [] == (await tasks[19])[1]
    assert (1, {}, 0) == (len(server.asked), one.sources._flights, one.sources.in_flight)


async def test_who_goes_away_alone_leaves_nothing_behind(stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(serving(stub.hang))
    one = await asking(stack, f"http://127.0.0.1:{server.port}", budget_ms=2_000)
    for _ in range(10):
        task = asyncio.create_task(one.ask(campaign(server.port)))
        await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.wait({task})
    await asyncio.sleep(0.02)

    assert (0, [0]) == (one.sources.in_flight, list(one.sources.breaker_states().values()))


async def test_a_source_that_keeps_failing_is_left_alone_and_tried_again_later(stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(serving(stub.body(b"{}", status="503 No")))
    one = await asking(stack, f"http://127.0.0.1:{server.port}")
    told = campaign(server.port)
    reasons = [(await one.ask(told))[1] for _ in range(30)]
    asked = len(server.asked)

    assert asked <= 8
    assert ["source crm: circuit_open"] in reasons
    assert [["source crm: bad_answer"]] * 5 == reasons[:5]
    server.respond = stub.json(GOOD)
    now_s = one.sources._monotonic()
    for breaker in one.sources._breakers.values():
        breaker._monotonic = lambda: now_s + 60
    assert [[], [], []] == [(await one.ask(told))[1] for _ in range(3)]
    assert [0] == list(one.sources.breaker_states().values())


async def test_one_source_s_trouble_is_no_other_s(stack: AsyncExitStack) -> None:
    bad = await stack.enter_async_context(serving(stub.body(b"", status="503 No")))
    good = await stack.enter_async_context(serving(stub.json({"other": 7})))
    one = await asking(stack, f"http://127.0.0.1:{bad.port}", f"http://127.0.0.1:{good.port}")
    more = f'  more: {{url: "http://127.0.0.1:{good.port}/", map: {{other: /other}}}}\n'
    found = [await one.ask(campaign(bad.port, more=more)) for _ in range(15)]

    assert [{"other": 7}] * 15 == [changed for changed, _ in found]


async def test_requests_of_one_source_have_a_bound(stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(serving(stub.hang))
    one = await asking(stack, f"http://127.0.0.1:{server.port}")
    found = await asyncio.gather(*(one.ask(campaign(server.port)) for _ in range(MAX_IN_FLIGHT + 20)))

    reasons = [problems[0] for _, problems in found]
    assert (20, 0) == (reasons.count("source crm: busy"), one.sources.in_flight)


async def test_a_viewer_whose_values_make_no_address_is_not_asked_about(stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(serving(stub.json(GOOD)))
    one = await asking(stack, f"http://127.0.0.1:{server.port}")

    assert ({}, ["source crm: unaddressed"]) == await one.ask(campaign(server.port, path="{viewer}/x"), viewer="..")
    assert [] == server.asked


async def test_a_secret_that_is_not_set_is_found_at_the_start() -> None:
    told = campaign(1, extra='    headers: {Authorization: "{secret:NONE}"}\n')

    with pytest.raises(Invalid, match="campaign test: source crm: the secret NONE is not set; expected STREAMSRV_SEC"):
        async with open_sources(SourceSettings(), [told]):
            pass


async def test_a_secret_that_is_not_there_asks_nobody(stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(serving(stub.json(GOOD)))
    one = await asking(stack, f"http://127.0.0.1:{server.port}")
    extra = '    headers: {Authorization: "{secret:NONE}"}\n'

    assert ({}, ["source crm: no_secret"]) == await one.ask(campaign(server.port, extra=extra))
    assert [] == server.asked


async def test_what_became_of_asking_is_counted(stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(serving(stub.json(GOOD)))
    one = await asking(stack, f"http://127.0.0.1:{server.port}")
    told = campaign(server.port, extra="    cache_s: 60\n")
    await one.ask(told)
    await one.ask(told)
    server.respond = stub.hang
    await one.ask(told, "bert")
    asked = one.sources.asked[CampaignId("test"), "crm"]

    assert {"fresh": 1, "kept": 1, "timeout": 1} == dict(asked.outcomes)
    assert 3 == asked.durations.count


async def test_nothing_of_a_viewer_or_a_secret_is_logged(
    stack: AsyncExitStack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for case in ("500", "short body", "hangs", "not json", "no http"):
        server = await stack.enter_async_context(serving(BAD[case][0]))
        told = campaign(server.port, extra='    headers: {Authorization: "{secret:CRM}"}\n')
        secrets = {"CRM": "secret-canary"}
        one = await asking(stack, f"http://127.0.0.1:{server.port}", campaigns=[told], secrets=secrets)
        await one.ask(told, viewer="viewer-canary")
    gc.collect()

    assert "canary" not in caplog.text


def _slow(respond: Respond) -> Respond:
    async def later(asked: stub.Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        await respond(asked, writer)

    return later
