"""The jobs over a real store: who is past their time goes, and who was erased does not come back."""

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from streamsrv.app.upkeep import Upkeep
from streamsrv.config import Settings, StateSettings
from streamsrv.core.audit import Act, parse_line
from streamsrv.core.campaign import Campaign
from streamsrv.core.model import CampaignId, TenantId, ViewerId
from streamsrv.stores.audit import RedisAuditLog
from streamsrv.stores.erasure import erasures_of
from streamsrv.stores.forgetting import trace_of
from streamsrv.stores.register import Register
from streamsrv.stores.state import names
from streamsrv.stores.writing import ViewerWriter
from tests.stores.imports.runs import renewal, viewers_in
from tests.stores.viewers import RENEWAL, Book, Row, open_book

DAY_S = 86_400


class ShiftedClock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now_s = 0

    def now_ms(self) -> int:
        return self.now_s * 1000


@pytest.fixture
async def book(tmp_path: Path) -> AsyncIterator[Book]:
    async with open_book(tmp_path / "state") as opened:
        rows = [Row(f"v{number}", {}) for number in range(10)]
        await ViewerWriter(opened.state, opened.vault, opened.identity, RENEWAL).put(rows, at_s=0)
        yield opened


def _audit(book: Book) -> RedisAuditLog:
    return RedisAuditLog(book.state, key=b"k" * 32, random_bytes=bytes)


def _upkeep(book: Book, tmp_path: Path, clock: ShiftedClock) -> Upkeep:
    async def campaigns() -> dict[CampaignId, Campaign]:
        return {RENEWAL: dataclasses.replace(renewal(), retention_days=30)}

    return Upkeep(
        Register(book.state, book.vault, book.identity),
        Settings(state=StateSettings(dir=tmp_path / "state")),
        campaigns=campaigns,
        audit=_audit(book),
        clock=clock,
    )


async def test_viewers_go_when_their_time_is_over_and_it_is_written_down(book: Book, tmp_path: Path) -> None:
    clock = ShiftedClock()
    upkeep = _upkeep(book, tmp_path, clock)

    clock.now_s = 30 * DAY_S
    await upkeep.expire()
    on_time = await viewers_in(book)
    clock.now_s += 1
    await upkeep.expire()
    await upkeep.expire()

    assert (10, 0, 10) == (on_time, await viewers_in(book), upkeep.expired)
    lines = [parse_line(text) async for text in _audit(book).lines(TenantId("main"))]
    assert [("job:upkeep", "viewers.expire", "renewal", {"viewers": 10})] == [line.act[1:] for line in lines if line]


async def test_who_is_on_the_list_of_erasures_and_in_the_store_is_erased(book: Book, tmp_path: Path) -> None:
    listed = erasures_of(StateSettings(dir=tmp_path / "state"))
    listed.add([trace_of(book.identity, renewal(), ViewerId("v3"))], at_s=1)

    upkeep = _upkeep(book, tmp_path, ShiftedClock())
    await upkeep.erase_again()
    await upkeep.erase_again()

    assert (9, 1) == (await viewers_in(book), upkeep.erased_again)
    assert [] == [key async for key in book.state.scan(f"v:*{book.link('v3')}*")]


async def test_a_line_of_the_audit_log_that_was_changed_is_seen(book: Book, tmp_path: Path) -> None:
    clock = ShiftedClock()
    upkeep = _upkeep(book, tmp_path, clock)
    for number in range(3):
        await _audit(book).append(TenantId("main"), Act(number, "cli:zoe", "keys.make", "k", {}))
    await upkeep.verify_audit()
    whole = upkeep.audit_problems
    client: Any = book.state.client
    ((entry, fields),) = await client.xrange(names.audit("main"), count=1)
    await client.xdel(names.audit("main"), entry)
    await client.xadd(names.audit("main"), {b"line": fields[b"line"].replace(b"zoe", b"eve")})
    await upkeep.verify_audit()

    assert whole == 0
    assert upkeep.audit_problems > 0
