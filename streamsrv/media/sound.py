"""A scene's sound before encoding: laid on the scene's clock, at one loudness, quiet at both ends. Encodes nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import log10

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.filter import Graph

from streamsrv.core.grid import AAC_FRAME_SAMPLES, AUDIO_TIMESCALE
from streamsrv.media.source import Samples

LEAD_IN_SAMPLES = AAC_FRAME_SAMPLES
"""Silent samples at a scene's start: an AAC decoder overlaps two frames, so any scene may come before (-54 dBFS)."""
RAMP_SAMPLES = AUDIO_TIMESCALE * 5 // 1000
TRUE_PEAK_DB = -1.0
LARGEST_GAIN_DB = 30.0
_SILENCE_LUFS = -70.0
_BLOCK_SAMPLES = 1 << 15


@dataclass(frozen=True, slots=True)
class SoundSpan:
    """When a source's sound starts and ends, and how loud it is over all."""

    start_s: Fraction
    end_s: Fraction
    loudness_lufs: float
    true_peak_db: float

    def gain(self, target_lufs: float) -> float:
        """The constant factor that brings it to `target_lufs` without a true peak above `TRUE_PEAK_DB`."""
        if self.loudness_lufs <= _SILENCE_LUFS:
            return 1.0
        wanted_db = min(target_lufs - self.loudness_lufs, TRUE_PEAK_DB - self.true_peak_db, LARGEST_GAIN_DB)
        return float(10 ** (wanted_db / 20))


def measure_sound(blocks: Iterable[tuple[Fraction, Samples]]) -> SoundSpan | None:
    """The span and the integrated loudness (EBU R128) of all blocks; None where there are none."""
    meter = _Meter()
    start_s: Fraction | None = None
    end_s = Fraction(0)
    for at_s, samples in blocks:
        start_s = at_s if start_s is None else min(start_s, at_s)
        end_s = max(end_s, at_s + Fraction(samples.shape[1], AUDIO_TIMESCALE))
        meter.add(samples)
    if start_s is None:
        return None
    return SoundSpan(start_s, end_s, meter.loudness_lufs, meter.true_peak_db)


def lay(blocks: Iterable[tuple[Fraction, Samples]], *, origin_s: Fraction, samples: int) -> Iterator[Samples]:
    """Exactly `samples` samples from `origin_s` on: silence where a block is missing, nothing played twice."""
    position = 0
    for at_s, block in blocks:
        start = round((at_s - origin_s) * AUDIO_TIMESCALE)
        yield from _silence(min(start, samples) - position)
        position = max(position, min(start, samples))
        kept = block[:, max(0, position - start) : max(0, samples - start)]
        if kept.shape[1]:
            yield kept
            position += kept.shape[1]
    yield from _silence(samples - position)


def finish(blocks: Iterable[Samples], *, samples: int, gain: float) -> Iterator[Samples]:
    """Blocks of one AAC frame each, at `gain`, with a silent lead-in and cosine ramps at both ends.

    The sound is muted in place, never moved, so it stays with the picture. `samples` is a multiple of 1024.
    """
    position = 0
    for block in _reframe(blocks):
        yield np.clip(block * (gain * _envelope(position, samples)), -1.0, 1.0).astype(np.float32)
        position += block.shape[1]


def _envelope(position: int, samples: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    at = np.arange(position, position + AAC_FRAME_SAMPLES)
    nearest_edge = np.minimum(at - LEAD_IN_SAMPLES, samples - 1 - at)
    return 0.5 - 0.5 * np.cos(np.pi * np.clip(nearest_edge / RAMP_SAMPLES, 0.0, 1.0))


def _reframe(blocks: Iterable[Samples]) -> Iterator[Samples]:
    held: list[Samples] = []
    count = 0
    for block in blocks:
        held.append(block)
        count += block.shape[1]
        if count >= AAC_FRAME_SAMPLES:
            joined = np.concatenate(held, axis=1)
            whole = count - count % AAC_FRAME_SAMPLES
            for at in range(0, whole, AAC_FRAME_SAMPLES):
                yield joined[:, at : at + AAC_FRAME_SAMPLES]
            held, count = [joined[:, whole:]], count - whole


def _silence(samples: int) -> Iterator[Samples]:
    while samples > 0:
        yield np.zeros((2, min(samples, _BLOCK_SAMPLES)), np.float32)
        samples -= _BLOCK_SAMPLES


class _Meter:
    """FFmpeg's EBU R128 meter."""

    def __init__(self) -> None:
        self.loudness_lufs = _SILENCE_LUFS
        self._true_peak = 0.0
        self._samples = 0
        graph = Graph()
        graph.threads = 1
        self._source = graph.add(
            "abuffer",
            f"sample_rate={AUDIO_TIMESCALE}:sample_fmt=fltp:channel_layout=stereo:time_base=1/{AUDIO_TIMESCALE}",
        )
        meter = graph.add("ebur128", "metadata=1:peak=true:framelog=quiet")
        self._sink = graph.add("abuffersink")
        self._source.link_to(meter)
        meter.link_to(self._sink)
        graph.configure(auto_buffer=False)
        self._graph = graph

    @property
    def true_peak_db(self) -> float:
        return 20 * log10(max(self._true_peak, 1e-6))

    def add(self, samples: Samples) -> None:
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout="stereo")
        frame.sample_rate = AUDIO_TIMESCALE
        frame.time_base = Fraction(1, AUDIO_TIMESCALE)
        frame.pts = self._samples
        self._samples += frame.samples
        self._source.push(frame)
        while True:
            try:
                measured = self._sink.pull().metadata
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            self.loudness_lufs = float(measured["lavfi.r128.I"])
            self._true_peak = max(self._true_peak, float(measured["lavfi.r128.true_peak"]))
