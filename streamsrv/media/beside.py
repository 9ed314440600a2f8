"""What is drawn into bands of a picture does not show beside them: how that is measured, and what is too much."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from streamsrv.media.quality import UTMOST_DRIFT, Luma, error_db, squared_error, worst_block

MOST_DRIFT = 8.0
"""Levels of 255 by which a block of 8x8 outside the bands may be off in any picture, where nothing hides it."""
LEAST_DRIFT_DB = 45.0
"""What the lines outside have at the least in any picture, held against the segment."""
MOST_LOSS_DB = 0.15
"""How much worse the lines outside, or a band, may become by being put together, held against what should be seen."""
ENOUGH_DB = 50.0
"""With so much, nobody sees what is lost."""


class ShowsError(Exception):
    """What is drawn shows beside its band."""


class Beside:
    """What one way to fill the bands does to the lines around them, picture after picture."""

    def __init__(self) -> None:
        self.levels = 0.0
        """That show, of the worst block of any picture."""
        self._error = 0.0
        self._errors: list[float] = []

    @property
    def db(self) -> float:
        """Of the worst picture, against the segment with noise in its bands."""
        return error_db([self._error])

    def look(self, wanted: Luma, base: Luma, found: Luma) -> None:
        """The lines outside of one picture: as they should be, with noise in the bands, and filled.

        Raises `ShowsError` for what shows whatever the encode itself loses.
        """
        self._error = max(self._error, squared_error(base, found))
        self.levels = worst_block(base, found, known=self.levels)
        self._errors.append(squared_error(wanted, found))
        if self.levels > UTMOST_DRIFT or self.db < LEAST_DRIFT_DB:
            raise ShowsError(self._what())

    def check(self, *, own_levels: float, least_db: float) -> None:
        """Raises `ShowsError` for more than the encode itself, off by `own_levels`, hides, or a loss of quality."""
        if self.levels > max(MOST_DRIFT, min(own_levels, UTMOST_DRIFT)):
            raise ShowsError(self._what())
        if (loss_db := _lost_db(least_db, error_db(self._errors))) > MOST_LOSS_DB:
            raise ShowsError(f"the picture loses beside its band: {loss_db:.2f} dB")

    def _what(self) -> str:
        return f"what is drawn shows beside its band: {self.levels:.1f} levels, {self.db:.1f} dB"


def lost_in_bands_db(errors: NDArray[np.float64], lines: Sequence[slice], least_db: Sequence[float]) -> float:
    """By how much bands, by the errors of their lines, are worse in their place than they should be."""
    return max(_lost_db(least, error_db(errors[one])) for one, least in zip(lines, least_db, strict=True))


def _lost_db(least_db: float, found_db: float) -> float:
    return min(least_db, ENOUGH_DB) - found_db
