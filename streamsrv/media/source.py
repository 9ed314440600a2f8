"""Reads one source file: how long it lasts, its pictures in order, its sound as 48 kHz stereo. Streams, never holds.

Times are seconds on the file's own clock, as exact fractions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from streamsrv.core.errors import invalid
from streamsrv.core.grid import AUDIO_TIMESCALE
from streamsrv.media.probe import (
    Limits,
    Picture,
    check_complete,
    find_picture,
    find_sound,
    open_media,
    video_stream,
)

Samples: TypeAlias = NDArray[np.float32]
"""Two rows, left and right, at 48 kHz."""


@dataclass(frozen=True, slots=True)
class PictureSpan:
    """When a source's picture starts and ends."""

    picture: Picture
    start_s: Fraction
    end_s: Fraction


def measure_picture(path: Path, limits: Limits) -> PictureSpan:
    """The span of the picture from its packets, without decoding; raises `Invalid` for a source out of bounds."""
    with open_media(path, limits) as container:
        picture = find_picture(container, path, limits)
        start_s: Fraction | None = None
        end_s = file_end_s = last_s = Fraction(0)
        for packet in container.demux():
            if packet.size == 0 or packet.is_discard:
                continue
            if packet.is_corrupt:
                raise invalid(str(path), "is damaged or cut off", "a whole media file")
            shown = packet.stream_index == picture.index
            stamp = packet.dts if packet.pts is None else packet.pts
            if stamp is None and not shown:
                continue
            at_s = last_s if stamp is None else stamp * packet.time_base
            lasts_s = packet.duration * packet.time_base if packet.duration else picture.frame_duration_s
            file_end_s = max(file_end_s, at_s + lasts_s)
            if shown:
                last_s = at_s + picture.frame_duration_s
                start_s = at_s if start_s is None else min(start_s, at_s)
                end_s = max(end_s, at_s + min(lasts_s, Fraction(limits.max_duration_s)))
                check_duration(end_s - start_s, path, limits)
        if start_s is None:
            raise invalid(str(path), "has no frames", "a video file with at least one")
        check_complete(container, file_end_s, path)
        return PictureSpan(picture, start_s, end_s)


def check_duration(duration_s: Fraction, path: Path, limits: Limits) -> None:
    """Raises `Invalid` for more than the limit."""
    if duration_s > limits.max_duration_s:
        raise invalid(str(path), f"lasts {float(duration_s):.0f} s", f"at most {limits.max_duration_s} s")


def read_pictures(path: Path, picture: Picture, limits: Limits) -> Iterator[tuple[Fraction, VideoFrame]]:
    """Every picture with its time, in the order of showing; raises `Invalid` at the first that is damaged."""
    with open_media(path, limits) as container:
        stream = video_stream(container, picture)
        stream.thread_type = "AUTO"
        stream.codec_context.options = {"max_pixels": str(limits.max_pixels)}
        next_s = Fraction(0)
        for packet in container.demux(stream):
            for frame in packet.decode():
                if frame.is_corrupt:
                    raise invalid(str(path), f"has a damaged picture at {float(next_s):.2f} s", "a whole media file")
                if frame.time_base is None:
                    frame.time_base = stream.time_base or Fraction(1, 1000)
                if frame.pts is None:
                    frame.pts = int(next_s / frame.time_base)
                next_s = frame.pts * frame.time_base + picture.frame_duration_s
                yield frame.pts * frame.time_base, frame


def has_sound(path: Path, limits: Limits) -> bool:
    """Whether the file has any sound."""
    with open_media(path, limits) as container:
        return find_sound(container) is not None


def read_sound(path: Path, limits: Limits) -> Iterator[tuple[Fraction, Samples]]:
    """The default sound in blocks, each with its time; mono is doubled, surround mixed down (ITU-R BS.775)."""
    with open_media(path, limits) as container:
        stream = find_sound(container)
        if stream is None:
            raise invalid(str(path), "has no sound", "a file with sound")
        clock = _SoundClock()
        for frame in _decoded_sound(container, stream, path, limits):
            yield from clock.blocks(frame)
        yield from clock.blocks(None)


def _decoded_sound(container: InputContainer, stream: AudioStream, path: Path, limits: Limits) -> Iterator[AudioFrame]:
    next_s = Fraction(0)
    for packet in container.demux(stream):
        for frame in packet.decode():
            if not 0 < frame.sample_rate <= 768_000:
                raise invalid(str(path), f"has sound at {frame.sample_rate} Hz", "at most 768000 Hz")
            if frame.time_base is None or frame.pts is None:
                frame.time_base = Fraction(1, frame.sample_rate)
                frame.pts = int(next_s * frame.sample_rate)
            next_s = frame.pts * frame.time_base + Fraction(frame.samples, frame.sample_rate)
            check_duration(next_s - (stream.start_time or 0) * (stream.time_base or 0), path, limits)
            yield frame


class _SoundClock:
    """Resamples, and gives every block the time of its first sample. Starts anew where the source changes format."""

    def __init__(self) -> None:
        self._format: tuple[object, ...] = ()
        self._resampler: AudioResampler | None = None
        self._next_s: Fraction | None = None
        self._input_s = Fraction(0)

    def blocks(self, frame: AudioFrame | None) -> Iterator[tuple[Fraction, Samples]]:
        if frame is None:
            yield from self._flush()
            return
        described = (frame.sample_rate, frame.format.name, frame.layout.name)
        if described != self._format:
            yield from self._flush()
            self._format = described
            self._resampler = AudioResampler(format="fltp", layout="stereo", rate=AUDIO_TIMESCALE)
        assert self._resampler is not None
        at_s = frame.pts * frame.time_base if frame.pts is not None and frame.time_base else Fraction(0)
        if self._next_s is None or abs(at_s - self._input_s) > Fraction(1, 20):
            # A jump on the source's clock: what the resampler holds belongs before it.
            yield from self._flush()
            self._resampler = AudioResampler(format="fltp", layout="stereo", rate=AUDIO_TIMESCALE)
            self._next_s = self._input_s = at_s
        self._input_s += Fraction(frame.samples, frame.sample_rate)
        frame.pts = None
        for ready in self._resampler.resample(frame):
            yield self._stamp(ready)

    def _flush(self) -> Iterator[tuple[Fraction, Samples]]:
        if self._resampler is not None and self._next_s is not None:
            for ready in self._resampler.resample(None):
                yield self._stamp(ready)
        self._resampler = None

    def _stamp(self, frame: AudioFrame) -> tuple[Fraction, Samples]:
        assert self._next_s is not None
        at_s = self._next_s
        self._next_s += Fraction(frame.samples, AUDIO_TIMESCALE)
        return at_s, frame.to_ndarray().astype(np.float32, copy=False)
