"""A family under one umbrella."""

from streamsrv.media.demo import brand
from streamsrv.media.demo.art.icons import HEART
from streamsrv.media.demo.canvas import Canvas, Ramp
from streamsrv.media.demo.ease import pop, share, wave

_CANOPY = (
    "M -312 6 C -292 -172 -150 -262 0 -262 C 150 -262 292 -172 312 6 C 270 -30 196 -30 156 6 C 116 -30 40 -30 0 6 "
    "C -40 -30 -116 -30 -156 6 C -196 -30 -270 -30 -312 6 Z"
)
_PANELS = (
    "M -156 6 C -150 -130 -80 -240 0 -262 C -150 -262 -292 -172 -312 6 C -270 -30 -196 -30 -156 6 Z",
    "M 156 6 C 150 -130 80 -240 0 -262 C 40 -200 50 -80 0 6 C 40 -30 116 -30 156 6 Z",
)
_CLOTH = Ramp((0, -262), (0, 6), (0x2BC0AE, brand.DEEP_TEAL))
_STICK = "M 0 -20 L 0 168 C 0 206 -50 206 -50 170"


def draw_life(canvas: Canvas, beat: float) -> None:
    """The umbrella opens, then the family stands below it one by one."""
    canvas.oval(0, 216, 620, 48, brand.DUSK, alpha=0.10)
    canvas.oval(0, 214, 460, 28, brand.DUSK, alpha=0.10)
    _draw_rain(canvas, beat)
    sway = 1.4 * wave(beat, 8)
    opened = pop(beat, 1.0, 1.6, 1.1)
    with canvas.placed(0, 30 - 14, turn=sway, alpha=share(beat, 0.5, 0.4)) as seen:
        if seen:
            canvas.line(_STICK, brand.INK, 12, end=share(beat, 0.4, 1.0))
            with canvas.placed(0, -20, stretch=(0.16 + 0.84 * opened, 1.0)), canvas.placed(0, 20):
                canvas.line("M 0 -262 L 0 -284", brand.INK, 12)
                canvas.shape(_CANOPY, _CLOTH)
                canvas.shape(_PANELS[0], brand.NIGHT, alpha=0.10)
                canvas.shape(_PANELS[1], brand.WHITE, alpha=0.16)
    _draw_person(canvas, -142, 1.06, pop(beat, 2.2), brand.BLUE, 0xE8B48F, 0x4B3425, beat)
    _draw_person(canvas, 134, 1.0, pop(beat, 2.7), brand.CORAL, 0xB9805C, 0x2A1D1A, beat, bob=True)
    _draw_person(canvas, 30, 0.64, pop(beat, 3.2), brand.AMBER, 0xD49C77, 0x3A2820, beat)
    for index, x in enumerate((-86, 60, 182)):
        age = share(beat, 4.6 + index * 2.2, 3.4)
        if 0.0 < age < 1.0:
            with canvas.placed(
                x + 10 * wave(beat, 3), -10 - 110 * age, scale=0.55, alpha=min(1, 4 * age, 3 * (1 - age))
            ):
                canvas.shape(HEART, brand.CORAL)


def _draw_rain(canvas: Canvas, beat: float) -> None:
    seen = share(beat, 1.4, 1.0)
    for index in range(10):
        x = -350 + index * 78
        age = (beat * 0.55 + index * 0.37) % 1.0
        edge = abs(x) / 380
        y = -420 + 190 * age + 150 * edge
        canvas.line(f"M {x} {y:.1f} L {x - 6} {y + 30:.1f}", 0x8DB9E6, 6, alpha=seen * min(1, 5 * age, 4 * (1 - age)))


def _draw_person(
    canvas: Canvas,
    x: float,
    size: float,
    grown: float,
    coat: int,
    skin: int,
    hair: int,
    beat: float,
    *,
    bob: bool = False,
) -> None:
    with canvas.placed(x, 212, scale=size * grown, turn=1.0 * wave(beat, 4, x / 500)) as seen:
        if seen:
            if bob:
                canvas.box(-49, -258, 98, 96, hair, radius=46)
            canvas.shape("M -52 0 C -60 -120 -44 -172 0 -172 C 44 -172 60 -120 52 0 Z", coat, soft=14)
            canvas.shape("M 0 -172 C 44 -172 60 -120 52 0 L 12 0 C 22 -80 18 -140 0 -172 Z", brand.NIGHT, alpha=0.12)
            canvas.box(-13, -186, 26, 26, skin, radius=10)
            canvas.disc(0, -214, 41, skin)
            canvas.shape(
                "M -43 -210 C -46 -268 46 -268 43 -210 C 30 -232 8 -236 -8 -234 C -24 -232 -36 -226 -43 -210 Z", hair
            )
