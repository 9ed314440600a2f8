"""What a process may take: deadlines, connections, and the garbage collector's time."""

import gc
import resource

from streamsrv.config import ServerSettings
from streamsrv.web.connection import Deadlines

COLLECT_EVERY = 20_000
"""Objects between two collections of the young: some hundreds of requests."""
SPARE_DESCRIPTORS = 128
"""Kept for files, the internal listener and stores when connections take all others (A31)."""


def settle_collector() -> None:
    """What was loaded lives for ever, and requests leave few cycles: look at the rest, and seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY, 20, 50)


def deadlines(server: ServerSettings) -> Deadlines:
    """The deadlines that the settings give."""
    return Deadlines(
        header_s=server.header_deadline_s,
        idle_s=server.idle_deadline_s,
        request_s=server.request_deadline_s,
        write_s=server.write_deadline_s,
    )


def connections(wanted: int) -> int:
    """As many as wanted, or as this process may open files for."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return wanted if soft == resource.RLIM_INFINITY else max(1, min(wanted, soft - SPARE_DESCRIPTORS))
