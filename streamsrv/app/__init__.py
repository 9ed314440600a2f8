"""The composition root: settings in, a running server out, and everything closed in the opposite order.

The only place where adapters meet the use cases. Holds no logic of its own.
"""

from streamsrv.app.clock import SystemClock
from streamsrv.app.listeners import Bound, open_server
from streamsrv.app.preview import open_preview, read_campaign_text
from streamsrv.app.processes.supervise import open_processes, run_processes, supervise
from streamsrv.app.serve import run_server, serve
from streamsrv.app.services import Services, open_services

__all__ = [
    "Bound",
    "Services",
    "SystemClock",
    "open_preview",
    "open_processes",
    "open_server",
    "open_services",
    "read_campaign_text",
    "run_processes",
    "run_server",
    "serve",
    "supervise",
]
