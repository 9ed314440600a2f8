"""What is written down equals what was fetched, and stopping loses neither a request nor an event."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.e2e.server import Server, running_server
from tests.hls.asset import load_asset

Fetched = tuple[str, str, str, int, int, int, int]
"""Session, method, rendition, index, base, status and bytes of one segment request."""


@contextmanager
def fresh_server(store: Path, folder: Path, *, workers: int = 1) -> Iterator[Server]:
    with running_server(
        folder,
        segments=store / "segments",
        campaigns=store / "campaigns",
        viewers=store / "viewers.ndjson",
        ladder=store / "ladder.toml",
        server=f"workers = {workers}",
    ) as server:
        yield server


class Client:
    """A player that keeps one connection and remembers every segment it was given."""

    def __init__(self, server: Server, viewer: str) -> None:
        self.connection = HTTPConnection(urlsplit(server.base_url).netloc, timeout=20)
        opened = server.open_session(viewer, "numbers")
        self.session = str(opened["session_id"])
        self.base = str(opened["multivariant_url"]).rpartition("/")[0]
        asset = load_asset(self.get("multivariant.m3u8").decode(), lambda uri: self.get(uri).decode())
        self.segments = [f"video/{entry.uri}" for _, playlist in asset.variants() for entry in playlist.entries] + [
            f"audio/{entry.uri}" for _, playlist in asset.renditions("AUDIO") for entry in playlist.entries
        ]
        self.fetched: list[Fetched] = []

    def get(self, uri: str) -> bytes:
        self.connection.request("GET", f"{self.base}/{uri}")
        response = self.connection.getresponse()
        body = response.read()
        assert 200 == response.status
        return body

    def fetch(self, uri: str, *, method: str = "GET", headers: dict[str, str] | None = None) -> None:
        path = f"{self.base}/{uri.partition('/../')[2]}"
        self.connection.request(method, path, headers=headers or {})
        response = self.connection.getresponse()
        body = response.read()
        assert response.status in (200, 206, 304)
        rendition, place = path.removesuffix(".m4s").split("/")[-2:]
        index, base = map(int, place.split("-"))
        self.fetched.append((self.session, method, rendition, index, base, response.status, len(body)))


def written_down(server: Server) -> Counter[Fetched]:
    return Counter(
        (
            event["session"], event["method"], event["rendition"], event["index"], event["base"], event["status"],
            event["bytes"],
        )
        for event in server.events()
        if event["type"] == "segment"
    )  # fmt: skip


def test_the_events_of_a_viewing_are_its_fetches_one_for_one(numbered_store: Path, tmp_path: Path) -> None:
    with fresh_server(numbered_store, tmp_path) as server:
        clients = [Client(server, viewer) for viewer in ("short", "long")]
        for client in clients:
            for uri in client.segments:
                client.fetch(uri)
            first = client.segments[0]
            client.fetch(first)
            client.fetch(first, method="HEAD")
            client.fetch(first, headers={"Range": "bytes=10-99"})
            client.connection.close()
        assert 0 == server.stop()

        expected = Counter(fetch for client in clients for fetch in client.fetched)
        assert expected == written_down(server)
        sessions = [event for event in server.events() if event["type"] == "session"]
        assert {client.session for client in clients} == {event["session"] for event in sessions}
        assert ["scene-1", "scene-5", "scene-6"] == [step["scene"] for step in sessions[0]["decisions"]]
        assert all(step["reason"] for event in sessions for step in event["decisions"])


@pytest.mark.parametrize("workers", [1, 2])
def test_sigterm_under_load_fails_no_request_and_loses_no_event(
    numbered_store: Path, tmp_path: Path, workers: int
) -> None:
    with fresh_server(numbered_store, tmp_path, workers=workers) as server:
        clients = [Client(server, "long") for _ in range(8)]
        broken: list[str] = []
        started = threading.Barrier(len(clients) + 1)

        def play(client: Client) -> None:
            started.wait()
            for uri in client.segments * 200:
                try:
                    client.fetch(uri)
                except ConnectionError:
                    # Between requests the server may leave: a request it had begun to answer was complete.
                    return
                except Exception as error:
                    broken.append(repr(error))
                    return

        threads = [threading.Thread(target=play, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        started.wait()
        while sum(len(client.fetched) for client in clients) < 400:
            time.sleep(0.01)
        assert 0 == server.stop()
        for thread in threads:
            thread.join()
        for client in clients:
            client.connection.close()

        assert [] == broken
        expected = Counter(fetch for client in clients for fetch in client.fetched)
        written = written_down(server)
        assert expected == written & expected
        # What was written beyond that was answered to a client that had gone: never more than one each.
        assert sum((written - expected).values()) <= len(clients)


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz"])
def test_operators_are_answered_on_the_internal_listener_only(server: Server, path: str) -> None:
    for base_url, expected in ((server.internal_url, 200), (server.base_url, 404)):
        connection = HTTPConnection(urlsplit(base_url).netloc, timeout=10)
        connection.request("GET", path)
        assert expected == connection.getresponse().status
        connection.close()
