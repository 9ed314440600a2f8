"""The assignment ledger: which arm each unit was given, written before anything is shown, and never changed (C18).

One SQLite file with a write-ahead log, for all processes of a machine. `AssignmentFile` is the file itself, blocking,
for commands and reports; `SqliteLedger` serves viewers from it. A commit is synced to the disk before it is answered.
"""

import asyncio
import logging
import sqlite3
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from streamsrv.core.cache import LruCache
from streamsrv.core.errors import Invalid, Unavailable, invalid
from streamsrv.core.model import CampaignId

logger = logging.getLogger(__name__)

APPLICATION_ID = 0x73747261
"""Says in the file's header whose it is ("stra")."""
LAYOUT = 1
"""The layout of the tables, as `user_version`."""
BATCH = 5_000
"""Entries of one transaction when a whole campaign is assigned: other writers wait no longer than that takes."""
GROUP = 500
"""Sessions whose assignments share one transaction."""
MAX_WAITING = 10_000
"""Sessions that may wait for the disk; more are refused at once, for it does not keep up."""

_TABLE = """
CREATE TABLE assignment (
    campaign TEXT NOT NULL, unit TEXT NOT NULL, experiment TEXT NOT NULL,
    arm TEXT NOT NULL, release TEXT NOT NULL, at_ms INTEGER NOT NULL,
    PRIMARY KEY (campaign, unit, experiment)
) WITHOUT ROWID
"""
_INSERT = "INSERT INTO assignment VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_SELECT = "SELECT experiment, arm FROM assignment WHERE campaign = ? AND unit = ?"
_PAGE = """
SELECT campaign, unit, experiment, arm, release, at_ms FROM assignment
WHERE campaign = ? AND (unit, experiment) > (?, ?) ORDER BY unit, experiment LIMIT ?
"""
_DELETE = "DELETE FROM assignment WHERE campaign = ? AND unit = ?"


class Entry(NamedTuple):
    """One line of the ledger: this unit (a `unit_key`) was given this arm, under this release of the campaign."""

    campaign_id: CampaignId
    unit: str
    experiment: str
    arm: str
    release: str
    at_ms: int


class Progress(NamedTuple):
    """How many entries have been handled so far, and how many of them were new."""

    handled: int
    recorded: int


@dataclass(frozen=True, slots=True)
class Request:
    """What one session wants recorded (experiment to arm); nothing, where it only asks."""

    campaign_id: CampaignId
    unit: str
    wanted: Mapping[str, str]
    release: str = ""
    at_ms: int = 0

    def entries(self) -> Iterator[Entry]:
        """The lines that the ledger is to have."""
        for experiment, arm in self.wanted.items():
            yield Entry(self.campaign_id, self.unit, experiment, arm, self.release, self.at_ms)


class AssignmentFile:
    """The ledger's file. Blocking; used by one thread at a time. Methods raise `Unavailable`, which says why.

    Opening makes the file where there is none; raises `Invalid` where it cannot be read and written as a ledger.
    """

    def __init__(self, path: Path, *, busy_s: float = 10.0) -> None:
        try:
            self._db = sqlite3.connect(path, timeout=busy_s, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise _unusable(path, error) from error
        try:
            self._prepare(path, busy_s)
        except sqlite3.Error as error:
            self._db.close()
            raise _unusable(path, error) from error
        except BaseException:
            self._db.close()
            raise

    def settle(self, requests: Sequence[Request]) -> list[dict[str, str] | None]:
        """Record what is wanted where nothing is recorded yet, in one synced commit; all that holds now, by request.

        None where it could not be recorded: requests that ask for nothing new are answered all the same.
        """
        held: list[dict[str, str] | None] = []
        lacking: dict[int, Request] = {}
        for number, request in enumerate(requests):
            arms = self.recorded(request.campaign_id, request.unit)
            held.append(arms)
            if not request.wanted.keys() <= arms.keys():
                lacking[number] = request
        if not lacking:
            return held
        try:
            with self._transaction():
                for request in lacking.values():
                    self._db.executemany(_INSERT, request.entries())
        except Unavailable as error:
            logger.error("assignments could not be recorded", extra={"why": error.what, "units": len(lacking)})
            return [None if number in lacking else arms for number, arms in enumerate(held)]
        # Read after the commit: what is answered is on the disk, whoever wrote it.
        for number, request in lacking.items():
            held[number] = self.recorded(request.campaign_id, request.unit)
        return held

    def recorded(self, campaign_id: CampaignId, unit: str) -> dict[str, str]:
        """All that is recorded for the unit, experiment to arm."""
        with _explained():
            return dict(self._db.execute(_SELECT, (campaign_id, unit)).fetchall())

    def record_many(self, entries: Iterable[Entry]) -> Iterator[Progress]:
        """Record what is not recorded yet, a batch and a commit at a time; run again after a failure, it goes on."""
        handled = recorded = 0
        remaining = iter(entries)
        while batch := list(islice(remaining, BATCH)):
            started_s = time.monotonic()
            with self._transaction():
                recorded += self._db.executemany(_INSERT, batch).rowcount
            held_s = time.monotonic() - started_s
            handled += len(batch)
            yield Progress(handled, recorded)
            # SQLite's lock has no queue: who waits for it looks again now and then, and must find it free. Without
            # this pause a session waited up to 1.7 s while a million entries were recorded; with it, 0.1 s.
            time.sleep(held_s)

    def rows(self, campaign_id: CampaignId) -> Iterator[Entry]:
        """A campaign's entries by unit and experiment. Those added while it runs may be left out, none comes twice."""
        unit = experiment = ""
        while page := self._page(campaign_id, unit, experiment):
            yield from page
            _, unit, experiment, *_ = page[-1]

    def erase(self, campaign_id: CampaignId, unit: str) -> int:
        """Take the unit's entries out; how many they were. Their bytes go from the files, too, unless others read."""
        with self._transaction():
            erased = self._db.execute(_DELETE, (campaign_id, unit)).rowcount
        with _explained():
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # Old pages stand in the log until it is emptied.
        return erased

    def close(self) -> None:
        self._db.close()

    def _use_log(self, busy_s: float) -> None:
        """Turn the write-ahead log on. Where processes make the file at once, SQLite does not wait for that itself."""
        give_up_at_s = time.monotonic() + busy_s
        while True:
            try:
                (mode,) = self._db.execute("PRAGMA journal_mode = WAL").fetchone()
            except sqlite3.OperationalError as error:
                # The low byte is the error, the rest says more about it.
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_at_s:
                    raise
                time.sleep(0.01)
                continue
            if mode != "wal":
                raise sqlite3.OperationalError("this place does not support a write-ahead log")
            return

    def _prepare(self, path: Path, busy_s: float) -> None:
        """Make the file a ledger where it is new; raises `Invalid` where it is another's, which is left as it is."""
        self._db.execute("BEGIN")  # One view of the file, which another process may be making.
        self._is_new(path)
        self._db.execute("COMMIT")
        self._use_log(busy_s)
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA secure_delete = ON")
        self._db.execute("BEGIN IMMEDIATE")  # Whether or not it is new: says at once where nothing can be written.
        if self._is_new(path):
            self._db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            self._db.execute(f"PRAGMA user_version = {LAYOUT}")
            self._db.execute(_TABLE)
        self._db.execute("COMMIT")
        (found,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(found)

    def _is_new(self, path: Path) -> bool:
        (application_id,) = self._db.execute("PRAGMA application_id").fetchone()
        (layout,) = self._db.execute("PRAGMA user_version").fetchone()
        (tables,) = self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if (application_id, layout, tables) == (0, 0, 0):
            return True
        if (application_id, layout) != (APPLICATION_ID, LAYOUT):
            raise invalid(str(path), "is another database", f"an assignment ledger of layout {LAYOUT}")
        return False

    def _page(self, campaign_id: CampaignId, unit: str, experiment: str) -> list[Entry]:
        """The entries after this one."""
        with _explained():
            return list(map(Entry._make, self._db.execute(_PAGE, (campaign_id, unit, experiment, BATCH))))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """A write that happens whole or not at all. Waits for the lock where others write."""
        with _explained():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # Some failures, a full disk among them, have rolled back by themselves.
                    self._db.execute("ROLLBACK")
                raise


class SqliteLedger:
    """An `AssignmentLedger` over a file. One thread does all the file's work; closed by `aclose`.

    Sessions that come while a commit is being synced share the next one. At most `kept` units are remembered, and one
    that is costs no query. A unit that another process erased is remembered until it makes room. Opening blocks;
    raises `Invalid` as `AssignmentFile` does.
    """

    def __init__(self, path: Path, *, deadline_s: float, kept: int) -> None:
        self._file = AssignmentFile(path, busy_s=deadline_s)
        self._deadline_s = deadline_s
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="assignments")
        self._known: LruCache[tuple[CampaignId, str], Mapping[str, str]] = LruCache(kept)
        self._waiting: deque[tuple[Request, asyncio.Future[Mapping[str, str] | None]]] = deque()
        self._working: asyncio.Task[None] | None = None
        self._closed = False
        self.hits = 0
        self.misses = 0
        self.failures = 0
        self.groups = 0

    async def settle(
        self, campaign_id: CampaignId, unit: str, wanted: Mapping[str, str], *, release: str, at_ms: int
    ) -> Mapping[str, str]:
        """Record `wanted` (experiment to arm) where nothing is recorded yet; what holds now, for those experiments.

        Raises `Unavailable` past its deadline; what was wanted may have been recorded nevertheless.
        """
        known = self._known.get((campaign_id, unit))
        if known is not None and wanted.keys() <= known.keys():
            self.hits += 1
        else:
            self.misses += 1
            known = await self._ask(Request(campaign_id, unit, dict(wanted), release, at_ms))
        return {experiment: known[experiment] for experiment in wanted}

    async def recorded(self, campaign_id: CampaignId, unit: str) -> Mapping[str, str]:
        """What is recorded for the unit, experiment to arm; raises `Unavailable` past its deadline."""
        known = self._known.get((campaign_id, unit))
        if known is not None:
            self.hits += 1
            return known
        self.misses += 1
        return await self._ask(Request(campaign_id, unit, {}))

    async def erase(self, campaign_id: CampaignId, unit: str) -> int:
        """Take the unit's entries out; how many they were.

        Raises `Unavailable` past its deadline; they may be taken out nevertheless, and it can be asked again.
        """
        if self._closed:
            raise Unavailable("assignment ledger")

        def erase() -> int:
            return self._file.erase(campaign_id, unit)

        try:
            async with asyncio.timeout(self._deadline_s):
                return await asyncio.get_running_loop().run_in_executor(self._thread, erase)
        except (TimeoutError, Unavailable) as error:
            logger.error("assignments could not be erased", extra={"why": str(error)})
            raise Unavailable("assignment ledger") from error
        finally:
            self._known.discard((campaign_id, unit))

    async def aclose(self) -> None:
        """Answer those who wait, and close the file."""
        self._closed = True
        if self._working is not None:
            await self._working
        await asyncio.get_running_loop().run_in_executor(self._thread, self._file.close)
        self._thread.shutdown()

    async def _ask(self, request: Request) -> Mapping[str, str]:
        if self._closed or len(self._waiting) >= MAX_WAITING:
            raise Unavailable("assignment ledger")
        answer: asyncio.Future[Mapping[str, str] | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, answer))
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        try:
            async with asyncio.timeout(self._deadline_s):
                held = await answer
        except TimeoutError as error:
            raise Unavailable("assignment ledger") from error
        if held is None:
            raise Unavailable("assignment ledger")
        return held

    async def _work(self) -> None:
        """Settle whoever waits, a group at a time, until nobody does. Apart from the waiters, who may go away (A15)."""
        try:
            while self._waiting:
                group = [self._waiting.popleft() for _ in range(min(len(self._waiting), GROUP))]
                await self._settle([(request, answer) for request, answer in group if not answer.done()])
        finally:
            self._working = None

    async def _settle(self, group: Sequence[tuple[Request, asyncio.Future[Mapping[str, str] | None]]]) -> None:
        requests = [request for request, _ in group]
        held: Sequence[Mapping[str, str] | None] = [None] * len(group)
        self.groups += 1
        try:
            held = await asyncio.get_running_loop().run_in_executor(self._thread, self._file.settle, requests)
        except Exception as error:  # Whatever it is, those who wait must hear of it.
            logger.error("assignments could not be read", extra={"why": str(error), "units": len(group)})
        self.failures += sum(arms is None for arms in held)
        for (request, answer), arms in zip(group, held, strict=True):
            if arms:
                self._known.put((request.campaign_id, request.unit), arms)
            if not answer.done():
                answer.set_result(arms)


@contextmanager
def _explained() -> Iterator[None]:
    """SQLite's errors as `Unavailable`, with the reason: commands show it, `SqliteLedger` only logs it."""
    try:
        yield
    except sqlite3.Error as error:
        raise Unavailable(f"assignment ledger ({error})") from error


def _unusable(path: Path, error: sqlite3.Error) -> Invalid:
    return invalid(str(path), f"cannot be used: {error}", "an assignment ledger, in a folder that can be written")
