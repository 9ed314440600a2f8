"""Sound on the scene's clock: nothing lost, nothing doubled, one loudness, quiet ends."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.media.encode import encode_sound
from streamsrv.media.sound import LEAD_IN_SAMPLES, RAMP_SAMPLES, SoundSpan, finish, lay, measure_sound
from streamsrv.media.source import Samples


def _tone(seconds: float, amplitude: float) -> Samples:
    wave = amplitude * np.sin(2 * np.pi * 997 * np.arange(round(seconds * 48_000)) / 48_000)
    return np.stack([wave, wave]).astype(np.float32)


def _blocks(samples: Samples, size: int = 4096) -> Iterator[tuple[Fraction, Samples]]:
    for at in range(0, samples.shape[1], size):
        yield Fraction(at, 48_000), samples[:, at : at + size]


@given(
    blocks=st.lists(st.tuples(st.integers(-500, 3000), st.integers(1, 700)), max_size=8),
    samples=st.integers(0, 4000),
)
def test_laid_sound_is_exactly_as_long_as_the_scene(blocks: list[tuple[int, int]], samples: int) -> None:
    made = [(Fraction(at, 48_000), np.ones((2, count), np.float32)) for at, count in blocks]

    laid = list(lay(made, origin_s=Fraction(0), samples=samples))

    assert sum(block.shape[1] for block in laid) == samples


def test_a_gap_is_silence_and_an_overlap_is_played_once() -> None:
    ramp = np.arange(1, 11, dtype=np.float32)
    block = np.stack([ramp, ramp])
    made = [(Fraction(at, 48_000), block) for at in (-2, 5, 20)]

    laid = np.concatenate(list(lay(made, origin_s=Fraction(0), samples=24)), axis=1)

    assert laid[0].tolist() == [3, 4, 5, 6, 7, 8, 9, 10, 4, 5, 6, 7, 8, 9, 10, 0, 0, 0, 0, 0, 1, 2, 3, 4]


def test_a_finished_scene_starts_with_a_silent_packet_and_ends_softly() -> None:
    samples = 1024 * 25
    ones = np.full((2, samples), 0.5, np.float32)

    finished = np.concatenate(list(finish([ones], samples=samples, gain=1.5)), axis=1)

    body = finished[0, LEAD_IN_SAMPLES + RAMP_SAMPLES : -RAMP_SAMPLES - 1]
    rise = finished[0, LEAD_IN_SAMPLES : LEAD_IN_SAMPLES + RAMP_SAMPLES]
    assert finished.shape == (2, samples)
    assert not finished[:, : LEAD_IN_SAMPLES + 1].any()
    assert np.allclose(body, 0.75)
    assert (np.diff(rise) > 0).all()
    assert float(finished[0, -1]) == 0.0


@pytest.mark.parametrize("amplitude", [0.02, 0.1, 0.5])
def test_gain_brings_any_level_to_the_target(amplitude: float) -> None:
    span = measure_sound(_blocks(_tone(4, amplitude)))

    assert span is not None
    louder = measure_sound(_blocks(_tone(4, amplitude) * np.float32(span.gain(-16.0))))
    assert louder is not None
    assert abs(louder.loudness_lufs + 16.0) < 0.1


@pytest.mark.parametrize(
    ("span", "gain_db"),
    [
        (SoundSpan(Fraction(0), Fraction(1), -26.0, -12.0), 10.0),
        (SoundSpan(Fraction(0), Fraction(1), -26.0, -6.0), 5.0),
        (SoundSpan(Fraction(0), Fraction(1), -10.0, 0.5), -6.0),
        (SoundSpan(Fraction(0), Fraction(1), -69.0, -60.0), 30.0),
        (SoundSpan(Fraction(0), Fraction(1), -70.0, -90.0), 0.0),
    ],
    ids=["quiet", "peaky", "loud", "hiss", "silence"],
)
def test_gain_is_bound_by_the_true_peak(span: SoundSpan, gain_db: float) -> None:
    assert 20 * np.log10(span.gain(-16.0)) == pytest.approx(gain_db)


def test_no_sound_has_no_span() -> None:
    assert measure_sound([]) is None


def test_the_encoder_s_priming_is_dropped_and_every_frame_has_its_packet() -> None:
    frames = [np.zeros((2, 1024), np.float32) for _ in range(25)]

    assert len(list(encode_sound(frames, audio_bps=96_000))) == 25
