"""Encodes every rendition of one scene at once: the rungs from one decoded picture, each language on its own thread."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from threading import Event

from streamsrv.core.bandwidth import measure
from streamsrv.core.manifest import scene_key
from streamsrv.core.model import Ladder, Rung, Scene, SceneId, Segment, Track
from streamsrv.media.encode import Header
from streamsrv.media.pipeline import encode_pictures
from streamsrv.media.plan import Plan
from streamsrv.media.poster import make_poster
from streamsrv.media.probe import Limits
from streamsrv.media.rendition import make_sound
from streamsrv.media.request import Digests, PackageRequest
from streamsrv.media.sound import SoundSpan, finish, lay
from streamsrv.media.source import PictureSpan, Samples, read_sound
from streamsrv.media.store import Run


@dataclass(frozen=True, slots=True)
class Headers:
    rungs: tuple[Header, ...]
    sound: Header


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that encoding one scene needs."""

    request: PackageRequest
    ladder: Ladder
    headers: Headers
    plan: Plan
    origin_s: Fraction
    picture: PictureSpan
    sounds: Mapping[str, SoundSpan | None]
    limits: Limits
    run: Run

    def scene(self, digests: Digests, progress: Callable[[float], None]) -> Scene:
        """The scene, its objects in the run; `progress` hears the share done, from 0.0 to 1.0."""
        stop = Event()

        def report(frames: int) -> None:
            for future in futures.values():
                if future.done():
                    future.result()
            progress(frames / self.plan.frames)

        with ThreadPoolExecutor(max_workers=len(self.sounds)) as pool:
            futures: dict[str, Future[tuple[Segment, ...]]] = {
                language: pool.submit(self._sound, language, stop) for language in self.sounds
            }
            try:
                rungs = encode_pictures(
                    self.request.source, self.picture.picture, self.limits, origin_s=self.origin_s,
                    rungs=tuple(zip(self.ladder.rungs, self.headers.rungs, strict=True)), plan=self.plan,
                    run=self.run, report=report,
                )  # fmt: skip
            except BaseException:
                stop.set()
                raise
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
            poster_name=self.run.put(make_poster(video, self.run.read)),
        )

    def _sound(self, language: str, stop: Event) -> tuple[Segment, ...]:
        span, path = self.sounds[language], self.request.sounds()[language]
        samples = self.plan.units * self.plan.grid.audio_ticks
        # The source's sound stays where it is beside the picture; another language starts with the scene.
        origin_s = self.origin_s if span is None or path == self.request.source else span.start_s
        blocks = iter(()) if span is None else read_sound(path, self.limits)
        gain = 1.0 if span is None else span.gain(self.ladder.loudness_lufs)
        frames = _until(stop, finish(lay(blocks, origin_s=origin_s, samples=samples), samples=samples, gain=gain))
        return make_sound(
            frames,
            self.headers.sound,
            self.plan,
            self.run,
            step=f"audio-{language}",
            audio_bps=self.ladder.audio_bps,
        )

    def _track(self, name: str, header: Header, segments: Sequence[Segment], rung: Rung | None = None) -> Track:
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


class _StoppedError(Exception):
    """Ends a sound's thread early; nobody waits for its result any more."""


def _until(stop: Event, frames: Iterable[Samples]) -> Iterator[Samples]:
    for frame in frames:
        if stop.is_set():
            raise _StoppedError
        yield frame
