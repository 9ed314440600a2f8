"""What is revoked stays revoked, and what is issued afterwards opens."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from streamsrv.core.errors import Expired
from streamsrv.core.identity import tag_text
from streamsrv.core.model import LinkId, ViewerId
from streamsrv.core.tokens import LinkClaims
from streamsrv.stores.revoking import KEPT_S, Revoking
from streamsrv.stores.state import names
from streamsrv.stores.viewer_book import RedisViewerBook
from streamsrv.stores.writing import ViewerWriter
from tests.stores.viewers import RENEWAL, Book, Row, open_book

NOW_S = 1_800_000_000


@pytest.fixture
async def book(tmp_path: Path) -> AsyncIterator[Book]:
    async with open_book(tmp_path / "state") as opened:
        yield opened


def _link_id(book: Book, viewer_id: str = "anna") -> LinkId:
    return book.identity.link_id(RENEWAL, ViewerId(viewer_id))


async def _serials(book: Book, *viewers: str) -> list[int]:
    """The generations of new links, as they are issued."""
    viewer_book = RedisViewerBook(book.state, book.vault, book.identity)
    found = await viewer_book.serials(RENEWAL, [ViewerId(viewer) for viewer in viewers])
    return [one[1] for one in found if one is not None]


@pytest.fixture
async def revoking(book: Book) -> Revoking:
    await ViewerWriter(book.state, book.vault, book.identity, RENEWAL).put([Row("anna", {}), Row("ben", {})], at_s=1)
    return Revoking(book.state)


async def test_one_viewers_links_are_revoked_and_their_new_ones_open(book: Book, revoking: Revoking) -> None:
    serial = await revoking.link(_link_id(book), now_s=NOW_S)

    with pytest.raises(Expired):
        await book.store.viewer(LinkClaims(_link_id(book), serial - 1, 1, NOW_S))
    assert "anna" == (await book.store.viewer(LinkClaims(_link_id(book), serial, 1, NOW_S))).viewer_id
    assert [serial, 0] == await _serials(book, "anna", "ben")
    assert (serial, 0) == (await book.store.serial(_link_id(book)), await book.store.serial(_link_id(book, "ben")))


async def test_revoking_again_revokes_what_was_issued_in_between(book: Book, revoking: Revoking) -> None:
    first = await revoking.link(_link_id(book), now_s=NOW_S)
    second = await revoking.link(_link_id(book), now_s=NOW_S + 10)

    assert first < second


async def test_a_clock_that_goes_back_brings_no_link_back(book: Book, revoking: Revoking) -> None:
    first = await revoking.link(_link_id(book), now_s=NOW_S)

    assert first == await revoking.link(_link_id(book), now_s=NOW_S - 3_600)


async def test_a_campaigns_new_links_are_above_all_that_were_revoked(book: Book, revoking: Revoking) -> None:
    one = await revoking.link(_link_id(book), now_s=NOW_S)
    whole = await revoking.campaign(book.identity.campaign_tag(RENEWAL), now_s=NOW_S + 5)

    assert one < whole
    assert [whole, whole] == await _serials(book, "anna", "ben")
    tag = tag_text(book.identity.campaign_tag(RENEWAL)).encode()
    assert {tag: str(whole).encode()} == await book.state.client.hgetall(names.REVOKED_CAMPAIGNS)


async def test_processes_learn_which_sessions_end_and_for_no_longer_than_they_last(
    book: Book, revoking: Revoking
) -> None:
    await revoking.link(_link_id(book), now_s=NOW_S)
    await revoking.link(_link_id(book, "ben"), now_s=NOW_S + KEPT_S + 2)

    told = await book.state.client.zrange(names.REVOKED_LINKS, 0, -1, withscores=True)
    assert [(book.link("ben").encode(), NOW_S + KEPT_S + 3)] == told


async def test_keys_are_revoked_by_their_ids(book: Book, revoking: Revoking) -> None:
    await revoking.key(3)
    await revoking.key(3)
    await revoking.key(7)

    assert {b"3", b"7"} == await book.state.client.smembers(names.REVOKED_KEYS)
