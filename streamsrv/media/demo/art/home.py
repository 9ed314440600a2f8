"""A house that is built, lit and sheltered."""

from streamsrv.media.demo import brand
from streamsrv.media.demo.art.icons import draw_badge
from streamsrv.media.demo.canvas import Canvas, Ramp
from streamsrv.media.demo.ease import pop, share, swing, wave

_FACADE = Ramp((-180, 0), (180, 0), (0xFFFFFF, 0xFFFFFF, 0xE3ECF7))
_GLASS = Ramp((0, 0), (76, 76), (0xFFE3A3, brand.AMBER))
_DARK_GLASS = 0xA9C4E4
_ROOF = "M -238 -20 L -6 -212 C -2 -215 2 -215 6 -212 L 238 -20 Z"
_ROOF_SHADE = "M 0 -214 C 2 -214 4 -213 6 -212 L 238 -20 L 92 -20 Z"
_DOOR = "M -44 210 L -44 112 C -44 56 44 56 44 112 L 44 210 Z"
_DOME = "M -318 212 C -322 -60 -190 -296 0 -296 C 190 -296 322 -60 318 212"


def draw_home(canvas: Canvas, beat: float) -> None:
    """The house from the ground up; the dome of protection closes over it from beat 3 on."""
    canvas.oval(0, 214, 640, 50, brand.DUSK, alpha=0.10)
    canvas.oval(0, 212, 500, 30, brand.DUSK, alpha=0.12)
    _draw_dome(canvas, beat)
    _draw_tree(canvas, -252, 0.8, pop(beat, 1.7), beat)
    _draw_tree(canvas, 240, 0.95, pop(beat, 1.4), beat)
    with canvas.placed(0, 210, stretch=(1, pop(beat, 0.5, 1.3, 1.0))) as seen:
        if seen:
            with canvas.placed(0, -210):
                _draw_walls(canvas, beat)
    with canvas.placed(0, -260 * (1 - pop(beat, 1.1, 1.1, 0.9)), alpha=share(beat, 1.1, 0.4)) as seen:
        if seen:
            _draw_roof(canvas, beat)
    for x, size in ((-168, 0.8), (-118, 1.0), (140, 0.95), (190, 0.7)):
        _draw_bush(canvas, x, size * pop(beat, 2.0 + abs(x) / 400))
    draw_badge(canvas, 0, -296, 0.62 * pop(beat, 5.0), share(beat, 5.5, 0.8))


def _draw_dome(canvas: Canvas, beat: float) -> None:
    reach = swing(beat, 3.2, 2.0)
    canvas.shape(_DOME + " Z", brand.TEAL, alpha=0.10 * share(beat, 4.6, 1.2))
    canvas.line(_DOME, brand.TEAL, 11, start=0.5 - 0.5 * reach, end=0.5 + 0.5 * reach, alpha=min(1.0, reach * 3))
    glint = (beat - 5.5) / 5 % 1.0
    if beat > 5.5:
        canvas.line(_DOME, brand.WHITE, 5, start=glint - 0.06, end=glint + 0.06, alpha=0.85)


def _draw_walls(canvas: Canvas, beat: float) -> None:
    canvas.box(-180, -40, 360, 250, _FACADE)
    canvas.box(-180, -22, 360, 24, brand.INK, alpha=0.09)
    canvas.box(-188, 194, 376, 16, 0xC9D8EA, radius=4)
    canvas.shape(_DOOR, brand.CORAL)
    canvas.disc(24, 142, 6.5, brand.WHITE)
    light = share(beat, 2.2, 0.8)
    for x in (-146, 72):
        with canvas.placed(x, 30):
            canvas.box(-7, -7, 90, 96, 0xD5E2F1, radius=12)
            canvas.box(0, 0, 76, 82, _DARK_GLASS, radius=7)
            canvas.box(0, 0, 76, 82, _GLASS, radius=7, alpha=light)
            canvas.box(34.5, 0, 7, 82, brand.WHITE)
            canvas.box(0, 38, 76, 7, brand.WHITE)
            canvas.box(-12, 88, 100, 13, 0xC9D8EA, radius=4)


def _draw_roof(canvas: Canvas, beat: float) -> None:
    for index in range(3):
        age = (beat / 4 + index / 3) % 1.0
        puff = share(beat, 2.5, 1) * (1 - age) * 0.75
        canvas.disc(
            124 + 26 * age + 6 * wave(beat, 4, index / 3), -206 - 96 * age, 14 + 22 * age, brand.WHITE, alpha=puff
        )
    canvas.box(98, -190, 50, 120, 0xD95C49)
    canvas.box(90, -198, 66, 22, 0xF08573, radius=6)
    canvas.shape(_ROOF, brand.BLUE)
    canvas.shape(_ROOF_SHADE, brand.INK, alpha=0.14)
    canvas.disc(0, -96, 36, 0x17439F)
    canvas.disc(0, -96, 27, 0xFFD98A)


def _draw_tree(canvas: Canvas, x: float, size: float, grown: float, beat: float) -> None:
    with canvas.placed(x, 210, scale=size * grown, turn=1.2 * wave(beat, 5, x / 300)) as seen:
        if seen:
            canvas.box(-8, -110, 16, 110, 0x8A6A55, radius=6)
            canvas.oval(0, -150, 122, 160, brand.TEAL)
            canvas.oval(-16, -168, 74, 100, 0x3CC2AE, alpha=0.55)


def _draw_bush(canvas: Canvas, x: float, size: float) -> None:
    with canvas.placed(x, 210, scale=size) as seen:
        if seen:
            canvas.shape(
                "M -46 2 C -50 -30 -24 -40 -16 -34 C -8 -56 22 -52 24 -32 C 44 -38 54 -14 46 2 Z", brand.DEEP_TEAL
            )
            canvas.disc(-10, -22, 13, 0x3CC2AE, alpha=0.5)
