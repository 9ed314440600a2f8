"""Which words are tried before a launch: the longest and strangest that a sample of viewers is shown, and hard names.

Made of decisions. What is told of a viewer's own text is its length, never the text.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from streamsrv.core.campaign import Campaign
from streamsrv.core.campaign.campaign import OverlayText
from streamsrv.core.campaign.fields import OneOf, Text
from streamsrv.core.hard_names import HARD_NAMES
from streamsrv.core.model import Decision, Scene, SceneId, Story, Viewer
from streamsrv.core.overlays import DrawPlan, groups_of, plan_group
from streamsrv.core.rules import decide

KEPT = 6
"""The longest texts of an overlay in a language, and as many of the strangest."""
BASES = 12
"""Viewers of different stories whose words hard names are put into."""
UNUSUAL = 0x250
"""From here on, letters need more than a Latin font."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One text of one overlay to be tried, alone in its plan."""

    scene: SceneId
    overlay: str
    plan: DrawPlan = field(repr=False)
    source: str
    """Where its words are from, told without them."""


class Rehearsal:
    """Gathers what to try of one campaign, one story at a time."""

    def __init__(self, campaign: Campaign, scenes: Mapping[SceneId, Scene], *, unit_frames: int) -> None:
        self._campaign = campaign
        self._scenes = {name: scene for name, scene in scenes.items() if name in campaign.scene_ids()}
        self._unit_frames = unit_frames
        self._longest: dict[tuple[SceneId, str, str], _Most] = {}
        self._strangest: dict[tuple[SceneId, str, str], _Most] = {}
        self._always: dict[tuple[str, str, DrawPlan], str] = {}
        self._bases: dict[tuple[SceneId, ...], Viewer] = {}

    def add(self, viewer: Viewer, story: Story) -> None:
        """One viewer of the sample."""
        shown = tuple(decision.scene_id for decision in story.decisions)
        if len(self._bases) < BASES and story.kind == "personal":
            self._bases.setdefault(shown, viewer)
        for decision in story.decisions:
            for overlay, plan in self._plans(decision, story.language):
                text = _words(plan)
                key = (decision.scene_id, overlay, story.language)
                self._longest.setdefault(key, _Most()).add(len(text), plan)
                strange = len({letter for letter in text if ord(letter) >= UNUSUAL})
                if strange:
                    self._strangest.setdefault(key, _Most()).add(strange, plan)

    def trials(self, *, now_s: int) -> Iterator[Trial]:
        """Everything to try; each plan once. `now_s` is when hard names are told their story."""
        seen: set[tuple[SceneId, str, DrawPlan]] = set()
        for most in (self._longest, self._strangest):
            for (scene, overlay, _), kept in most.items():
                for plan in kept.plans():
                    if (scene, overlay, plan) not in seen:
                        seen.add((scene, overlay, plan))
                        yield Trial(scene, overlay, plan, _sized(plan))
        named = {overlay for overlay, _ in self._shown_texts()}
        for script, viewer in self._hard_viewers():
            story = decide(self._campaign, viewer, now_s=now_s, assigned={})
            for decision in story.decisions:
                for overlay, plan in self._plans(decision, story.language):
                    if (decision.scene_id, overlay, plan) not in seen:
                        seen.add((decision.scene_id, overlay, plan))
                        told = f"a name in {script}, told in {story.language}"
                        yield Trial(decision.scene_id, overlay, plan, told if overlay in named else _sized(plan))

    def _hard_viewers(self) -> Iterator[tuple[str, Viewer]]:
        """The sample's viewers with hard names in the attributes that overlays show, in every language."""
        fields = self._campaign.schema.fields
        shown = {name for _, name in self._shown_texts()}
        if not shown:
            return
        tongue = self._campaign.languages.attribute
        tongues: Sequence[str] = self._campaign.languages.offered if tongue is not None else ("",)
        for viewer in self._bases.values():
            for language in tongues:
                spoken = {} if tongue is None or not _holds(fields[tongue].type, language) else {tongue: language}
                for script, names in HARD_NAMES.items():
                    for name in _hardest(names.names):
                        words = {key: _cut(name, fields[key].type) for key in shown}
                        yield script, replace(viewer, attributes={**_given(viewer), **words, **spoken})

    def _shown_texts(self) -> Iterator[tuple[str, str]]:
        """Overlays that show a text attribute, each with that."""
        fields = self._campaign.schema.fields
        for shown in self._campaign.all_shown():
            for filling in shown.overlays:
                if isinstance(filling, OverlayText) and not filling.is_address:
                    for name in (name for template in filling.texts.values() for name in template.reads):
                        if isinstance(fields[name].type, Text):
                            yield filling.name, name

    def _plans(self, decision: Decision, language: str) -> Iterator[tuple[str, DrawPlan]]:
        """A plan for each overlay by itself, as it is drawn."""
        scene = self._scenes.get(decision.scene_id)
        for group in () if scene is None else groups_of(scene.overlays):
            assert scene is not None
            defaults = {
                name: self._campaign.languages.pick(scene.overlays[name].default, language)
                for name in group.names
                if scene.overlays[name].default
            }
            plan = plan_group(
                scene, group, decision, language=language, unit_frames=self._unit_frames, defaults=defaults
            )
            yield from ((item.name, DrawPlan(language, (item,))) for item in plan.items)


class _Most:
    """The few plans that weigh most, each weight once."""

    def __init__(self) -> None:
        self._kept: dict[int, DrawPlan] = {}

    def add(self, weight: int, plan: DrawPlan) -> None:
        if weight in self._kept or (len(self._kept) == KEPT and weight < min(self._kept)):
            return
        self._kept[weight] = plan
        if len(self._kept) > KEPT:
            del self._kept[min(self._kept)]

    def plans(self) -> Iterable[DrawPlan]:
        return (self._kept[weight] for weight in heapq.nlargest(KEPT, self._kept))


def _hardest(names: Sequence[str]) -> Sequence[str]:
    """The longest, the shortest and one of many marks."""
    return tuple(dict.fromkeys((max(names, key=len), min(names, key=len), names[len(names) // 2])))


def _cut(name: str, of: object) -> str:
    assert isinstance(of, Text)
    return name[: of.max_length]


def _holds(of: object, language: str) -> bool:
    return not isinstance(of, OneOf) or language in of.values


def _given(viewer: Viewer) -> Mapping[str, object]:
    attributes = viewer.attributes
    given = getattr(attributes, "given", attributes)
    assert isinstance(given, Mapping)
    return given


def _words(plan: DrawPlan) -> str:
    """All that is written in a plan of one overlay."""
    (item,) = plan.items
    return item.text + "".join(mark.label + mark.text for mark in item.marks)


def _sized(plan: DrawPlan) -> str:
    what = "chart" if plan.items[0].kind == "chart" else "text"
    return f"a viewer's {what} of {len(_words(plan))} characters, told in {plan.language}"
