"""From a session's decisions to the segments that are drawn for it: which, with what on them, under which names."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from streamsrv.core.campaign.languages import Languages
from streamsrv.core.catalog import Catalog
from streamsrv.core.model import Decision, Scene, SceneId, Segment, Track
from streamsrv.core.overlays import DrawPlan, Group, content_key, plan_group
from streamsrv.core.timeline import Timeline


class OwnName(NamedTuple):
    """One rendered segment."""

    key: str
    """The content key, in hex."""
    rendition: str
    number: int
    """The segment's index in its scene."""

    def path(self) -> str:
        """Where it lies, in a folder or a bucket."""
        return f"{self.key[:2]}/{self.key}/{self.rendition}-{self.number}"


class Order(NamedTuple):
    """A segment to render: everything that a renderer needs but the media."""

    name: OwnName
    scene_id: SceneId
    scene_key: str
    """Named beside the id, so that a scene that was packaged anew is not drawn on for an old order."""
    plan: bytes


class Drawing(NamedTuple):
    """What is drawn over one group of one placed scene."""

    key: str
    plan: DrawPlan


class Artist:
    """Makes plans and names for one tenant's sessions."""

    def __init__(self, catalog: Catalog, *, kit: str) -> None:
        """`kit` stands for the brand kit and for the drawing itself."""
        self._catalog = catalog
        self._kit = kit

    def drawing(
        self, scene: Scene, segment: Segment, decision: Decision, *, language: str, speech: Languages, secret: bytes
    ) -> Drawing | None:
        """What is drawn over a segment; None where nothing is. `secret` is the tenant's."""
        group = self._group(scene, segment)
        if group is None:
            return None
        defaults = {
            name: speech.pick(scene.overlays[name].default, language)
            for name in group.names
            if scene.overlays[name].default
        }
        plan = plan_group(
            scene, group, decision, language=language, unit_frames=self._catalog.grid.frames, defaults=defaults
        )
        if not plan.items:
            return None
        return Drawing(content_key(secret, scene_key=scene.key, kit=self._kit, plan=plan), plan)

    def _group(self, scene: Scene, segment: Segment) -> Group | None:
        for group in self._catalog.groups[scene.scene_id]:
            if group.start_units <= segment.start_units < group.end_units:
                return group
        return None


def order_of(scene: Scene, track: Track, index: int, drawing: Drawing) -> Order:
    """The order of one segment of a drawing."""
    name = OwnName(drawing.key, track.name, index)
    return Order(name, scene.scene_id, scene.key, drawing.plan.canonical())


def own_places(timeline: Timeline, *, after_units: int = -1) -> Iterator[tuple[int, int]]:
    """The segments that are drawn on, in playback order: the placed scene's number, and the segment's index.

    Those that end after `after_units`.
    """
    for number, (scene, base_units, _) in enumerate(timeline.placements):
        for index, segment in enumerate(scene.video[0].segments):
            if segment.master is not None and base_units + segment.start_units + segment.units > after_units:
                yield number, index


def placement_at(timeline: Timeline, scene: Scene, base_units: int) -> int:
    """The number of the placed scene that a segment at `base_units` belongs to."""
    for number, (placed, start_units, _) in enumerate(timeline.placements):
        if placed is scene and start_units <= base_units < start_units + scene.units:
            return number
    raise AssertionError("a segment that was found stands in the timeline")


def same_cut(timeline: Timeline, decisions: Sequence[Decision]) -> bool:
    """Whether decisions are the ones that a timeline was made of."""
    return [place.scene.scene_id for place in timeline.placements] == [one.scene_id for one in decisions]
