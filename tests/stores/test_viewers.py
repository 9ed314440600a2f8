"""A viewer is found by their link or their id in one round trip, and by nobody once revoked or erased."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from streamsrv.core.errors import Expired, NotFound, Unavailable
from streamsrv.core.model import LinkId, Viewer, ViewerId
from streamsrv.core.tokens import LinkClaims
from streamsrv.stores.erasure import ErasureList
from streamsrv.stores.secrets import KeyRing
from streamsrv.stores.state import names
from streamsrv.stores.vault import Vault, load_identity
from streamsrv.stores.viewers import RedisViewerStore
from streamsrv.stores.writing import ViewerWriter
from tests.stores.viewers import KEYS, RENEWAL, Book, Row, keys_and_values, open_book

ANNA = {"first_name": "Anna-Canary", "premium": "812.40", "claims": [{"on": "2026-01-02", "amount": "1.00"}]}


def claims(link_id: LinkId, serial: int = 0) -> LinkClaims:
    return LinkClaims(link_id, serial, key_id=1, expires_at_s=2**40 - 1)


@pytest.fixture
async def book(tmp_path: Path) -> AsyncIterator[Book]:
    async with open_book(tmp_path / "state") as opened:
        yield opened


def _link_id(book: Book, viewer_id: str = "anna") -> LinkId:
    return book.identity.link_id(RENEWAL, ViewerId(viewer_id))


async def _put(book: Book, *rows: Row, restored: ErasureList | None = None) -> list[int]:
    writer = ViewerWriter(book.state, book.vault, book.identity, RENEWAL, restored=restored)
    return await writer.put(rows, at_s=1_000)


async def test_a_viewer_is_found_by_link_and_by_id(book: Book) -> None:
    await _put(book, Row("anna", ANNA))

    found = await book.store.viewer(claims(_link_id(book)))

    assert found == Viewer(
        viewer_id=ViewerId("anna"),
        campaign_id=RENEWAL,
        attributes=ANNA,
        link_ref=book.identity.link_ref(RENEWAL, ViewerId("anna")),
        link_id=_link_id(book),
        data_key=found.data_key,
    )
    assert found == await book.store.viewer_by_id(RENEWAL, ViewerId("anna"))


async def test_finding_a_viewer_is_one_command(book: Book) -> None:
    await _put(book, Row("anna", ANNA))
    before = book.state.calls

    await book.store.viewer(claims(_link_id(book)))

    assert 1 == book.state.calls - before


async def test_who_never_was_is_not_found(book: Book) -> None:
    with pytest.raises(NotFound, match="no such viewer"):
        await book.store.viewer(claims(_link_id(book)))


async def test_links_below_the_stored_serial_are_expired_and_those_of_it_open(book: Book) -> None:
    await _put(book, Row("anna", ANNA))
    await book.state.many_set({names.minimum_serial(book.link("anna")): b"2"})

    with pytest.raises(Expired, match="this link is no longer valid"):
        await book.store.viewer(claims(_link_id(book), serial=1))
    assert "anna" == (await book.store.viewer(claims(_link_id(book), serial=2))).viewer_id
    assert 2 == await book.store.serial(_link_id(book))


async def test_who_was_erased_is_not_found_even_beside_a_record(book: Book) -> None:
    await _put(book, Row("anna", ANNA))
    await book.state.many_set({names.erased(book.link("anna")): b"1"})

    with pytest.raises(NotFound, match="no such viewer"):
        await book.store.viewer(claims(_link_id(book)))


async def test_a_record_moved_to_another_viewer_does_not_open(book: Book) -> None:
    await _put(book, Row("anna", ANNA))
    (record,) = await book.state.many_get([names.viewer(book.link("anna"))])
    assert record is not None
    await book.state.many_set({names.viewer(book.link("ben")): record})

    with pytest.raises(Unavailable, match="the store of viewers"):
        await book.store.viewer(claims(_link_id(book, "ben")))


async def test_no_key_and_no_value_shows_anything_of_a_viewer(book: Book) -> None:
    await _put(book, Row("anna-canary", ANNA))

    kept = await keys_and_values(book.state)

    shown = b"\n".join([*kept, *kept.values()]).lower()
    assert {b"v", b"m"} == {key[:1] for key in kept}
    assert b"canary" not in shown
    assert b"812.40" not in shown


async def test_a_viewer_who_comes_again_keeps_their_data_key(book: Book) -> None:
    await _put(book, Row("anna", ANNA))
    first = await book.store.viewer(claims(_link_id(book)))
    await _put(book, Row("anna", {"first_name": "Anne"}))
    second = await book.store.viewer(claims(_link_id(book)))

    assert (first.data_key, {"first_name": "Anne"}) == (second.data_key, second.attributes)


async def test_of_two_rows_with_one_id_the_later_is_the_viewer(book: Book) -> None:
    await _put(book, Row("anna", ANNA), Row("anna", {"first_name": "Anne"}))

    assert {"first_name": "Anne"} == (await book.store.viewer(claims(_link_id(book)))).attributes


async def test_who_was_erased_is_not_kept_unless_restored(book: Book, tmp_path: Path) -> None:
    await book.state.many_set({names.erased(book.link("anna")): b"1"})

    assert [1] == await _put(book, Row("ben", {}), Row("anna", ANNA))
    with pytest.raises(NotFound):
        await book.store.viewer_by_id(RENEWAL, ViewerId("anna"))
    assert [] == await _put(book, Row("anna", ANNA), restored=ErasureList(tmp_path / "erasures"))
    assert ANNA == (await book.store.viewer_by_id(RENEWAL, ViewerId("anna"))).attributes


async def test_the_identity_is_one_for_all_who_start_together(book: Book) -> None:
    found = await asyncio.gather(*(load_identity(book.state, Vault(KEYS)) for _ in range(20)))

    assert {book.identity.secret} == {identity.secret for identity in found}


async def test_the_identity_is_not_kept_in_the_open(book: Book) -> None:
    kept = await keys_and_values(book.state)

    assert [b"m:identity"] == list(kept)
    assert book.identity.secret not in kept[b"m:identity"]


async def test_with_another_vault_key_nothing_opens(book: Book) -> None:
    await _put(book, Row("anna", ANNA))
    other = Vault(KeyRing(1, {1: b"2" * 32}))

    with pytest.raises(Unavailable, match="the store of viewers"):
        await load_identity(book.state, other)
    with pytest.raises(Unavailable, match="the store of viewers"):
        await RedisViewerStore(book.state, other, book.identity).viewer(claims(_link_id(book)))
