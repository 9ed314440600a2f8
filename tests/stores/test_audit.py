"""The audit log over a real store: whatever is done to the stream behind its back is told (B26)."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from streamsrv.config import StateSettings
from streamsrv.core.audit import Act, parse_line
from streamsrv.core.model import TenantId
from streamsrv.stores.audit import RedisAuditLog, audit_key
from streamsrv.stores.state import State, open_state

KEY = audit_key(b"a secret of thirty-two bytes here")
ACME, OTHER = TenantId("acme"), TenantId("other")


@pytest.fixture
async def state(tmp_path: Path) -> AsyncIterator[State]:
    async with open_state(StateSettings(dir=tmp_path / "state", budget_ms=5000)) as opened:
        yield opened


def open_log(state: State) -> RedisAuditLog:
    return RedisAuditLog(state, key=KEY, random_bytes=os.urandom)


def act(number: int) -> Act:
    return Act(1_000 + number, "key:ab", "viewer.write", f"subject-{number}", {"campaign": "renewal"})


async def written(state: State, count: int, tenant: TenantId = ACME) -> RedisAuditLog:
    log = open_log(state)
    for number in range(count):
        await log.append(tenant, act(number))
    return log


async def test_acts_are_read_back_in_order_page_by_page(state: State) -> None:
    log = await written(state, 5)
    first = await log.page(ACME, after=0, limit=3)
    rest = await log.page(ACME, after=3, limit=3)

    lines = [parse_line(text) for text in (*first.texts, *rest.texts)]
    assert [line and line.act for line in lines] == [act(number) for number in range(5)]
    assert (first.head.lines, rest.head) == (5, first.head)
    assert [text async for text in log.lines(ACME)] == [*first.texts, *rest.texts]


async def test_tenants_have_logs_of_their_own(state: State) -> None:
    log = await written(state, 3)
    await log.append(OTHER, act(9))

    assert [(await log.page(tenant, after=0, limit=9)).head.lines for tenant in (ACME, OTHER)] == [3, 1]
    assert (await log.verify(OTHER)).problems == ()


async def test_processes_that_write_at_once_make_one_chain(state: State) -> None:
    logs = [open_log(state) for _ in range(4)]
    await asyncio.gather(*(log.append(ACME, act(number)) for number in range(20) for log in logs))

    verdict = await logs[0].verify(ACME)
    assert (verdict.head.lines, verdict.problems) == (80, ())


async def test_a_log_may_be_verified_while_it_grows(state: State) -> None:
    log = await written(state, 10)

    async def grow() -> None:
        for number in range(100):
            await log.append(ACME, act(number))

    growing = asyncio.create_task(grow())
    while not growing.done():
        assert (await log.verify(ACME)).problems == ()


Change = Callable[[Any], Awaitable[object]]
STREAM, HEAD = "g:{acme}", "gh:{acme}"


async def edit(client: Any) -> None:
    (entry,) = await client.xrevrange(STREAM, count=1)
    await client.xdel(STREAM, entry[0])
    await client.xadd(STREAM, {"line": entry[1][b"line"].replace(b"subject-4", b"subject-7")}, id="6-0")


async def reorder(client: Any) -> None:
    entries = await client.xrange(STREAM)
    await client.delete(STREAM)
    for place, (_, fields) in enumerate([entries[1], entries[0], *entries[2:]]):
        await client.xadd(STREAM, fields, id=f"{place + 1}-0")


SHORTER = "end: {} of 5 lines are missing"
HEADLESS = "end: there are 5 lines, and the head knows of 0"
CHANGES: dict[str, tuple[Change, list[str]]] = {
    "edited": (edit, ["line 5: was changed, or the line before it"]),
    "deleted": (
        lambda client: client.xdel(STREAM, "2-0"),
        ["line 2: is missing or moved: line 3 stands there"],
    ),
    "trimmed": (
        lambda client: client.xtrim(STREAM, maxlen=4, approximate=False),
        ["line 1: is missing or moved: line 2 stands there"],
    ),
    "truncated": (lambda client: client.xdel(STREAM, "5-0", "4-0"), [SHORTER.format(2)]),
    "emptied": (lambda client: client.delete(STREAM), [SHORTER.format(5)]),
    "without a head": (lambda client: client.delete(HEAD), [HEADLESS]),
    "with a spoilt head": (lambda client: client.set(HEAD, "nonsense"), [HEADLESS]),
    "with a line more": (
        lambda client: client.xadd(STREAM, {"other": "x"}),
        ["line 6: is not a line of an audit log", "end: there are 6 lines, and the head knows of 5"],
    ),
}


@pytest.mark.parametrize(("change", "told"), CHANGES.values(), ids=CHANGES)
async def test_whatever_is_done_to_the_stream_is_told(state: State, change: Change, told: list[str]) -> None:
    log = await written(state, 5)
    await change(state.client)

    assert [str(problem) for problem in (await log.verify(ACME)).problems] == told


async def test_lines_in_another_order_are_told(state: State) -> None:
    log = await written(state, 5)
    await reorder(state.client)

    assert (await log.verify(ACME)).problems != ()


async def test_after_a_line_was_taken_the_next_act_hides_nothing(state: State) -> None:
    log = await written(state, 3)
    await state.client.xdel(STREAM, "3-0")
    await open_log(state).append(ACME, act(3))

    told = ["line 3: is missing or moved: line 4 stands there"]
    assert [str(problem) for problem in (await log.verify(ACME)).problems] == told


async def test_an_older_log_put_back_is_told_by_a_head_that_was_noted(state: State) -> None:
    log = await written(state, 3)
    older = (await log.page(ACME, after=0, limit=1)).head
    await log.append(ACME, act(3))
    noted = (await log.page(ACME, after=0, limit=1)).head
    assert (await log.verify(ACME, noted=older)).problems == (await log.verify(ACME, noted=noted)).problems == ()
    await state.client.xdel(STREAM, "4-0")
    await state.client.set(HEAD, older.text)

    assert (await log.verify(ACME)).problems == ()
    told = ["end: the log never came past the head that was noted: it was put back"]
    assert [str(problem) for problem in (await log.verify(ACME, noted=noted)).problems] == told


async def test_a_line_that_was_sent_twice_is_written_once(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a retry does when the first answer was lost."""
    log = await written(state, 2)
    run = state.client.eval

    async def twice(*command: Any) -> Any:
        await run(*command)
        return await run(*command)

    monkeypatch.setattr(state.client, "eval", twice)
    await log.append(ACME, act(2))

    assert (await log.page(ACME, after=0, limit=9)).head.lines == 3
    assert (await log.verify(ACME)).problems == ()
