"""A real server of its own, in its own process, over scenes of numbered pictures and chirps."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import orjson

from load import world
from streamsrv.core.model import CampaignId, Viewer, ViewerId
from streamsrv.core.tokens import sign_link
from streamsrv.core.urls import link_path
from streamsrv.stores.viewers import read_rows
from tests.hls.asset import Asset, load_asset


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Server:
    """A running `streamsrv serve`."""

    base_url: str
    internal_url: str
    process: "subprocess.Popen[str]"
    folder: Path

    def link(self, viewer_id: str, campaign_id: str) -> str:
        """The path of a viewer's link."""
        link_id = world.IDENTITY.link_id(CampaignId(campaign_id), ViewerId(viewer_id))
        return link_path(sign_link(link_id, expires_at_s=int(time.time()) + 3600, keys=world.KEYS))

    def multivariant_url(self, viewer_id: str, campaign_id: str) -> str:
        return f"{self.base_url}{self.link(viewer_id, campaign_id)}/multivariant.m3u8"

    def open_session(self, viewer_id: str, campaign_id: str) -> dict[str, Any]:
        answer = fetch(f"{self.base_url}{self.link(viewer_id, campaign_id)}/sessions", method="POST")
        assert answer.status == 201
        document = orjson.loads(answer.body)
        assert isinstance(document, dict)
        return document

    def asset(self, viewer_id: str, campaign_id: str) -> Asset:
        """Everything that this viewer's player would fetch."""
        url = self.open_session(viewer_id, campaign_id)["multivariant_url"]
        base = url.rpartition("/")[0] + "/"
        top = fetch(absolute(self.base_url, url)).body.decode()
        return load_asset(
            top,
            lambda uri: fetch(absolute(self.base_url, base + uri)).body.decode(),
            lambda uri: fetch(absolute(self.base_url, base + uri)).body,
        )

    def events(self) -> list[dict[str, Any]]:
        """What was written down so far."""
        lines = b"".join(path.read_bytes() for path in sorted((self.folder / "events").glob("*.jsonl"))).splitlines()
        return [orjson.loads(line) for line in lines]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


def absolute(base_url: str, url: str) -> str:
    return url if url.startswith("http") else base_url + url


def fetch(
    url: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, data: bytes | None = None
) -> Answer:
    """One request; raises on any status from 400 up."""
    with urlopen(Request(url, method=method, headers=dict(headers or {}), data=data), timeout=20) as response:
        return Answer(response.status, dict(response.headers), response.read())


@contextmanager
def running_server(
    folder: Path,
    *,
    segments: Path,
    campaigns: Path,
    viewers: Path,
    ladder: Path,
    server: str = "",
    rendering: str = "",
    before: Sequence[str] = (),
) -> Iterator[Server]:
    """Serve until the block ends; the process is never left behind. `before` is a command that becomes the server."""
    config = folder / "server.toml"
    config.write_text(
        f"""\
[server]
port = 0
internal_port = 0
{server}
[storage]
segments = "{segments}"
campaigns = "{campaigns}"
viewers = "{viewers}"
ladder = "{ladder}"
events = "{folder / "events"}"
[state]
dir = "{folder / "state"}"
[rendering]
store = "{folder / "rendered"}"
{rendering}
""",
        encoding="utf-8",
    )
    world.fill(config, [row.viewer for row in read_rows(viewers) if isinstance(row.viewer, Viewer)])
    log = (folder / "server.log").open("w", encoding="utf-8")
    process = subprocess.Popen(
        [*before, sys.executable, "-m", "streamsrv", "serve", "--config", str(config)],
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env={**os.environ, **world.ENVIRON, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"serving on (\S+), metrics and health on (\S+)", line)
        assert found, f"{line!r}\n{(folder / 'server.log').read_text(encoding='utf-8')}"
        yield Server(found[1], found[2], process, folder)
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
        log.close()
