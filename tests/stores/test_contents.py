"""Erasing a viewer reaches what was rendered for them, in every place, and nothing of it comes back (B11)."""

import random
from pathlib import Path

from streamsrv.core.model import ViewerId
from streamsrv.core.own import OwnName
from streamsrv.media.boxes import Sample, video_segment
from streamsrv.stores.contents import Notes, Removal, give_up, is_gone
from streamsrv.stores.rendered import FolderObjects, RenderedStore
from streamsrv.stores.state import names
from tests.stores.viewers import RENEWAL, open_book

ANAS, SHARED, OTHERS = "aa" * 20, "bb" * 20, "cc" * 20


def _segment(seed: int) -> bytes:
    return video_segment([Sample(random.Random(seed).randbytes(500))], decode_time_ticks=0, sample_ticks=3000)


def _place(folder: Path) -> RenderedStore:
    return RenderedStore(FolderObjects(folder, max_bytes=2**26), cache_bytes=2**20, deadline_s=5)


async def _filled(folder: Path) -> RenderedStore:
    place = _place(folder)
    for seed, key in enumerate((ANAS, SHARED, OTHERS)):
        for rung in ("360p", "720p"):
            await place.put(OwnName(key, rung, 1), _segment(seed))
    return place


def _contents(folder: Path) -> set[str]:
    return {path.parent.name for path in folder.rglob("*p-1")}


async def test_what_shows_an_erased_viewer_is_removed_from_every_place_in_memory_too(tmp_path: Path) -> None:
    async with open_book(tmp_path / "state") as book:
        ana, zoe = (book.identity.link_id(RENEWAL, ViewerId(one)) for one in ("ana", "zoe"))
        notes = Notes(book.state)
        notes.add(ana, {ANAS})
        notes.add(ana, {SHARED})
        notes.add(zoe, {SHARED, OTHERS})
        await notes.aclose()
        here, there = await _filled(tmp_path / "here"), await _filled(tmp_path / "there")

        assert 2 == await give_up(book.state, [book.link("ana")])
        assert [2, 2] == [await Removal(book.state, place).catch_up() for place in (here, there)]

        assert [{OTHERS}] * 2 == [_contents(tmp_path / name) for name in ("here", "there")]
        assert [None, None] == [await here.get(OwnName(key, "360p", 1)) for key in (ANAS, SHARED)]
        assert [True, True, False] == [await is_gone(book.state, key) for key in (ANAS, SHARED, OTHERS)]
        assert not await book.state.client.exists(names.own_contents(book.link("ana")))
        assert 0 == await give_up(book.state, [book.link("ana")])


async def test_a_place_that_was_away_goes_on_where_it_stopped_and_spares_what_came_later(tmp_path: Path) -> None:
    async with open_book(tmp_path / "state") as book:
        ana = book.identity.link_id(RENEWAL, ViewerId("ana"))
        for key in (ANAS, SHARED):
            notes = Notes(book.state)
            notes.add(ana, {key})
            await notes.aclose()
            await give_up(book.state, [book.link("ana")])
            place = await _filled(tmp_path / "place")
            assert 1 == await Removal(book.state, _place(tmp_path / "place")).catch_up()
            assert key not in _contents(tmp_path / "place")
        # Another viewer has the words by now: what is theirs is not taken for what was erased before.
        assert ANAS in _contents(tmp_path / "place")
        assert 0 == await Removal(book.state, place).catch_up()
