"""Jobs that ended the processes which tried them: not tried again for a while, and not for ever.

What ended them may have been the machine, out of memory once, and not the job.
"""

from collections.abc import Callable

from streamsrv.core.cache import LruCache

DEATHS_ALLOWED = 2
QUARANTINE_S = 600.0
"""A job that is deadly whenever it is tried costs two processes in so long."""
KEPT_JOBS = 1024
"""Jobs whose deaths are remembered; the latest ones."""


class Quarantine:
    """Counts the processes that died under each job; a job's deaths are forgotten `QUARANTINE_S` after its last."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._deaths: LruCache[str, tuple[int, float]] = LruCache(KEPT_JOBS)

    def __len__(self) -> int:
        return len(self._deaths)

    def holds(self, key: str) -> bool:
        """Whether this job is not to be tried now."""
        return self._count(key) >= DEATHS_ALLOWED

    def add_death(self, key: str) -> None:
        """A process died under this job."""
        self._deaths.put(key, (self._count(key) + 1, self._monotonic()))

    def _count(self, key: str) -> int:
        count, last_s = self._deaths.get(key) or (0, 0.0)
        if count and self._monotonic() - last_s >= QUARANTINE_S:
            self._deaths.discard(key)
            return 0
        return count
