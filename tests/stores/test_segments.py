"""The segment store: whole and genuine bytes, or a clear trouble that players retry."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from streamsrv.core.errors import Unavailable
from streamsrv.stores.segments import CachedSegmentStore, open_store
from tests.core.test_fragment import segment


def put(folder: Path, data: bytes) -> str:
    name = hashlib.sha256(data).hexdigest()
    path = folder / "objects" / name[:2] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return name


def opened(folder: Path, *, cache_bytes: int = 1 << 20) -> CachedSegmentStore:
    return CachedSegmentStore(open_store(str(folder)), cache_bytes=cache_bytes, deadline_s=5.0)


async def test_a_segment_is_read_once_and_then_found_in_memory(tmp_path: Path) -> None:
    store, data = opened(tmp_path), segment(media=b"x" * 300_000)
    name = put(tmp_path, data)
    first, second = await store.segment(name), await store.segment(name)

    assert first is second
    assert data == first.head + bytes(first.body)
    assert (1, 1, len(data)) == (store.hits, store.misses, store.cached_bytes)


async def test_a_cancelled_waiter_disturbs_nobody(tmp_path: Path) -> None:
    store = opened(tmp_path)
    name = put(tmp_path, segment(media=b"x" * 300_000))
    waiters = [asyncio.create_task(store.segment(name)) for _ in range(50)]
    await asyncio.sleep(0)
    for waiter in waiters[:-1]:
        waiter.cancel()

    assert 300_008 == len((await waiters[-1]).body)
    results = await asyncio.gather(*waiters[:-1], return_exceptions=True)
    assert all(isinstance(result, asyncio.CancelledError) for result in results)


@pytest.mark.parametrize("damage", ["missing", "cut", "flipped", "folder"])
async def test_what_is_not_the_object_is_never_served(tmp_path: Path, damage: str) -> None:
    data = segment(media=b"media")
    name = put(tmp_path, data)
    path = tmp_path / "objects" / name[:2] / name
    path.unlink()
    match damage:
        case "cut":
            path.write_bytes(data[:-1])
        case "flipped":
            path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        case "folder":
            path.mkdir()
    with pytest.raises(Unavailable):
        await opened(tmp_path).segment(name)


async def test_after_the_trouble_the_segment_is_served_again(tmp_path: Path) -> None:
    store, data = opened(tmp_path), segment(media=b"media")
    name = hashlib.sha256(data).hexdigest()
    with pytest.raises(Unavailable):
        await store.segment(name)
    put(tmp_path, data)

    found = await store.segment(name)
    assert data == found.head + bytes(found.body)


async def test_the_cache_keeps_its_bound(tmp_path: Path) -> None:
    store = opened(tmp_path, cache_bytes=2_000)
    for number in range(10):
        await store.segment(put(tmp_path, segment(media=bytes([number]) * 700)))

    assert store.cached_bytes <= 2_000
