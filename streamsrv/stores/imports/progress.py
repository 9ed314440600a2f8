"""How far an import has come, in the store: beside what it has written, and true in every order of failures."""

from collections import Counter
from typing import NamedTuple

import orjson

from streamsrv.stores.imports.job import Tally
from streamsrv.stores.state import State, names
from streamsrv.stores.tables import Position

KEPT_S = 30 * 86_400
"""A stopped import can be gone on with for this long."""
BUDGET_MS = 30_000


class Progress(NamedTuple):
    """All rows up to `position` are in the store or in the first `rejects_bytes` of the rejects file."""

    position: Position
    tally: Tally
    rejects_bytes: int


async def load_progress(state: State, import_id: str) -> Progress | None:
    """Where the import stopped; None where it never began, or ended. Raises `Unavailable`."""
    (text,) = await state.many_get([names.import_progress(import_id)], budget_ms=BUDGET_MS)
    if text is None:
        return None
    kept = orjson.loads(text)
    tally = Tally(kept["rows"], kept["rejected"], Counter(kept["by_field"]))
    return Progress(Position(kept["place"], kept["number"]), tally, kept["rejects_bytes"])


async def save_progress(state: State, import_id: str, progress: Progress) -> None:
    """Raises `Unavailable`."""
    position, tally, rejects_bytes = progress
    text = orjson.dumps(
        {
            "place": position.place,
            "number": position.number,
            "rows": tally.rows,
            "rejected": tally.rejected,
            "by_field": dict(tally.by_field),
            "rejects_bytes": rejects_bytes,
        }
    )
    await state.many_set({names.import_progress(import_id): text}, expire_s=KEPT_S, budget_ms=BUDGET_MS)


async def forget_progress(state: State, import_id: str) -> None:
    """The import is over: the same file may come again, and is then read from its beginning."""
    await state.run(lambda client: client.delete(names.import_progress(import_id)), what="state", budget_ms=BUDGET_MS)
