"""Viewers' own segments, by what is on them: written once whole, read only when every byte is as it was written.

Bytes lie under names that tell nothing (`core.overlays.content_key`), each behind its length and SHA-256: what was cut
off, altered or half written is thrown away and rendered again (A1, A2). A folder has a bound, and what was asked for
longest ago goes first; a bucket is bounded by its own lifecycle rules.
"""

import asyncio
import hashlib
import logging
import os
import struct
import tempfile
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from obstore.exceptions import BaseError, NotFoundError
from obstore.store import ObjectStore

from streamsrv.core.cache import LruCache
from streamsrv.core.errors import Unavailable
from streamsrv.core.fragment import Fragment
from streamsrv.core.own import OwnName, rendered_as

logger = logging.getLogger(__name__)

_HEAD = struct.Struct(">4sQ32s")
_MAGIC = b"own1"
_SWEEP_TO = 0.9
"""Of the bound: what a sweep leaves, so that not every write sweeps."""
_TOUCH_S = 3600.0
"""How exactly the time of the last use is kept."""
_UNFINISHED_S = 3600.0
_REMOVED_TO = "removed-to"


class Objects(Protocol):
    """Bytes by path; raises `OSError` or `BaseError` when there is trouble."""

    async def get(self, path: str) -> bytes | None: ...

    async def put(self, path: str, data: bytes) -> None: ...

    async def delete(self, path: str) -> None: ...

    async def delete_under(self, prefix: str) -> None: ...


class RenderedStore:
    """Reads and writes whole segments, the hot ones in memory. Every await is bounded by `deadline_s`."""

    def __init__(self, objects: Objects, *, cache_bytes: int, deadline_s: float) -> None:
        self._objects = objects
        self._deadline_s = deadline_s
        self._kept: LruCache[OwnName, Fragment] = LruCache(cache_bytes)
        self.hits = 0
        self.misses = 0
        self.damaged = 0
        self.refused = 0
        """Writes that the disk or the bucket did not take: served all the same, and rendered again next time (A29)."""

    async def get(self, name: OwnName) -> Fragment | None:
        """The segment, or None where there is none that is whole; raises `Unavailable` past the deadline."""
        kept = self._kept.get(name)
        if kept is not None:
            self.hits += 1
            return kept
        try:
            async with asyncio.timeout(self._deadline_s):
                written = await self._objects.get(name.path())
        except (TimeoutError, OSError, BaseError) as error:
            raise Unavailable("rendered segments") from error
        data = None if written is None else await asyncio.to_thread(_opened, written)
        if data is None:
            self.misses += 1
            if written is not None:
                self.damaged += 1
                logger.error("a rendered segment is damaged", extra={"object": name.path(), "bytes": len(written)})
                with suppress(TimeoutError, OSError, BaseError):
                    async with asyncio.timeout(self._deadline_s):
                        await self._objects.delete(name.path())
            return None
        self.hits += 1
        return self._keep(name, data)

    async def put(self, name: OwnName, data: bytes) -> Fragment:
        """Keep a segment that was checked; it is handed back even where it could not be kept."""
        sealed = await asyncio.to_thread(_sealed, data)
        try:
            async with asyncio.timeout(self._deadline_s):
                await self._objects.put(name.path(), sealed)
        except (TimeoutError, OSError, BaseError) as error:
            self.refused += 1
            logger.error("a rendered segment cannot be kept", extra={"why": type(error).__name__})
        return self._keep(name, data)

    async def forget(self, keys: Iterable[str]) -> None:
        """Remove every rendition of these contents: somebody in them is erased. Raises `Unavailable`."""
        gone = frozenset(keys)
        self._kept.discard_where(lambda name: name.key in gone)
        for key in sorted(gone):
            try:
                async with asyncio.timeout(self._deadline_s):
                    await self._objects.delete_under(f"{key[:2]}/{key}")
            except (TimeoutError, OSError, BaseError) as error:
                raise Unavailable("rendered segments") from error

    async def removed_to(self) -> bytes | None:
        """How far this place has followed what is to be removed; raises `Unavailable`."""
        try:
            async with asyncio.timeout(self._deadline_s):
                return await self._objects.get(_REMOVED_TO)
        except (TimeoutError, OSError, BaseError) as error:
            raise Unavailable("rendered segments") from error

    async def note_removed_to(self, place: bytes) -> None:
        """Remember how far this place has followed. What cannot be written is removed once more another time."""
        with suppress(TimeoutError, OSError, BaseError):
            async with asyncio.timeout(self._deadline_s):
                await self._objects.put(_REMOVED_TO, place)

    def _keep(self, name: OwnName, data: bytes) -> Fragment:
        fragment = rendered_as(name, data)
        self._kept.put(name, fragment, cost=fragment.size_bytes)
        return fragment


class FolderObjects:
    """A folder on this machine, for all its processes, of at most `max_bytes`."""

    def __init__(self, root: Path, *, max_bytes: int) -> None:
        self._root = root
        self._max_bytes = max_bytes
        self._since_sweep_bytes = max_bytes
        """Written since the folder was last looked through; as if full, so that the first write looks."""
        self._sweeping = threading.Lock()

    async def get(self, path: str) -> bytes | None:
        return await asyncio.to_thread(self._get, path)

    async def put(self, path: str, data: bytes) -> None:
        await asyncio.to_thread(self._put, path, data)

    async def delete(self, path: str) -> None:
        await asyncio.to_thread((self._root / path).unlink, missing_ok=True)

    async def delete_under(self, prefix: str) -> None:
        await asyncio.to_thread(self._delete_under, prefix)

    def _get(self, path: str) -> bytes | None:
        place = self._root / path
        try:
            data = place.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        with suppress(OSError):
            now_s = time.time()
            if now_s - place.stat().st_mtime > _TOUCH_S:
                os.utime(place)
        return data

    def _put(self, path: str, data: bytes) -> None:
        """Aside, synced, renamed (A1)."""
        place = self._root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor, aside = tempfile.mkstemp(prefix=".part-", dir=place.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(aside).replace(place)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
        self._since_sweep_bytes += len(data)
        if self._since_sweep_bytes > self._max_bytes * (1 - _SWEEP_TO) and self._sweeping.acquire(blocking=False):
            try:
                self._sweep()
            finally:
                self._sweeping.release()

    def _sweep(self) -> None:
        self._since_sweep_bytes = 0
        now_s = time.time()
        found: list[tuple[float, int, Path]] = []
        for folder, _, files in os.walk(self._root):
            for name in files:
                place = Path(folder) / name
                with suppress(FileNotFoundError):
                    seen = place.stat()
                    if name.startswith(".part-") and now_s - seen.st_mtime > _UNFINISHED_S:
                        place.unlink()
                    else:
                        found.append((seen.st_mtime, seen.st_size, place))
        total = sum(size for _, size, _ in found)
        if total <= self._max_bytes:
            return
        for _, size, place in sorted(found):
            if total <= self._max_bytes * _SWEEP_TO:
                break
            place.unlink(missing_ok=True)
            total -= size
            with suppress(OSError):
                place.parent.rmdir()

    def _delete_under(self, prefix: str) -> None:
        folder = self._root / prefix
        for place in folder.glob("*"):
            place.unlink(missing_ok=True)
        with suppress(OSError):
            folder.rmdir()


class BucketObjects:
    """A bucket or another object store, shared by all machines."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def get(self, path: str) -> bytes | None:
        try:
            result = await self._store.get_async(path)
            return bytes(await result.bytes_async())
        except (NotFoundError, FileNotFoundError):
            return None

    async def put(self, path: str, data: bytes) -> None:
        await self._store.put_async(path, data)

    async def delete(self, path: str) -> None:
        with suppress(NotFoundError, FileNotFoundError):
            await self._store.delete_async(path)

    async def delete_under(self, prefix: str) -> None:
        async for page in self._store.list(prefix=prefix):
            await self._store.delete_async([item["path"] for item in page])


def _sealed(data: bytes) -> bytes:
    return _HEAD.pack(_MAGIC, len(data), hashlib.sha256(data).digest()) + data


def _opened(written: bytes) -> bytes | None:
    """What `_sealed` was given; None for anything that differs from it in a bit."""
    if len(written) < _HEAD.size:
        return None
    magic, length, digest = _HEAD.unpack_from(written)
    data = written[_HEAD.size :]
    if magic != _MAGIC or len(data) != length or hashlib.sha256(data).digest() != digest:
        return None
    return data
