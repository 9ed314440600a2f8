"""Instruments made of sines: soft pads, plucked notes, a bass and bells, and a room for them to sound in.

Everything is computed from its arguments alone: the same notes give the same samples.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from streamsrv.core.grid import AUDIO_TIMESCALE

Wave: TypeAlias = NDArray[np.float64]
"""Samples at 48 kHz, one row; or two rows, left and right."""

_ROOM_SEED = 7
_ROOM_S = 1.6


def hertz(note: int) -> float:
    """The pitch of a MIDI note number (69 is A at 440 Hz)."""
    return float(440.0 * 2 ** ((note - 69) / 12))


def pad(note: int, length_s: float) -> Wave:
    """A soft chord tone that swells and fades: three voices a little apart in pitch."""
    at = _times(length_s)
    tone = np.zeros_like(at)
    for detune in (-0.0016, 0.0, 0.0019):
        for partial, level in ((1, 1.0), (2, 0.28), (3, 0.11), (4, 0.04)):
            tone += level * np.sin(2 * np.pi * hertz(note) * (1 + detune) * partial * at + detune * 900 * partial)
    return tone / 3 * _swell(at, 0.35, 0.7, length_s)


def pluck(note: int, length_s: float = 1.4) -> Wave:
    """A plucked string, brighter at its beginning."""
    at = _times(length_s)
    tone = np.zeros_like(at)
    for partial in range(1, 7):
        tone += np.sin(2 * np.pi * hertz(note) * partial * at) * np.exp(-at * (2.6 + 1.9 * partial)) / partial**1.25
    return tone * _swell(at, 0.004, 0.2, length_s)


def bell(note: int, length_s: float = 2.6) -> Wave:
    """A small bell."""
    at = _times(length_s)
    tone = np.zeros_like(at)
    for ratio, level, decay in ((1.0, 1.0, 1.6), (2.76, 0.35, 3.2), (5.4, 0.14, 6.0), (2.0, 0.2, 2.2)):
        tone += level * np.sin(2 * np.pi * hertz(note) * ratio * at) * np.exp(-at * decay)
    return tone * _swell(at, 0.003, 0.4, length_s)


def bass(note: int, length_s: float) -> Wave:
    """A round low note."""
    at = _times(length_s)
    body = np.sin(2 * np.pi * hertz(note) * at) + 0.34 * np.sin(4 * np.pi * hertz(note) * at)
    return body * np.exp(-at * 0.7) * _swell(at, 0.02, 0.25, length_s)


def in_room(dry: Wave, share: float) -> Wave:
    """Two rows with the echo of a mid-sized room, `share` of it; as long as `dry`."""
    noise = np.random.default_rng(_ROOM_SEED).standard_normal((2, int(_ROOM_S * AUDIO_TIMESCALE)))
    at = np.arange(noise.shape[1]) / AUDIO_TIMESCALE
    echo = noise * np.exp(-at * 4.2) * np.minimum(1.0, at / 0.012)
    # A running mean takes the hiss out of the echo.
    kernel = np.hanning(15)
    echo = np.array([np.convolve(row, kernel / kernel.sum(), mode="same") for row in echo])
    echo /= np.sqrt((echo**2).sum(axis=1, keepdims=True))
    size = 1 << (dry.shape[1] + echo.shape[1]).bit_length()
    wet = np.fft.irfft(np.fft.rfft(dry, size) * np.fft.rfft(echo, size), size)[:, : dry.shape[1]]
    return dry + share * wet


def _times(length_s: float) -> Wave:
    return np.arange(round(length_s * AUDIO_TIMESCALE)) / AUDIO_TIMESCALE


def _swell(at: Wave, attack_s: float, release_s: float, length_s: float) -> Wave:
    """From silence to silence, with cosine flanks."""
    rise = np.clip(at / attack_s, 0, 1)
    fall = np.clip((length_s - at) / release_s, 0, 1)
    return (0.5 - 0.5 * np.cos(np.pi * rise)) * (0.5 - 0.5 * np.cos(np.pi * fall))
