"""Sessions of the viewers in this folder on a running server, and what was written down about them."""

import time
from dataclasses import dataclass
from typing import Any

from tests.e2e.every.expected import CAMPAIGN
from tests.e2e.server import Server, absolute, fetch
from tests.hls.asset import Asset, load_asset


@dataclass(frozen=True)
class Opened:
    """A session of one viewer."""

    session_id: str
    url: str
    asset: Asset


def open_session(server: Server, viewer: str) -> Opened:
    session = server.open_session(viewer, CAMPAIGN)
    url = absolute(server.base_url, session["multivariant_url"])
    base = url.rpartition("/")[0] + "/"
    asset = load_asset(
        fetch(url).body.decode(), lambda uri: fetch(base + uri).body.decode(), lambda uri: fetch(base + uri).body
    )
    return Opened(session["session_id"], url, asset)


def written_sessions(server: Server, wanted: set[str]) -> dict[str, dict[str, Any]]:
    for _ in range(200):
        found = {event["session"]: event for event in server.events() if event["type"] == "session"}
        if wanted <= found.keys():
            return found
        time.sleep(0.05)
    raise AssertionError("sessions were opened and not written down")
