"""The preview over HTTP: what its pages say, what their videos are, and that nothing is left behind."""

import re
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import ClientSession, ClientTimeout
from blockbuster import blockbuster_ctx

from load import world
from streamsrv.app.preview import open_preview
from streamsrv.cli.preview import differing
from streamsrv.config import load_settings
from streamsrv.core.campaign import load_campaign
from streamsrv.core.manifest import format_scene
from streamsrv.core.model import CampaignId, OverlaySlot, Scene, Viewer, ViewerId
from streamsrv.web.headers import CONTENT_SECURITY_POLICY
from streamsrv.web.preview import preview_paths
from streamsrv.web.preview_choice import Choice
from tests.web.conftest import ROOT

AT_S = 1_790_000_000
"""2026-09-21."""
CAMPAIGN = """\
campaign: try
title: Try it
valid: {from: 2026-01-01, until: 2027-01-01}
schema:
  first_name: {type: string, personal: true}
  product: {type: enum, values: [home, motor]}
  renewal_on: {type: date}
  claims: {type: list, max_items: 5, of: {n: {type: int}}}
require: [first_name, product, renewal_on]
audiences:
  b_names: first_name.startsWith("B")
story:
  - slot: hello
    scene: hello
  - slot: product
    choose:
      - {when: product == "home", scene: explain-home}
      - {when: b_names, scene: explain-motor}
    otherwise: explain-any
  - slot: claims
    for_each: claims
    scene: claim-card
  - slot: thanks
    when: renewal_on < today
    scene: thanks-loyal
  - slot: offer
    experiment: offer
    arms: {plain: {weight: 50, scene: offer-plain}, bonus: {weight: 50, scene: offer-bonus}}
  - slot: next-step
    scene: next-step
    cta: {label: Renew now, url: "https://example.com/renew?ref={link_ref}"}
fallback: [hello-any, next-step]
holdout: {share: 0.3, control: [hello-any]}
"""
ARMS = "offer:plain, offer:bonus, holdout:told, holdout:held_out"
DATA = {"first_name": "Ben", "product": "motor", "renewal_on": "2026-10-01", "claims": [{"n": 1}, {"n": 2}]}


def person(viewer_id: str, **changes: Any) -> Viewer:
    return Viewer(ViewerId(viewer_id), CampaignId("try"), DATA | changes, link_ref="REF")


# By their ids alone: told and arm plain, told and arm bonus, held out.
PLAIN, BONUS, HELD = "v12", "v1", "v0"
PEOPLE = (
    person(PLAIN),
    person(BONUS),
    person(HELD),
    person("none", product=None, claims="many"),
    person('../"><b>x', first_name="<script>alert(1)</script>B"),
)


class Page(HTMLParser):
    """What a page says: its visible words, and the attributes of its elements."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data.split()

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def labels(self) -> list[str]:
        """What the buttons of the decisions say, in order."""
        found = [attrs.get("aria-label") or "" for _, attrs in self.elements if attrs.get("class") == "seek"]
        return [label.removeprefix("Play from ") for label in found]

    def sessions_url(self) -> str:
        return next(url for _, attrs in self.elements if (url := attrs.get("data-sessions-url")))


class Bench:
    """An open preview, and its campaign's file."""

    def __init__(self, base_url: str, client: ClientSession, folder: Path) -> None:
        self.base_url = base_url
        self.client = client
        self.folder = folder

    def write(self, text: str) -> None:
        (self.folder / "try.yaml").write_text(text, encoding="utf-8")

    async def page(self, viewer: str, arms: dict[str, str] | None = None, at: str = "") -> Page:
        status, text = await self.get(Choice(viewer, arms or {}, at).path())
        assert 200 == status
        return Page(text)

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self.client.get(self.base_url + path, headers=headers) as response:
            return response.status, await response.text()

    async def played(self, page: Page) -> list[str]:
        """The slots of the video that the page's player gets, in order."""
        async with self.client.post(self.base_url + page.sessions_url()) as response:
            multivariant_url = orjson.loads(await response.read())["multivariant_url"]
        _, playlist = await self.get(f"{multivariant_url.rpartition('/')[0]}/video/720p.m3u8")
        return re.findall(r'X-SLOT="([^"]+)"', playlist)


OpenBench = Callable[[], AbstractAsyncContextManager[Bench]]


@pytest.fixture
def open_bench(store: tuple[Path, dict[str, Scene]], tmp_path: Path) -> OpenBench:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Bench]:
        config = world.write_settings(tmp_path, segments=store[0], viewers_file=tmp_path / "none.ndjson", root=ROOT)
        file = tmp_path / "try.yaml"
        file.write_text(CAMPAIGN, encoding="utf-8")
        settings = load_settings(config, {})
        async with (
            open_preview(settings, file, PEOPLE, at_s=AT_S, port=0) as base_url,
            ClientSession(timeout=ClientTimeout(total=20)) as client,
        ):
            with blockbuster_ctx("streamsrv"):
                yield Bench(base_url, client, tmp_path)

    return opened


@pytest.fixture
async def bench(open_bench: OpenBench) -> AsyncIterator[Bench]:
    async with open_bench() as opened:
        yield opened


async def test_a_row_stands_for_each_scene_in_playback_order(bench: Bench) -> None:
    expected = [
        "0:00: hello", "0:12: explain-motor", "0:25: claim-card", "0:38: claim-card", "0:51: offer-plain",
        "1:04: next-step",
    ]  # fmt: skip

    assert expected == (await bench.page(PLAIN)).labels()


async def test_the_rules_are_told_with_the_values_that_they_read(bench: Bench) -> None:
    text = (await bench.page(PLAIN)).text

    assert 'product == "home" is false product = motor' in text
    assert 'b_names is true first_name = Ben audience b_names : first_name.startsWith("B") is true' in text
    assert (
        "slot thanks renewal_on < today is false renewal_on < today is false"
        " renewal_on = 2026-10-01 today = 2026-09-21T00:00:00+00:00"
    ) in text


async def test_the_video_is_the_story_on_the_page(bench: Bench) -> None:
    page = await bench.page(PLAIN)

    assert ["hello", "product", "claims", "claims", "offer", "next-step"] == await bench.played(page)


async def test_a_broken_file_is_shown_with_its_lines_and_without_a_story_until_it_is_mended(bench: Bench) -> None:
    bench.write(CAMPAIGN.replace("product ==", "produkt ==").replace("[hello-any]", "[helo]"))
    broken = await bench.page(PLAIN)
    bench.write(CAMPAIGN.replace("scene: explain-motor", "scene: explain-life"))
    mended = await bench.page(PLAIN)

    assert "Line 17, column 16" in broken.text
    assert '- {when: produkt == "home", scene: explain-home}' in broken.text
    assert "Line 33, column 33" in broken.text
    assert "holdout: {share: 0.3, control: [ helo]}" in broken.text
    assert [] == broken.labels()
    assert "0:12: explain-life" in mended.labels()
    assert ["hello", "product", "claims", "claims", "offer", "next-step"] == await bench.played(mended)


async def test_a_file_that_is_gone_is_a_problem_on_the_page(bench: Bench) -> None:
    (bench.folder / "try.yaml").unlink()

    for path in ("/", *preview_paths(PEOPLE)):
        status, text = await bench.get(path)
        assert (200, True) == (status, "cannot be read: No such file or directory" in Page(text).text)


async def test_a_page_keeps_playing_what_it_showed_when_the_file_changes(bench: Bench) -> None:
    page = await bench.page(PLAIN)
    bench.write(CAMPAIGN.replace("  - slot: hello\n    scene: hello\n", ""))
    await bench.page(PLAIN)

    assert ["hello", "product", "claims", "claims", "offer", "next-step"] == await bench.played(page)


async def test_an_arm_can_be_tried_and_changes_no_other_page(bench: Bench) -> None:
    own, tried = await bench.page(PLAIN), await bench.page(PLAIN, {"offer": "bonus"})

    assert "0:51: offer-bonus" in tried.labels()
    assert "plain (assigned) bonus" in tried.text
    assert "0:51: offer-plain" in own.labels()
    assert "0:51: offer-plain" in (await bench.page(PLAIN)).labels()


async def test_a_held_out_viewer_gets_the_control_story_and_can_be_told_the_other(bench: Bench) -> None:
    held, told = await bench.page(HELD), await bench.page(HELD, {"holdout": "told"})
    links = [attrs.get("href") for tag, attrs in held.elements if tag == "a"]

    assert ["0:00: hello-any"] == held.labels()
    assert "The control story: this viewer is held out." in held.text
    assert f"/show/viewer={HELD};arm=holdout:told" in links
    assert 6 == len(told.labels())
    assert ["control"] == await bench.played(held)
    assert 6 == len(await bench.played(told))


async def test_the_moment_is_what_rules_read_and_what_the_video_follows(bench: Bench) -> None:
    later = await bench.page(PLAIN, at="2026-12-01T09:30")

    assert "0:51: thanks-loyal" in later.labels()
    assert ["hello", "product", "claims", "claims", "thanks", "offer", "next-step"] == await bench.played(later)


async def test_a_day_on_which_the_campaign_is_not_shown_is_told_and_its_video_plays(bench: Bench) -> None:
    page = await bench.page(PLAIN, at="2028-12-01")

    assert "The campaign is not shown at this moment" in page.text
    assert 7 == len(await bench.played(page))


async def test_a_fallback_story_is_told_with_what_the_data_lacks(bench: Bench) -> None:
    page = await bench.page("none")

    assert ["0:00: hello-any", "0:12: next-step"] == page.labels()
    assert "The fallback story (data_missing)" in page.text
    assert "product is missing" in page.text
    assert "claims is text" in page.text


@pytest.mark.parametrize(
    ("arms", "at", "message"),
    [
        ({"offer": "gold"}, "", f'arm is "offer:gold"; expected one of: {ARMS}'),
        ({"other": ""}, "", 'arm is "other:"'),
        ({}, "soon", 'at is "soon"; expected a date and time (UTC), such as 2026-12-01T09:30'),
        ({}, "0001-01-01", "at is in the year 1; expected one from 1971 to 2999"),
    ],
)  # fmt: skip
async def test_an_address_that_asks_for_nothing_there_is_says_so(
    bench: Bench, arms: dict[str, str], at: str, message: str
) -> None:
    page = await bench.page(PLAIN, arms, at)

    assert message in page.text
    assert [] == page.labels()


async def test_the_list_says_what_each_viewer_adds(bench: Bench) -> None:
    _, text = await bench.get("/")
    page = Page(text)

    assert preview_paths(PEOPLE) == [a["href"] for tag, a in page.elements if tag == "a"]
    assert "hello → explain-motor → claim-card × 2 → offer-plain → next-step New: hello, explain-motor," in page.text
    assert (
        "hello → explain-motor → claim-card × 2 → offer-bonus → next-step New: offer-bonus, arm bonus of offer"
        in page.text
    )
    assert "hello-any New: hello-any, the control story" in page.text
    assert "hello-any → next-step New: the fallback story (data_missing)" in page.text


async def test_hostile_data_is_shown_as_it_is(bench: Bench) -> None:
    page = await bench.page(PEOPLE[-1].viewer_id, {"holdout": "told"})

    assert "first_name = <script>alert(1)</script>B" in page.text
    assert ["module", "module"] == [a.get("type") for tag, a in page.elements if tag == "script"]


async def test_pages_follow_the_landing_pages_security_policy(bench: Bench) -> None:
    for path in ("/", preview_paths(PEOPLE)[0]):
        async with bench.client.get(bench.base_url + path) as response:
            assert CONTENT_SECURITY_POLICY == response.headers["Content-Security-Policy"]
            assert "private, no-store" == response.headers["Cache-Control"]


async def test_a_request_under_another_name_is_told_nothing(bench: Bench) -> None:
    sessions = (await bench.page(PLAIN)).sessions_url()

    for path in ("/", preview_paths(PEOPLE)[0], sessions.replace("/sessions", "")):
        assert 404 == (await bench.get(path, Host="rebound.example.com:8090"))[0]
        assert 200 == (await bench.get(path, Host="localhost:8090"))[0]


@pytest.mark.parametrize(
    "path", ["/show/viewer=nobody", "/show/x", "/show/", "/v/x", "/p/x/video/720p.m3u8", "/metrics"]
)
async def test_what_is_not_there_is_not_found(bench: Bench, path: str) -> None:
    assert 404 == (await bench.get(path))[0]


async def test_nothing_is_recorded(open_bench: OpenBench, tmp_path: Path) -> None:
    async with open_bench() as bench:
        before = sorted(path.name for path in tmp_path.iterdir())
        for viewer in (PLAIN, HELD):
            await bench.played(await bench.page(viewer))

    assert before == sorted(path.name for path in tmp_path.iterdir()) == ["server.toml", "try.yaml"]


async def test_a_picture_that_the_brand_lacks_is_a_mistake_and_not_an_empty_place(
    store: tuple[Path, dict[str, Scene]], tmp_path: Path
) -> None:
    hello = replace(store[1]["hello"], overlays={"seal": OverlaySlot("image", 3, 12, (0.6, 0.6, 0.3, 0.3))})
    segments = tmp_path / "segments"
    shutil.copytree(store[0], segments)
    (segments / "scenes/hello/scene.json").write_bytes(orjson.dumps(format_scene(hello)))
    (tmp_path / "brand").mkdir()
    (tmp_path / "brand/seal.png").touch()
    config = world.write_settings(tmp_path, segments=segments, viewers_file=tmp_path / "none.ndjson", root=ROOT)
    settings = load_settings(config, {"STREAMSRV_RENDERING_KIT": str(tmp_path / "brand.toml")})
    file = tmp_path / "try.yaml"

    def show(picture: str) -> None:
        shown = f"    scene: hello\n    overlays: {{seal: {picture}}}\n"
        file.write_text(CAMPAIGN.replace("    scene: hello\n", shown), encoding="utf-8")

    show("seal.png")
    told = []
    async with (
        open_preview(settings, file, PEOPLE, at_s=AT_S, port=0) as base_url,
        ClientSession(timeout=ClientTimeout(total=20)) as client,
    ):
        for picture in ("seal.png", "sael.png"):
            show(picture)
            async with client.get(base_url + Choice(PLAIN, {}).path()) as response:
                told.append(Page(await response.text()))

    assert [6, 0] == [len(page.labels()) for page in told]
    assert '"sael.png"' in told[1].text
    assert 'did you mean "seal.png"?' in told[1].text


def test_a_sample_begins_with_the_most_and_adds_what_is_new(store: tuple[Path, dict[str, Scene]]) -> None:
    scenes = {scene.scene_id: scene for scene in store[1].values()}
    campaign = load_campaign(CAMPAIGN, where="try.yaml", scenes=scenes)
    many = [person(f"same-{number}", product=None) for number in range(50)] + [*PEOPLE]

    chosen = differing(many, campaign, 3, now_s=AT_S)

    # The bonus adds a scene, an arm and a branch; the fallback story a scene and itself; the control story only itself.
    assert [PLAIN, BONUS, "same-0"] == [viewer.viewer_id for viewer in chosen]
    assert 5 == len(differing(many, campaign, 50, now_s=AT_S))
