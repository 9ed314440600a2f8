"""Packages one scene: measure, plan, encode every rendition at once, publish. The only entry to this package.

Memory does not grow with the source's length, nothing is visible before it is whole, and the same request gives the
same bytes. Synchronous: call it from a command or a worker process.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

from streamsrv.core.bandwidth import measure
from streamsrv.core.errors import invalid
from streamsrv.core.grid import Grid, grid_for
from streamsrv.core.manifest import scene_key
from streamsrv.core.model import Ladder, Rung, Scene, SceneId, Segment, Track
from streamsrv.media.encode import Header, picture_header, sound_header
from streamsrv.media.pipeline import encode_pictures
from streamsrv.media.plan import Plan, plan_scene
from streamsrv.media.probe import Limits
from streamsrv.media.rendition import make_sound
from streamsrv.media.request import Digests, PackageRequest, digest, load_captions
from streamsrv.media.sound import SoundSpan, finish, lay, measure_sound
from streamsrv.media.source import PictureSpan, check_duration, has_sound, measure_picture, read_sound
from streamsrv.media.store import Run, Store

SOUND_OVERHANG_S = Fraction(2048, 44_100)
"""How far a coder's last, partly empty packets may outlast the picture without lengthening the scene."""

_MEASURED, _ENCODED = 0.05, 0.99


@dataclass(frozen=True, slots=True)
class _Headers:
    rungs: tuple[Header, ...]
    sound: Header


def package_scene(
    request: PackageRequest,
    *,
    ladder: Ladder,
    store: Path,
    limits: Limits = Limits(),  # noqa: B008  a frozen value
    progress: Callable[[float], None] = lambda done: None,
) -> Scene:
    """Package `request` into `store`, or find it there; `progress` hears the share done, from 0.0 to 1.0.

    Raises `Invalid` for a source that cannot be used and for settings that do not fit the store's other scenes;
    then nothing is written.
    """
    request.check(ladder, limits)
    digests = digest(request, ladder)
    folder = Store(store)
    known = folder.scene(SceneId(request.scene_id))
    if known is not None and known.recipe_sha256 == digests.recipe:
        scene = _described(known, request, grid_for(known.frame_rate))
        if scene != known:
            folder.replace_manifest(scene)
        progress(1.0)
        return scene
    headers = _Headers(
        tuple(picture_header(rung, frame_rate=ladder.frame_rate) for rung in ladder.rungs),
        sound_header(ladder),
    )
    _check_fits(folder, request, ladder, headers)
    progress(0.0)
    picture = measure_picture(request.source, limits)
    sounds = {language: _measure_sound(path, limits) for language, path in request.sounds().items()}
    own = sounds[request.lang]
    origin_s = picture.start_s if own is None else min(picture.start_s, own.start_s)
    units = _scene_units(request, picture, sounds, origin_s, grid_for(ladder.frame_rate), limits)
    plan = plan_scene(units, cuts_ms=request.cuts_ms, ladder=ladder, grid=grid_for(ladder.frame_rate))
    load_captions(request, duration_ms=plan.grid.duration_ms(units))
    progress(_MEASURED)
    with folder.open_run(SceneId(request.scene_id), digests.recipe) as run:
        job = _Job(request, ladder, headers, plan, origin_s, picture, sounds, limits, run)
        scene = _described(job.scene(digests, progress), request, plan.grid)
        run.publish(scene)
    progress(1.0)
    return scene


@dataclass(frozen=True, slots=True)
class _Job:
    """Everything that encoding one scene needs."""

    request: PackageRequest
    ladder: Ladder
    headers: _Headers
    plan: Plan
    origin_s: Fraction
    picture: PictureSpan
    sounds: Mapping[str, SoundSpan | None]
    limits: Limits
    run: Run

    def scene(self, digests: Digests, progress: Callable[[float], None]) -> Scene:
        def report(frames: int) -> None:
            progress(_MEASURED + (_ENCODED - _MEASURED) * frames / self.plan.frames)

        with ThreadPoolExecutor(max_workers=len(self.sounds)) as pool:
            futures: dict[str, Future[tuple[Segment, ...]]] = {
                language: pool.submit(self._sound, language) for language in self.sounds
            }
            rungs = encode_pictures(
                self.request.source, self.picture.picture, self.limits, origin_s=self.origin_s,
                rungs=tuple(zip(self.ladder.rungs, self.headers.rungs, strict=True)), plan=self.plan, run=self.run,
                report=report,
            )  # fmt: skip
            audio = {
                language: self._track(f"audio-{language}", self.headers.sound, future.result())
                for language, future in futures.items()
            }
        video = tuple(
            self._track(rung.name, header, segments, rung)
            for rung, header, segments in zip(self.ladder.rungs, self.headers.rungs, rungs, strict=True)
        )
        return Scene(
            scene_id=SceneId(self.request.scene_id),
            key=scene_key((*video, *audio.values())),
            title=self.request.title,
            frame_rate=self.ladder.frame_rate,
            units=self.plan.units,
            video=video,
            audio=audio,
            captions={},
            source_sha256=digests.source,
            recipe_sha256=digests.recipe,
        )

    def _sound(self, language: str) -> tuple[Segment, ...]:
        span, path = self.sounds[language], self.request.sounds()[language]
        samples = self.plan.units * self.plan.grid.audio_ticks
        # The source's sound stays where it is beside the picture; another language starts with the scene.
        origin_s = self.origin_s if span is None or path == self.request.source else span.start_s
        blocks = iter(()) if span is None else read_sound(path, self.limits)
        gain = 1.0 if span is None else span.gain(self.ladder.loudness_lufs)
        frames = finish(lay(blocks, origin_s=origin_s, samples=samples), samples=samples, gain=gain)
        return make_sound(
            frames,
            self.headers.sound,
            self.plan,
            self.run,
            step=f"audio-{language}",
            audio_bps=self.ladder.audio_bps,
        )

    def _track(
        self, name: str, header: Header, segments: Sequence[Segment], rung: Rung | None = None
    ) -> Track:
        rates = measure(
            [segment.size_bytes for segment in segments],
            [segment.units for segment in segments],
            grid=self.plan.grid,
            target_duration_s=self.ladder.target_duration_s(),
        )
        return Track(
            name=name,
            init_name=self.run.put(header.init),
            parameters_sha256=sha256(header.parameters).hexdigest(),
            codec=header.codec,
            average_bps=rates.average_bps,
            peak_bps=rates.peak_bps,
            segments=tuple(segments),
            width=rung.width if rung else 0,
            height=rung.height if rung else 0,
        )


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
                raise invalid(
                    str(request.audio[language]), "has no sound", f"a file with sound in {language}"
                )
            continue
        heard_s = span.end_s - (origin_s if language == request.lang else span.start_s)
        if heard_s > Fraction(units * grid.frames, grid.frame_rate) + SOUND_OVERHANG_S:
            units = grid.units_for_frames((heard_s * grid.frame_rate).__ceil__())
    check_duration(Fraction(units * grid.frames, grid.frame_rate), request.source, limits)
    return units


def _described(scene: Scene, request: PackageRequest, grid: Grid) -> Scene:
    """The scene with what is said about it: no byte of media depends on that."""
    captions = load_captions(request, duration_ms=grid.duration_ms(scene.units))
    return replace(scene, title=request.title, captions=captions, provenance=request.provenance)


def _check_fits(store: Store, request: PackageRequest, ladder: Ladder, headers: _Headers) -> None:
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
