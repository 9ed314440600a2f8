"""A real server of several processes, and clients that keep their connections and never try a request again."""

import os
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import orjson

from load import world

WAIT_S = 60.0


@dataclass(frozen=True)
class Fleet:
    """A running `streamsrv serve`."""

    process: "subprocess.Popen[str]"
    base_url: str
    internal_url: str
    folder: Path

    @property
    def workers(self) -> set[int]:
        """The processes that the supervisor started."""
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return {int(pid) for path in children for pid in path.read_text().split()}

    def exposition(self) -> str:
        """What Prometheus is given."""
        with urlopen(f"{self.internal_url}/metrics", timeout=20) as response:
            return str(response.read().decode())

    def metrics(self) -> dict[str, float]:
        """Every sample with its labels."""
        lines = [line.rpartition(" ") for line in self.exposition().splitlines() if line[0] != "#"]
        return {name: float(value) for name, _, value in lines}

    def metric(self, name: str) -> float:
        return self.metrics()[name]

    def readiness(self) -> int:
        try:
            with urlopen(f"{self.internal_url}/readyz", timeout=20) as response:
                return int(response.status)
        except HTTPError as error:
            error.close()
            return error.code

    def log(self) -> list[dict[str, object]]:
        """What the processes have logged."""
        return [orjson.loads(line) for line in (self.folder / "log").read_text(encoding="utf-8").splitlines()]


def until(holds: Callable[[], bool], *, wait_s: float = WAIT_S) -> None:
    """Wait until something holds; fails when it does not in a long time."""
    give_up_at_s = time.monotonic() + wait_s
    while not holds():
        assert time.monotonic() < give_up_at_s, "waited in vain"
        time.sleep(0.05)


@contextmanager
def running_fleet(config: Path, *, workers: int, environ: Mapping[str, str] = world.ENVIRON) -> Iterator[Fleet]:
    """Serve until the block ends; no process is left behind."""
    command = [sys.executable, "-m", "streamsrv", "serve", "--config", str(config), "--workers", str(workers)]
    with (config.parent / "log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, **environ},
        )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        found = re.search(r"serving on (\S+), metrics and health on (\S+)", line)
        assert found, f"{line!r}\n{(config.parent / 'log').read_text(encoding='utf-8')}"
        yield Fleet(process, found[1], found[2], config.parent)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@dataclass
class Crowd:
    """Clients, each a thread with a connection of its own."""

    fleet: Fleet
    links: list[str]
    done: Counter[tuple[str, int]] = field(default_factory=Counter)
    """Requests by kind and status."""
    failed: list[str] = field(default_factory=list)
    """Requests that got no whole answer."""
    _stop: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> "Crowd":
        for number, link in enumerate(self.links):
            # Some hardly pause; others are silent for as long as a player that has what it needs. None takes a whole
            # core: that would only keep the processes from starting that all wait for.
            thread = threading.Thread(target=self._play, args=(link, number, 0.02 if number % 2 else 1.5))
            self._threads.append(thread)
            thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    @property
    def total(self) -> int:
        return sum(self.done.values())

    def _play(self, link: str, number: int, longest_pause_s: float) -> None:
        pauses = random.Random(number)
        connection = HTTPConnection(urlsplit(self.fleet.base_url).netloc, timeout=30)
        while not self._stop.is_set():
            try:
                opened = orjson.loads(self._ask(connection, "POST", "session", f"{link}/sessions"))
                base = urlsplit(opened["multivariant_url"]).path.rpartition("/")[0]
                self._ask(connection, "GET", "multivariant", f"{base}/multivariant.m3u8")
                media = self._ask(connection, "GET", "video", f"{base}/video/432p.m3u8").decode()
                for uri in re.findall(r"^\.\./(seg/\S+)$", media, re.MULTILINE)[:4]:
                    self._ask(connection, "GET", "segment", f"{base}/{uri}")
                    self._stop.wait(pauses.uniform(0.0, longest_pause_s))
            except (OSError, HTTPException) as error:
                self.failed.append(f"{type(error).__name__}: {error}")
                connection.close()
            except (KeyError, orjson.JSONDecodeError):
                pass  # Counted by its status.
        connection.close()

    def _ask(self, connection: HTTPConnection, method: str, kind: str, path: str) -> bytes:
        connection.request(method, path)
        response = connection.getresponse()
        body = response.read()
        with self._lock:
            self.done[kind, response.status] += 1
        return body


ROUTES = {
    "session": ("POST", "/v/{link_token}/sessions"),
    "multivariant": ("GET", "/p/{token}/multivariant.m3u8"),
    "video": ("GET", "/p/{token}/video/{rung}.m3u8"),
    "segment": ("GET", "/p/{token}/seg/{scene_key}/{rendition}/{place}.m4s"),
}


def counted(metrics: dict[str, float]) -> Counter[tuple[str, int]]:
    """Requests by kind and status, as the server counted them."""
    found: Counter[tuple[str, int]] = Counter()
    for kind, (method, route) in ROUTES.items():
        for name, value in metrics.items():
            start = f'streamsrv_http_requests_total{{method="{method}",route="{route}",status="'
            if name.startswith(start):
                found[kind, int(name.removeprefix(start)[:3])] = int(value)
    return found
