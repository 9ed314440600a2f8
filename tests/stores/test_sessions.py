"""A session is pinned once: what was decided first stays, sealed, for as long as it plays, and goes with its viewer."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from streamsrv.core.errors import NotFound, Unavailable
from streamsrv.core.model import Session, SessionId, Viewer, ViewerId
from streamsrv.core.tokens import LinkClaims
from streamsrv.stores.sessions import GRACE_S, RedisSessionStore
from streamsrv.stores.state import names
from streamsrv.stores.writing import ViewerWriter
from tests.stores.viewers import RENEWAL, Book, Row, keys_and_values, open_book

NOW_S = 1_800_000_000
DOCUMENT = {"session": "ab" * 16, "decisions": ["hello"], "attributes": {"first_name": "Anna-Canary"}}
OTHER = {"session": "ab" * 16, "decisions": ["something else"], "attributes": {}}


class Clock:
    def now_ms(self) -> int:
        return NOW_S * 1000


@pytest.fixture
async def book(tmp_path: Path) -> AsyncIterator[Book]:
    async with open_book(tmp_path / "state") as opened:
        writer = ViewerWriter(opened.state, opened.vault, opened.identity, RENEWAL)
        await writer.put([Row("anna", {"first_name": "Anna-Canary"}), Row("ben", {})], at_s=NOW_S)
        yield opened


def sessions(book: Book) -> RedisSessionStore:
    return RedisSessionStore(book.state, book.vault, Clock())


def session(book: Book, viewer_id: str = "anna", session_id: str = "ab" * 16) -> Session:
    link_id = book.identity.link_id(RENEWAL, ViewerId(viewer_id))
    return Session(SessionId(session_id), link_id, 0, 1, NOW_S, NOW_S + 3600)


async def viewer(book: Book, viewer_id: str = "anna") -> Viewer:
    link_id = book.identity.link_id(RENEWAL, ViewerId(viewer_id))
    return await book.store.viewer(LinkClaims(link_id, 0, 1, NOW_S + 1))


async def test_what_was_pinned_first_stays(book: Book) -> None:
    anna = await viewer(book)
    first = await sessions(book).pin(session(book), DOCUMENT, viewer=anna)
    again = await sessions(book).pin(session(book), OTHER, viewer=anna)

    assert [DOCUMENT] * 3 == [first, again, await sessions(book).pinned(session(book))]


async def test_it_is_kept_as_long_as_the_session_may_play_and_a_little_longer(book: Book) -> None:
    await sessions(book).pin(session(book), DOCUMENT, viewer=await viewer(book))

    ttl_s = await book.state.client.ttl(names.session(book.link("anna"), bytes.fromhex("ab" * 16)))
    assert 3600 + GRACE_S - 5 <= ttl_s <= 3600 + GRACE_S


async def test_nothing_of_it_can_be_read_in_the_store(book: Book) -> None:
    await sessions(book).pin(session(book), DOCUMENT, viewer=await viewer(book))

    assert not [key for key, value in (await keys_and_values(book.state)).items() if b"Canary" in key + value]


async def test_a_session_that_was_never_pinned_is_not_found(book: Book) -> None:
    with pytest.raises(NotFound):
        await sessions(book).pinned(session(book))


@pytest.mark.parametrize("lost", ["record", "tombstone"])
async def test_a_viewer_who_is_erased_takes_their_sessions_along(book: Book, lost: str) -> None:
    await sessions(book).pin(session(book), DOCUMENT, viewer=await viewer(book))
    if lost == "record":
        await book.state.client.delete(names.viewer(book.link("anna")))
    else:
        await book.state.client.set(names.erased(book.link("anna")), b"1")

    with pytest.raises(NotFound):
        await sessions(book).pinned(session(book))


async def test_what_is_put_in_anothers_place_does_not_open(book: Book) -> None:
    await sessions(book).pin(session(book), DOCUMENT, viewer=await viewer(book))
    sealed = await book.state.client.get(names.session(book.link("anna"), bytes.fromhex("ab" * 16)))
    assert sealed is not None
    # Another session of hers, and one of somebody else's.
    await book.state.client.set(names.session(book.link("anna"), bytes.fromhex("cd" * 16)), sealed)
    await book.state.client.set(names.session(book.link("ben"), bytes.fromhex("ab" * 16)), sealed)

    with pytest.raises(NotFound):
        await sessions(book).pinned(session(book, session_id="cd" * 16))
    with pytest.raises(Unavailable):
        await sessions(book).pinned(session(book, "ben"))
