"""Erasing viewers for good, backups included.

Each erasure is put on a list before anything is taken out. The list lies beside the store's files and not among them,
so a backup that is put back does not take it back: `reapply` erases again whoever came with the backup.
"""

import asyncio
import fcntl
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import orjson

from streamsrv.config import StateSettings
from streamsrv.core.errors import invalid
from streamsrv.stores.forgetting import BATCH, BUDGET_MS, Trace, forget
from streamsrv.stores.state import State, names

logger = logging.getLogger(__name__)

FILE = "erasures.ndjson"


async def erase(state: State, listed: "ErasureList", traces: Sequence[Trace], *, now_s: int) -> int:
    """Erase these viewers; how many of them were there. May be done again.

    Raises `Unavailable`, and `Invalid` where the list cannot be written: then nothing is done.
    """
    await asyncio.to_thread(listed.add, traces, at_s=now_s)
    return await forget(state, traces, now_s=now_s, erased=True)


async def reapply(state: State, listed: "ErasureList", *, now_s: int) -> int:
    """Erase again whoever is on the list and is not marked as erased; how many of them were there.

    Quick where nobody is: one look at each mark. Raises `Unavailable`, and `Invalid` where the list cannot be read.
    """
    back = 0
    traces = iter(await asyncio.to_thread(listed.erased))
    while batch := list(islice(traces, BATCH)):
        marks = await state.many_get([names.erased(one.link) for one in batch], budget_ms=BUDGET_MS)
        unmarked = [trace for trace, mark in zip(batch, marks, strict=True) if mark is None]
        if unmarked:
            back += await forget(state, unmarked, now_s=now_s, erased=True)
    return back


class ErasureList:
    """A file of lines, only ever added to, by any process of this machine. It names nobody: see `Trace`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, traces: Iterable[Trace], *, at_s: int) -> None:
        """Put viewers on the list; synced when it returns. Raises `Invalid`."""
        self._append({"at_s": at_s, "link": one.link, "assignments": one.assignments} for one in traces)

    def take_back(self, links: Iterable[str], *, at_s: int) -> None:
        """Viewers who were erased and have come back of their own: they are no longer on the list."""
        self._append({"at_s": at_s, "link": link, "restored": True} for link in links)

    def erased(self) -> list[Trace]:
        """Who is on the list."""
        if not self.path.exists():
            return []
        found: dict[str, Trace] = {}
        try:
            with self.path.open("rb") as file:
                for line in file:
                    self._take(line, found)
        except OSError as error:
            raise invalid(str(self.path), f"cannot be read: {error.strerror}") from error
        return list(found.values())

    def _take(self, line: bytes, found: dict[str, Trace]) -> None:
        try:
            entry = orjson.loads(line)
            if entry.get("restored"):
                found.pop(entry["link"], None)
            else:
                found[entry["link"]] = Trace(entry["link"], entry["assignments"])
        except (ValueError, KeyError, AttributeError):
            # Nothing is erased before its line is whole and synced.
            logger.warning("a line of the list of erasures cannot be read", extra={"path": str(self.path)})

    def _append(self, entries: Iterable[dict[str, object]]) -> None:
        lines = b"".join(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE) for entry in entries)
        try:
            with self._locked() as descriptor:
                size_bytes = os.fstat(descriptor).st_size
                if size_bytes and os.pread(descriptor, 1, size_bytes - 1) != b"\n":
                    lines = b"\n" + lines
                rest = memoryview(lines)
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
                os.fsync(descriptor)
        except OSError as error:
            raise invalid(str(self.path), f"cannot be written: {error.strerror}", "room, and the right to") from error

    @contextmanager
    def _locked(self) -> Iterator[int]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)


def erasures_of(settings: StateSettings) -> ErasureList:
    """The list of this installation."""
    return ErasureList(settings.dir.absolute().parent / FILE)
