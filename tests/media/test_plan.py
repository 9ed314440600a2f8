"""Cuts and GOPs: everything on the grid, nothing longer than allowed, nothing needlessly short."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.errors import Invalid
from streamsrv.core.grid import FRAME_RATES, grid_for
from streamsrv.core.model import Ladder
from streamsrv.media.plan import Cut, gop_starts, plan_scene


def _ladder(frame_rate: int = 30) -> Ladder:
    return Ladder(frame_rate=frame_rate, rungs=(), audio_bps=96_000)


def _lengths(units: int, *cuts_ms: int) -> list[int]:
    plan = plan_scene(units, cuts_ms=cuts_ms, ladder=_ladder(), grid=grid_for(30))
    return [cut.units for cut in plan.cuts]


@pytest.mark.parametrize(
    ("units", "lengths"),
    [
        (1, [1]),
        (12, [12]),
        (13, [7, 6]),
        (15, [8, 7]),
        (16, [12, 4]),
        (24, [12, 12]),
        (26, [12, 7, 7]),
        (40, [12, 12, 12, 4]),
    ],
)
def test_a_short_last_segment_shares_with_the_one_before(units: int, lengths: list[int]) -> None:
    assert _lengths(units) == lengths


def test_a_cut_is_moved_to_the_nearest_unit() -> None:
    assert _lengths(20, 1000, 2200) == [2, 2, 12, 4]


@pytest.mark.parametrize("cut_ms", [0, -5000, 200, 10_667, 99_000])
def test_a_cut_outside_the_scene_is_refused(cut_ms: int) -> None:
    with pytest.raises(Invalid, match=r"^cut: .* s is not inside the scene; expected more than 0"):
        _lengths(20, cut_ms)


@given(
    units=st.integers(1, 2000),
    frame_rate=st.sampled_from(FRAME_RATES),
    shares=st.lists(st.floats(0.01, 0.99), max_size=5),
)
def test_segments_follow_one_another_and_none_is_too_long(units: int, frame_rate: int, shares: list[float]) -> None:
    grid, ladder = grid_for(frame_rate), _ladder(frame_rate)
    cuts_ms = [round(share * grid.duration_ms(units)) for share in shares]
    inside = [at for at in cuts_ms if grid.duration_ms(1) <= at <= grid.duration_ms(units - 1)]

    plan = plan_scene(units, cuts_ms=inside, ladder=ladder, grid=grid)

    ends = [cut.start_units + cut.units for cut in plan.cuts]
    assert [cut.start_units for cut in plan.cuts] == [0, *ends[:-1]]
    assert ends[-1] == plan.units == units
    assert max(grid.duration_ms(cut.units) for cut in plan.cuts) <= ladder.segment_ms
    assert [cut for chunk in plan.chunks() for cut in chunk] == list(plan.cuts)
    for at in inside:
        assert min(abs(grid.duration_ms(end) - at) for end in ends) * 2 <= grid.duration_ms(1) + 2


@given(frames=st.integers(1, 400), gop_frames=st.integers(1, 60))
def test_gops_are_few_equal_and_never_too_long(frames: int, gop_frames: int) -> None:
    starts = sorted(gop_starts(frames, gop_frames=gop_frames))

    lengths = [end - start for start, end in zip(starts, [*starts[1:], frames], strict=True)]
    assert starts[0] == 0
    assert max(lengths) <= gop_frames
    assert max(lengths) - min(lengths) <= 1
    assert len(lengths) == -(-frames // gop_frames)


def test_a_chunk_is_a_run_of_ten_segments() -> None:
    plan = plan_scene(12 * 23, cuts_ms=(), ladder=_ladder(), grid=grid_for(30))

    assert [len(chunk) for chunk in plan.chunks()] == [10, 10, 3]
    assert plan.frame_range(plan.chunks()[1]) == range(1920, 3840)
    assert plan.chunks()[1][0] == Cut(120, 12)
