"""Measured bit rates of a viewer's own video, for BANDWIDTH and AVERAGE-BANDWIDTH (RFC 8216bis 4.4.6.2)."""

from collections.abc import Sequence
from typing import NamedTuple

from streamsrv.core.grid import VIDEO_TIMESCALE, Grid


class Rates(NamedTuple):
    peak_bps: int
    average_bps: int


def measure(sizes_bytes: Sequence[int], units: Sequence[int], *, grid: Grid, target_duration_s: int) -> Rates:
    """Peak and average bit rate of consecutive segments, both rounded up.

    The peak is the largest rate of any contiguous run of segments that lasts between half and one and a half
    target durations; a track too short for one is its own run.
    """
    total_bytes, total_units = sum(sizes_bytes), sum(units)
    shortest = target_duration_s * VIDEO_TIMESCALE // 2
    longest = target_duration_s * VIDEO_TIMESCALE * 3 // 2
    peak_bps = 0
    for first in range(len(units)):
        run_bytes = run_ticks = 0
        for at in range(first, len(units)):
            run_bytes += sizes_bytes[at]
            run_ticks += units[at] * grid.video_ticks
            if run_ticks > longest:
                break
            if run_ticks >= shortest:
                peak_bps = max(peak_bps, _rate(run_bytes, run_ticks))
    average_bps = _rate(total_bytes, total_units * grid.video_ticks)
    return Rates(peak_bps=max(peak_bps, average_bps), average_bps=average_bps)


def _rate(size_bytes: int, ticks: int) -> int:
    return -(-size_bytes * 8 * VIDEO_TIMESCALE // ticks)
