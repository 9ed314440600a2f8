"""An import from its first row to its last, or to where it is stopped."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from streamsrv.core.errors import Problem, invalid
from streamsrv.stores.imports.batches import Batch, Plan
from streamsrv.stores.imports.crew import Crew, open_crew
from streamsrv.stores.imports.job import Job, Tally
from streamsrv.stores.imports.progress import Progress, forget_progress, load_progress, save_progress
from streamsrv.stores.imports.rejects import RejectsFile
from streamsrv.stores.state import State
from streamsrv.stores.tables import Position, Table
from streamsrv.stores.writing import patiently

BLOCK_ROWS = 4_000
AHEAD = 3
"""Blocks that are read before the first of them is written: enough that no worker waits for the reader."""
SAVE_EVERY_S = 1.0
SMALL_BYTES = 512 * 1024
"""A file up to here is done before worker processes would have started."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import has come to."""

    tally: Tally
    resumed_after: int
    """The row after which it went on; 0 when it began at the beginning."""
    finished: bool
    rejects: Path | None
    """Where the rejected rows are listed; None where there is none."""


class Block(NamedTuple):
    """Some rows in order, a batch for each worker."""

    batches: list[Batch]
    rows: int
    end: Position


async def run_import(
    job: Job,
    plan: Plan,
    state: State,
    *,
    rejects_path: Path,
    workers: int,
    stopped: Callable[[], bool] = lambda: False,
    told: Callable[[float, Tally], None] = lambda _share, _tally: None,
) -> Outcome:
    """Import what has not been imported yet, until it is done or `stopped()`.

    `told` hears of every second of progress: the share of the file, and the rows. Raises `Invalid` and `Unavailable`;
    run again, it goes on where it was.
    """
    rejects = RejectsFile(rejects_path)
    tally = Tally()
    keep = True
    try:
        begun = await load_progress(state, job.import_id)
        if begun is not None and not rejects.begin(begun.rejects_bytes):
            # Rows that were listed in a file that is gone would be listed nowhere.
            begun = None
        if begun is None:
            rejects.begin(0)
        tally = begun.tally if begun else tally
        size = 0 if job.path.stat().st_size <= SMALL_BYTES else workers
        async with open_crew(plan, state, workers=size) as crew:
            run = _Run(job, state, crew, rejects, tally, told)
            finished = await run.rows(begun.position if begun else None, stopped)
        if finished:
            await patiently(lambda: forget_progress(state, job.import_id))
            keep = bool(tally.rejected)
        after = begun.position.number if begun else 0
        return Outcome(tally, after, finished, rejects_path if keep else None)
    finally:
        rejects.close(keep=keep)


class _Run:
    """One run over the rest of the file."""

    def __init__(
        self,
        job: Job,
        state: State,
        crew: Crew,
        rejects: RejectsFile,
        tally: Tally,
        told: Callable[[float, Tally], None],
    ) -> None:
        self._job = job
        self._state = state
        self._crew = crew
        self._rejects = rejects
        self._tally = tally
        self._told = told
        self._saved_s = asyncio.get_running_loop().time()

    async def rows(self, after: Position | None, stopped: Callable[[], bool]) -> bool:
        """Whether all rows were handled."""
        waiting: deque[Block] = deque()
        end = after
        finished = True
        for block in read_blocks(self._job.table, after, self._job.checks.match.id_index, self._crew.size):
            if stopped():
                finished = False
                break
            self._crew.send(block.batches)
            waiting.append(block)
            if len(waiting) > AHEAD:
                end = await self._written(waiting.popleft())
        while waiting:
            end = await self._written(waiting.popleft())
        if end is not None:
            await self._save(end)
        return finished

    async def _written(self, block: Block) -> Position:
        """Wait until a block is in the store, and say so once in a while."""
        rejected = await self._crew.receive()
        rejected.sort()
        for row in rejected:
            self._rejects.add(row.text)
            self._tally.by_field.update(row.fields)
        self._tally.rows += block.rows
        self._tally.rejected += len(rejected)
        now_s = asyncio.get_running_loop().time()
        if now_s - self._saved_s >= SAVE_EVERY_S:
            self._saved_s = now_s
            await self._save(block.end)
        return block.end

    async def _save(self, end: Position) -> None:
        try:
            rejects_bytes = self._rejects.sync()
        except OSError as error:
            raise invalid(
                str(self._rejects.path), f"cannot be written: {error.strerror}", "room on the disk"
            ) from error
        progress = Progress(end, self._tally, rejects_bytes)
        await patiently(lambda: save_progress(self._state, self._job.import_id, progress))
        self._told(self._job.table.share(end), self._tally)


def read_blocks(table: Table, after: Position | None, id_index: int, workers: int) -> Iterator[Block]:
    """The rows after a position, some thousands at a time."""
    batches = [Batch([], []) for _ in range(workers)]
    rows = 0
    end = after
    for number, place, cells in table.rows(after):
        batch = batches[0 if isinstance(cells, Problem) else hash(_told_id(cells[id_index])) % workers]
        batch.numbers.append(number)
        batch.rows.append(cells)
        rows += 1
        end = Position(place, number)
        if rows == BLOCK_ROWS:
            yield Block(batches, rows, end)
            batches = [Batch([], []) for _ in range(workers)]
            rows = 0
    if rows:
        assert end is not None
        yield Block(batches, rows, end)


def _told_id(cell: object) -> str:
    """What two rows of one viewer have in common, however their cells are typed."""
    return cell.strip() if isinstance(cell, str) else str(cell)
