"""Keys of the vault are rotated while viewers are written, read and erased, and nothing is lost."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from streamsrv.core.errors import NotFound, Unavailable
from streamsrv.core.model import ViewerId
from streamsrv.stores.erasure import ErasureList, erase
from streamsrv.stores.forgetting import trace_of
from streamsrv.stores.register import Register
from streamsrv.stores.retention import DAY_S, expire_viewers
from streamsrv.stores.rotation import Rotated, rotate
from streamsrv.stores.secrets import KeyRing
from streamsrv.stores.state import names
from streamsrv.stores.vault import Vault, load_identity
from streamsrv.stores.viewers import RedisViewerStore
from streamsrv.stores.writing import ViewerWriter
from tests.stores.imports.runs import renewal
from tests.stores.viewers import RENEWAL, Book, Row, open_book

BOTH = Vault(KeyRing(2, {2: b"2" * 32, 1: b"1" * 32}))
NEW = Vault(KeyRing(2, {2: b"2" * 32}))
COUNT = 1_500


@pytest.fixture
async def book(tmp_path: Path) -> AsyncIterator[Book]:
    async with open_book(tmp_path / "state") as opened:
        rows = [Row(f"v{number}", {"first_name": f"Name{number}"}) for number in range(COUNT)]
        await ViewerWriter(opened.state, opened.vault, opened.identity, RENEWAL).put(rows, at_s=1_000)
        yield opened


def _register(book: Book, vault: Vault = BOTH) -> Register:
    return Register(book.state, vault, book.identity)


async def _names(book: Book, vault: Vault) -> list[object]:
    store = RedisViewerStore(book.state, vault, book.identity)
    found = [await store.viewer_by_id(RENEWAL, ViewerId(f"v{number}")) for number in range(0, COUNT, 50)]
    return [one.attributes["first_name"] for one in found]


async def test_afterwards_everything_opens_with_the_new_key_alone(book: Book) -> None:
    first = await book.store.viewer_by_id(RENEWAL, ViewerId("v0"))

    assert Rotated(COUNT, COUNT) == await rotate(_register(book))

    assert [f"Name{number}" for number in range(0, COUNT, 50)] == await _names(book, NEW)
    assert book.identity.secret == (await load_identity(book.state, NEW)).secret
    store = RedisViewerStore(book.state, NEW, book.identity)
    assert first == await store.viewer_by_id(RENEWAL, ViewerId("v0"))


async def test_during_a_rotation_every_viewer_opens(book: Book) -> None:
    rotating = asyncio.create_task(rotate(_register(book)))
    while not rotating.done():
        assert [f"Name{number}" for number in range(0, COUNT, 50)] == await _names(book, BOTH)
    assert COUNT == rotating.result().rewrapped


async def test_one_that_was_stopped_goes_on(book: Book) -> None:
    stopped = await rotate(_register(book), stopped=lambda: True)
    rest = await rotate(_register(book))

    assert 0 < stopped.rewrapped < COUNT
    assert (COUNT, COUNT) == (rest.seen, stopped.rewrapped + rest.rewrapped)
    assert Rotated(COUNT, 0) == await rotate(_register(book))


async def test_who_is_written_or_erased_meanwhile_is_as_they_were_written_last(book: Book, tmp_path: Path) -> None:
    writer = ViewerWriter(book.state, BOTH, book.identity, RENEWAL)
    listed = ErasureList(tmp_path / "erasures")

    async def write_and_erase() -> None:
        for number in range(0, COUNT, 3):
            await writer.put([Row(f"v{number}", {"first_name": "Later"})], at_s=2_000)
        for start in range(1, 300, 30):
            traces = [trace_of(book.identity, renewal(), ViewerId(f"v{start}"))]
            await erase(book.state, listed, traces, now_s=3_000)

    await asyncio.gather(rotate(_register(book)), rotate(_register(book)), write_and_erase())
    assert 0 == (await rotate(_register(book))).rewrapped

    store = RedisViewerStore(book.state, NEW, book.identity)
    found = [await store.viewer_by_id(RENEWAL, ViewerId(f"v{number}")) for number in range(0, COUNT, 3)]
    assert {"Later"} == {one.attributes["first_name"] for one in found}
    with pytest.raises(NotFound):
        await store.viewer_by_id(RENEWAL, ViewerId("v31"))
    assert [None] == await book.state.many_get([names.viewer(book.link("v31"))])


async def test_without_the_old_key_it_says_so_and_changes_nothing(book: Book) -> None:
    with pytest.raises(Unavailable, match="the store of viewers"):
        await rotate(_register(book, NEW))

    assert [f"Name{number}" for number in range(0, COUNT, 50)] == await _names(book, book.vault)


async def test_viewers_are_kept_for_as_long_as_their_campaign_says_and_no_longer(book: Book) -> None:
    campaign = dataclasses.replace(renewal(), retention_days=30)
    writer = ViewerWriter(book.state, book.vault, book.identity, RENEWAL)
    await writer.put([Row("v7", {"first_name": "Again"})], at_s=1_000 + DAY_S)
    register = _register(book, book.vault)

    on_time = await expire_viewers(register, campaign, now_s=1_000 + 30 * DAY_S)
    over = await expire_viewers(register, campaign, now_s=1_001 + 30 * DAY_S)

    assert (0, COUNT - 1) == (on_time, over)
    assert [book.link("v7")] == [names.link_of(key.decode()) async for key in book.state.scan("v:*")]
    assert [] == await writer.put([Row("v8", {})], at_s=2_000 + 30 * DAY_S)


async def test_a_campaign_that_does_not_say_keeps_its_viewers(book: Book) -> None:
    campaign = dataclasses.replace(renewal(), retention_days=None)

    assert 0 == await expire_viewers(_register(book, book.vault), campaign, now_s=10**10)
