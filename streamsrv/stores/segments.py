"""Segments and init sections from an object store (a folder, S3, GCS, Azure), with the hot ones in memory.

Every object is named by its SHA-256 and checked against it when it is read: damaged bytes never leave (A2).
"""

import asyncio
import hashlib
import logging
from pathlib import Path

from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from streamsrv.core.cache import LruCache
from streamsrv.core.errors import Unavailable, invalid
from streamsrv.core.fragment import Fragment, parse_fragment

logger = logging.getLogger(__name__)

SMALL_BYTES = 16 * 1024 * 1024
"""Init sections and posters kept in memory, apart from segments so that those never push them out."""
HASH_IN_THREAD_BYTES = 128 * 1024
"""Hashing more than this takes over a tenth of a millisecond: off the event loop."""


def open_store(place: str) -> ObjectStore:
    """The object store at a folder or an s3://, gs:// or az:// URL; raises `Invalid` where there can be none."""
    try:
        if "://" in place:
            return from_url(place)
        return LocalStore(prefix=Path(place).resolve(), mkdir=False)
    except BaseError as error:
        expected = "a folder that `streamsrv package` filled, or an s3://, gs:// or az:// URL"
        raise invalid(f"storage.segments: {place}", "cannot be opened", expected) from error


def read_object(store: ObjectStore, name: str) -> bytes:
    """The bytes of a stored object, by its hash. Blocking: for commands."""
    return bytes(store.get(f"objects/{name[:2]}/{name}").bytes())


class CachedSegmentStore:
    """Reads each object once for all who wait for it, and keeps at most `cache_bytes` in memory."""

    def __init__(self, store: ObjectStore, *, cache_bytes: int, deadline_s: float) -> None:
        self._store = store
        self._deadline_s = deadline_s
        self._segments: LruCache[str, Fragment] = LruCache(cache_bytes)
        self._small: LruCache[str, bytes] = LruCache(SMALL_BYTES)
        self._reading: dict[str, asyncio.Task[bytes]] = {}
        self.hits = 0
        self.misses = 0

    @property
    def cached_bytes(self) -> int:
        return self._segments.cost + self._small.cost

    async def segment(self, name: str) -> Fragment:
        found = self._segments.get(name)
        if found is not None:
            self.hits += 1
            return found
        data = await self._read(name)
        try:
            fragment = parse_fragment(data)
        except ValueError as error:
            logger.error("a stored segment is not a fragment", extra={"object": name, "why": str(error)})
            raise Unavailable("segment") from error
        self._segments.put(name, fragment, cost=fragment.size_bytes)
        return fragment

    async def small(self, name: str) -> bytes:
        found = self._small.get(name)
        if found is not None:
            self.hits += 1
            return found
        data = await self._read(name)
        self._small.put(name, data, cost=len(data))
        return data

    async def _read(self, name: str) -> bytes:
        """One read for all who ask at once. A waiter that goes away disturbs neither the read nor the others (A15)."""
        self.misses += 1
        task = self._reading.get(name)
        if task is None:
            task = asyncio.create_task(self._fetch(name))
            self._reading[name] = task
            task.add_done_callback(lambda done: self._forget(name, done))
        return await asyncio.shield(task)

    def _forget(self, name: str, done: asyncio.Task[bytes]) -> None:
        del self._reading[name]
        if not done.cancelled():
            done.exception()  # Read, so that a failure nobody waits for any more is not reported as unseen.

    async def _fetch(self, name: str) -> bytes:
        try:
            async with asyncio.timeout(self._deadline_s):
                result = await self._store.get_async(f"objects/{name[:2]}/{name}")
                data = bytes(await result.bytes_async())
        except (NotFoundError, FileNotFoundError) as error:
            # A listed object that is gone is trouble in the store, not a wrong URL: players retry 503 only (A7).
            logger.error("a listed object is missing", extra={"object": name})
            raise Unavailable("segment") from error
        except (TimeoutError, OSError, BaseError) as error:
            logger.error("an object could not be read", extra={"object": name, "why": type(error).__name__})
            raise Unavailable("segment store") from error
        if await _sha256(data) != name:
            logger.error("a stored object is damaged", extra={"object": name, "bytes": len(data)})
            raise Unavailable("segment")
        return data


async def _sha256(data: bytes) -> str:
    def digest() -> str:
        return hashlib.sha256(data).hexdigest()

    return digest() if len(data) < HASH_IN_THREAD_BYTES else await asyncio.to_thread(digest)
