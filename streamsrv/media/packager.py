"""Packages one scene: measure, plan, encode every rendition at once, publish. The only entry to this package.

Memory does not grow with the source's length, nothing is visible before it is whole, and the same request gives the
same bytes. Synchronous: call it from a command or a worker process.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

from streamsrv.core.errors import invalid
from streamsrv.core.grid import Grid, grid_for
from streamsrv.core.model import Ladder, Scene, SceneId
from streamsrv.media.backdrop import with_backdrops
from streamsrv.media.banding import is_banded, with_bands
from streamsrv.media.encode import Header, picture_header, sound_header
from streamsrv.media.job import Headers, Job
from streamsrv.media.overlays import DeclaredSlot, load_overlays, place_overlays, windows_of
from streamsrv.media.plan import plan_scene
from streamsrv.media.poster import make_poster
from streamsrv.media.probe import Limits
from streamsrv.media.request import PackageRequest, digest, load_captions
from streamsrv.media.sound import SoundSpan, measure_sound
from streamsrv.media.source import PictureSpan, check_duration, has_sound, measure_picture, read_sound
from streamsrv.media.store import Store

SOUND_OVERHANG_S = Fraction(2048, 44_100)
"""How far a coder's last, partly empty packets may outlast the picture without lengthening the scene."""

_MEASURED, _ENCODING, _BANDING = 0.05, 0.55, 0.39


def package_scene(
    request: PackageRequest,
    *,
    ladder: Ladder,
    store: Path,
    limits: Limits = Limits(),  # noqa: B008  a frozen value
    progress: Callable[[float], None] = lambda done: None,
    replacing: Callable[[Scene], None] = lambda stored: None,
) -> Scene:
    """Package `request` into `store`, or find it there; `progress` hears the share done, from 0.0 to 1.0.

    `replacing` hears the scene that has stood under this id so far, if any: what it says and `request` does not,
    the new one will not say. Raises `Invalid` for a source that cannot be used and for settings that do not fit the
    store's other scenes; then nothing is written.
    """
    request.check(ladder, limits)
    grid = grid_for(ladder.frame_rate)
    overlays = load_overlays(request.overlays)
    windows = windows_of(overlays.values(), grid)
    digests = digest(request, ladder, windows=windows)
    folder = Store(store)
    known = folder.scene(SceneId(request.scene_id))
    if known is not None:
        replacing(known)
    if known is not None and known.recipe_sha256 == digests.recipe and folder.holds(known):
        poster = make_poster(known.video, folder.read)
        described = replace(_described(known, request, overlays, grid), poster_name=sha256(poster).hexdigest())
        scene = with_backdrops(described, folder.read)
        if scene != known or not is_banded(scene):
            with folder.open_run(scene.scene_id, scene.recipe_sha256) as run:
                if scene.poster_name != known.poster_name:
                    run.put(poster)
                scene = with_bands(scene, ladder, _rung_headers(ladder), run, progress)
                run.publish(scene)
        progress(1.0)
        return scene
    headers = Headers(_rung_headers(ladder), sound_header(ladder))
    _check_fits(folder, request, ladder, headers)
    progress(0.0)
    picture = measure_picture(request.source, limits)
    sounds = {language: _measure_sound(path, limits) for language, path in request.sounds().items()}
    own = sounds[request.lang]
    origin_s = picture.start_s if own is None else min(picture.start_s, own.start_s)
    units = _scene_units(request, picture, sounds, origin_s, grid, limits)
    place_overlays(overlays, units=units, grid=grid)
    plan = plan_scene(units, cuts_ms=request.cuts_ms, ladder=ladder, grid=grid, windows=windows)
    load_captions(request, duration_ms=grid.duration_ms(units), overlays=overlays)
    progress(_MEASURED)
    with folder.open_run(SceneId(request.scene_id), digests.recipe) as run:
        job = Job(request, ladder, headers, plan, origin_s, picture, sounds, limits, run)
        encoding = _ENCODING if overlays else _ENCODING + _BANDING
        media = job.scene(digests, lambda done: progress(_MEASURED + encoding * done))
        scene = with_backdrops(_described(media, request, overlays, grid), run.read)
        banded = 1 - _BANDING
        scene = with_bands(scene, ladder, headers.rungs, run, lambda done: progress(banded + _BANDING * done))
        run.publish(scene)
    progress(1.0)
    return scene


def _rung_headers(ladder: Ladder) -> tuple[Header, ...]:
    return tuple(picture_header(rung, frame_rate=ladder.frame_rate) for rung in ladder.rungs)


def _measure_sound(path: Path, limits: Limits) -> SoundSpan | None:
    return measure_sound(read_sound(path, limits)) if has_sound(path, limits) else None


def _scene_units(
    request: PackageRequest,
    picture: PictureSpan,
    sounds: Mapping[str, SoundSpan | None],
    origin_s: Fraction,
    grid: Grid,
    limits: Limits,
) -> int:
    """The least units that hold the whole picture and the whole of every sound: pad, never trim."""
    half = Fraction(1, 2)
    units = grid.units_for_frames(max(1, ((picture.end_s - origin_s) * grid.frame_rate + half).__floor__()))
    for language, span in sounds.items():
        if span is None:
            if language != request.lang:
                raise invalid(str(request.audio[language]), "has no sound", f"a file with sound in {language}")
            continue
        heard_s = span.end_s - (origin_s if language == request.lang else span.start_s)
        if heard_s > Fraction(units * grid.frames, grid.frame_rate) + SOUND_OVERHANG_S:
            units = grid.units_for_frames((heard_s * grid.frame_rate).__ceil__())
    check_duration(Fraction(units * grid.frames, grid.frame_rate), request.source, limits)
    return units


def _described(scene: Scene, request: PackageRequest, overlays: Mapping[str, DeclaredSlot], grid: Grid) -> Scene:
    """The scene with what is said about it: no byte of media depends on that."""
    return replace(
        scene,
        title=request.title,
        captions=load_captions(request, duration_ms=grid.duration_ms(scene.units), overlays=overlays),
        overlays=place_overlays(overlays, units=scene.units, grid=grid),
        provenance=request.provenance,
    )


def _check_fits(store: Store, request: PackageRequest, ladder: Ladder, headers: Headers) -> None:
    """Raises `Invalid` unless every other scene of the store shares these init sections (rule 45)."""
    ours = [(rung.name, _name(header)) for rung, header in zip(ladder.rungs, headers.rungs, strict=True)]
    for other in store.scenes():
        if other.scene_id == request.scene_id:
            continue
        theirs = [(track.name, track.init_name) for track in other.video]
        sounds_fit = all(track.init_name == _name(headers.sound) for track in other.audio.values())
        if theirs != ours or not sounds_fit or other.frame_rate != ladder.frame_rate:
            raise invalid(
                f"scene {request.scene_id}",
                f"would not join with scene {other.scene_id}, which was packaged with other encoder settings",
                "the ladder and version that made this store, or an empty store",
            )


def _name(header: Header) -> str:
    return sha256(header.init).hexdigest()
