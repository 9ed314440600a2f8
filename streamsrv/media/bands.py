"""Where a picture can be drawn on without touching the rest of it: bands of macroblock rows that are whole slices.

Pure arithmetic. The encoder cuts a picture evenly for its threads, and each thread's share into slices of so many
rows: with the two numbers chosen well, slices begin and end where a band does.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

ROW = 16
"""Picture lines in a row of macroblocks."""
NOISE_LINES = 4
"""At a strip's borders inside the picture: where it is put, other lines stand beyond it."""
_FAR = 1 << 15
MOST_SHARE = 0.6
"""Of the picture's rows: with more to encode, a band saves too little."""
_THREAD_ROWS = 4
"""A thread of the encoder has at least so many rows."""
_SLICE_COST = 0.25
"""What a slice more costs, in rows to encode."""
_MOST_GUARDS = 4
_APART = 2
"""Bands with fewer rows between them are one: what each would encode beyond itself, the other needs anyway."""


class Rows(NamedTuple):
    """Macroblock rows, from the first to the one before which they end."""

    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start


class Lines(NamedTuple):
    """Lines of a picture, from the first to the one before which they end. Even, both of them."""

    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start


class Guards(NamedTuple):
    """Rows of the picture that are encoded with a band, above it and below, at the least."""

    above: int
    below: int


class Slicing(NamedTuple):
    """How the encoder cuts a picture into slices."""

    threads: int
    rows: int
    """The most rows of a slice."""

    def starts(self, height: int) -> tuple[int, ...]:
        """The rows at which slices of a picture of `height` rows start, and `height`."""
        edges = [(height * number + self.threads // 2) // self.threads for number in range(self.threads + 1)]
        return (*(start for one, other in pairwise(edges) for start in range(one, other, self.rows)), height)


@dataclass(frozen=True, slots=True)
class Strip:
    """A band as it is encoded alone: with rows of the picture above and below, which are thrown away again."""

    band: Rows
    rows: Rows
    slicing: Slicing

    def lines(self, height: int) -> Lines:
        """Where the strip lies in a picture of `height` lines."""
        return _lines(self.rows, height)

    def band_lines(self, height: int) -> Lines:
        return _lines(self.band, height)

    def inside(self, height: int) -> Lines:
        """Where the band lies in the strip."""
        start = self.rows.start * ROW
        return Lines(*(line - start for line in self.band_lines(height)))

    def readable(self, height: int) -> Lines:
        """The strip's lines that the band may be predicted from: at the picture's own borders, whatever is beyond."""
        top = -_FAR if self.rows.start == 0 else NOISE_LINES
        lines = self.lines(height)
        return Lines(top, _FAR if lines.end == height else lines.size - NOISE_LINES)

    def has(self, guards: Guards, height: int) -> bool:
        """Whether so many rows are beyond the band, or all there are."""
        above, below = self.band.start - self.rows.start, self.rows.end - self.band.end
        at_top, at_bottom = self.rows.start == 0, self.lines(height).end == height
        return (at_top or above >= guards.above) and (at_bottom or below >= guards.below)

    def clear(self, height: int, *, margin: int) -> Lines:
        """Where things may be drawn: so many lines from a border of the band that is inside the picture."""
        start, end = self.band_lines(height)
        return Lines(start and start + margin, end if end == height else end - margin)


@dataclass(frozen=True, slots=True)
class Banding:
    """How pictures are cut, and the strips to encode for what is drawn on them."""

    slicing: Slicing
    strips: tuple[Strip, ...]
    """From the top."""


def rows_of(lines: Lines, height: int, *, margin: int) -> Rows:
    """The rows that hold some lines of a picture of `height` and so many more around them."""
    start, end = max(0, lines.start - margin), min(height, lines.end + margin)
    return Rows(start // ROW, -(-end // ROW))


@lru_cache(maxsize=256)
def band(asked: tuple[Rows, ...], height: int, *, guards: Guards = Guards(1, 1)) -> Banding | None:  # noqa: B008  frozen
    """Cut pictures of `height` rows so that the `asked` ones are bands; None where that saves too little.

    The bands hold what is asked and may be larger; near ones are one. Strips have at least `guards` beyond them.
    """
    best: tuple[float, Banding] | None = None
    for slicing in _slicings(height):
        starts = slicing.starts(height)
        strips = _strips(asked, starts, guards)
        cost = sum(strip.rows.size for strip in strips) + _SLICE_COST * len(starts)
        if strips and (best is None or cost < best[0]):
            best = cost, Banding(slicing, strips)
    if best is None or sum(strip.rows.size for strip in best[1].strips) > MOST_SHARE * height:
        return None
    return best[1]


def _strips(asked: Iterable[Rows], starts: Sequence[int], guards: Guards) -> tuple[Strip, ...]:
    """The strips that slices with these starts allow; none where one of them cannot be encoded."""
    merged: list[Rows] = []
    for rows in sorted(asked):
        start = max(edge for edge in starts if edge <= rows.start)
        end = min(edge for edge in starts if edge >= rows.end)
        if merged and start <= merged[-1].end + _APART:
            merged[-1] = Rows(merged[-1].start, max(merged[-1].end, end))
        else:
            merged.append(Rows(start, end))
    found = [_strip(rows, starts[-1], guards) for rows in merged]
    return tuple(strip for strip in found if strip) if all(found) else ()


@lru_cache(maxsize=4096)
def _strip(rows: Rows, height: int, guards: Guards) -> Strip | None:
    """The cheapest way to encode a band alone; None for one of so few rows that it has to be larger."""
    best: tuple[float, Strip] | None = None
    for above in _guards(rows.start, guards.above):
        for below in _guards(height - rows.end, guards.below):
            strip = Rows(rows.start - above, rows.end + below)
            for slicing in _slicings(strip.size):
                starts = slicing.starts(strip.size)
                cost = strip.size + _SLICE_COST * len(starts)
                fits = above in starts and strip.size - below in starts
                if fits and (best is None or cost < best[0]):
                    best = cost, Strip(rows, strip, slicing)
    return best[1] if best else None


def _guards(room: int, least: int) -> range:
    return range(min(least, room), min(_MOST_GUARDS, room) + 1)


def _slicings(height: int) -> Iterator[Slicing]:
    for threads in range(2, height // _THREAD_ROWS + 1):
        for rows in range(1, -(-height // threads) + 1):
            yield Slicing(threads, rows)


def _lines(rows: Rows, height: int) -> Lines:
    return Lines(rows.start * ROW, min(height, rows.end * ROW))
