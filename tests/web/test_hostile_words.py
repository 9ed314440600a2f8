"""A viewer's data is never markup: all that a hostile viewer gets is built as a harmless one's is (B14, B17)."""

import re
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import orjson
import pytest
from aiohttp import ClientSession
from yarl import URL

from load import world
from streamsrv.app.preview import open_preview
from streamsrv.config import load_settings
from streamsrv.core.captions import parse_captions
from streamsrv.core.manifest import format_scene
from streamsrv.core.model import CampaignId, OverlaySlot, Viewer, ViewerId
from streamsrv.stores.samples import keep_samples
from streamsrv.web.preview import preview_paths
from tests.web.conftest import ROOT, OpenSite, Site

CORPUS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]><script>alert(1)</script>",
    "{{7*7}}${7*7}<%= 7*7 %>#{7*7}",
    "{first_name} {link_ref}",
    "{% raw %}{% endraw %}",
    "javascript:alert(1)",
    "data:text/html;base64,PHNjcmlwdD4=",
    '\\"; alert(1); //',
    "\u2028alert(1)\u2029",
    "&lt;script&gt;&#x3C;b&#62;",
    "<c.red>x</c><00:00:01.000><v Roger>",
    "x\n\n1\n00:00:00.000 --> 99:00:00.000\nanother's words",
    "a --> b",
    "#EXT-X-ENDLIST\n#EXTINF:1,\nhttps://evil.example/x.ts",
    '{$x}",URI="https://evil.example',
    "\r\nSet-Cookie: a=b\r\n\r\n<html>",
    "\x00\x1b[31m\u202eevil\u202c\u200b",
    "＜script＞alert(1)＜/script＞",
    "<a href=//evil.example>",
)
AT_S = 1_790_000_000
CAMPAIGN = """\
campaign: hostile
title: A film for you
schema:
  first_name: {type: string, personal: true}
  town: {type: string, default: nowhere}
require: [first_name]
story:
  - {slot: hello, when: first_name != "x" && town != "y", scene: hello, overlays: {greeting: "Hello {first_name}"}}
  - slot: next
    scene: next-step
    overlays: {premium: "in {town}"}
    cta: {label: Renew, url: "https://example.com/?ref={link_ref}&town={town}"}
fallback: [hello-any]
"""
SLOTS = {"hello": "greeting", "next-step": "premium"}


class Bones(HTMLParser):
    """What a browser would build: elements with the names of their attributes, and scripts' addresses."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.scripts: list[str | None] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        if tag == "script":
            self.scripts.append(dict(attrs).get("src"))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bones) and (self.elements, self.scripts) == (other.elements, other.scripts)

    __hash__ = None  # type: ignore[assignment] # compared, never kept in sets


def person(number: int, words: str | None) -> Viewer:
    attributes = {} if words is None else {"first_name": words, "town": words}
    return Viewer(ViewerId(f"v{number}-{words}"), CampaignId("hostile"), attributes, link_ref="REF")


def harmless() -> list[Viewer]:
    """One who is told their own story, and one whose data is missing; what is hostile may be taken for missing."""
    return [person(0, "Anna"), person(1, None)]


def hostile() -> list[Viewer]:
    return [person(number, words) for number, words in enumerate(CORPUS, start=2)]


def write_world(folder: Path) -> tuple[Path, Path]:
    """Scenes with places for words, and the campaign's file."""
    segments, campaigns = folder / "told", folder / "campaigns"
    for scene in world.write_store(segments):
        if scene.scene_id in SLOTS:
            slot = OverlaySlot("text", 0, world.CUTS[0], (0.1, 0.1, 0.8, 0.2), {"": "hello"})
            told = replace(scene, overlays={SLOTS[scene.scene_id]: slot})
            (segments / "scenes" / scene.scene_id / "scene.json").write_bytes(orjson.dumps(format_scene(told)))
    campaigns.mkdir()
    (campaigns / "hostile.yaml").write_text(CAMPAIGN, encoding="utf-8")
    return segments, campaigns


@pytest.fixture
async def site(open_site: OpenSite, tmp_path: Path) -> AsyncIterator[Site]:
    segments, campaigns = write_world(tmp_path)
    environ = {"STREAMSRV_STORAGE_CAMPAIGNS": str(campaigns)}
    async with open_site(name="hostile", segments=segments, environ=environ) as opened:
        yield opened


async def built(site: Site, viewer: Viewer) -> tuple[object, ...]:
    """How everything that this viewer gets is built."""
    link = f"/v/{world.link_token(viewer, now_s=int(time.time()))}"
    plain = {"Accept-Encoding": "identity"}
    page = await site.fetch(link, headers=plain)
    session = await site.fetch(f"{link}/sessions", method="POST")
    told = orjson.loads(session.body)
    folder = str(told["multivariant_url"]).rpartition("/")[0]
    texts = {
        name: (await site.fetch(f"{folder}/{name}", headers=plain)).body.decode()
        for name in (
            "multivariant.m3u8",
            "video/720p.m3u8",
            "text/en.m3u8",
            "chapters.json",
            "text/en.vtt",
            "text/en.txt",
        )
    }
    captions, transcript = texts.pop("text/en.vtt"), texts.pop("text/en.txt")
    cues = [(cue.start_ms, cue.end_ms, re.findall(r"<[^>]*>", cue.text)) for cue in parse_captions(captions, where="-")]
    headers = sorted({*page.headers, *session.headers})
    where = str((told["cta"] or {}).get("url", "")).partition("?")[0]
    return (
        Bones(page.body.decode()),
        session.status,
        sorted(told),
        where,
        texts,
        cues,
        len(transcript.splitlines()),
        headers,
    )


async def test_no_field_of_a_viewer_becomes_markup_on_any_page_or_in_any_text(site: Site) -> None:
    await keep_samples(site.services.register, [*harmless(), *hostile()], at_s=1)
    expected = [await built(site, one) for one in harmless()]
    other = [one.viewer_id for one in hostile() if await built(site, one) not in expected]

    assert [] == other
    assert expected[0] != expected[1]


async def test_no_field_of_a_viewer_becomes_markup_in_the_preview(tmp_path: Path) -> None:
    segments, campaigns = write_world(tmp_path)
    config = world.write_settings(tmp_path, segments=segments, viewers_file=tmp_path / "none.ndjson", root=ROOT)
    # Each in the middle, so that their page leads both ways.
    everyone = [*harmless(), *hostile(), *(person(100 + number, words) for number, words in enumerate(("Ben", None)))]
    async with (
        open_preview(load_settings(config, {}), campaigns / "hostile.yaml", everyone, at_s=AT_S, port=0) as base_url,
        ClientSession() as client,
    ):
        pages = []
        for path in preview_paths(everyone):
            async with client.get(URL(base_url + path, encoded=True)) as response:
                assert 200 == response.status
                pages.append(Bones(await response.text()))

    known = {element for page in (*pages[:2], *pages[-2:]) for element in page.elements}
    new = {one.viewer_id: set(page.elements) - known for one, page in zip(everyone, pages, strict=True)}
    assert {} == {viewer_id: found for viewer_id, found in new.items() if found}
    assert [pages[0].scripts] * len(pages) == [page.scripts for page in pages]
