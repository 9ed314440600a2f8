"""Shape, timing and colour, each on its own."""

from fractions import Fraction

import numpy as np
import pytest
from av.video.frame import VideoFrame
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.media.conform import Fit, Normalizer, Scaler, Upright, constant_rate, fit


@pytest.mark.parametrize(
    ("width", "height", "aspect", "expected"),
    [
        (1280, 720, Fraction(1), Fit(640, 360, 0, 0)),
        (640, 480, Fraction(1), Fit(480, 360, 80, 0)),
        (720, 576, Fraction(64, 45), Fit(640, 360, 0, 0)),
        (720, 576, Fraction(16, 15), Fit(480, 360, 80, 0)),
        (1080, 1920, Fraction(1), Fit(202, 360, 218, 0)),
        (1920, 800, Fraction(1), Fit(640, 266, 0, 46)),
        (854, 480, Fraction(1), Fit(640, 360, 0, 0)),
        (1, 1, Fraction(1), Fit(360, 360, 140, 0)),
    ],
)
def test_a_picture_is_as_large_as_its_shape_allows(width: int, height: int, aspect: Fraction, expected: Fit) -> None:
    assert fit(width, height, aspect, into=(640, 360)) == expected


@given(
    width=st.integers(1, 16_384),
    height=st.integers(1, 16_384),
    aspect=st.fractions(Fraction(1, 12), 12, max_denominator=100),
    into=st.tuples(st.integers(8, 2000), st.integers(8, 2000)),
)
def test_a_picture_never_leaves_its_frame_and_stays_even(
    width: int, height: int, aspect: Fraction, into: tuple[int, int]
) -> None:
    wide, high = into[0] * 2, into[1] * 2

    place = fit(width, height, aspect, into=(wide, high))

    assert all(number % 2 == 0 for number in place)
    assert place.left >= 0
    assert place.top >= 0
    assert 2 <= place.width <= wide - 2 * place.left
    assert 2 <= place.height <= high - 2 * place.top


@given(
    gaps=st.lists(st.fractions(0, 2, max_denominator=1000), min_size=1, max_size=40),
    start=st.fractions(-1, 1, max_denominator=1000),
    frames=st.integers(1, 200),
)
def test_every_frame_of_the_scene_shows_exactly_one_picture_in_order(
    gaps: list[Fraction], start: Fraction, frames: int
) -> None:
    times = [start + sum(gaps[:number], Fraction(0)) for number in range(len(gaps))]
    pictures = [(at, Upright(VideoFrame(2, 2, "gray"), Fraction(1))) for at in times]

    holds = list(constant_rate(pictures, frame_rate=30, frames=frames))

    assert [frame for hold in holds for frame in hold.shown] == list(range(frames))
    numbers = [next(n for n, (_, picture) in enumerate(pictures) if picture is hold.picture) for hold in holds]
    assert numbers == sorted(set(numbers))


def test_what_is_right_already_passes_through_untouched() -> None:
    frame = VideoFrame(320, 180, "yuv420p")
    frame.pts, frame.time_base = 0, Fraction(1, 30)
    frame.colorspace = frame.color_range = 1

    normalizer = Normalizer(Fraction(1), largest=(1920, 1080))

    assert normalizer.pictures(frame) == [Upright(frame, Fraction(1))]


def test_a_source_may_change_its_size_midway() -> None:
    normalizer, scaler = Normalizer(Fraction(1), largest=(640, 360)), Scaler(320, 180)
    shapes = []
    for number, size in enumerate([(320, 180), (640, 360), (1280, 720), (100, 200)]):
        frame = VideoFrame(*size, "yuv444p")
        frame.pts, frame.time_base = number, Fraction(1, 30)
        for picture in normalizer.pictures(frame):
            scaled = scaler.picture(picture)
            shapes.append((scaled.pts, scaled.width, scaled.height, scaled.format.name))

    assert shapes == [(number, 320, 180, "yuv420p") for number in range(4)]


@pytest.mark.parametrize("transfer", [16, 18], ids=["PQ", "HLG"])
def test_hdr_becomes_sdr_that_rises_with_the_light(transfer: int) -> None:
    steps = np.zeros((540, 640), np.uint16)
    steps[:360] = np.linspace(64, 940, 640).astype(np.uint16)
    steps[360:] = 512
    frame = VideoFrame.from_ndarray(steps, format="yuv420p10le")
    frame.pts, frame.time_base = 0, Fraction(1, 30)
    frame.colorspace, frame.color_primaries, frame.color_trc, frame.color_range = 9, 9, transfer, 1

    ((picture, _),) = Normalizer(Fraction(1), largest=(640, 360)).pictures(frame)

    light = picture.to_ndarray()[180, ::32].astype(int)
    assert (picture.format.name, picture.colorspace, picture.color_trc) == ("yuv420p", 1, 1)
    assert (np.diff(light) >= 0).all()
    assert light[0] <= 18
    assert light[-1] >= 200
