"""What is drawn for one session, in playback order, and which of it comes next."""

from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.model import Scene
from streamsrv.core.own import Drawing, Reel, Step

SCENE = cast(Scene, None)
"""Nothing here looks at it."""


def _reel(spans: list[tuple[int, int]]) -> Reel:
    return Reel([Step(at, at, SCENE, start, end, Drawing(f"{at:02}", b"")) for at, (start, end) in enumerate(spans)])


def _next(reel: Reel, **window: Any) -> list[int]:
    return [step.number for step in reel.next(**window)]


def test_what_comes_next_is_told_in_playback_order_within_a_window_and_a_count() -> None:
    reel = _reel([(0, 3), (3, 6), (20, 24), (24, 28), (60, 62)])

    assert [0, 1] == _next(reel, from_units=0, until_units=16, most=6)
    assert [1] == _next(reel, from_units=3, until_units=16, most=6)
    assert [2, 3] == _next(reel, from_units=6, until_units=24, most=6)
    assert [2] == _next(reel, from_units=6, until_units=24, most=1)
    assert [] == _next(reel, from_units=62, until_units=99, most=6)
    assert frozenset({"00", "01", "02", "03", "04"}) == reel.keys
    assert (Drawing("01", b""), None) == (reel.drawing(1, 1), reel.drawing(1, 0))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5)), max_size=12), st.integers(0, 80), st.integers(0, 40))
def test_nothing_that_comes_next_is_left_out(gaps: list[tuple[int, int]], from_units: int, ahead_units: int) -> None:
    spans, at = [], 0
    for gap, units in gaps:
        spans.append((at + gap, at + gap + units))
        at += gap + units
    until_units = from_units + ahead_units

    expected = [at for at, (start, end) in enumerate(spans) if end > from_units and start <= until_units]
    assert expected == _next(_reel(spans), from_units=from_units, until_units=until_units, most=99)
