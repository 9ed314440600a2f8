"""Where every scene plays: the sky, the hills, the clouds, the disc of light and the brand's mark.

All scenes begin and end on the same empty stage, at rest, so that any scene may follow any other without a jump.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import pi, sin

from streamsrv.media.demo import brand
from streamsrv.media.demo.brand import Mark, draw_star
from streamsrv.media.demo.canvas import HEIGHT, WIDTH, Canvas, Point, Ramp
from streamsrv.media.demo.ease import leave, pop, share, swing, wave

DISC = (1370.0, 500.0)
"""The centre of the disc of light: where the picture of a scene stands."""
DISC_RADIUS = 372.0
MARK = (168.0, 118.0)
"""The centre of the star in the corner."""

_DAY = Ramp((0, 0), (0, 960), (0xCFE4FA, 0xE9F3FD, 0xFDF5E6))
_NIGHT = Ramp((0, 0), (0, 1000), (0x071029, 0x12275A, 0x2E5AA3))
_DAWN = Ramp((0, 120), (0, 980), (0xFF9D6E, 0xFFB47E, 0xFFD79A), (0.0, 0.55, 0.8))
_STARS = tuple((index * 761 % WIDTH, index * index * 97 % 640, 1.2 + index % 5 * 0.5) for index in range(90))
_CLOUDS = ((600, 132, 0.72, 20), (1085, 286, 0.8, 14), (1620, 236, 1.15, 38), (1730, 690, 0.8, 24))
_TREES = ((60, 0.8), (98, 1.1), (560, 0.9), (604, 1.2), (640, 0.8), (1010, 1.0), (1052, 0.75), (1700, 1.2), (1748, 0.9))
"""On the middle range: where each stands, and how tall."""


@dataclass(frozen=True, slots=True)
class Hill:
    """One range of hills: its line, how far it moves, and its colour by day and by night."""

    top: float
    waves: tuple[tuple[float, float, float], ...]
    """Height, length and phase of each wave that adds to the line."""
    pan: float
    day: int
    night: int


_HILLS = (
    Hill(868, ((36, 900, 0.1), (14, 410, 0.6)), 16, 0xC3DFF3, 0x16306B),
    Hill(926, ((34, 1250, 0.55), (12, 520, 0.2)), 34, 0x93CBD6, 0x102456),
    Hill(984, ((30, 1600, 0.85), (9, 640, 0.4)), 62, 0x57ADB0, 0x0B1A42),
)


class Stage:
    """The stage of one scene of `beats` beats; what does not change is drawn once."""

    def __init__(self, canvas: Canvas, beats: int, *, end: float | None = None) -> None:
        self.beats = beats
        self.end = beats if end is None else end
        """The beat at which the stage is empty again."""
        width, height = canvas.pixels.shape[1], canvas.pixels.shape[0]
        self._day = Canvas(width, height)
        self._day.box(0, 0, WIDTH, HEIGHT, _DAY)
        self._night = Canvas(width, height)
        _draw_night(self._night)
        self._night_sprite = canvas.sprite(0, 0, WIDTH, HEIGHT, lambda inner: _draw_night(inner))
        self._dawn = canvas.sprite(0, 0, WIDTH, HEIGHT, lambda inner: inner.box(-4, -4, WIDTH + 8, HEIGHT + 8, _DAWN))
        self._clouds = [canvas.sprite(-150, -90, 170, 60, partial(_draw_cloud, scale=s)) for _, _, s, _ in _CLOUDS]
        self._shade = canvas.sprite(
            -DISC_RADIUS, 0.4 * DISC_RADIUS, DISC_RADIUS, DISC_RADIUS, _draw_disc_shade, blur=26
        )
        self._mark = Mark(canvas, brand.INK)

    def draw_sky(self, canvas: Canvas, beat: float, *, night: float = 0.0) -> None:
        """Sky, clouds and hills; `night` is 1 by night and 0 by day."""
        canvas.paste(self._night if night >= 1.0 else self._day)
        if 0.0 < night < 1.0:
            canvas.stamp(self._night_sprite, alpha=night)
            canvas.stamp(self._dawn, alpha=sin(pi * night))
        day = 1.0 - night
        seen = min(share(beat, 0, 1.5), 1.0 - share(beat, self.beats - 1.5, 1.5)) * day
        for (x, y, _, speed), cloud in zip(_CLOUDS, self._clouds, strict=True):
            canvas.stamp(cloud, x + speed * beat * 0.55, y + 4 * wave(beat, 8, x / 500), alpha=seen * 0.9)
        pan = self._pan(beat)
        for index, hill in enumerate(_HILLS):
            if index == 1:
                _draw_trees(canvas, hill, pan, _between(0x6FB7C0, 0x0D1F4B, night))
            canvas.polygon(_ridge(hill, pan), _between(hill.day, hill.night, night))

    def draw_mark(self, canvas: Canvas, beat: float) -> None:
        """The brand's mark in its corner, the star turning gently."""
        draw_star(canvas, *MARK, 34, brand.DEEP_AMBER, turn=90 * swing(beat, 1, self.beats - 2))
        self._mark.draw_name(canvas, MARK[0] + 48, MARK[1] + 16)

    def draw_disc(self, canvas: Canvas, beat: float, tint: int, *, start: float = 0.0) -> None:
        """The disc of light with its slow rings, springing up at `start` and gone at the scene's end."""
        size = pop(beat, start, 1.4, 0.9) * self.exit(beat)
        for index in range(3):
            age = (beat / 6 + index / 3) % 1.0
            fade = sin(pi * age) * 0.34 * size
            canvas.ring(*DISC, (DISC_RADIUS + 14 + 108 * age) * size, brand.WHITE, 5 - 3 * age, alpha=fade)
        with canvas.placed(*DISC, scale=size) as seen:
            if seen:
                canvas.stamp(self._shade, 0, 20, alpha=0.5)
                ramp = Ramp((0, -DISC_RADIUS), (0, DISC_RADIUS), (brand.WHITE, tint))
                canvas.disc(0, 0, DISC_RADIUS, ramp)

    def exit(self, beat: float) -> float:
        """From 1 to 0 over the scene's last beat: multiplies whatever stands on the stage."""
        return leave(beat, self.end - 1.05, 0.95)

    def _pan(self, beat: float) -> float:
        return swing(beat, 0, self.beats / 2) - swing(beat, self.beats / 2, self.beats / 2)


def _ridge(hill: Hill, pan: float) -> Sequence[Point]:
    moved = pan * hill.pan
    line = [(float(x), _height(hill, x + moved)) for x in range(-10, WIDTH + 31, 20)]
    return [(-10.0, HEIGHT + 10.0), *line, (WIDTH + 10.0, HEIGHT + 10.0)]


def _height(hill: Hill, x: float) -> float:
    return hill.top + sum(height * sin(2 * pi * (x / length + phase)) for height, length, phase in hill.waves)


def _draw_trees(canvas: Canvas, hill: Hill, pan: float, colour: int) -> None:
    for x, size in _TREES:
        foot = _height(hill, x)
        with canvas.placed(x - pan * hill.pan, foot + 6, scale=size):
            canvas.box(-2.5, -26, 5, 30, colour)
            canvas.oval(0, -38, 26, 44, colour)


def _draw_cloud(canvas: Canvas, scale: float) -> None:
    with canvas.placed(scale=scale):
        for x, y, radius in ((-60, -4, 40), (-10, -30, 52), (52, -8, 44)):
            canvas.disc(x, y, radius, brand.WHITE)
        canvas.box(-112, -10, 224, 46, brand.WHITE, radius=23)


def _draw_disc_shade(canvas: Canvas) -> None:
    # Only its lower part shows beside the disc, and a smaller sprite is drawn sooner.
    ink = Ramp((0, 0.45 * DISC_RADIUS), (0, 0.95 * DISC_RADIUS), (0x7FAEDD, 0x7FAEDD), (0.0, 0.9))
    canvas.disc(0, 0, DISC_RADIUS, ink)


def _draw_night(canvas: Canvas) -> None:
    canvas.box(-4, -4, WIDTH + 8, HEIGHT + 8, _NIGHT)
    for x, y, radius in _STARS:
        canvas.disc(x, y, radius, brand.WHITE, alpha=0.25 + radius / 6)


def _between(start: int, end: int, share_of_end: float) -> int:
    mixed = 0
    for shift in (16, 8, 0):
        a, b = start >> shift & 255, end >> shift & 255
        mixed |= round(a + (b - a) * share_of_end) << shift
    return mixed
