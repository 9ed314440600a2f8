"""Does anybody ever get what is another's? Many viewers at once, each with a film and a call to action of their own.

`python -m load.markers [--viewers 10000] [--workers 2]`. Every viewer's film has scenes in an order that
no other has, and their call to action a reference of their own. They open links, begin sessions and fetch playlists
through a server of several processes, whose state store is behind a proxy that delays, cuts and resets. Clients go
away in the middle of answers. Each answer, also one that broke off, is held against what its viewer must get.
"""

import argparse
import asyncio
import random
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import orjson

from load import world
from load.measure import ROOT, streamsrv
from streamsrv.core import tokens
from streamsrv.core.errors import StreamsrvError
from streamsrv.core.model import CampaignId, Scene, SceneId, Viewer, ViewerId
from tests.chaos import proxy as toxics
from tests.chaos.servers import single

SLOTS = 14
"""Each is one of two scenes: 16,384 films."""
CHOICES = ("hello", "hello-any")
TEXTS = {
    "video/432p.m3u8": re.compile(rb"/seg/([0-9a-f]{16})/"),
    "video/234p.m3u8": re.compile(rb"/seg/([0-9a-f]{16})/"),
    "audio/en.m3u8": re.compile(rb"/seg/([0-9a-f]{16})/"),
    "text/en.vtt": re.compile(rb"(?m)^(\S+) in en$"),
}
"""How the film is read in each text."""
LEAVES = 0.05
"""The share of requests whose client goes away before the answer is whole."""
TRIES = 60
PAUSE_S, LONGEST = 0.5, 5
"""A viewer who is told to come again waits this long at the least, and up to 2^5 times that."""
WAIT_S = 60.0
CAMPAIGN = """\
campaign: markers
title: A film for you
schema: {number: {type: int}}
story:
STORY
  - {slot: next, scene: next-step, cta: {label: Renew, url: "https://example.com/?ref={link_ref}"}}
fallback: [explain-any]
require: [number]
"""


@dataclass(frozen=True, slots=True)
class Marked:
    """A viewer, and what only they may get."""

    viewer: Viewer
    link: str
    ref: str
    """What their call to action names them by."""
    film: Mapping[str, Sequence[str]]
    """For each text, what it names in order."""


@dataclass
class Tally:
    """What came of it."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    """By what was asked and the status."""
    broken: int = 0
    """Answers that never came, or not whole, without our doing."""
    left: int = 0
    """Answers that we did not wait for."""
    foreign: list[str] = field(default_factory=list)
    """Answers with anything of another."""
    done: int = 0
    """Viewers who got all that they asked for."""
    given_up: int = 0


@dataclass(frozen=True, slots=True)
class Torn:
    """A toxic: a reply is cut somewhere, and its connection ends."""

    async def pour(self, data: bytes, flow: toxics.Flow) -> AsyncIterator[bytes]:
        yield data[: flow.dice.randrange(len(data))]
        raise toxics.Cut


class Gone(Exception):
    """The client went away, or the connection broke."""


class Client:
    """One connection, kept while it is good. Reads answers byte by byte, so that what broke off can be looked at."""

    def __init__(self, base_url: str, tally: Tally, dice: random.Random) -> None:
        parts = urlsplit(base_url)
        self._host, self._port = parts.hostname, parts.port
        self._tally = tally
        self._dice = dice
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, what: str, path: str, *, method: str = "GET") -> tuple[int, bytes, bool]:
        """Status, body, and whether that is all of it; raises `Gone` where nothing came."""
        leaves = self._dice.random() < LEAVES
        try:
            async with asyncio.timeout(WAIT_S):
                reader, writer = self._streams or await self._connect()
                writer.write(f"{method} {path} HTTP/1.1\r\nHost: load\r\nContent-Length: 0\r\n\r\n".encode())
                if leaves and self._dice.random() < 0.5:
                    raise Gone
                head = await reader.readuntil(b"\r\n\r\n")
                status, length = int(head[9:12]), int(re.findall(rb"(?i)content-length: (\d+)", head)[0])
                if leaves:
                    part = await reader.read(self._dice.randint(1, length or 1))
                    self._go()
                    return status, part, False
                body = await reader.readexactly(length)
        except Gone:
            self._go()
            raise
        except (OSError, EOFError, TimeoutError) as error:
            self._tally.broken += 1
            self.close()
            raise Gone from error
        self._tally.answers[what, status] += 1
        if b"connection: close" in head.lower():
            self.close()
        return status, body, True

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self._streams = await asyncio.open_connection(self._host, self._port)
        return self._streams

    def _go(self) -> None:
        self._tally.left += 1
        self.close()

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None


class Watcher:
    """One viewer's way through the server, and the eyes on every answer."""

    def __init__(self, marked: Marked, client: Client, tally: Tally, dice: random.Random) -> None:
        self._marked = marked
        self._client = client
        self._tally = tally
        self._dice = dice

    async def watch(self) -> None:
        """Page, session, the bare playlist, and three of the texts; each until it is there."""
        marked = self._marked
        page = await self._get("page", marked.link)
        session = await self._get("session", f"{marked.link}/sessions", method="POST")
        bare = await self._get("bare", f"{marked.link}/multivariant.m3u8")
        if page is None or session is None or bare is None:
            self._tally.given_up += 1
            return
        told = orjson.loads(session)
        self._must(f"ref={marked.ref}".encode() in page, "the page does not lead back to its viewer")
        self._must(told["cta"]["url"].endswith(f"ref={marked.ref}"), "the session does not lead back to its viewer")
        folder = urlsplit(str(told["multivariant_url"])).path.rpartition("/")[0]
        for token in (folder.removeprefix("/p/"), *set(re.findall(r"\.\./p/([^/]+)/", bare.decode()))):
            self._must(self._is_own(token), "a token of another's")
        texts = [await self._get(kind, f"{folder}/{kind}") for kind in self._dice.sample(list(TEXTS), 3)]
        self._tally.done += None not in texts
        self._tally.given_up += None in texts
        self._client.close()

    async def _get(self, what: str, path: str, *, method: str = "GET") -> bytes | None:
        """The whole answer, asked for as often as it takes. Each answer on the way is looked at."""
        for tried in range(TRIES):
            try:
                status, body, whole = await self._client.ask(what, path, method=method)
            except Gone:
                continue
            self._look(what, body)
            if not whole:
                continue
            if status < 400:
                return body
            self._must(status == 503, f"{what} is answered {status}")
            await asyncio.sleep(self._dice.uniform(PAUSE_S, PAUSE_S * 2 ** min(tried, LONGEST)))
        return None

    def _look(self, what: str, body: bytes) -> None:
        """Nothing of another may be in it, whole or not."""
        own = self._marked
        for ref in re.findall(rb"ref=([A-Za-z0-9_-]+)(?=[\"&<\s])", body):
            self._must(ref.decode() == own.ref, f"{what} leads to another")
        if what in TEXTS:
            shown = TEXTS[what].findall(body)
            self._must(shown == [film.encode() for film in own.film[what]][: len(shown)], f"{what} is another's film")

    def _is_own(self, token: str) -> bool:
        try:
            signed = tokens.open_playback(token, now_s=int(time.time()), keys=world.KEYS)
        except StreamsrvError:
            return False
        return tokens.read_playback(signed)[0].link_id == world.link_id(self._marked.viewer)

    def _must(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self._tally.foreign.append(f"{self._marked.viewer.viewer_id}: {otherwise}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="streamsrv-load-") as name:
        started_s = time.monotonic()
        tally = asyncio.run(measure(Path(name), arguments.viewers, arguments.workers))
    for line in report(tally, taken_s=time.monotonic() - started_s):
        print(line)
    sys.exit(1 if tally.foreign or tally.given_up else 0)


def report(tally: Tally, *, taken_s: float) -> Iterator[str]:
    """The tally for people."""
    yield f"{tally.done} viewers got all that is theirs in {taken_s:.0f} s; {tally.given_up} did not"
    yield f"{sum(tally.answers.values())} whole answers; {tally.left} left by their clients, {tally.broken} broken off"
    for (what, status), count in sorted(tally.answers.items()):
        yield f"  {what:<18} {status} {count:>8}"
    yield f"answers with anything of another viewer: {len(tally.foreign)}"
    yield from tally.foreign[:20]


async def measure(folder: Path, viewers: int, workers: int, *, seed: int = 1) -> Tally:
    """So many viewers at once through a server over a store that is never well."""
    dice, tally = random.Random(seed), Tally()
    scenes = {scene.scene_id: scene for scene in world.write_store(folder / "segments")}
    config = _write_settings(folder)
    async with single(folder / "redis", "--appendonly", "no") as redis:
        people = [_viewer(number) for number in range(viewers)]
        environ = {**world.ENVIRON, "STREAMSRV_STATE_REDIS_URL": redis.url}
        await world.put(config, people, environ)
        marked = [_marked(viewer, scenes) for viewer in people]
        dice.shuffle(marked)
        with _harm(redis.port) as port, ExitStack() as stack:
            # Patience, so that many calls share the connections that are harmed.
            environ |= {"STREAMSRV_STATE_BUDGET_MS": "2000", "STREAMSRV_STATE_POOL_WAIT_MS": "2000"}
            environ["STREAMSRV_STATE_REDIS_URL"] = f"redis://127.0.0.1:{port}"
            serving = streamsrv(config, environ, workers=workers)
            base_url = (await asyncio.to_thread(stack.enter_context, serving))[1]
            await asyncio.gather(*(_one(base_url, one, tally, random.Random(dice.random())) for one in marked))
            await asyncio.to_thread(stack.close)
    return tally


async def _one(base_url: str, marked: Marked, tally: Tally, dice: random.Random) -> None:
    client = Client(base_url, tally, dice)
    try:
        await Watcher(marked, client, tally, dice).watch()
    finally:
        client.close()


@contextmanager
def _harm(port: int) -> Iterator[int]:
    """A proxy before the store, in a thread of its own; its port."""
    loop = asyncio.new_event_loop()
    ready: Future[int] = Future()
    over = asyncio.Event()

    async def serve() -> None:
        async with toxics.open_proxy(("127.0.0.1", port)) as proxy:
            proxy.add(toxics.Latency(5, jitter_ms=5))
            proxy.add(toxics.Slicer(50, variation_bytes=49), toxicity=0.02)
            proxy.add(toxics.Latency(2_000), toxicity=0.002, name="too late")
            proxy.add(toxics.ResetPeer(), toxicity=0.01)
            proxy.add(Torn(), toxicity=0.01)
            ready.set_result(proxy.port)
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        yield ready.result(20)
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


def _viewer(number: int) -> Viewer:
    return Viewer(ViewerId(f"viewer-{number}"), CampaignId("markers"), {"number": number})


def _marked(viewer: Viewer, scenes: Mapping[SceneId, Scene]) -> Marked:
    number = int(str(viewer.viewer_id).removeprefix("viewer-"))
    shown = [*(CHOICES[number >> slot & 1] for slot in range(SLOTS)), "next-step"]
    segments = [scenes[SceneId(scene)].key for scene in shown for _ in world.CUTS]
    film = {"video/432p.m3u8": segments, "video/234p.m3u8": segments, "audio/en.m3u8": segments, "text/en.vtt": shown}
    ref = world.IDENTITY.link_ref(viewer.campaign_id, viewer.viewer_id)
    link = f"/v/{world.link_token(viewer, now_s=int(time.time()))}"
    return Marked(viewer, link, ref, film)


def _write_settings(folder: Path) -> Path:
    story = "\n".join(
        f"  - {{slot: s{slot}, choose: [{{when: number / {1 << slot} % 2 == 1, scene: {CHOICES[1]}}}], "
        f"otherwise: {CHOICES[0]}}}"
        for slot in range(SLOTS)
    )
    (folder / "campaigns").mkdir()
    (folder / "campaigns/markers.yaml").write_text(CAMPAIGN.replace("STORY", story), encoding="utf-8")
    server = "max_connections = 20000\nbacklog = 8192"
    config = world.write_settings(
        folder, segments=folder / "segments", viewers_file=folder / "none.ndjson", root=ROOT, server=server
    )
    text = config.read_text("utf-8").replace(str(world.CAMPAIGNS), str(folder / "campaigns"))
    config.write_text(text, "utf-8")
    return config


if __name__ == "__main__":
    main()
