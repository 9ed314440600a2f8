"""Every packaged scene of one store, checked once to share one ladder, one clock and one init section per rung."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from streamsrv.core.errors import Invalid, NotFound, Problem
from streamsrv.core.grid import Grid, grid_for
from streamsrv.core.model import Scene, SceneId, Track
from streamsrv.core.overlays import Group, groups_of
from streamsrv.core.tokens import SCENE_TAG_BYTES


@dataclass(frozen=True, slots=True)
class Catalog:
    """Scenes that may be stitched in any order."""

    grid: Grid
    target_duration_s: int
    scenes: Mapping[SceneId, Scene]
    rungs: tuple[Track, ...]
    """One track of each rung, lowest first: size, codec and init section hold for every scene."""
    audio: Track
    """One sound track: codec and init section hold for every scene and language."""
    tags: Mapping[SceneId, bytes] = field(repr=False)
    """What stands for each scene in playback tokens: see `scene_tag`."""
    by_tag: Mapping[bytes, Scene] = field(repr=False)
    groups: Mapping[SceneId, tuple[Group, ...]] = field(repr=False)
    """The overlays of each scene that are drawn together, in the order of time."""

    def scene(self, scene_id: SceneId) -> Scene:
        """The scene by its author's name; raises `NotFound`."""
        try:
            return self.scenes[scene_id]
        except KeyError:
            raise NotFound("scene") from None

    def init_names(self) -> frozenset[str]:
        """Every init section that a playlist may list."""
        return frozenset({self.audio.init_name, *(track.init_name for track in self.rungs)})


def build_catalog(scenes: Iterable[Scene], *, target_duration_s: int) -> Catalog:
    """Check that the scenes fit together; raises `Invalid` naming each that does not (rule 45: fatal in browsers)."""
    known = {scene.scene_id: scene for scene in scenes}
    if not known:
        raise Invalid([Problem("segment store", "holds no scenes", "at least one: run `streamsrv package`")])
    first = next(iter(known.values()))
    audio = next(iter(first.audio.values()))
    shape = _shape(first)
    problems = [
        Problem(
            f"scene {scene.scene_id}",
            f"was packaged with another ladder than scene {first.scene_id}",
            "one ladder for the whole store: package it again",
        )
        for scene in known.values()
        if _shape(scene) != shape or any(track.init_name != audio.init_name for track in scene.audio.values())
    ]
    tags = {scene_id: scene_tag(scene) for scene_id, scene in known.items()}
    by_tag: dict[bytes, Scene] = {}
    for scene_id, scene in known.items():
        twin = by_tag.setdefault(tags[scene_id], scene)
        if twin is not scene:
            what = f"has the same tag in playback tokens as scene {twin.scene_id}, by chance"
            problems.append(Problem(f"scene {scene_id}", what, "another scene id"))
    if problems:
        raise Invalid(problems)
    return Catalog(
        grid=grid_for(first.frame_rate),
        target_duration_s=target_duration_s,
        scenes=known,
        rungs=first.video,
        audio=audio,
        tags=tags,
        by_tag=by_tag,
        groups={scene_id: groups_of(scene.overlays) for scene_id, scene in known.items()},
    )


def scene_tag(scene: Scene) -> bytes:
    """The 5 bytes that stand for a scene in playback tokens: another once its media is another."""
    return hashlib.sha256(f"{scene.scene_id}\0{scene.key}".encode()).digest()[:SCENE_TAG_BYTES]


def _shape(scene: Scene) -> tuple[int, tuple[tuple[str, str], ...]]:
    return scene.frame_rate, tuple((track.name, track.init_name) for track in scene.video)
