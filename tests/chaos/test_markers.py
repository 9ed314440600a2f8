"""A thousand viewers at once over a store that is never well: nobody gets anything of another's (A16, A17).

`python -m load.markers` is the same with ten thousand.
"""

from pathlib import Path

from load import markers

VIEWERS = 1_000


async def test_nobody_ever_gets_what_is_anothers(tmp_path: Path) -> None:
    tally = await markers.measure(tmp_path, VIEWERS, workers=2)

    assert [] == tally.foreign
    assert VIEWERS == tally.done
    assert tally.left > VIEWERS / 10
