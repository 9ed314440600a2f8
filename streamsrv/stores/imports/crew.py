"""The worker processes of an import. All rows of one viewer go to one worker, in order: the last one holds."""

import asyncio
import gc
import multiprocessing
import pickle
import queue
import signal
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Protocol

from streamsrv.core.errors import StreamsrvError, Unavailable
from streamsrv.stores.imports.batches import Batch, Handler, Plan, Rejected
from streamsrv.stores.state import State, open_state

COLLECT_EVERY = 50_000
"""Objects between two collections: what a batch leaves is no garbage of cycles."""
END_S = 10.0
WHAT = "a worker process of the import"


class Crew(Protocol):
    """Handles batches: one for each worker goes in, then the rejected rows of all of them come out, in that order."""

    @property
    def size(self) -> int: ...

    def send(self, batches: Sequence[Batch]) -> None:
        """Hand a batch to each worker; raises `Unavailable` where one has died."""

    async def receive(self) -> list[Rejected]:
        """What became of the batches that were sent first and not received yet; raises `StreamsrvError`."""


class InlineCrew:
    """No processes: for a file that is read before any would have started."""

    size = 1

    def __init__(self, plan: Plan, state: State) -> None:
        self._handler = Handler(plan, state)
        self._sent: list[Batch] = []

    def send(self, batches: Sequence[Batch]) -> None:
        self._sent += batches

    async def receive(self) -> list[Rejected]:
        return await self._handler.handle(self._sent.pop(0))


class ProcessCrew:
    """Worker processes, each with its own connections to the store."""

    def __init__(self, workers: Sequence[tuple[BaseProcess, Connection]]) -> None:
        self._connections = [connection for _, connection in workers]
        self.size = len(workers)

    def send(self, batches: Sequence[Batch]) -> None:
        try:
            for connection, batch in zip(self._connections, batches, strict=True):
                # The worker reads on while it works, so this waits for nothing but the copying.
                connection.send_bytes(pickle.dumps(tuple(batch), pickle.HIGHEST_PROTOCOL))
        except OSError as error:
            raise Unavailable(WHAT) from error

    async def receive(self) -> list[Rejected]:
        rejected: list[Rejected] = []
        for connection in self._connections:
            try:
                reply = await asyncio.to_thread(connection.recv)
            except (EOFError, OSError) as error:
                raise Unavailable(WHAT) from error
            if isinstance(reply, StreamsrvError):
                raise reply
            rejected += reply
        return rejected


@asynccontextmanager
async def open_crew(plan: Plan, state: State, *, workers: int) -> AsyncIterator[Crew]:
    """A crew of `workers` processes, or of none for 0. They end with this process, however it ends."""
    if not workers:
        yield InlineCrew(plan, state)
        return
    context = multiprocessing.get_context("spawn")
    crew: list[tuple[BaseProcess, Connection]] = []
    try:
        for number in range(workers):
            ours, theirs = context.Pipe()
            process = context.Process(target=work, args=(theirs, plan), name=f"import-{number}", daemon=True)
            process.start()
            theirs.close()
            crew.append((process, ours))
        yield ProcessCrew(crew)
    finally:
        for _, connection in crew:
            connection.close()
        await asyncio.to_thread(_end, [process for process, _ in crew])


def _end(processes: Sequence[BaseProcess]) -> None:
    for process in processes:
        process.join(END_S)
        if process.is_alive():
            process.kill()
            process.join()


def work(connection: Connection, plan: Plan) -> None:
    """A worker process: handles batches until the other end of the pipe is closed."""
    # Ctrl-C reaches the whole group; it is the parent's to say when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(COLLECT_EVERY, 20, 50)
    batches: queue.SimpleQueue[Batch | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(connection, batches), daemon=True).start()
    asyncio.run(_handle(connection, batches, plan))


def _read(connection: Connection, batches: "queue.SimpleQueue[Batch | None]") -> None:
    """Take what comes in at once: no sender ever waits for a worker that waits for its own reply to be read."""
    try:
        while True:
            batches.put(Batch(*pickle.loads(connection.recv_bytes())))
    except (EOFError, OSError):
        batches.put(None)


async def _handle(connection: Connection, batches: "queue.SimpleQueue[Batch | None]", plan: Plan) -> None:
    async with open_state(plan.state) as state:
        handler = Handler(plan, state)
        while (batch := await asyncio.to_thread(batches.get)) is not None:
            try:
                reply: object = await handler.handle(batch)
            except StreamsrvError as error:
                reply = error
            try:
                connection.send(reply)
            except OSError:
                return
