"""From a session's decisions to the segments that are drawn for it: which, with what on them, under which names."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from streamsrv.core.campaign.languages import Languages
from streamsrv.core.catalog import Catalog
from streamsrv.core.fragment import Fragment, parse_fragment
from streamsrv.core.model import Decision, Scene, SceneId, Segment, Track
from streamsrv.core.overlays import Group, content_key, plan_group
from streamsrv.core.timeline import Timeline

PRODUCTS = ("jpg", "webp")
"""What is made of a segment for e-mails: a still, and moving pictures."""


PICTURE_HEIGHTS = {"jpg": 720, "webp": 360}
"""Of the rung that each is made from, at most."""


class OwnName(NamedTuple):
    """One rendered segment, or a picture of it."""

    key: str
    """The content key, in hex."""
    rendition: str
    """A rung's name; with a dot and one of `PRODUCTS` behind it for a picture."""
    number: int
    """The segment's index in its scene."""

    @property
    def rung(self) -> str:
        return self.rendition.removesuffix(f".{self.product}")

    @property
    def product(self) -> str:
        """One of `PRODUCTS`; empty for a segment."""
        ending = self.rendition.rpartition(".")[2]
        return ending if ending in PRODUCTS and ending != self.rendition else ""

    def path(self) -> str:
        """Where it lies, in a folder or a bucket."""
        return f"{self.key[:2]}/{self.key}/{self.rendition}-{self.number}"


def rendered_as(name: OwnName, data: bytes) -> Fragment:
    """What was rendered under `name`, ready to be handed out. A picture is handed out as it is: it has no clock."""
    return Fragment(b"", memoryview(data), 0, 0, 0) if name.product else parse_fragment(data)


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
    plan: bytes
    """Canonical."""


class Step(NamedTuple):
    """A segment that is drawn on, in one session's video."""

    number: int
    """Of the placed scene."""
    segment_index: int
    scene: Scene
    start_units: int
    end_units: int
    drawing: Drawing


class Reel:
    """All that is drawn for one session, in playback order. Made once: what was decided does not change."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = tuple(steps)
        self._ends = [step.end_units for step in steps]
        self._drawings = {(step.number, step.segment_index): step.drawing for step in steps}
        self.keys = frozenset(step.drawing.key for step in steps)
        """The contents that show something of this viewer's."""

    def drawing(self, number: int, index: int) -> Drawing | None:
        """What is drawn over a segment; None where nothing is."""
        return self._drawings.get((number, index))

    def next(self, *, from_units: int, until_units: int, most: int) -> Sequence[Step]:
        """The first of those that end after the former and begin no later than the latter."""
        first = last = bisect_right(self._ends, from_units)
        while last < len(self._steps) and last - first < most and self._steps[last].start_units <= until_units:
            last += 1
        return self._steps[first:last]


class Artist:
    """Makes plans and names for one tenant's sessions."""

    def __init__(self, catalog: Catalog, *, kit: str) -> None:
        """`kit` stands for the brand kit and for the drawing itself."""
        self._catalog = catalog
        self._kit = kit

    def reel(
        self, timeline: Timeline, decisions: Sequence[Decision], *, language: str, secret: bytes, whole: bool
    ) -> Reel:
        """All that is drawn over a session's video. `secret` is the tenant's, `whole` the campaign's."""
        steps: list[Step] = []
        drawn: dict[tuple[int, int], Drawing | None] = {}
        for number, index in own_places(timeline):
            scene, base_units, _ = timeline.placements[number]
            segment = scene.video[0].segments[index]
            group = self._group(scene, segment)
            if group is None:
                continue
            place = number, group.start_units
            if place not in drawn:
                drawn[place] = self._drawing(
                    scene, group, decisions[number], language=language, speech=timeline.speech, secret=secret,
                    whole=whole,
                )  # fmt: skip
            drawing = drawn[place]
            if drawing is not None:
                start_units = base_units + segment.start_units
                steps.append(Step(number, index, scene, start_units, start_units + segment.units, drawing))
        return Reel(steps)

    def picture(
        self, decisions: Sequence[Decision], *, product: str, language: str, speech: Languages, secret: bytes
    ) -> Order | None:
        """A picture of the first moment that something is drawn at; None where nothing is."""
        for decision in decisions:
            scene = self._catalog.scenes[decision.scene_id]
            for group in self._catalog.groups[decision.scene_id]:
                drawing = self._drawing(
                    scene, group, decision, language=language, speech=speech, secret=secret, whole=False
                )
                if drawing is not None:
                    return _picture_of(scene, group, drawing, product)
        return None

    def _drawing(
        self,
        scene: Scene,
        group: Group,
        decision: Decision,
        *,
        language: str,
        speech: Languages,
        secret: bytes,
        whole: bool,
    ) -> Drawing | None:
        """What is drawn over a group's segments; None where nothing is. `secret` is the tenant's."""
        defaults = {
            name: speech.pick(scene.overlays[name].default, language)
            for name in group.names
            if scene.overlays[name].default
        }
        plan = plan_group(
            scene, group, decision, language=language, unit_frames=self._catalog.grid.frames, defaults=defaults,
            whole=whole,
        )  # fmt: skip
        if not plan.items:
            return None
        return Drawing(content_key(secret, scene_key=scene.key, kit=self._kit, plan=plan), plan.canonical())

    def _group(self, scene: Scene, segment: Segment) -> Group | None:
        for group in self._catalog.groups[scene.scene_id]:
            if group.start_units <= segment.start_units < group.end_units:
                return group
        return None


def _picture_of(scene: Scene, group: Group, drawing: Drawing, product: str) -> Order:
    """Made of the segment in the group's middle."""
    fitting = (one for one in scene.video if one.height <= PICTURE_HEIGHTS[product])
    track = max(fitting, key=lambda one: one.height, default=scene.video[0])
    middle_units = (group.start_units + group.end_units) // 2
    index = next(at for at, one in enumerate(track.segments) if one.start_units + one.units > middle_units)
    order = order_of(scene, track, index, drawing)
    return order._replace(name=order.name._replace(rendition=f"{track.name}.{product}"))


def order_of(scene: Scene, track: Track, index: int, drawing: Drawing) -> Order:
    """The order of one segment of a drawing."""
    name = OwnName(drawing.key, track.name, index)
    return Order(name, scene.scene_id, scene.key, drawing.plan)


def own_places(timeline: Timeline) -> Iterator[tuple[int, int]]:
    """The segments that may be drawn on, in playback order: the placed scene's number, and the segment's index."""
    for number, (scene, _, _) in enumerate(timeline.placements):
        for index, segment in enumerate(scene.video[0].segments):
            if segment.master is not None:
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
