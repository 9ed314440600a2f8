"""Writes a demo scene's files: picture and sound as a near-lossless QuickTime file, captions as WebVTT.

The same scene gives the same bytes on the same machine. Runs for seconds on one core: never on an event loop.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray

from streamsrv.core.grid import AUDIO_TIMESCALE
from streamsrv.media.demo.canvas import Canvas
from streamsrv.media.demo.films import make_film
from streamsrv.media.demo.narration import NARRATION, format_narration
from streamsrv.media.demo.scenes import FRAME_RATE, FRAMES_PER_BEAT, DemoScene
from streamsrv.media.demo.score import play

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.video.stream import VideoStream

HEIGHT_PX = 1080
_X264 = {
    # One thread: two scenes are made at a time, and the bytes must not depend on the machine's cores.
    "preset": "ultrafast",
    "qp": "10",
    "g": "15",
    "x264-params": "threads=1",
    "color_primaries": "bt709",
    "color_trc": "bt709",
    "colorspace": "bt709",
    "color_range": "tv",
}


@dataclass(frozen=True, slots=True)
class DemoSource:
    """The files of one scene."""

    video: Path
    """Picture and sound."""
    captions: Mapping[str, Path]
    """WebVTT by language."""


def write_source(
    scene: DemoScene,
    folder: Path,
    *,
    progress: Callable[[int, int], None],
    height_px: int = HEIGHT_PX,
) -> DemoSource:
    """Draw and write `scene` into `folder`: `<id>.mov`, 16:9, and `<id>.en.vtt` and so on for every language.

    A file appears under its name only when it is whole. `progress` gets (frames done, frames in all).
    """
    captions: dict[str, Path] = {}
    for language, cues in NARRATION[scene.scene_id].items():
        captions[language] = folder / f"{scene.scene_id}.{language}.vtt"
        _appear(captions[language], partial(_write_text, text=format_narration(cues)))
    video = folder / f"{scene.scene_id}.mov"
    size_px = (round(height_px * 8 / 9) * 2, height_px)
    _appear(video, partial(_write_movie, scene, progress=progress, size_px=size_px))
    return DemoSource(video, captions)


def _write_text(path: Path, *, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _appear(path: Path, write: Callable[[Path], None]) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(aside)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _write_movie(
    scene: DemoScene, path: Path, *, progress: Callable[[int, int], None], size_px: tuple[int, int]
) -> None:
    # Bit-exact: no creation time and no encoder version, so that two runs give the same bytes.
    with av.open(path, "w", format="mov", container_options={"fflags": "+bitexact"}) as container:
        video = container.add_stream("libx264", rate=FRAME_RATE, options=dict(_X264))
        video.width, video.height, video.pix_fmt = *size_px, "yuv420p"
        video.time_base = Fraction(1, FRAME_RATE)
        video.codec_context.thread_count = 1
        sound = container.add_stream("pcm_s16le", rate=AUDIO_TIMESCALE, layout="stereo")
        samples = play(scene.scene_id, scene.beats)
        _write_frames(container, video, sound, samples, scene, progress, size_px)


def _write_frames(
    container: "OutputContainer",
    video: "VideoStream",
    sound: "AudioStream",
    samples: NDArray[np.int16],
    scene: DemoScene,
    progress: Callable[[int, int], None],
    size_px: tuple[int, int],
) -> None:
    canvas = Canvas(*size_px)
    film = make_film(scene.scene_id, canvas, scene.beats)
    samples_per_frame = AUDIO_TIMESCALE // FRAME_RATE
    for number in range(scene.duration_frames):
        film(canvas, number / FRAMES_PER_BEAT)
        container.mux(video.encode(_picture(canvas, number)))
        container.mux(sound.encode(_block(samples, number * samples_per_frame, samples_per_frame)))
        progress(number + 1, scene.duration_frames)
    container.mux(video.encode(None))
    container.mux(sound.encode(None))


def _picture(canvas: Canvas, number: int) -> VideoFrame:
    picture = VideoFrame.from_numpy_buffer(canvas.pixels, "rgba").reformat(
        format="yuv420p",
        src_colorspace=Colorspace.ITU709,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
    )
    picture.pts, picture.time_base = number, Fraction(1, FRAME_RATE)
    return picture


def _block(samples: NDArray[np.int16], at: int, length: int) -> AudioFrame:
    interleaved = np.ascontiguousarray(samples[:, at : at + length].T.reshape(1, -1))
    block = AudioFrame.from_ndarray(interleaved, format="s16", layout="stereo")
    block.sample_rate, block.pts, block.time_base = AUDIO_TIMESCALE, at, Fraction(1, AUDIO_TIMESCALE)
    return block
