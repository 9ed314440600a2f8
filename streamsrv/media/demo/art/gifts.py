"""What a customer gets back: a star with a laurel, and a present with coins."""

from math import cos, radians, sin

from streamsrv.media.demo import brand
from streamsrv.media.demo.brand import draw_star
from streamsrv.media.demo.canvas import Canvas, Ramp
from streamsrv.media.demo.ease import pop, share, swing, wave

_GOLD = Ramp((-120, -120), (120, 120), (0xFFD77A, brand.AMBER, brand.DEEP_AMBER))
_COIN = Ramp((-40, -40), (40, 40), (0xFFE29A, brand.AMBER))
_LEAF = "M 0 0 C 12 -30 44 -38 66 -30 C 58 -6 32 12 0 0 Z"
_BOX = Ramp((-170, 0), (170, 0), (0x4E82F2, brand.BLUE, brand.DEEP_BLUE))
_LID = Ramp((-190, 0), (190, 0), (0x6A98F7, 0x2F65E2, 0x2350BF))
_LEAVES = 7


def draw_laurel(canvas: Canvas, beat: float) -> None:
    """A golden star; leaf by leaf a laurel grows around it."""
    for side in (-1, 1):
        _draw_branch(canvas, beat, side)
    with canvas.placed(0, -14 + 5 * wave(beat, 6), scale=pop(beat, 0.5, 1.5)) as shown:
        if shown:
            canvas.disc(0, 0, 152, brand.WHITE)
            canvas.disc(0, 0, 136, _GOLD)
            canvas.ring(0, 0, 116, brand.WHITE, 5, alpha=0.65, share=swing(beat, 1.2, 2.0))
            draw_star(canvas, 0, 0, 96 * pop(beat, 1.2), brand.WHITE, turn=7 * wave(beat, 6))
    _draw_sparkles(canvas, beat)


def draw_present(canvas: Canvas, beat: float) -> None:
    """A present that opens; coins with the brand's star rise out of it."""
    with canvas.placed(scale=pop(beat, 0.4, 1.3)) as seen:
        if not seen:
            return
        canvas.oval(0, 222, 520, 46, brand.DUSK, alpha=0.13)
        lift = pop(beat, 3.2, 1.6, 0.9)
        canvas.shape(
            "M -150 20 L 150 20 L 236 -330 L -236 -330 Z",
            Ramp((0, 20), (0, -330), (0xFFE7B0, 0xFFE7B0), (0.75, 0.0)),
            alpha=share(beat, 3.4, 1.2),
        )
        for index, (x, top) in enumerate(((-96, -128), (98, -146), (0, -226), (-168, -226), (172, -240))):
            out = pop(beat, 3.6 + 0.6 * index, 1.8, 0.8)
            with canvas.placed(x * out, 60 + (top - 60) * out + 9 * wave(beat, 4, index / 5)) as shown:
                if shown and out > 0.03:
                    _draw_coin(canvas, 50, beat, index)
        canvas.box(-170, 10, 340, 210, _BOX, radius=16)
        canvas.box(-30, 10, 60, 210, brand.CORAL)
        canvas.box(-170, 10, 340, 26, brand.NIGHT, alpha=0.16)
        with canvas.placed(150 * lift, 10 - 18 * lift, turn=30 * lift), canvas.placed(-150 * lift * 0.2, 0):
            canvas.box(-190, -66, 380, 70, _LID, radius=14)
            canvas.box(-34, -66, 68, 70, 0xF78A77)
            _draw_bow(canvas)


def _draw_branch(canvas: Canvas, beat: float, side: int) -> None:
    for index in range(_LEAVES):
        angle = radians(90 + side * -(24 + 21 * index))
        x, y = 226 * cos(angle), -14 + 226 * sin(angle)
        grown = pop(beat, 1.6 + 0.55 * index, 1.2)
        lean = 5 * wave(beat, 4, index / 9)
        turn = 90 - side * (24 + 21 * index) + 90 * -side
        with canvas.placed(x, y, scale=1.08 * grown, turn=turn + lean) as seen:
            if seen:
                with canvas.placed(turn=-24 + 6):
                    canvas.shape(_LEAF, brand.DEEP_TEAL)
                with canvas.placed(stretch=(1, -1)), canvas.placed(turn=-24 + 6):
                    canvas.shape(_LEAF, brand.TEAL)


def _draw_sparkles(canvas: Canvas, beat: float) -> None:
    for index in range(9):
        angle = radians(index * 137.5)
        reach = 250 + 26 * (index % 4)
        glow = max(0.0, wave(beat, 3.4, index * 0.23)) * share(beat, 2.0, 1.0)
        draw_star(canvas, reach * cos(angle), -20 + reach * sin(angle) * 0.92, 26 * glow, brand.AMBER)


def _draw_coin(canvas: Canvas, radius: float, beat: float, index: int) -> None:
    thin = 0.55 + 0.45 * abs(wave(beat, 5, index * 0.17))
    with canvas.placed(stretch=(thin, 1)):
        canvas.disc(5, 3, radius, 0xD98200)
        canvas.disc(0, 0, radius, _COIN)
        canvas.ring(0, 0, radius - 9, brand.WHITE, 4, alpha=0.6)
        draw_star(canvas, 0, 0, radius * 0.62, brand.WHITE)


def _draw_bow(canvas: Canvas) -> None:
    for side in (-1, 1):
        with canvas.placed(0, -66, stretch=(side, 1)):
            canvas.shape("M 0 0 C 20 -70 110 -84 112 -36 C 114 0 50 6 0 0 Z", brand.CORAL)
            canvas.shape("M 8 -6 C 30 -50 88 -58 88 -32 C 88 -12 44 -4 8 -6 Z", 0xC9503E)
    canvas.disc(0, -68, 20, 0xF78A77)
