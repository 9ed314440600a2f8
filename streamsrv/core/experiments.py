"""Which arm of an experiment a unit belongs to, and whether it is held out: a salted hash, the same in every process.

A unit is what is randomised: a viewer's id, or the id of a household when its members must see the same. Every question
has a hash of its own over (question, salt, experiment, unit), so answers are independent of each other, and changing
one experiment moves nobody in another. Units, salts and names are text without lone surrogates.
"""

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

MILLION = 1_000_000
HOLDOUT = "holdout"
"""The name under which being held out is recorded: no experiment can have it."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """Arms with their whole-number weights, in the order of the campaign's file.

    Only the weights' proportions count. An arm of weight 0 gets nobody. Raises `ValueError` where no arm can win.
    """

    name: str
    arms: tuple[tuple[str, int], ...]

    def __post_init__(self) -> None:
        weights = [weight for _, weight in self.arms]
        if not any(weights) or min(weights) < 0:
            raise ValueError(f"experiment {self.name}: weights {weights}, expected none below 0 and one above")
        if len({arm for arm, _ in self.arms}) < len(self.arms):
            raise ValueError(f"experiment {self.name}: an arm stands there twice")


def assign(experiment: Experiment, *, salt: str, unit: str) -> str:
    """The unit's arm. Weight that the last arm takes from its neighbour moves units from there to it, and no others."""
    ends = tuple(accumulate(weight for _, weight in experiment.arms))
    place = _scaled(_hash("arm", salt, experiment.name, unit), ends[-1])
    return experiment.arms[bisect_right(ends, place)][0]


def is_held_out(*, salt: str, unit: str, share_ppm: int) -> bool:
    """Whether the unit is in the share (parts per million) that is held out. A larger share keeps who was in it."""
    return _scaled(_hash("holdout", salt, unit), MILLION) < share_ppm


def unit_key(*, salt: str, unit: str) -> str:
    """32 hex digits that stand for the unit in the ledger.

    Nobody gets back from it to the unit without a list of ids to try: where ids can be guessed, keep the salt secret.
    """
    return _hash("unit", salt, unit)[:16].hex()


def _scaled(digest: bytes, total: int) -> int:
    """The digest's first 64 bits as a place in 0..total-1; rounding moves a share by at most 2^-64."""
    return (int.from_bytes(digest[:8], "big") * total) >> 64


def _hash(*parts: str) -> bytes:
    """SHA-256 over the parts, each after its length, so that no two lists of parts are the same bytes."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(4, "big"))
        digest.update(encoded)
    return digest.digest()
