"""Which words are tried before a launch: the longest and strangest that a sample of viewers is shown, hard names, and
what authors wrote as it is shown.

Made of decisions. What is told of a viewer's own text is its length, never the text.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from streamsrv.core.campaign import Campaign
from streamsrv.core.campaign.campaign import OverlayChart, OverlayText
from streamsrv.core.campaign.document import Mark, quoted
from streamsrv.core.campaign.fields import OneOf, Text
from streamsrv.core.hard_names import HARD_NAMES
from streamsrv.core.model import Decision, Overlay, Scene, SceneId, Story, Viewer
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
    """Whose words they are; a viewer's are told by their length."""
    mark: Mark | None = None
    """Where the campaign's file has the text, or the place that it is put into."""
    packaged: str | None = None
    """The language of a default that the scene was packaged with."""
    is_written: bool = False
    """Whether an author wrote it as it is, so that another text can be asked for."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A plan of a viewer's."""

    plan: DrawPlan
    where: str
    """The viewer's row."""
    mark: Mark | None
    """Where the campaign's file has what is filled."""


class Rehearsal:
    """Gathers what to try of one campaign, one story at a time."""

    def __init__(self, campaign: Campaign, scenes: Mapping[SceneId, Scene], *, unit_frames: int) -> None:
        self._campaign = campaign
        self._scenes = {name: scene for name, scene in scenes.items() if name in campaign.scene_ids()}
        self._unit_frames = unit_frames
        self._longest: dict[tuple[SceneId, str, str], _Most] = {}
        self._strangest: dict[tuple[SceneId, str, str], _Most] = {}
        self._bases: dict[tuple[SceneId, ...], tuple[Viewer, str]] = {}
        self._fillings = {
            (slot.name, shown.scene_id, filling.name): filling
            for slot in campaign.slots
            for shown in slot.all_shown()
            for filling in shown.overlays
        }

    def add(self, viewer: Viewer, story: Story, where: str = "") -> None:
        """One viewer of the sample; `where` is their row in it."""
        shown = tuple(decision.scene_id for decision in story.decisions)
        if len(self._bases) < BASES and story.kind == "personal":
            self._bases.setdefault(shown, (viewer, where))
        for decision in story.decisions:
            for overlay, plan in self._plans(decision, story.language):
                text = _words(plan)
                key = (decision.scene_id, overlay, story.language)
                kept = self._kept(decision, overlay, plan, where)
                self._longest.setdefault(key, _Most()).add(len(text), kept)
                strange = len({letter for letter in text if ord(letter) >= UNUSUAL})
                if strange:
                    self._strangest.setdefault(key, _Most()).add(strange, kept)

    def trials(self, *, now_s: int) -> Iterator[Trial]:
        """Everything to try; each plan once. `now_s` is when hard names are told their story."""
        seen: set[tuple[SceneId, str, DrawPlan]] = set()
        for trial in self._all(now_s):
            if (trial.scene, trial.overlay, trial.plan) not in seen:
                seen.add((trial.scene, trial.overlay, trial.plan))
                yield trial

    def _all(self, now_s: int) -> Iterator[Trial]:
        yield from self._written()
        for most in (self._longest, self._strangest):
            for (scene, overlay, _), those in most.items():
                for kept in those.kept():
                    yield Trial(scene, overlay, kept.plan, _sized(kept), kept.mark)
        named = {overlay for overlay, _ in self._shown_texts()}
        for script, viewer, where in self._hard_viewers():
            story = decide(self._campaign, viewer, now_s=now_s, assigned={})
            for decision in story.decisions:
                for overlay, plan in self._plans(decision, story.language):
                    kept = self._kept(decision, overlay, plan, where)
                    told = f"a name in {script}, told in {story.language}" if overlay in named else _sized(kept)
                    yield Trial(decision.scene_id, overlay, plan, told, kept.mark)

    def _written(self) -> Iterator[Trial]:
        """What the campaign's author wrote as it is shown: defaults, and texts without a place for a value."""
        for shown in self._campaign.all_shown():
            scene = self._scenes.get(shown.scene_id)
            for filling in shown.overlays if scene is not None else ():
                assert scene is not None
                # Pictures are looked for, each by its name.
                if isinstance(filling, OverlayText) and scene.overlays[filling.name].kind != "image":
                    for language in self._campaign.languages.offered:
                        yield from self._as_written(scene, filling, language)

    def _as_written(self, scene: Scene, filling: OverlayText, language: str) -> Iterator[Trial]:
        languages = self._campaign.languages
        written: list[tuple[str, str, Mark | None]] = []
        # A default of the scene's is tried with the scene.
        if filling.default_marks:
            tag = languages.source(filling.defaults, language)
            written.append(("default", filling.defaults[tag], filling.default_marks.get(tag)))
        tag = languages.source(filling.texts, language)
        if filling.texts[tag].is_fixed:
            text = "".join(part for part in filling.texts[tag].parts if isinstance(part, str))
            written.append(("text", text, filling.text_marks.get(tag)))
        for called, text, mark in written:
            told = f"the {called} {quoted(text)}, told in {language}"
            for plan in plans_of(scene, filling.name, text, language, self._unit_frames):
                yield Trial(scene.scene_id, filling.name, plan, told, mark, is_written=True)

    def _kept(self, decision: Decision, overlay: str, plan: DrawPlan, where: str) -> _Kept:
        filling = self._fillings.get((decision.slot, decision.scene_id, overlay))
        mark = None if filling is None else filling.mark
        if isinstance(filling, OverlayText):
            mark = filling.text_marks.get(self._campaign.languages.source(filling.texts, plan.language), mark)
        return _Kept(plan, where, mark)

    def _hard_viewers(self) -> Iterator[tuple[str, Viewer, str]]:
        """The sample's viewers with hard names in the attributes that overlays show, in every language."""
        fields = self._campaign.schema.fields
        shown = {name for _, name in self._shown_texts()}
        if not shown:
            return
        tongue = self._campaign.languages.attribute
        tongues: Sequence[str] = self._campaign.languages.offered if tongue is not None else ("",)
        for viewer, where in self._bases.values():
            for language in tongues:
                spoken = {} if tongue is None or not _holds(fields[tongue].type, language) else {tongue: language}
                for script, names in HARD_NAMES.items():
                    for name in _hardest(names.names):
                        words = {key: _cut(name, fields[key].type) for key in shown}
                        yield script, replace(viewer, attributes={**_given(viewer), **words, **spoken}), where

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
        """A plan for each overlay of a viewer's own by itself, as it is drawn."""
        scene = self._scenes.get(decision.scene_id)
        own = tuple(overlay for overlay in decision.overlays if not overlay.defaulted)
        for group in () if scene is None else groups_of(scene.overlays):
            assert scene is not None
            plan = plan_group(
                scene, group, replace(decision, overlays=own), language=language, unit_frames=self._unit_frames,
                defaults={},
            )  # fmt: skip
            yield from ((item.name, DrawPlan(language, (item,))) for item in plan.items)


def plans_of(scene: Scene, overlay: str, text: str, language: str, unit_frames: int) -> Iterator[DrawPlan]:
    """What draws a text in one overlay of a scene alone; nothing for an empty one."""
    decision = Decision("", scene.scene_id, "", overlays=(Overlay(overlay, text),))
    for group in groups_of(scene.overlays):
        if overlay in group.names:
            plan = plan_group(scene, group, decision, language=language, unit_frames=unit_frames, defaults={})
            if plan.items:
                yield DrawPlan(language, plan.items)


def default_trials(scene: Scene, campaigns: Mapping[str, Campaign], *, unit_frames: int) -> Iterator[Trial]:
    """A scene's own defaults, in every language that they are told in by the campaigns that show the scene, by files.

    A default that no campaign tells is tried in its own language, since any may come to.
    """
    showing = [one.languages for one in campaigns.values() if scene.scene_id in one.scene_ids()]
    for name, slot in scene.overlays.items():
        # Pictures are looked for, and a chart has no default.
        if not slot.default or slot.kind in ("image", "chart"):
            continue
        told_in = {(one.source(slot.default, tag), tag): None for one in showing for tag in one.offered}
        for tag in slot.default:
            if tag not in {source for source, _ in told_in}:
                told_in[tag, tag or next(iter(scene.audio))] = None
        place = next(_told_at(scene.scene_id, name, campaigns), "")
        for tag, language in told_in:
            told = f"the default {quoted(slot.default[tag])}, told in {language}{place}"
            for plan in plans_of(scene, name, slot.default[tag], language, unit_frames):
                yield Trial(scene.scene_id, name, plan, told, packaged=tag, is_written=True)


def _told_at(scene_id: SceneId, overlay: str, campaigns: Mapping[str, Campaign]) -> Iterator[str]:
    """Where campaigns show the scene with its own default in an overlay."""
    for file, campaign in campaigns.items():
        for shown in campaign.all_shown():
            if shown.scene_id == scene_id and shown.mark is not None:
                filling = next((one for one in shown.overlays if one.name == overlay), None)
                own = isinstance(filling, OverlayText) and bool(filling.default_marks or not filling.defaults)
                if filling is None or not (own or isinstance(filling, OverlayChart)):
                    yield f" (shown by {file}:{shown.mark.line}:{shown.mark.column})"


class _Most:
    """The few plans that weigh most, each weight once."""

    def __init__(self) -> None:
        self._kept: dict[int, _Kept] = {}

    def add(self, weight: int, one: _Kept) -> None:
        if weight in self._kept or (len(self._kept) == KEPT and weight < min(self._kept)):
            return
        self._kept[weight] = one
        if len(self._kept) > KEPT:
            del self._kept[min(self._kept)]

    def kept(self) -> Iterable[_Kept]:
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


def _sized(kept: _Kept) -> str:
    plan = kept.plan
    what = "chart" if plan.items[0].kind == "chart" else "text"
    row = f" ({kept.where})" if kept.where else ""
    return f"a viewer's {what} of {len(_words(plan))} characters, told in {plan.language}{row}"
