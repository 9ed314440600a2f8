"""Campaigns and viewers for tests of what analytics says about samples of viewers."""

from collections.abc import Mapping
from dataclasses import replace

from streamsrv.analytics.coverage import Coverage
from streamsrv.analytics.coverage_report import CoverageReport, Reading
from streamsrv.core.campaign import Campaign, load_campaign
from streamsrv.core.model import CampaignId, OverlaySlot, Scene, SceneId, Viewer, ViewerId
from tests.timelines import make_scene

BOX = (0.1, 0.1, 0.5, 0.2)

SCHEMA = """\
campaign: test
schema:
  name: {type: string, personal: true}
  product: {type: enum, values: [home, motor, life]}
  years: {type: int, default: 0}
  premium: {type: money, currency: EUR}
  claims: {type: list, max_items: 5, of: {amount: {type: int}}}
require: [product]
fallback: [sorry]
"""
ALWAYS = "  - {slot: end, scene: bye}\n"
WORDS = """\
  - slot: next
    scene: next
    overlays: {name: "{name|text}", premium: {text: "{premium|money}", default: "?"}}
"""


def load(story: str, *, head: str = "", scenes: Mapping[SceneId, Scene] | None = None) -> Campaign:
    """A campaign over `SCHEMA`."""
    return load_campaign(f"{SCHEMA}{head}story:\n{story}", where="test.yaml", scenes=scenes)


def person(viewer_id: str, **attributes: object) -> Viewer:
    given = {"product": "home", **attributes}
    kept = {name: value for name, value in given.items() if value is not None}
    return Viewer(ViewerId(viewer_id), CampaignId("test"), kept)


def people(*attributes: Mapping[str, object]) -> list[Viewer]:
    """Viewers v0, v1, … with these attributes; an attribute of None is left out."""
    return [person(f"v{number}", **given) for number, given in enumerate(attributes)]


def all_read(viewers: int) -> Reading:
    return Reading(viewers, 0, 0, (), complete=True)


def cover(campaign: Campaign, viewers: list[Viewer], scenes: Mapping[SceneId, Scene] | None = None) -> CoverageReport:
    coverage = Coverage(campaign, scenes, now_s=0)
    for viewer in viewers:
        coverage.add(viewer)
    return coverage.report(all_read(len(viewers)))


def scene(scene_id: str, *cuts: int, **windows: tuple[int, int]) -> Scene:
    """A scene at 30 fps (a unit is 8/15 s) with overlays by their windows, each with a default of its own."""
    overlays = {name: OverlaySlot("text", *window, BOX, {"": f"no {name}"}) for name, window in windows.items()}
    return replace(make_scene(scene_id, cuts or (15,)), overlays=overlays)


def stock(*scenes: Scene) -> dict[SceneId, Scene]:
    return {one.scene_id: one for one in scenes}
