"""What a decoder says of where blocks are predicted from, and what is made of it."""

import numpy as np
import pytest

from streamsrv.media.bands import Lines
from streamsrv.media.boxes import Sample
from streamsrv.media.motion import beyond, decode_with_reads, stays_in
from tests.media.x264 import encode, moving


def _reads(down: int) -> list[np.ndarray]:
    """Of pictures whose texture moves down by so many lines each time."""
    base = moving(1, width=96, height=192)[0]
    luma = np.concatenate([base[:192], base[:192][::-1]])
    pictures = []
    for number in range(5):
        picture = np.full_like(base, 128)
        picture[:192] = np.roll(luma, down * number, 0)[:192]
        pictures.append(picture)
    stream = encode(pictures, {"bframes": 0, "ref": 1, "threads": 1, "weightp": 0, "preset": "medium", "scenecut": 0})
    samples = [Sample(data) for data in stream.samples]
    found = list(decode_with_reads(stream.avcc, samples))
    assert 5 == len(found)
    return [reads for _, reads in found]


@pytest.mark.parametrize("down", [0, 4, 10])
def test_blocks_read_from_where_the_picture_was(down: int) -> None:
    first, *others = _reads(down)

    assert (0, 3) == first.shape
    for reads in others:
        middle = reads[(reads[:, 0] >= 64) & (reads[:, 0] < 128)]
        assert len(middle)
        # By whole lines, between which nothing has to be interpolated.
        assert -down == int(np.median(middle[:, 1] - middle[:, 0]))


def test_what_moves_across_a_border_is_seen_and_what_stays_is_not() -> None:
    still, moves = _reads(0)[2], _reads(10)[2]

    assert stays_in(still, Lines(64, 128), Lines(61, 131))
    assert not stays_in(moves, Lines(64, 128), Lines(61, 131))
    assert stays_in(moves, Lines(64, 128), Lines(40, 140))
    above, below = beyond(moves, Lines(64, 128))
    assert 10 <= above <= 24
    assert stays_in(moves, Lines(64, 128), Lines(64 - above, 128 + below))
    assert not stays_in(moves, Lines(64, 128), Lines(64 - above + 1, 128 + below))
    assert (0, 0) == beyond(moves[:0], Lines(64, 128))
