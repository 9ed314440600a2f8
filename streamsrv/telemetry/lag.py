"""How late the event loop runs: the one number that shows any call that blocks it (A26)."""

import asyncio
from typing import NoReturn

from streamsrv.telemetry.metrics import Durations


async def watch_lag(lag: Durations, *, interval_s: float = 0.1) -> NoReturn:
    """Sleep again and again, and observe by how much each sleep was too long. Runs until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        due_s = loop.time() + interval_s
        await asyncio.sleep(interval_s)
        lag.observe(loop.time() - due_s)
