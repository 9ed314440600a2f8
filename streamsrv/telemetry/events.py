"""Events as JSON lines in files, written by one thread. Nothing is lost without being counted (A35).

The event loop only appends to a bounded queue. A batch that cannot be written (disk full, I/O error) is cut off
the file, kept and tried again, so a file never holds half a line and order is kept; meanwhile the queue bounds
what memory may be taken.
"""

import asyncio
import os
import threading
from collections import Counter, deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from streamsrv.core.events import format_event
from streamsrv.core.model import Event
from streamsrv.ports import Clock

BATCH = 2_000
"""Events serialised in one go: a few milliseconds of work."""


@dataclass(frozen=True, slots=True)
class EventLogLimits:
    """How much is queued, how large a file may grow, and how long an event may wait to be written."""

    queued: int = 100_000
    file_bytes: int = 64 * 1024 * 1024
    flush_s: float = 0.25


class EventLog:
    """An `EventSink` that writes to `folder`. `put` from one thread; closed exactly once, by `aclose`."""

    def __init__(self, folder: Path, *, clock: Clock, limits: EventLogLimits | None = None) -> None:
        self._limits = limits or EventLogLimits()
        self._queue: deque[Event] = deque()
        self._file = _EventFile(folder, clock=clock, limit_bytes=self._limits.file_bytes)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="events")
        self.written = 0
        self.failed_writes = 0
        self.dropped: Counter[str] = Counter()
        self._thread.start()

    @property
    def queued(self) -> int:
        return len(self._queue)

    def put(self, event: Event) -> None:
        if self._stop.is_set():
            self.dropped["closed"] += 1
        elif len(self._queue) >= self._limits.queued:
            self.dropped["queue_full"] += 1
        else:
            self._queue.append(event)

    async def aclose(self) -> None:
        """Write and sync everything that was put; what the disk refuses is dropped and counted."""
        self._stop.set()
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        while not self._stop.wait(self._limits.flush_s):
            while self._queue and self._write_batch():
                pass
        while self._queue:
            if not self._write_batch():
                self.dropped["write_error"] += len(self._queue)
                self._queue.clear()
        try:
            self._file.close()
        except OSError:
            self.failed_writes += 1

    def _write_batch(self) -> bool:
        """Whether the oldest events could be written; those that could not stay queued."""
        count = min(len(self._queue), BATCH)
        lines = []
        for position in range(count):
            with suppress(orjson.JSONEncodeError):
                lines.append(orjson.dumps(format_event(self._queue[position]), option=orjson.OPT_APPEND_NEWLINE))
        try:
            self._file.append(lines)
        except OSError:
            self.failed_writes += 1
            return False
        for _ in range(count):
            self._queue.popleft()
        self.written += len(lines)
        if len(lines) < count:
            self.dropped["not_json"] += count - len(lines)
        return True


class _EventFile:
    """The file that is being written: one hour, one size. Used by the writing thread only."""

    def __init__(self, folder: Path, *, clock: Clock, limit_bytes: int) -> None:
        self._folder = folder
        self._clock = clock
        self._limit_bytes = limit_bytes
        self._descriptor = -1
        self._size_bytes = 0
        self._hour = ""
        self._opened = 0

    def append(self, lines: Sequence[bytes]) -> None:
        """Write whole lines or none; raises `OSError`."""
        hour = datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC).strftime("%Y%m%d-%H")
        if self._descriptor < 0 or hour != self._hour or self._size_bytes >= self._limit_bytes:
            self.close()
            self._open(hour)
        data = memoryview(b"".join(lines))
        end = self._size_bytes + len(data)
        try:
            while data:
                data = data[os.write(self._descriptor, data) :]
        except OSError:
            os.ftruncate(self._descriptor, self._size_bytes)
            raise
        self._size_bytes = end

    def close(self) -> None:
        """Sync to disk and close; raises `OSError`."""
        if self._descriptor < 0:
            return
        descriptor, self._descriptor = self._descriptor, -1
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _open(self, hour: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._opened += 1
        # The process and a number make the name unique; several processes may share the folder.
        name = f"events-{hour}-{os.getpid()}-{self._opened:04d}.jsonl"
        self._descriptor = os.open(
            self._folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o640
        )
        self._size_bytes = 0
        self._hour = hour
