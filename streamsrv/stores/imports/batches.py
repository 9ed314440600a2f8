"""One batch of rows: checked, sealed and written. What a worker process does, and for a small file this process."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from streamsrv.config import StateSettings
from streamsrv.core.errors import Problem
from streamsrv.core.identity import Identity
from streamsrv.core.importing import RejectedRow, Row, format_rejected
from streamsrv.stores.erasure import erasures_of
from streamsrv.stores.imports.job import Checks
from streamsrv.stores.secrets import KeyRing
from streamsrv.stores.state import State
from streamsrv.stores.vault import Vault
from streamsrv.stores.writing import ViewerWriter, patiently

ERASED = Problem("viewer", "is erased", "nobody who was erased, or --restore where they came back themselves")


class Batch(NamedTuple):
    """Rows in the file's order."""

    numbers: list[int]
    rows: list[Sequence[object] | Problem]


class Rejected(NamedTuple):
    """One row that did not go in."""

    number: int
    text: str
    """Its lines in the rejects file."""
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All that handling batches takes. Sent to worker processes, over a pipe of their own."""

    checks: Checks
    state: StateSettings
    vault_keys: KeyRing
    identity_secret: bytes = field(repr=False)
    restore: bool
    at_s: int


class Handler:
    """Handles the batches of one import."""

    def __init__(self, plan: Plan, state: State) -> None:
        self._checker = plan.checks.checker()
        vault, identity = Vault(plan.vault_keys), Identity(plan.identity_secret)
        restored = erasures_of(plan.state) if plan.restore else None
        self._writer = ViewerWriter(state, vault, identity, plan.checks.campaign_id, restored=restored)
        self._at_s = plan.at_s

    async def handle(self, batch: Batch) -> list[Rejected]:
        """Keep the viewers of a batch; the rows that cannot be. Raises `Unavailable` when the store stays away."""
        check = self._checker.check
        good: list[Row] = []
        numbers: list[int] = []
        rejected: list[Rejected] = []
        for number, cells in zip(batch.numbers, batch.rows, strict=True):
            found = check(cells)
            if isinstance(found, Row):
                good.append(found)
                numbers.append(number)
            else:
                rejected.append(_rejected(number, found))
        for place in await patiently(lambda: self._writer.put(good, at_s=self._at_s)):
            rejected.append(_rejected(numbers[place], RejectedRow(good[place].viewer_id, (ERASED,))))
        return rejected


def _rejected(number: int, found: RejectedRow) -> Rejected:
    fields = {reason.where.partition("[")[0] for reason in found.reasons}
    return Rejected(number, format_rejected(number, found), tuple(sorted(fields)))
