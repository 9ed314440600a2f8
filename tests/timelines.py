"""Made-up scenes, catalogs and timelines for tests of the core: the right shapes, with sizes instead of bytes."""

import hashlib
from collections.abc import Sequence

from hypothesis import strategies as st

from streamsrv.core.catalog import Catalog, build_catalog
from streamsrv.core.grid import FRAME_RATES, grid_for
from streamsrv.core.manifest import scene_key
from streamsrv.core.model import Cue, Decision, Scene, SceneId, Segment, Track
from streamsrv.core.timeline import Timeline, build_timeline

RUNGS = (("234p", 416, 234, 12_000), ("360p", 640, 360, 46_000), ("720p", 1280, 720, 250_000))
LANGUAGES = ("en", "de", "pt-BR", "ar", "zh-Hant")


def sha(*words: object) -> str:
    return hashlib.sha256(repr(words).encode()).hexdigest()


def make_track(
    name: str, cuts: Sequence[int], *, seed: object = 0, bytes_per_unit: int = 12_000, width: int = 0, height: int = 0
) -> Track:
    """A track cut into segments of `cuts` units; sizes vary a little with the seed, as real ones do."""
    segments = []
    start_units = 0
    for index, units in enumerate(cuts):
        size_bytes = units * (bytes_per_unit + int(sha(name, seed, index)[:2], 16)) // 8 + 900
        segments.append(
            Segment(
                name=sha(name, seed, index),
                size_bytes=size_bytes,
                start_units=start_units,
                units=units,
                key_frame_bytes=size_bytes // 3 if width else 0,
            )
        )
        start_units += units
    return Track(
        name=name,
        init_name=sha("init", name if width else "audio"),
        parameters_sha256=sha("parameters", name if width else "audio"),
        codec="avc1.64001f" if width else "mp4a.40.2",
        average_bps=1,
        peak_bps=2,
        segments=tuple(segments),
        width=width,
        height=height,
    )


def make_scene(
    scene_id: str = "hello",
    cuts: Sequence[int] = (12, 3),
    *,
    frame_rate: int = 30,
    languages: Sequence[str] = ("en",),
    caption_languages: Sequence[str] = ("en",),
    title: str = "Hello",
) -> Scene:
    video = tuple(
        make_track(name, cuts, seed=scene_id, bytes_per_unit=size, width=width, height=height)
        for name, width, height, size in RUNGS
    )
    audio = {lang: make_track(f"audio-{lang}", cuts, seed=scene_id, bytes_per_unit=6_400) for lang in languages}
    end_ms = grid_for(frame_rate).duration_ms(sum(cuts))
    return Scene(
        scene_id=SceneId(scene_id),
        key=scene_key((*video, *audio.values())),
        title=title,
        frame_rate=frame_rate,
        units=sum(cuts),
        video=video,
        audio=audio,
        captions={lang: (Cue(0, end_ms, f"{scene_id} in {lang}"),) for lang in caption_languages},
        source_sha256=sha(scene_id),
        recipe_sha256=sha("recipe", scene_id),
        poster_name=sha("poster", scene_id),
    )


def make_scenes(*scene_ids: str) -> dict[SceneId, Scene]:
    """Packaged scenes of these names, as campaigns are held against."""
    return {SceneId(scene_id): make_scene(scene_id) for scene_id in scene_ids}


def make_catalog(*scenes: Scene) -> Catalog:
    return build_catalog(scenes or (make_scene(),), target_duration_s=6)


def make_timeline(catalog: Catalog, scene_ids: Sequence[str]) -> Timeline:
    decisions = [Decision(slot=f"slot-{at}", scene_id=SceneId(name), reason="") for at, name in enumerate(scene_ids)]
    return build_timeline(decisions, catalog)


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """Any viewer's video: up to 12 scenes in any order and number, any cuts, languages and frame rate."""
    frame_rate = draw(st.sampled_from(FRAME_RATES))
    longest = grid_for(frame_rate).longest_segment_units(6_400)
    scenes = [
        make_scene(
            f"scene-{number}",
            draw(st.lists(st.integers(1, longest), min_size=1, max_size=5)),
            frame_rate=frame_rate,
            languages=draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=3, unique=True)),
            caption_languages=draw(st.lists(st.sampled_from(LANGUAGES), max_size=3, unique=True)),
            title=draw(st.sampled_from(["", "A title", "Ein Titel"])),
        )
        for number in range(draw(st.integers(1, 5)))
    ]
    catalog = build_catalog(scenes, target_duration_s=6)
    chosen = draw(st.lists(st.sampled_from([scene.scene_id for scene in scenes]), min_size=1, max_size=12))
    return make_timeline(catalog, chosen)
