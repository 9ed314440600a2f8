"""Rendered segments: whole or not at all, bounded, and gone when they must be."""

import asyncio
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from obstore.store import LocalStore

from streamsrv.core.errors import Unavailable
from streamsrv.core.fragment import Fragment
from streamsrv.core.own import OwnName
from streamsrv.media.boxes import Sample, video_segment
from streamsrv.stores.rendered import BucketObjects, FolderObjects, Objects, RenderedStore

MIB = 1024 * 1024
NAME = OwnName("ab" * 20, "720p", 3)


def _segment(size_bytes: int = 4000, seed: int = 1) -> bytes:
    data = random.Random(seed).randbytes(size_bytes)
    return video_segment([Sample(data)], decode_time_ticks=0, sample_ticks=3000)


def _bytes(fragment: Fragment | None) -> bytes:
    assert fragment is not None
    return fragment.head + bytes(fragment.body)


@pytest.fixture(params=["folder", "bucket"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    """Both kinds of places keep the same contract (A38)."""
    if request.param == "folder":
        return FolderObjects(tmp_path / "own", max_bytes=64 * MIB)
    return BucketObjects(LocalStore(prefix=tmp_path / "own", mkdir=True))


def _store(objects: Objects, *, cache_bytes: int = 0) -> RenderedStore:
    return RenderedStore(objects, cache_bytes=cache_bytes, deadline_s=5)


async def test_a_segment_comes_back_as_it_was(objects: Objects) -> None:
    store = _store(objects)
    assert None is await store.get(NAME)

    await store.put(NAME, _segment())

    assert _segment() == _bytes(await store.get(NAME))
    assert None is await store.get(NAME._replace(number=4))


async def test_forgetting_a_content_takes_every_rendition_and_nothing_else(objects: Objects) -> None:
    store, other = _store(objects, cache_bytes=MIB), OwnName("cd" * 20, "720p", 3)
    for name in (NAME, NAME._replace(rendition="360p"), NAME._replace(number=4), other):
        await store.put(name, _segment())

    await store.forget([NAME.key])

    assert [None, None] == [await store.get(NAME), await store.get(NAME._replace(rendition="360p"))]
    assert _segment() == _bytes(await store.get(other))


async def test_damage_of_any_kind_is_found_and_thrown_away(tmp_path: Path) -> None:
    """A hundred files with a flipped bit, a cut, zeros or another file's bytes in them (A2)."""
    store, chance = _store(FolderObjects(tmp_path, max_bytes=64 * MIB)), random.Random(7)
    names = [NAME._replace(number=index) for index in range(100)]
    for name in names:
        await store.put(name, _segment(seed=name.number))
    for name in names:
        place = tmp_path / name.path()
        data = bytearray(place.read_bytes())
        match name.number % 4:
            case 0:
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            case 1:
                del data[chance.randrange(len(data)) :]
            case 2:
                data[:] = bytes(len(data))
            case _:
                data[200:300] = chance.randbytes(100)
        place.write_bytes(data)

    assert [None] * 100 == [await store.get(name) for name in names]
    assert 100 == store.damaged
    assert [] == [path for path in tmp_path.rglob("*") if path.is_file()]


async def test_a_folder_keeps_its_bound_and_forgets_what_was_not_used_longest(tmp_path: Path) -> None:
    store = _store(FolderObjects(tmp_path, max_bytes=MIB))
    for index in range(40):
        await store.put(NAME._replace(number=index), _segment(64 * 1024, index))
        os.utime(tmp_path / NAME._replace(number=index).path(), (index, time.time() - 4000 + index))

    size = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    assert size <= MIB + 128 * 1024
    assert _segment(64 * 1024, 39) == _bytes(await store.get(NAME._replace(number=39)))
    assert None is await store.get(NAME)


async def test_a_disk_that_takes_nothing_more_stops_no_answer(tmp_path: Path) -> None:
    (tmp_path / "ab").write_text("a file where a folder must be")
    store = _store(FolderObjects(tmp_path, max_bytes=MIB))

    assert _segment() == _bytes(await store.put(NAME, _segment()))
    assert (1, None) == (store.refused, await store.get(NAME))


async def test_a_place_that_cannot_be_read_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / NAME.path()).mkdir(parents=True)

    with pytest.raises(Unavailable):
        await _store(FolderObjects(tmp_path, max_bytes=MIB)).get(NAME)


_WRITING = """
import asyncio, sys
from pathlib import Path
from streamsrv.stores.rendered import FolderObjects, RenderedStore
from tests.stores.test_rendered import NAME, _segment
store = RenderedStore(FolderObjects(Path(sys.argv[1]), max_bytes=1 << 30), cache_bytes=0, deadline_s=60)
async def write():
    print("ready", flush=True)
    for index in range(100000):
        await store.put(NAME._replace(number=index % 50), _segment(300_000, index % 50))
asyncio.run(write())
"""


def _write_until_killed(folder: Path, after_s: float) -> None:
    process = subprocess.Popen([sys.executable, "-c", _WRITING, str(folder)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(after_s)
    process.kill()
    process.wait()
    process.stdout.close()


async def test_a_process_that_is_killed_while_it_writes_leaves_nothing_that_is_served(tmp_path: Path) -> None:
    for number in range(6):
        await asyncio.to_thread(_write_until_killed, tmp_path, 0.05 + 0.07 * number)

    store = _store(FolderObjects(tmp_path, max_bytes=1 << 30))
    found = [await store.get(NAME._replace(number=index)) for index in range(50)]
    whole = [index for index, fragment in enumerate(found) if fragment is not None]
    assert whole
    assert [_segment(300_000, index) for index in whole] == [_bytes(found[index]) for index in whole]
    assert 0 == store.damaged
