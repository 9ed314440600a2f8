"""Every packaged scene of one store, checked once to share one ladder, one clock and one init section per rung."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from streamsrv.core.errors import Invalid, NotFound, Problem
from streamsrv.core.grid import Grid, grid_for
from streamsrv.core.model import Scene, SceneId, Track


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
    if problems:
        raise Invalid(problems)
    return Catalog(
        grid=grid_for(first.frame_rate),
        target_duration_s=target_duration_s,
        scenes=known,
        rungs=first.video,
        audio=audio,
    )


def _shape(scene: Scene) -> tuple[int, tuple[tuple[str, str], ...]]:
    return scene.frame_rate, tuple((track.name, track.init_name) for track in scene.video)
