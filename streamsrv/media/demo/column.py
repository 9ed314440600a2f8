"""The left column of a scene: eyebrow, headline, a line of text, and rows that are ticked off one by one."""

from collections.abc import Sequence

from streamsrv.media.demo import brand
from streamsrv.media.demo.canvas import Canvas, Sprite
from streamsrv.media.demo.ease import glide, leave, pop, share
from streamsrv.media.demo.lettering import BODY, EYEBROW, HEADLINE, STRONG, letter

LEFT = 140.0
_EYEBROW_Y = 264.0
_HEADLINE_Y = 376.0
_HEADLINE_STEP = 108.0
_TEXT_STEP = 64.0
_ROW_STEP = 76.0
_RISE = 34.0
_TICK = "M -11 1 L -3 9 L 12 -9"


class Column:
    """Text of one scene. Lines come in one after the other from `start` on and go out together at `end`."""

    def __init__(
        self,
        canvas: Canvas,
        *,
        end: float,
        headline: Sequence[str],
        eyebrow: str = "",
        text: Sequence[str] = (),
        rows: Sequence[str] = (),
        start: float = 0.8,
        rows_start: float = 4.0,
        rows_step: float = 2.0,
        accent: int = brand.DEEP_TEAL,
        lift: float = 0.0,
    ) -> None:
        """`lift` raises all of it, to leave room below."""
        self._start, self._end = start, end
        self._rows_start, self._rows_step = rows_start, rows_step
        self._accent = accent
        y = _HEADLINE_Y - lift
        self._lines: list[tuple[Sprite, float]] = []
        if eyebrow:
            self._lines.append((letter(canvas, eyebrow.upper(), EYEBROW, accent), _EYEBROW_Y - lift))
        for words in headline:
            self._lines.append((letter(canvas, words, HEADLINE, brand.INK), y))
            y += _HEADLINE_STEP
        y += -_HEADLINE_STEP + 88
        for words in text:
            self._lines.append((letter(canvas, words, BODY, brand.SOFT_INK), y))
            y += _TEXT_STEP
        self._rows = [
            (letter(canvas, words, STRONG, brand.INK), y + 14 + index * _ROW_STEP) for index, words in enumerate(rows)
        ]

    @property
    def right(self) -> float:
        """Where the longest line ends, in drawing units."""
        lines = max(LEFT + line.width for line, _ in self._lines)
        return max([lines, *(LEFT + 64 + row.width for row, _ in self._rows)])

    def draw(self, canvas: Canvas, beat: float) -> None:
        """The column at `beat`."""
        gone = leave(beat, self._end, 0.9)
        for index, (line, y) in enumerate(self._lines):
            start = self._start + 0.28 * index
            _slide(canvas, line, LEFT, y, glide(beat, start, 1.3), share(beat, start, 0.7) * gone)
        for index, (row, y) in enumerate(self._rows):
            start = self._rows_start + self._rows_step * index
            size = pop(beat, start, 1.0, 1.8)
            with canvas.placed(LEFT + 22, y - 16, scale=size, alpha=gone) as seen:
                if seen:
                    canvas.disc(0, 0, 23, self._accent)
                    canvas.line(_TICK, brand.WHITE, 5.5, end=share(beat, start + 0.3, 0.6))
            _slide(canvas, row, LEFT + 64, y, glide(beat, start, 1.1), share(beat, start, 0.6) * gone)


def _slide(canvas: Canvas, line: Sprite, x: float, y: float, come: float, alpha: float) -> None:
    canvas.stamp(line, x, y + _RISE * (1 - come), alpha=alpha)
