"""How long a connection may wait: what is left of the running call's budget."""

import time
from contextvars import ContextVar

WIDE_S = 30.0
"""The longest wait outside `State.run`: commands that move a million records have no budget."""
SHORTEST_S = 0.005
"""What a wait gets whose deadline has passed: time to fail in order."""

deadline_s: ContextVar[float | None] = ContextVar("deadline_s", default=None)
"""The monotonic time at which the running call must have ended; None outside `State.run`."""
longest_wait_s: ContextVar[float] = ContextVar("longest_wait_s", default=WIDE_S)
"""Of one wait, where several servers are to be asked in turn."""


def remaining_s() -> float:
    """How long the running call may still wait."""
    end_s = deadline_s.get()
    longest_s = longest_wait_s.get()
    return longest_s if end_s is None else min(longest_s, max(SHORTEST_S, end_s - time.monotonic()))
