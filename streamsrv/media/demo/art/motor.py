"""A car on its way, the country passing by."""

from streamsrv.media.demo import brand
from streamsrv.media.demo.art.icons import draw_badge
from streamsrv.media.demo.canvas import Canvas, Ramp
from streamsrv.media.demo.ease import pop, share, swing, wave

_PAINT = Ramp((0, -60), (0, 160), (0x4E82F2, brand.BLUE, brand.DEEP_BLUE))
_GLASS = Ramp((-110, -30), (120, 40), (0xE9F5FF, 0xA5CDF3))
_BODY = (
    "M -282 146 C -292 92 -276 62 -232 54 L -158 40 C -116 -26 -70 -62 4 -62 C 84 -62 126 -34 166 36 L 238 50 "
    "C 276 58 292 92 286 146 C 285 156 278 160 268 160 L -264 160 C -274 160 -281 156 -282 146 Z"
)
_REAR_GLASS = "M -112 38 C -84 -8 -58 -32 -14 -33 L -14 38 Z"
_FRONT_GLASS = "M 10 38 L 10 -33 C 66 -33 94 -16 124 38 Z"
_SILL = "M -280 128 L 284 128 L 286 146 C 285 156 278 160 268 160 L -264 160 C -274 160 -281 156 -282 146 Z"
_DOME = "M -338 208 C -338 -40 -200 -262 0 -262 C 200 -262 338 -40 338 208"
_SCENERY = (
    "M -372 0 C -372 -205 -205 -372 0 -372 C 205 -372 372 -205 372 0 "
    "C 372 205 205 372 0 372 C -205 372 -372 205 -372 0 Z"
)
_ROAD_TOP = 186.0
_SPEED = 86.0
"""Drawing units a beat."""


def draw_motor(canvas: Canvas, beat: float) -> None:
    """The car drives in on a disc that springs up at beat 0."""
    size = pop(beat, 0, 1.4, 0.9)
    with canvas.placed(scale=size) as seen:
        if seen:
            with canvas.clipped(_SCENERY):
                _draw_country(canvas, beat)
    arrive = pop(beat, 0.5, 2.2, 0.5)
    with canvas.placed(-900 * (1 - arrive), 0, alpha=share(beat, 0.5, 0.3)) as seen:
        if seen:
            _draw_car(canvas, beat)
    _draw_dome(canvas, beat)
    draw_badge(canvas, 0, -262, 0.62 * pop(beat, 5.0), share(beat, 5.5, 0.8))


def _draw_country(canvas: Canvas, beat: float) -> None:
    far, near = beat * _SPEED * 0.25, beat * _SPEED * 0.6
    for index in range(-1, 5):
        x = (index * 260 - far) % 1300 - 560
        canvas.oval(x, 190, 420, 210 + 40 * (index % 3), 0xB5DDD6, alpha=0.9)
    for index in range(7):
        x = (index * 170 - near) % 1190 - 560
        canvas.box(x - 5, 120, 10, 70, 0x8A6A55, radius=4)
        canvas.oval(x, 104, 62 + 8 * (index % 3), 96, (brand.TEAL, 0x3CB8A6, 0x5CC4B4)[index % 3])
    canvas.box(-400, _ROAD_TOP, 800, 220, 0x5E7396)
    canvas.box(-400, _ROAD_TOP, 800, 8, 0x8CA0BF)
    for index in range(9):
        x = (index * 130 - beat * _SPEED * 2.2) % 1170 - 600
        canvas.box(x, 246, 70, 10, brand.WHITE, radius=5, alpha=0.85)


def _draw_car(canvas: Canvas, beat: float) -> None:
    canvas.oval(0, 214, 600, 34, brand.NIGHT, alpha=0.28)
    for index, (y, length) in enumerate(((34, 90), (78, 130), (118, 70))):
        age = (beat * 1.1 + index * 0.37) % 1.0
        start = -318 - 60 * age
        canvas.box(start - length * 0.6, y, length * 0.6, 8, brand.WHITE, radius=4, alpha=0.9 * (1 - age))
    with canvas.placed(0, 2.5 * wave(beat, 1)):
        canvas.shape(_BODY, _PAINT)
        canvas.shape(_SILL, brand.NIGHT, alpha=0.22)
        canvas.shape(_REAR_GLASS, _GLASS, soft=10)
        canvas.shape(_FRONT_GLASS, _GLASS, soft=10)
        canvas.line("M -2 46 L -2 126", brand.NIGHT, 3, alpha=0.3)
        canvas.box(22, 66, 40, 9, brand.WHITE, radius=4.5, alpha=0.85)
        canvas.box(-96, 66, 40, 9, brand.WHITE, radius=4.5, alpha=0.85)
        canvas.shape("M 252 74 C 274 76 282 92 282 104 L 258 104 C 248 104 244 78 252 74 Z", 0xFFE08A)
        canvas.box(-288, 82, 22, 32, brand.CORAL, radius=8)
        canvas.line("M -196 52 C -120 38 -100 -50 4 -50 C 70 -50 108 -34 140 16", brand.WHITE, 4, alpha=0.35)
    for x in (-164, 166):
        canvas.disc(x, 158, 58, brand.NIGHT)
        canvas.disc(x, 158, 36, 0xDDE8F5)
        with canvas.placed(x, 158, turn=beat * 150):
            for spoke in range(5):
                with canvas.placed(turn=72 * spoke):
                    canvas.box(-4.5, -32, 9, 30, 0x7D93B5, radius=4)
        canvas.disc(x, 158, 10, brand.INK)


def _draw_dome(canvas: Canvas, beat: float) -> None:
    reach = swing(beat, 3.2, 2.0)
    canvas.line(_DOME, brand.TEAL, 11, start=0.5 - 0.5 * reach, end=0.5 + 0.5 * reach, alpha=min(1.0, reach * 3))
    glint = (beat - 5.5) / 5 % 1.0
    if beat > 5.5:
        canvas.line(_DOME, brand.WHITE, 5, start=glint - 0.06, end=glint + 0.06, alpha=0.85)
