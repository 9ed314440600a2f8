"""Who is erased is gone: from every key, from every file, after a backup was put back, and whatever runs meanwhile."""

import asyncio
import base64
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from urllib.parse import quote

import pytest

from streamsrv.config import StateSettings
from streamsrv.core.errors import Invalid, NotFound, Unavailable
from streamsrv.core.model import SessionId, ViewerId
from streamsrv.core.tokens import LinkClaims
from streamsrv.stores.erasure import ErasureList, erase, erasures_of, reapply
from streamsrv.stores.forgetting import Trace, trace_of
from streamsrv.stores.state import names
from streamsrv.stores.state.compaction import compact
from streamsrv.stores.vault import WRAPPED_BYTES
from streamsrv.stores.writing import ViewerWriter
from tests.stores.imports.runs import renewal
from tests.stores.viewers import RENEWAL, Book, Row, keys_and_values, open_book

CANARY = "Canary-Zoë-4711"
NOW_S = 1_800_000_000
SESSION = SessionId("ab" * 16)


@pytest.fixture
async def book(tmp_path: Path) -> AsyncIterator[Book]:
    async with open_book(tmp_path / "state") as opened:
        yield opened


@pytest.fixture
def listed(tmp_path: Path) -> ErasureList:
    return erasures_of(StateSettings(dir=tmp_path / "state"))


def _forms(text: str) -> set[bytes]:
    """A text as it is, and in every form in which it could hide."""
    raw = text.encode()
    # base64 depends on where in a group of three the text begins; its inner characters do not.
    shifted = [base64.b64encode(b"x" * shift + raw)[4:-4] for shift in range(3)]
    urlsafe = [base64.urlsafe_b64encode(b"x" * shift + raw)[4:-4] for shift in range(3)]
    return {raw, raw.lower(), raw.hex().encode(), raw.hex().upper().encode(), quote(text).encode(), *shifted, *urlsafe}


def _holding(haystack: bytes, needles: set[bytes]) -> list[bytes]:
    return [needle for needle in needles if needle in haystack]


def _files(folder: Path) -> bytes:
    """Everything in the files of a folder, and their names."""
    parts = [part for path in folder.rglob("*") if path.is_file() for part in (path.name.encode(), path.read_bytes())]
    return b"\n".join(parts)


async def _fill(book: Book, *viewers: str) -> None:
    """Viewers with all that the store can hold of one."""
    rows = [Row(one, {"first_name": f"{CANARY}-{one}", "premium": "47.11"}) for one in viewers]
    await ViewerWriter(book.state, book.vault, book.identity, RENEWAL).put(rows, at_s=1)
    for one in viewers:
        link = book.link(one)
        viewer = await book.store.viewer_by_id(RENEWAL, ViewerId(one))
        snapshot = book.vault.seal(viewer.link_id, viewer.data_key, f"{CANARY}-{one}".encode())
        await book.state.many_set(
            {
                names.session(link, bytes.fromhex(SESSION)): snapshot,
                names.minimum_serial(link): b"7",
                names.failed_tries(link): b"1",
            }
        )
        await book.state.client.hset(names.devices(link), "device", "1:0")
        await book.state.client.hset(_trace(book, one).assignments, "offer", "bonus\trelease\t1")


def _trace(book: Book, viewer_id: str) -> Trace:
    return trace_of(book.identity, renewal(), ViewerId(viewer_id))


async def _erase(book: Book, listed: ErasureList, viewers: Sequence[str]) -> int:
    return await erase(book.state, listed, [_trace(book, one) for one in viewers], now_s=NOW_S)


async def _kinds(book: Book, viewer_id: str) -> set[str]:
    """The kinds of keys that there are of a viewer."""
    trace = _trace(book, viewer_id)
    tag = trace.assignments.partition("{")[2].partition("}")[0]
    keys = [key.decode() async for key in book.state.scan("*")]
    return {key[0] for key in keys if names.link_of(key) in (trace.link, tag)}


async def test_nothing_of_an_erased_viewer_is_left_but_the_mark(book: Book, listed: ErasureList) -> None:
    await _fill(book, "zoe", "anna")
    assert set("vnsdfa") == await _kinds(book, "zoe")

    assert 1 == await _erase(book, listed, ["zoe"])

    assert ({"x"}, set("vnsdfa")) == (await _kinds(book, "zoe"), await _kinds(book, "anna"))
    with pytest.raises(NotFound):
        await book.store.viewer(LinkClaims(book.identity.link_id(RENEWAL, ViewerId("zoe")), 99, 1, NOW_S))


async def test_no_key_and_no_file_holds_anything_of_them(book: Book, listed: ErasureList, tmp_path: Path) -> None:
    await _fill(book, "zoe", "anna")
    folder = tmp_path / "state"
    keys = [names.viewer(book.link("zoe")), names.session(book.link("zoe"), bytes.fromhex(SESSION))]
    record, snapshot = await book.state.many_get(keys)
    assert record is not None
    assert snapshot is not None
    hidden = {record[:WRAPPED_BYTES], record[WRAPPED_BYTES:], snapshot}
    assert 3 == len(_holding(_files(folder), hidden))

    await _erase(book, listed, ["zoe"])
    assert await compact(book.state, StateSettings(dir=folder))

    kept = await keys_and_values(book.state)
    needles = hidden | _forms(f"{CANARY}-zoe") | _forms("47.11-zoe")
    everything = b"\n".join([*kept, *kept.values(), _files(tmp_path)])
    assert [] == _holding(everything, needles)
    # Whatever opens at all, opened with all the keys that there are: another viewer's, and nothing of hers.
    opened = [await _opened(book, key, value) for key, value in kept.items()]
    assert [f"{CANARY}-anna"] == [name for name in opened if name]


async def _opened(book: Book, key: bytes, value: bytes) -> str:
    if not key.startswith(b"v:"):
        return ""
    found = await book.store.viewer_by_id(RENEWAL, ViewerId("anna"))
    assert book.link("anna") == names.link_of(key.decode())
    return str(found.attributes["first_name"])


async def test_her_sessions_are_ended_everywhere(book: Book, listed: ErasureList) -> None:
    await _fill(book, "zoe")

    await _erase(book, listed, ["zoe"])

    told = await book.state.client.zrange(names.REVOKED_LINKS, 0, -1, withscores=True)
    assert [(book.link("zoe").encode(), NOW_S + 1)] == told


async def test_erasing_who_is_not_there_keeps_them_out(book: Book, listed: ErasureList) -> None:
    assert 0 == await _erase(book, listed, ["zoe"])

    refused = await ViewerWriter(book.state, book.vault, book.identity, RENEWAL).put([Row("zoe", {})], at_s=1)

    assert ([0], {"x"}) == (refused, await _kinds(book, "zoe"))


async def test_many_are_erased_at_once(book: Book, listed: ErasureList) -> None:
    viewers = [f"v{number}" for number in range(1_200)]
    writer = ViewerWriter(book.state, book.vault, book.identity, RENEWAL)
    await writer.put([Row(one, {}) for one in [*viewers, "anna"]], at_s=1)

    assert 1_200 == await _erase(book, listed, viewers)

    assert [book.link("anna")] == [names.link_of(key.decode()) async for key in book.state.scan("v:*")]


async def test_an_import_that_runs_meanwhile_brings_nobody_back(book: Book, listed: ErasureList) -> None:
    viewers = [f"v{number}" for number in range(500)]
    writer = ViewerWriter(book.state, book.vault, book.identity, RENEWAL)

    async def import_again() -> None:
        for _ in range(20):
            await writer.put([Row(one, {}) for one in viewers], at_s=1)

    importing = asyncio.create_task(import_again())
    for start in range(0, 500, 50):
        await _erase(book, listed, viewers[start : start + 50])
    await importing

    assert [] == [key async for key in book.state.scan("v:*")]


async def test_a_backup_that_is_put_back_brings_nobody_back(tmp_path: Path) -> None:
    folder, backup = tmp_path / "state", tmp_path / "backup"
    listed = erasures_of(StateSettings(dir=folder))
    async with open_book(folder) as book:
        await _fill(book, "zoe", "anna")
    shutil.copytree(folder, backup)
    async with open_book(folder) as book:
        await _erase(book, listed, ["zoe"])
    shutil.rmtree(folder)
    shutil.copytree(backup, folder)

    async with open_book(folder) as book:
        assert set("vnsdfa") == await _kinds(book, "zoe")
        assert 1 == await reapply(book.state, listed, now_s=NOW_S)
        assert ({"x"}, set("vnsdfa")) == (await _kinds(book, "zoe"), await _kinds(book, "anna"))
        assert 0 == await reapply(book.state, listed, now_s=NOW_S)


async def test_who_came_back_themselves_is_not_erased_again_and_has_no_old_links(
    book: Book, listed: ErasureList
) -> None:
    await _erase(book, listed, ["zoe", "anna"])
    writer = ViewerWriter(book.state, book.vault, book.identity, RENEWAL, restored=listed)

    assert [] == await writer.put([Row("zoe", {"first_name": "Zoë"})], at_s=NOW_S)
    assert 0 == await reapply(book.state, listed, now_s=NOW_S)

    assert ({"v", "n"}, {"x"}) == (await _kinds(book, "zoe"), await _kinds(book, "anna"))
    assert NOW_S + 1 == await book.store.serial(book.identity.link_id(RENEWAL, ViewerId("zoe")))


async def test_nothing_is_erased_that_cannot_be_put_on_the_list(book: Book, tmp_path: Path) -> None:
    await _fill(book, "zoe")
    place = tmp_path / "erasures"
    place.mkdir()

    with pytest.raises(Invalid, match="erasures: cannot be written: Is a directory"):
        await _erase(book, ErasureList(place), ["zoe"])

    assert set("vnsdfa") == await _kinds(book, "zoe")


def test_the_list_survives_a_line_that_was_never_finished(tmp_path: Path) -> None:
    listed = ErasureList(tmp_path / "erasures")
    listed.add([Trace("one", "a:{1}")], at_s=1)
    listed.path.write_bytes(listed.path.read_bytes() + b'{"at_s": 2, "li')
    listed.add([Trace("two", "")], at_s=3)
    listed.add([Trace("three", "")], at_s=3)
    listed.take_back(["three"], at_s=4)

    assert [Trace("one", "a:{1}"), Trace("two", "")] == listed.erased()
    assert 0o600 == listed.path.stat().st_mode & 0o777


async def test_without_the_store_nothing_is_said_to_be_done(tmp_path: Path) -> None:
    async with open_book(tmp_path / "state") as book:
        traces = [_trace(book, "zoe")]
        listed = ErasureList(tmp_path / "erasures")
    with pytest.raises(Unavailable):
        await erase(book.state, listed, traces, now_s=NOW_S)

    assert traces == listed.erased()
