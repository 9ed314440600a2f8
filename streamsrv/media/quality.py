"""How alike pictures are, and the worst encode that is alike enough."""

import math
from collections.abc import Callable, Iterable
from typing import TypeAlias

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

Luma: TypeAlias = NDArray[np.uint8]

LOSS_DB = 0.4
"""How much worse than the segment an encode of its master may be, both held against the master."""
UTMOST_DRIFT = 16.0
"""Levels of 255 by which a block may be off that was put together, where the encode itself is off by as much."""
CRFS = range(16, 40)
_FIRST_GUESS = 20
DB_A_STEP = 0.5
"""What one step of the constant rate factor costs, about."""
_LEAST_ERROR = 1e-6
_BLOCK = 8
_HIDES = 16.0
"""A block whose own levels deviate by this much hides half of what it is off by: edges and texture mask."""
_LITTLE = 2.0


def luma(frame: VideoFrame) -> Luma:
    return frame.to_ndarray()[: frame.height].astype(np.uint8, copy=False)


def squared_error(one: Luma, other: Luma) -> float:
    """The mean over all pixels."""
    off = np.subtract(one, other, dtype=np.float32).ravel()
    return float(np.dot(off, off)) / off.size


def line_errors(wanted: Iterable[Luma], found: Iterable[Luma]) -> NDArray[np.float64]:
    """The mean squared error of each line, over all pictures: `error_db` of some of them is theirs."""
    totals = []
    for one, other in zip(wanted, found, strict=True):
        off = np.subtract(one, other, dtype=np.float32)
        totals.append(np.einsum("ij,ij->i", off, off) / one.shape[1])
    return np.asarray(np.mean(totals, axis=0, dtype=np.float64))


def psnr_db(wanted: Iterable[Luma], found: Iterable[Luma]) -> float:
    """Over all pictures together, of the brightness."""
    return error_db([squared_error(one, other) for one, other in zip(wanted, found, strict=True)])


def error_db(errors: Iterable[float]) -> float:
    """The PSNR of the mean of some squared errors."""
    every = list(errors)
    return float(10 * np.log10(255**2 / max(_LEAST_ERROR, sum(every) / len(every))))


def worst_block(one: Luma, other: Luma, *, known: float = 0.0) -> float:
    """What shows of the block of 8x8 that is off the most, in levels of 255; at the least what is `known`."""
    off = np.maximum(one, other) - np.minimum(one, other)
    # Rows of blocks in which any pixel is off by more than a little: elsewhere no mean can be.
    tall, wide = (size // _BLOCK * _BLOCK for size in off.shape)
    rows = off[:tall].reshape(-1, _BLOCK, off.shape[1])
    looked_at = np.flatnonzero(rows.max(axis=(1, 2)) > max(_LITTLE, known))
    if not looked_at.size:
        return max(known, min(_LITTLE, float(off.max(initial=0))))
    means = rows[looked_at][..., :wide].reshape(len(looked_at), _BLOCK, -1, _BLOCK).mean(axis=(1, 3), dtype=np.float32)
    at = np.nonzero(means > known)
    mine = one[:tall].reshape(-1, _BLOCK, one.shape[1])[looked_at][..., :wide]
    blocks = mine.reshape(len(looked_at), _BLOCK, -1, _BLOCK).swapaxes(1, 2)[at]
    hidden = blocks.std(axis=(1, 2), dtype=np.float32) / _HIDES
    return max(known, float((means[at] / (1 + hidden)).max(initial=0)))


def worst_that_is_good(margin_db: Callable[[int], float], *, guess: int = _FIRST_GUESS, factors: range = CRFS) -> int:
    """The highest factor whose margin is not negative, which takes the fewest bytes; the lowest where there is none.

    A try costs an encode, so that the next is guessed from what the last one missed by.
    """
    good, bad = factors.start, factors.stop
    while bad - good > 1:
        guess = min(bad - 1, max(good + 1, guess))
        margin = margin_db(guess)
        if margin >= 0:
            good = guess
        else:
            bad = guess
        guess += math.floor(margin / DB_A_STEP)
    return good
