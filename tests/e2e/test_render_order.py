"""Which segments are ordered for whom, in which order, and what is dropped: as renderers find it in the queue."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from load import world
from streamsrv.app.clock import SystemClock
from streamsrv.app.services import open_services
from streamsrv.config import load_settings
from streamsrv.core.access import Knock
from streamsrv.core.model import CampaignId, Viewer, ViewerId
from streamsrv.core.overlays import parse_plan
from streamsrv.delivery import Delivery, Wanted
from streamsrv.stores.render_queue import MOST_AHEAD, RenderQueue
from streamsrv.stores.state import State, names

ROOT = Path(__file__).resolve().parents[2]
SCENES = 8
WITHIN = 5
"""So many of them begin within the seconds that are ordered ahead: each takes 3.2 s."""
SETTLE_S = 0.3
"""Orders are written beside everything else."""
OWN, SHARED = 1, 0
"""Segments of each scene, by index."""
STORY = "".join(
    f'  - {{slot: part-{number}, scene: hello, overlays: {{greeting: {{text: "{{name}} {number}"}}}}}}\n'
    for number in range(1, SCENES + 1)
)
CAMPAIGN = f"""\
campaign: parts
schema:
  name: {{type: string, max_length: 60, personal: true}}
require: [name]
story:
{STORY}fallback: [hello]
"""
ANA, ZOE, NAMESAKE = (
    Viewer(ViewerId(name), CampaignId("parts"), {"name": text})
    for name, text in (("ana", "Ana"), ("zoe", "Zoe"), ("namesake", "Ana"))
)


@dataclass(frozen=True)
class Place:
    """A server that renders nothing itself, and the renderers' end of its queue."""

    delivery: Delivery
    queue: RenderQueue
    state: State

    async def begun(self, viewer: Viewer) -> str:
        """A new session's token."""
        opened = await self.delivery.open_session(world.link_token(viewer, now_s=int(time.time())), Knock())
        return opened.token

    def wanted(self, token: str, number: int, index: int, rung: str = "360p") -> Wanted:
        """A segment of the session's `number`-th scene, from 1."""
        scene, base_units, _ = self.delivery.playing(token).timeline.placements[number - 1]
        start_units = scene.video[0].segments[index].start_units
        return self.delivery.find_segment(
            token, scene_key=scene.key, rendition=rung, index=index, base_units=base_units + start_units
        )

    async def taken(self) -> list[tuple[str, str]]:
        """All that renderers would find, in the order in which they would: words and rung."""
        found = []
        await asyncio.sleep(SETTLE_S)
        while (taken := await self.queue.take("a renderer")) is not None:
            (item,) = parse_plan(taken.order.plan).items
            found.append((item.text, taken.order.name.rendition))
            await self.queue.finish(taken, None, leased=False)
        return found


@pytest.fixture
async def place(greet_store: Path, tmp_path: Path) -> AsyncIterator[Place]:
    async with _opened(greet_store, tmp_path) as opened:
        yield opened


@asynccontextmanager
async def _opened(store: Path, folder: Path) -> AsyncIterator[Place]:
    (folder / "campaigns").mkdir()
    (folder / "campaigns" / "parts.yaml").write_text(CAMPAIGN)
    config = world.write_settings(
        folder, segments=store / "segments", viewers_file=folder / "viewers.ndjson", root=ROOT,
        campaigns=folder / "campaigns", ladder=store / "ladder.toml",
    )  # fmt: skip
    environ = {**world.ENVIRON, "STREAMSRV_RENDERING_PROCESSES": "0", "STREAMSRV_STATE_BUDGET_MS": "5000"}
    await world.put(config, [ANA, ZOE, NAMESAKE], environ)
    async with open_services(load_settings(config, environ)) as services:
        state, _, identity = services.register
        queue = RenderQueue(state, identity.queue_secret(), SystemClock(), random_bytes=secrets.token_bytes)
        yield Place(services.delivery, queue, state)


def parts(name: str, numbers: range, rung: str) -> list[tuple[str, str]]:
    return [(f"{name} {number}", rung) for number in numbers]


async def test_a_new_session_orders_what_it_shows_first_and_then_in_playback_order(place: Place) -> None:
    token = await place.begun(ANA)
    taken = await place.taken()
    first = next(iter(place.delivery.playing(token).timeline.placements)).scene.video

    assert parts("Ana", range(1, WITHIN + 1), taken[0][1]) == taken
    assert taken[0][1] in {track.name for track in first}


async def test_a_playlist_of_another_rung_orders_that_rung_from_where_the_player_is(place: Place) -> None:
    token = await place.begun(ANA)
    first = (await place.taken())[0][1]
    other = "360p" if first == "180p" else "180p"
    await place.delivery.segment(place.wanted(token, 3, SHARED, first))
    await place.taken()
    place.delivery.video(token, other)

    assert parts("Ana", range(3, SCENES + 1), other) == await place.taken()


async def test_a_playlist_alone_drops_nothing(place: Place) -> None:
    """Some players read every rung's before they choose."""
    token = await place.begun(ANA)
    for rung in ("180p", "360p"):
        place.delivery.video(token, rung)
    taken = await place.taken()

    assert sorted(parts("Ana", range(1, WITHIN + 1), "180p") + parts("Ana", range(1, WITHIN + 1), "360p")) == sorted(
        taken
    )


async def test_a_segment_of_another_rung_drops_what_was_ordered_in_the_first(place: Place) -> None:
    token = await place.begun(ANA)
    for rung in ("180p", "360p", "180p"):
        await asyncio.sleep(SETTLE_S)
        await place.delivery.segment(place.wanted(token, 1, SHARED, rung))

    assert parts("Ana", range(1, WITHIN + 2), "180p") == sorted(await place.taken())


async def test_what_was_passed_is_dropped_and_what_lies_ahead_is_ordered(place: Place) -> None:
    token = await place.begun(ANA)
    await asyncio.sleep(SETTLE_S)
    await place.delivery.segment(place.wanted(token, 4, SHARED))

    assert parts("Ana", range(4, SCENES + 1), "360p") == sorted(await place.taken())


async def test_what_was_fetched_is_ordered_no_more_whatever_was_sent(place: Place) -> None:
    token = await place.begun(ANA)
    await asyncio.sleep(SETTLE_S)
    _, outcome = await place.delivery.own_segment(place.wanted(token, 3, OWN))

    assert "timeout" == outcome
    assert parts("Ana", range(4, SCENES + 1), "360p") == sorted(await place.taken())


async def test_what_was_left_out_of_a_full_queue_is_ordered_when_there_is_room(place: Place) -> None:
    pipeline = place.state.client.pipeline(transaction=False)
    for _ in range(MOST_AHEAD):
        pipeline.xadd(names.RENDER_AHEAD, {b"somebody's": b"order"})
    await pipeline.execute()
    token = await place.begun(ANA)
    await asyncio.sleep(SETTLE_S)
    assert MOST_AHEAD == await place.state.client.xlen(names.RENDER_AHEAD)
    await place.state.client.xtrim(names.RENDER_AHEAD, maxlen=0, approximate=False)
    place.delivery.video(token, "360p")
    place.delivery.video(token, "180p")

    assert {*parts("Ana", range(1, WITHIN + 1), "360p")} <= {*await place.taken()}


async def test_what_another_session_needs_as_well_is_not_dropped(place: Place) -> None:
    token, _ = await place.begun(ANA), await place.begun(NAMESAKE)
    await asyncio.sleep(SETTLE_S)
    for rung in ("180p", "360p"):
        await place.delivery.segment(place.wanted(token, 8, SHARED, rung))
    taken = await place.taken()

    assert {f"Ana {number}" for number in range(1, SCENES + 1)} >= {words for words, _ in taken}
    assert {f"Ana {number}" for number in range(1, WITHIN + 1)} <= {words for words, _ in taken}


async def test_what_a_player_says_that_it_asks_for_next_comes_before_all_that_is_only_likely(place: Place) -> None:
    await place.begun(ZOE)
    token = await place.begun(ANA)
    await asyncio.sleep(SETTLE_S)
    place.delivery.hinted(place.wanted(token, 2, OWN, "360p"))
    taken = await place.taken()

    assert ("Ana 2", "360p") == taken[0]
    assert 1 == taken.count(("Ana 2", "360p"))


async def test_a_hint_at_a_shared_segment_brings_nothing_forward(place: Place) -> None:
    await place.begun(ZOE)
    token = await place.begun(ANA)
    await asyncio.sleep(SETTLE_S)
    place.delivery.hinted(place.wanted(token, 2, SHARED, "360p"))

    assert "Zoe 1" == (await place.taken())[0][0]


async def test_what_is_asked_for_comes_before_all_that_is_only_likely(place: Place) -> None:
    await place.begun(ZOE)
    token = await place.begun(ANA)
    await asyncio.sleep(SETTLE_S)
    asking = asyncio.create_task(place.delivery.own_segment(place.wanted(token, 2, OWN, "180p")))

    assert ("Ana 2", "180p") == (await place.taken())[0]
    asking.cancel()
    with suppress(asyncio.CancelledError):
        await asking
