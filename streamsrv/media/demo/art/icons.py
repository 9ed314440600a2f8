"""Small signs of one colour, about 70 units high, and the round chips that carry them."""

from collections.abc import Callable
from typing import TypeAlias

from streamsrv.media.demo import brand
from streamsrv.media.demo.canvas import Canvas, Sprite
from streamsrv.media.demo.ease import pop, wave

Icon: TypeAlias = Callable[[Canvas, int], None]
"""Draws a sign in one colour around (0, 0)."""

SHIELD = (
    "M 0 -100 C 30 -80 60 -70 88 -68 L 88 0 C 88 50 50 85 0 108 C -50 85 -88 50 -88 0 L -88 -68 "
    "C -60 -70 -30 -80 0 -100 Z"
)
HALF_SHIELD = "M 0 -100 C 30 -80 60 -70 88 -68 L 88 0 C 88 50 50 85 0 108 Z"
TICK = "M -38 4 L -10 32 L 42 -30"
HEART = "M 0 34 C -64 -8 -38 -50 0 -22 C 38 -50 64 -8 0 34 Z"
_FLAME = (
    "M 2 -36 C 8 -16 27 -8 27 13 C 27 28 14 36 0 36 C -14 36 -27 28 -27 13 C -27 0 -17 -6 -14 -17 "
    "C -8 -13 -5 -8 -5 -3 C 2 -10 4 -22 2 -36 Z"
)
_FLAME_CORE = "M 0 32 C -10 32 -14 25 -14 18 C -14 9 -4 4 -2 -4 C 8 2 14 10 14 18 C 14 25 10 32 0 32 Z"
_DROP = "M 0 -38 C 10 -18 26 -4 26 12 C 26 26 14 36 0 36 C -14 36 -26 26 -26 12 C -26 -4 -10 -18 0 -38 Z"
_GLINT = "M -14 12 C -14 19 -9 24 -3 25"
_SHACKLE = "M -15 -4 L -15 -16 C -15 -36 15 -36 15 -16 L 15 -4"
_BURST = (
    "M 0 -38 L 9 -17 L 28 -27 L 20 -7 L 38 3 L 17 9 L 24 31 L 5 19 L -8 37 L -13 15 L -35 18 L -21 1 "
    "L -36 -14 L -15 -14 L -17 -34 L -2 -19 Z"
)
_ROOF = "M -40 0 L 0 -36 L 40 0"
_CAR = "M -40 18 L -40 2 C -40 -5 -36 -8 -30 -9 L -20 -26 L 16 -26 L 30 -9 C 37 -8 40 -4 40 2 L 40 18 Z"
_CANOPY = (
    "M -38 2 C -34 -24 -18 -36 0 -36 C 18 -36 34 -24 38 2 C 28 -5 20 -5 13 2 C 8 -4 -8 -4 -13 2 C -20 -5 -28 -5 -38 2 Z"
)
_STICK = "M 0 0 L 0 26 C 0 38 -16 38 -16 27"


def flame(canvas: Canvas, colour: int) -> None:
    """Fire."""
    canvas.shape(_FLAME, colour)
    canvas.shape(_FLAME_CORE, brand.WHITE, alpha=0.55)


def drop(canvas: Canvas, colour: int) -> None:
    """Water."""
    canvas.shape(_DROP, colour)
    canvas.line(_GLINT, brand.WHITE, 6, alpha=0.8)


def lock(canvas: Canvas, colour: int) -> None:
    """Theft."""
    canvas.line(_SHACKLE, colour, 9)
    canvas.box(-28, -6, 56, 42, colour, radius=9)
    canvas.disc(0, 12, 6, brand.WHITE)
    canvas.box(-2.5, 12, 5, 14, brand.WHITE, radius=2.5)


def burst(canvas: Canvas, colour: int) -> None:
    """A collision."""
    canvas.shape(_BURST, colour, soft=4)


def clock(canvas: Canvas, colour: int) -> None:
    """At any hour."""
    canvas.ring(0, 0, 31, colour, 8)
    canvas.line("M 0 -16 L 0 2 L 13 9", colour, 8)


def heart(canvas: Canvas, colour: int) -> None:
    """The people one loves."""
    canvas.shape(HEART, colour)


def cross(canvas: Canvas, colour: int) -> None:
    """Health."""
    canvas.box(-11, -34, 22, 68, colour, radius=8)
    canvas.box(-34, -11, 68, 22, colour, radius=8)


def shield(canvas: Canvas, colour: int) -> None:
    """Protection."""
    with canvas.placed(scale=0.36):
        canvas.shape(SHIELD, colour)
        canvas.line(TICK, brand.WHITE, 20)


def house(canvas: Canvas, colour: int) -> None:
    """A home."""
    canvas.box(-28, -8, 56, 42, colour, radius=5)
    canvas.line(_ROOF, colour, 10)
    canvas.box(-9, 8, 18, 26, brand.WHITE, radius=5)


def car(canvas: Canvas, colour: int) -> None:
    """A car."""
    canvas.shape(_CAR, colour, soft=4)
    canvas.shape("M -15 -10 L -8 -20 L 12 -20 L 20 -10 Z", brand.WHITE, soft=2)
    for x in (-20, 20):
        canvas.disc(x, 19, 12, brand.WHITE)
        canvas.disc(x, 19, 9, colour)


def umbrella(canvas: Canvas, colour: int) -> None:
    """Shelter."""
    canvas.line(_STICK, colour, 7)
    canvas.shape(_CANOPY, colour)


def bubble(canvas: Canvas, colour: int) -> None:
    """A conversation."""
    canvas.box(-36, -30, 72, 50, colour, radius=16)
    canvas.shape("M -18 12 L -22 36 L 8 14 Z", colour, soft=3)
    for x in (-16, 0, 16):
        canvas.disc(x, -5, 5, brand.WHITE)


class Chip:
    """A round white chip with a sign on it, which springs up and then floats."""

    def __init__(self, canvas: Canvas, icon: Icon, colour: int, *, radius: float = 62) -> None:
        self._radius = radius

        def draw(inner: Canvas) -> None:
            inner.disc(0, 0, radius, brand.WHITE)
            with inner.placed(scale=radius / 62):
                icon(inner, colour)

        self._face: Sprite = canvas.sprite(-radius, -radius, radius, radius, draw)
        self._shade = canvas.sprite(
            -radius, -radius, radius, radius, lambda inner: inner.disc(0, 0, radius, brand.DUSK, alpha=0.3), blur=10
        )

    def draw(self, canvas: Canvas, x: float, y: float, beat: float, start: float) -> None:
        """The chip around (`x`, `y`), there from `start` on."""
        with canvas.placed(x, y + 7 * wave(beat, 6, x / 700), scale=pop(beat, start, 1.1, 2.0)) as seen:
            if seen:
                canvas.stamp(self._shade, 0, 12)
                canvas.stamp(self._face)


def draw_badge(canvas: Canvas, x: float, y: float, scale: float, tick: float, colour: int = brand.TEAL) -> None:
    """A shield in two tones whose tick is drawn as far as `tick`."""
    with canvas.placed(x, y, scale=scale) as seen:
        if seen:
            canvas.line(SHIELD, brand.WHITE, 22)
            canvas.shape(SHIELD, colour)
            canvas.shape(HALF_SHIELD, brand.INK, alpha=0.13)
            canvas.line(TICK, brand.WHITE, 19, end=tick)
