"""A shield with the brand's star, and the four kinds of cover around it."""

from math import cos, radians, sin

from streamsrv.media.demo import brand
from streamsrv.media.demo.art import icons
from streamsrv.media.demo.art.icons import HALF_SHIELD, SHIELD, Chip
from streamsrv.media.demo.brand import draw_star
from streamsrv.media.demo.canvas import Canvas, Ramp
from streamsrv.media.demo.ease import glide, pop, wave

_STEEL = Ramp((0, -100), (0, 108), (0x4E82F2, brand.BLUE, brand.DEEP_BLUE))


class Shelter:
    """The shield and its four chips, which travel slowly around it."""

    def __init__(self, canvas: Canvas) -> None:
        self._chips = (
            Chip(canvas, icons.house, brand.CORAL, radius=68),
            Chip(canvas, icons.car, brand.BLUE, radius=68),
            Chip(canvas, icons.umbrella, brand.TEAL, radius=68),
            Chip(canvas, icons.heart, brand.DEEP_AMBER, radius=68),
        )

    def draw(self, canvas: Canvas, beat: float) -> None:
        """The picture."""
        canvas.ring(0, 0, 262, brand.BLUE, 4, alpha=0.22, share=glide(beat, 1.4, 2.4))
        with canvas.placed(0, 6 * wave(beat, 7), scale=1.72 * pop(beat, 0.6, 1.4)) as shown:
            if shown:
                canvas.line(SHIELD, brand.WHITE, 18)
                canvas.shape(SHIELD, _STEEL)
                canvas.shape(HALF_SHIELD, brand.NIGHT, alpha=0.12)
                draw_star(canvas, 0, 2, 58 * pop(beat, 1.6), brand.AMBER, turn=8 * wave(beat, 6))
        for index, chip in enumerate(self._chips):
            angle = radians(-135 + 90 * index + 4.2 * beat)
            chip.draw(canvas, 262 * cos(angle), 262 * sin(angle), beat, 2.4 + index)
