"""The music of the demo: one phrase a scene, all in D major at one tempo, so that any order of scenes sounds right.

A phrase starts out of silence and ends in silence. Bells fall on the moments that the pictures make.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from streamsrv.core.grid import AUDIO_TIMESCALE
from streamsrv.media.demo.scenes import FRAME_RATE, FRAMES_PER_BEAT
from streamsrv.media.demo.synth import Wave, bass, bell, in_room, pad, pluck

_BEAT_S = FRAMES_PER_BEAT / FRAME_RATE
_BEAT_SAMPLES = AUDIO_TIMESCALE * FRAMES_PER_BEAT // FRAME_RATE
_BAR_BEATS = 4
_FADE_IN_S, _FADE_OUT_S = 0.06, 0.75
_PEAK = 0.72
"""-2.9 dBFS: the packager brings every scene to one loudness."""

_CHORDS = {
    "D": (50, 57, 62, 66, 69),
    "Dmaj9": (50, 57, 64, 66, 73),
    "G": (43, 59, 62, 66, 71),
    "A": (45, 57, 61, 64, 71),
    "Asus": (45, 57, 62, 64, 69),
    "Bm": (47, 59, 62, 66, 74),
    "Em": (40, 59, 64, 67, 74),
    "F#m": (42, 57, 61, 66, 73),
}
"""MIDI notes, the bass first."""
_PATTERN = (1, 3, 2, 4, 3, 2, 4, 3)
"""Which chord tone is plucked on each half beat of a bar."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One scene's music: a chord a bar, and the beats at which a bell sounds."""

    chords: Sequence[str]
    bells: Sequence[tuple[float, int]]
    plucks_from: float = 0.5
    plucks_until: float = 1e9


_PHRASES = {
    "hello": Phrase(("Dmaj9", "G", "A"), ((0.9, 86), (4.0, 81), (7.0, 78)), plucks_from=2.5),
    "hello-any": Phrase(("Dmaj9", "Em", "A"), ((0.9, 86), (4.0, 83), (7.0, 81)), plucks_from=2.5),
    "explain-home": Phrase(("D", "G", "Bm", "A", "D"), ((5.0, 78), (7.5, 81), (10.0, 83), (15.0, 86))),
    "explain-motor": Phrase(("D", "Bm", "G", "A", "D"), ((5.0, 78), (7.5, 81), (10.0, 85), (15.0, 86))),
    "explain-life": Phrase(("D", "F#m", "G", "A", "D"), ((5.0, 78), (7.5, 81), (10.0, 83), (15.0, 86))),
    "explain-any": Phrase(("D", "Em", "G", "A", "D"), ((5.0, 78), (7.5, 79), (10.0, 83), (15.0, 86))),
    "no-claims": Phrase(("G", "A", "D"), ((2.0, 83), (8.5, 86), (9.0, 90))),
    "claims-year": Phrase(("Em", "A"), ((2.0, 78), (3.0, 81), (5.0, 83))),
    "claim-card": Phrase(("Bm", "G"), ((3.0, 81), (3.5, 86))),
    "thanks-loyal": Phrase(("Bm", "G", "Asus"), ((1.2, 86), (4.5, 83), (8.0, 81))),
    "offer-plain": Phrase(("D", "G", "A"), ((3.0, 78), (4.5, 79), (6.0, 81), (9.5, 85))),
    "offer-bonus": Phrase(("D", "Bm", "G", "A"), ((3.5, 86), (4.0, 90), (6.0, 81), (8.0, 85))),
    "next-step": Phrase(
        ("G", "A", "Bm", "D"), ((2.4, 78), (4.6, 81), (6.8, 86), (12.4, 90), (13.0, 86)), plucks_until=12.0
    ),
}


def play(scene_id: str, beats: int) -> NDArray[np.int16]:
    """The sound of a scene of `beats` beats: two rows of 16-bit samples at 48 kHz, silent at both ends.

    Raises `KeyError` for an unknown scene.
    """
    phrase = _PHRASES[scene_id]
    length = beats * _BEAT_SAMPLES
    dry = np.zeros((2, length))
    for bar, name in enumerate(phrase.chords):
        _add_bar(dry, _CHORDS[name], bar * _BAR_BEATS, phrase, last=bar == len(phrase.chords) - 1)
    for beat, note in phrase.bells:
        _add(dry, beat, bell(note), 0.10, 0.35 if note % 2 else -0.3)
    mixed = in_room(dry, 0.34) * _edges(length)
    levelled: Wave = np.round(mixed * (_PEAK / np.abs(mixed).max()) * 32767)
    return levelled.astype(np.int16)


def _add_bar(dry: Wave, chord: Sequence[int], start: float, phrase: Phrase, *, last: bool) -> None:
    length_s = _BAR_BEATS * _BEAT_S + (0.0 if last else 0.5)
    for index, note in enumerate(chord[1:]):
        _add(dry, start - 0.2 * bool(start), pad(note, length_s), 0.085, (-0.6, 0.5, -0.2, 0.3)[index])
    for beat in (0.0, 2.5):
        _add(dry, start + beat, bass(chord[0], 1.9), 0.2, 0.0)
    for step, tone in enumerate(_PATTERN):
        beat = start + step / 2
        if phrase.plucks_from <= beat < phrase.plucks_until and not (last and step > 5):
            accent = 1.0 if step % 4 == 0 else 0.72
            _add(dry, beat, pluck(chord[tone] + 12), 0.12 * accent, 0.45 * (-1) ** step)


def _add(dry: Wave, beat: float, tone: Wave, level: float, place: float) -> None:
    """Mix `tone` in at `beat`; `place` is -1 for left and 1 for right. What passes the end is cut off."""
    at = round(beat * _BEAT_SAMPLES)
    heard = tone[: max(0, dry.shape[1] - at)] * level
    angle = (place + 1) * np.pi / 4
    dry[0, at : at + heard.size] += heard * np.cos(angle)
    dry[1, at : at + heard.size] += heard * np.sin(angle)


def _edges(length: int) -> Wave:
    at = np.arange(length) / AUDIO_TIMESCALE
    rise = np.clip(at / _FADE_IN_S, 0, 1)
    fall = np.clip((length - 1) / AUDIO_TIMESCALE - at, 0, _FADE_OUT_S) / _FADE_OUT_S
    return (0.5 - 0.5 * np.cos(np.pi * rise)) * (0.5 - 0.5 * np.cos(np.pi * fall))
