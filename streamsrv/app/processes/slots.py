"""A place for one worker, and how long to wait before it is filled again."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from streamsrv.app.processes.handle import WorkerHandle

FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 30.0
STEADY_S = 60.0
"""A worker that lived this long has shown that it can: the next wait is the first again."""


@dataclass(eq=False, slots=True)
class Slot:
    """One of the server's workers, whichever process that is at the moment."""

    number: int
    worker: WorkerHandle | None = None
    """The one that is ready and takes connections."""
    ready_s: float = 0.0
    failures: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a worker for this slot starts: one at a time."""

    def next_wait_s(self, now_s: float) -> float:
        """How long to leave the slot empty after a worker was lost: longer each time, unless it had been steady."""
        if self.ready_s and now_s - self.ready_s >= STEADY_S:
            self.failures = 0
        self.failures += 1
        self.ready_s = 0.0
        return float(min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(self.failures - 1, 16)))


def share(slots: Sequence[Slot]) -> None:
    """Let every worker take connections from its own sockets, and from those of slots that are empty.

    So no connection waits for a worker that is gone, while any other lives.
    """
    living = [slot.worker for slot in slots if slot.worker is not None]
    if not living:
        return
    shares: dict[WorkerHandle, list[int]] = {worker: [] for worker in living}
    for slot in slots:
        worker = slot.worker or living[slot.number % len(living)]
        shares[worker].append(slot.number)
    for worker, numbers in shares.items():
        worker.accept(numbers)
