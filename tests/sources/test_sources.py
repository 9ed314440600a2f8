"""Sources asked over real connections: what good ones give, and that bad ones cost a viewer nothing but their data."""

import time
from contextlib import AsyncExitStack
from decimal import Decimal

import pytest

from streamsrv.core.model import CampaignId, Viewer, ViewerId
from streamsrv.sources.fetching import MAX_BODY_BYTES
from tests.core.authored import load, packaged
from tests.sources import stub
from tests.sources.asking import BAD, BUDGET_MS, GOOD, SLACK_S, asked_once, asking, campaign
from tests.sources.stub import Names, serving


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
