"""Where a scene is cut, decided before anything is encoded: segments, GOPs and chunks, in whole grid units.

Pure arithmetic. It knows nothing of files, and never of bits.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from streamsrv.core.errors import invalid
from streamsrv.core.grid import VIDEO_TIMESCALE, Grid
from streamsrv.core.model import Ladder

CHUNK_SEGMENTS = 10
"""Segments encoded by one encoder: what an interrupted run may lose, and how often rate control starts anew."""
SHORTEST_TAIL_MS = 2000
WINDOW_SEGMENT_UNITS = 4
"""The longest segment inside an overlay window: what a viewer's own words touch is encoded again for that viewer."""

Window: TypeAlias = tuple[int, int]
"""When an overlay is shown: the unit it starts with, and the one before which it ends."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One segment's place in its scene."""

    start_units: int
    units: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Every cut of one scene, shared by all its renditions (rule 22)."""

    grid: Grid
    cuts: tuple[Cut, ...]
    gop_frames: int
    """The most frames from one IDR to the next."""
    windows: tuple[Window, ...] = ()
    """When overlays are shown, in order."""

    def is_drawn_on(self, cut: Cut) -> bool:
        """Whether an overlay is shown during a segment."""
        return any(start <= cut.start_units < end for start, end in self.windows)

    @property
    def units(self) -> int:
        return sum(cut.units for cut in self.cuts)

    @property
    def frames(self) -> int:
        return self.units * self.grid.frames

    def chunks(self) -> tuple[tuple[Cut, ...], ...]:
        """The cuts in runs that are encoded independently of each other."""
        return tuple(self.cuts[at : at + CHUNK_SEGMENTS] for at in range(0, len(self.cuts), CHUNK_SEGMENTS))

    def frame_range(self, cuts: Sequence[Cut]) -> range:
        """The scene's frames that a run of cuts holds."""
        last = cuts[-1]
        return range(cuts[0].start_units * self.grid.frames, (last.start_units + last.units) * self.grid.frames)


def plan_scene(
    units: int, *, cuts_ms: Iterable[int], ladder: Ladder, grid: Grid, windows: Collection[Window] = ()
) -> Plan:
    """Cut `units` into segments of at most `ladder.segment_ms`, with a boundary at each of `cuts_ms` and each
    border of `windows`, which lie inside the scene.

    A cut is moved to the nearest unit. Between cuts, segments are as long as allowed; a last one shorter than
    `SHORTEST_TAIL_MS` shares its time evenly with the one before. In a window they are the fewest of at most
    `WINDOW_SEGMENT_UNITS`, of equal length. Raises `Invalid` for a cut outside the scene.
    """
    edges = {0, units, *(edge for window in windows for edge in window)}
    for cut_ms in cuts_ms:
        edge = _nearest_unit(cut_ms, grid)
        if not 0 < edge < units:
            expected = f"more than 0 and less than {grid.seconds(units)} s"
            raise invalid("cut", f"{cut_ms / 1000:g} s is not inside the scene", expected)
        edges.add(edge)
    ordered = sorted(edges)
    cuts: list[Cut] = []
    longest = grid.longest_segment_units(ladder.segment_ms)
    for at, edge in pairwise(ordered):
        if any(start <= at < end for start, end in windows):
            lengths = _share(edge - at, longest=min(longest, WINDOW_SEGMENT_UNITS))
        else:
            lengths = _split(edge - at, longest=longest, grid=grid)
        for length in lengths:
            cuts.append(Cut(at, length))
            at += length
    gop_frames = max(1, ladder.gop_ms * grid.frame_rate // 1000)
    return Plan(grid=grid, cuts=tuple(cuts), gop_frames=gop_frames, windows=tuple(sorted(windows)))


def window_on_grid(from_ms: int, to_ms: int, *, grid: Grid) -> Window:
    """The shortest window of whole units that holds `from_ms` to `to_ms`.

    A unit's start counts as the nearest millisecond, as people write it: 533 is the start of the second unit at 30 fps.
    """
    unit = 2000 * grid.video_ticks
    start = -(-(2 * from_ms + 1) * VIDEO_TIMESCALE // unit) - 1
    return start, -(-(2 * to_ms - 1) * VIDEO_TIMESCALE // unit)


def gop_starts(frames: int, *, gop_frames: int) -> frozenset[int]:
    """The frames of a segment at which an IDR stands: the fewest GOPs of at most `gop_frames`, of equal length."""
    gops = -(-frames // gop_frames)
    return frozenset(index * frames // gops for index in range(gops))


def _split(units: int, *, longest: int, grid: Grid) -> list[int]:
    whole, rest = divmod(units, longest)
    lengths = [longest] * whole
    if not rest:
        return lengths
    if whole and grid.duration_ms(rest) < SHORTEST_TAIL_MS:
        shared = lengths.pop() + rest
        return [*lengths, shared - shared // 2, shared // 2]
    return [*lengths, rest]


def _share(units: int, *, longest: int) -> list[int]:
    pieces = -(-units // longest)
    return [(index + 1) * units // pieces - index * units // pieces for index in range(pieces)]


def _nearest_unit(at_ms: int, grid: Grid) -> int:
    unit = grid.video_ticks * 1000
    return (2 * at_ms * VIDEO_TIMESCALE + unit) // (2 * unit)
