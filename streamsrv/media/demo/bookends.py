"""How a video opens and closes: by night, with the northern light; the star becomes the mark, and the mark the star."""

from functools import partial
from math import pi, sin

from streamsrv.media.demo import brand
from streamsrv.media.demo.canvas import WIDTH, Canvas, Point, Ramp
from streamsrv.media.demo.ease import glide, pop, share, swing, wave
from streamsrv.media.demo.lettering import BODY, TITLE, letter
from streamsrv.media.demo.stage import MARK

_CENTRE = (WIDTH / 2, 388.0)
_BIG, _SMALL = 118.0, 34.0
_BAND = 40
_CURTAINS = ((330, 330, 0.0, 0x35E0BE), (430, 280, 0.4, 0x58A8FF), (250, 240, 0.7, 0x9BF5CF))
"""Where each curtain hangs, how far up it reaches, its phase and its colour."""


class _Lights:
    """The northern light, as curtains of upright bands, and the star's glow."""

    def __init__(self, canvas: Canvas) -> None:
        glow = Ramp((0, 0), (360, 0), (0xFFE9B8, 0xBFE3FF, 0xBFE3FF), (0.55, 0.16, 0.0), radial=True)
        self._glow = canvas.sprite(-360, -360, 360, 360, lambda inner: inner.disc(0, 0, 360, glow))
        self._bands = [
            canvas.sprite(-_BAND, -depth, _BAND, 60, partial(_draw_band, depth=depth, colour=colour))
            for _, depth, _, colour in _CURTAINS
        ]

    def draw(self, canvas: Canvas, beat: float, strength: float) -> None:
        if strength <= 0.01:
            return
        for (top, _, phase, _), band in zip(_CURTAINS, self._bands, strict=True):
            for x in range(-_BAND, WIDTH + 2 * _BAND, _BAND):
                y = top + 70 * wave(beat, 16, phase + x / 2300) + 26 * sin(x / 170 + beat * 0.5 + phase * 9)
                glow = 0.62 + 0.38 * sin(x / 260 - beat * 0.6 + phase * 7)
                canvas.stamp(band, x, y, alpha=strength * glow)

    def draw_glow(self, canvas: Canvas, x: float, y: float, strength: float) -> None:
        canvas.stamp(self._glow, x, y, alpha=strength)


class Opening:
    """Night; the star rises, gives its name, and takes its corner as the day begins."""

    DAY = 3.6
    """The beat at which the day's stage is set."""

    def __init__(self, canvas: Canvas) -> None:
        self._lights = _Lights(canvas)
        self._name = letter(canvas, brand.NAME, TITLE, brand.WHITE)

    def night(self, beat: float) -> float:
        """1 by night, 0 by day."""
        return 1.0 - swing(beat, 2.4, 1.8)

    def mark_is_home(self, beat: float) -> bool:
        """Whether the star has become the mark."""
        return beat >= self.DAY + 0.6

    def draw_lights(self, canvas: Canvas, beat: float) -> None:
        """The northern light, behind everything."""
        self._lights.draw(canvas, beat, share(beat, 0, 0.8) * self.night(beat))

    def draw_star(self, canvas: Canvas, beat: float) -> None:
        """The star on its way and the name below it."""
        if self.mark_is_home(beat):
            return
        risen, home = glide(beat, 0.0, 2.2), swing(beat, 2.4, self.DAY + 0.6 - 2.4)
        start = (_CENTRE[0], _CENTRE[1] + 300 * (1 - risen))
        _draw_travelling_star(canvas, self._lights, start, home, beat, share(beat, 0.0, 0.7))
        seen = share(beat, 0.9, 0.8) * (1 - share(beat, 2.3, 0.7))
        canvas.stamp(self._name, _CENTRE[0] - self._name.width / 2, 690 + 30 * (1 - glide(beat, 0.9, 1.2)), alpha=seen)


class Closing:
    """The day ends; the mark goes back to being the star, and the name stays."""

    NIGHT = 11.4
    """The beat at which night begins to fall."""

    def __init__(self, canvas: Canvas) -> None:
        self._lights = _Lights(canvas)
        self._name = letter(canvas, brand.NAME, TITLE, brand.WHITE)
        self._motto = letter(canvas, "Light for what matters", BODY, 0xC7DAF7)

    def night(self, beat: float) -> float:
        """1 by night, 0 by day."""
        return swing(beat, self.NIGHT - 0.4, 1.8)

    def mark_has_left(self, beat: float) -> bool:
        """Whether the mark is on its way."""
        return beat >= self.NIGHT - 0.4

    def draw_lights(self, canvas: Canvas, beat: float) -> None:
        """The northern light, behind everything."""
        self._lights.draw(canvas, beat, self.night(beat))

    def draw_star(self, canvas: Canvas, beat: float) -> None:
        """The star on its way, then the name and the motto below it."""
        if not self.mark_has_left(beat):
            return
        away = 1.0 - swing(beat, self.NIGHT - 0.4, 1.8)
        _draw_travelling_star(canvas, self._lights, _CENTRE, away, beat, 1.0)
        start = self.NIGHT + 1.0
        for line, y, delay in ((self._name, 690, 0.0), (self._motto, 790, 0.4)):
            come = glide(beat, start + delay, 1.2)
            canvas.stamp(line, _CENTRE[0] - line.width / 2, y + 30 * (1 - come), alpha=share(beat, start + delay, 0.8))


def _draw_travelling_star(
    canvas: Canvas, lights: _Lights, start: Point, home: float, beat: float, alpha: float
) -> None:
    """The star `home` of its way from `start` to the corner, on a bow."""
    x = start[0] + (MARK[0] - start[0]) * home
    y = start[1] + (MARK[1] - start[1]) * home - 90 * sin(pi * home)
    size = _BIG + (_SMALL - _BIG) * home
    lights.draw_glow(canvas, x, y, alpha * (1 - home) * (0.85 + 0.15 * wave(beat, 2)))
    with canvas.placed(alpha=alpha):
        brand.draw_star(canvas, x, y, size * pop(beat, -0.6, 1.8, 0.8), _warm(home), turn=-180 * home)


def _warm(home: float) -> int:
    return brand.DEEP_AMBER if home > 0.6 else brand.AMBER if home > 0.3 else 0xFFD98A


def _draw_band(canvas: Canvas, depth: float, colour: int) -> None:
    # Fainter towards both sides, so that two neighbours add up to an even curtain.
    ramp = Ramp((0, -depth), (0, 60), (colour,) * 4, (0.0, 0.12, 0.42, 0.0))
    for x in range(-_BAND, _BAND, 2):
        canvas.box(x, -depth, 2, depth + 60, ramp, alpha=1 - abs(x + 1) / _BAND)
