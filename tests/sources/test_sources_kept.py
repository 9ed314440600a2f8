"""Answers that are kept and shared, sources that keep failing, and what is counted and logged of them."""

import asyncio
import gc
import logging
from contextlib import AsyncExitStack

import pytest

from streamsrv.config import SourceSettings
from streamsrv.core.errors import Invalid
from streamsrv.core.model import CampaignId
from streamsrv.sources import open_sources
from streamsrv.sources.asking import MAX_IN_FLIGHT
from tests.sources import stub
from tests.sources.asking import BAD, GOOD, asking, campaign, slow
from tests.sources.stub import serving


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
    server = await stack.enter_async_context(serving(slow(stub.json(GOOD))))
    one = await asking(stack, f"http://127.0.0.1:{server.port}", budget_ms=2_000)
    told = campaign(server.port, extra="    cache_s: 60\n")
    found = await asyncio.gather(*(one.ask(told, viewer) for viewer in ("anna", "bert") * 20))

    assert [[]] * 40 == [problems for _, problems in found]
    assert 2 == len(server.asked)


async def test_the_last_of_those_who_share_still_gets_it_when_the_others_go_away(stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(serving(slow(stub.json(GOOD))))
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
