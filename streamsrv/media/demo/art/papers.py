"""What an insurer sends and keeps: a letter, a policy, a settled claim, a year's calendar."""

from streamsrv.media.demo import brand
from streamsrv.media.demo.art.icons import HALF_SHIELD, SHIELD, TICK, draw_badge
from streamsrv.media.demo.brand import draw_star
from streamsrv.media.demo.canvas import Canvas, Ramp, Sprite
from streamsrv.media.demo.ease import glide, pop, share, swing, wave

_SHEET = Ramp((0, -220), (0, 240), (0xFFFFFF, 0xF4F8FD))
_SIGNATURE = (
    "M -118 0 C -100 -40 -84 -44 -82 -20 C -80 6 -98 22 -92 6 C -84 -14 -64 -26 -56 -8 C -50 6 -40 8 -30 -8 "
    "C -22 -20 -14 -14 -16 0 C -16 10 0 2 8 -6 C 20 -18 30 -12 24 2 C 40 -14 64 -20 96 -10"
)
_PEN = "M 0 0 L 10 -34 L 92 -150 C 100 -160 128 -140 120 -128 L 38 -14 Z"


class Papers:
    """Shadows for the sheets below, drawn once."""

    def __init__(self, canvas: Canvas) -> None:
        self._shade: Sprite = canvas.sprite(
            -190,
            -230,
            190,
            230,
            lambda inner: inner.box(-180, -220, 360, 440, brand.DUSK, radius=24, alpha=0.34),
            blur=18,
        )

    def draw_letter(self, canvas: Canvas, beat: float) -> None:
        """An envelope that opens; its letter rises out of it."""
        with canvas.placed(0, 30 + 5 * wave(beat, 6), scale=pop(beat, 0, 1.3)) as seen:
            if not seen:
                return
            canvas.oval(0, 196, 560, 44, brand.DUSK, alpha=0.12)
            canvas.shape("M -240 -40 L 0 -190 L 240 -40 Z", brand.DEEP_BLUE, soft=26)
            out = glide(beat, 1.4, 2.0)
            with canvas.placed(0, -150 * out):
                canvas.box(-196, -110, 392, 300, _SHEET, radius=18)
                draw_star(canvas, -140, -52, 30, brand.DEEP_AMBER)
                canvas.box(-98, -62, 130, 18, brand.INK, radius=9, alpha=0.85)
                for index, width in enumerate((320, 290, 310, 200)):
                    written = glide(beat, 3.0 + 0.5 * index, 1.2)
                    canvas.box(-160, -4 + 36 * index, width * written, 14, brand.LINE, radius=7)
            canvas.shape(
                "M -240 -34 L -14 112 C -4 118 4 118 14 112 L 240 -34 L 240 170 C 240 186 230 196 214 196 "
                "L -214 196 C -230 196 -240 186 -240 170 Z",
                brand.BLUE,
            )
            canvas.shape(
                "M -232 188 L -22 132 C -8 126 8 126 22 132 L 232 188 C 228 194 222 196 214 196 L -214 196 "
                "C -222 196 -228 194 -232 188 Z",
                brand.NIGHT,
                alpha=0.14,
            )
            draw_badge(canvas, 0, 122, 0.5 * pop(beat, 3.4), share(beat, 3.9, 0.7))

    def draw_policy(self, canvas: Canvas, beat: float) -> None:
        """A policy whose terms appear one by one and which is signed at the end."""
        with canvas.placed(0, 4 * wave(beat, 6), scale=pop(beat, 0.4, 1.4, 1.0)) as seen:
            if not seen:
                return
            with canvas.placed(44, 22, turn=7, alpha=0.9):
                canvas.box(-185, -255, 370, 500, brand.PALE, radius=24)
            canvas.stamp(self._shade, 0, 26)
            canvas.box(-200, -262, 400, 510, _SHEET, radius=24)
            canvas.box(-200, -262, 400, 14, brand.TEAL, radius=7)
            draw_badge(canvas, -124, -166, 0.46 * pop(beat, 1.2), share(beat, 1.8, 0.7))
            canvas.box(-64, -196, 190 * glide(beat, 1.2, 1.2), 22, brand.INK, radius=11, alpha=0.85)
            canvas.box(-64, -156, 130 * glide(beat, 1.5, 1.2), 14, brand.LINE, radius=7)
            for index in range(3):
                start = 4.0 + 2 * index
                y = -66 + 66 * index
                canvas.disc(-142, y, 21 * pop(beat, start), brand.MINT)
                with canvas.placed(-142, y, scale=0.3):
                    canvas.line(TICK, brand.DEEP_TEAL, 20, end=share(beat, start + 0.3, 0.6))
                canvas.box(-100, y - 14, 226 * glide(beat, start, 1.4), 12, brand.LINE, radius=6)
                canvas.box(-100, y + 8, 160 * glide(beat, start + 0.3, 1.4), 12, brand.LINE, radius=6)
            canvas.box(-150, 208, 300, 3, brand.LINE)
            signed = swing(beat, 10.4, 2.4)
            with canvas.placed(0, 192):
                canvas.line(_SIGNATURE, brand.BLUE, 6, end=signed)
            here = share(beat, 9.7, 0.7) * (1 - share(beat, 13.4, 0.8))
            with canvas.placed(-112 + 206 * signed, 184 + 10 * wave(beat, 0.7), scale=0.9, alpha=here) as writing:
                if writing:
                    canvas.shape(_PEN, brand.DEEP_AMBER)
                    canvas.shape("M 0 0 L 10 -34 L 38 -14 Z", brand.INK)

    def draw_claim(self, canvas: Canvas, beat: float) -> None:
        """A claim's papers, ticked off."""
        with canvas.placed(0, 4 * wave(beat, 5)):
            slide = pop(beat, 0.5, 1.3, 1.0)
            with canvas.placed(0, 150 * (1 - slide), turn=-9 * slide, alpha=share(beat, 0.4, 0.5)):
                canvas.box(-190, -210, 360, 440, 0xBBD6F2, radius=24)
            with canvas.placed(0, 220 * (1 - slide), alpha=share(beat, 0.4, 0.5)):
                canvas.stamp(self._shade, 0, 24)
            with canvas.placed(0, 220 * (1 - slide), turn=3 * slide, alpha=share(beat, 0.4, 0.5)):
                canvas.box(-190, -225, 380, 450, _SHEET, radius=24)
                canvas.box(-150, -182, 84, 84, brand.ROSE, radius=20)
                with canvas.placed(-108, -140, scale=0.3):
                    canvas.shape(SHIELD, brand.CORAL)
                    canvas.shape(HALF_SHIELD, brand.INK, alpha=0.13)
                canvas.box(-44, -166, 180 * glide(beat, 1.0, 1.0), 20, brand.INK, radius=10, alpha=0.85)
                canvas.box(-44, -128, 120 * glide(beat, 1.2, 1.0), 14, brand.LINE, radius=7)
                for index, width in enumerate((300, 270, 290, 180)):
                    canvas.box(
                        -150, -54 + 40 * index, width * glide(beat, 1.3 + 0.25 * index, 1.1), 14, brand.LINE, radius=7
                    )
            self._draw_stamp(canvas, 110, 120, beat, 2.8)

    def draw_year(self, canvas: Canvas, beat: float) -> None:
        """A year's calendar: twelve months, each ticked off."""
        with canvas.placed(0, 4 * wave(beat, 6), scale=pop(beat, 0.4, 1.3, 1.0)) as seen:
            if not seen:
                return
            self._draw_sheet_of_months(canvas)
            for month in range(12):
                x, y = -132 + 88 * (month % 4), -58 + 88 * (month // 4)
                canvas.box(x - 34, y - 34, 68, 68, 0xEDF4FC, radius=16)
                grown = pop(beat, 2.0 + 0.5 * month, 0.9, 2.2)
                with canvas.placed(x, y, scale=grown) as ticked:
                    if ticked:
                        canvas.box(-34, -34, 68, 68, brand.MINT, radius=16)
                        with canvas.placed(scale=0.5):
                            canvas.line(TICK, brand.DEEP_TEAL, 18)
            draw_badge(canvas, 172, 196, 0.74 * pop(beat, 8.2), share(beat, 8.7, 0.7))

    def draw_sheet_for_chart(self, canvas: Canvas, beat: float) -> None:
        """A wide sheet with a ruled field, in which a chart may grow."""
        with canvas.placed(0, 0, scale=pop(beat, 0.3, 1.1, 1.0)) as seen:
            if not seen:
                return
            for spread in range(4):
                canvas.box(
                    -326 - 3 * spread, -214 - 3 * spread, 652 + 6 * spread, 462 + 10 * spread, brand.DUSK,
                    radius=36 + 3 * spread, alpha=0.045,
                )  # fmt: skip
            canvas.box(-330, -238, 660, 476, _SHEET, radius=32)
            canvas.box(-294, -206, 52, 52, brand.ROSE, radius=14)
            with canvas.placed(-268, -180, scale=0.19):
                canvas.shape(SHIELD, brand.CORAL)
            canvas.box(-222, -198, 200 * glide(beat, 0.8, 1.0), 16, brand.INK, radius=8, alpha=0.85)
            canvas.box(-222, -168, 130 * glide(beat, 1.0, 1.0), 10, brand.LINE, radius=5)
            for index in range(4):
                canvas.box(-290, 122 - 54 * index, 580 * glide(beat, 0.9 + 0.2 * index, 1.0), 3, brand.LINE)

    def draw_ticket(self, canvas: Canvas, x: float, y: float, beat: float, start: float) -> None:
        """A square card with the star on it, around (x, y)."""
        with canvas.placed(x, y, scale=pop(beat, start, 1.1, 1.0)) as seen:
            if seen:
                for spread in range(4):
                    canvas.box(
                        -145 - 3 * spread, -132 - 3 * spread, 290 + 6 * spread, 290 + 8 * spread, brand.DUSK,
                        radius=30 + 3 * spread, alpha=0.045,
                    )  # fmt: skip
                canvas.box(-148, -148, 296, 296, brand.WHITE, radius=30)
                draw_star(canvas, 0, 0, 70, brand.AMBER, turn=10 * wave(beat, 6))

    def draw_renewal(self, canvas: Canvas, beat: float) -> None:
        """A calendar with two arrows that close a circle: the year begins again."""
        with canvas.placed(0, 4 * wave(beat, 6), scale=pop(beat, 0, 1.3, 1.0)) as seen:
            if not seen:
                return
            self._draw_sheet_of_months(canvas)
            with canvas.placed(0, 42, turn=200 * swing(beat, 1.5, 4)):
                for side in (0, 180):
                    with canvas.placed(turn=side):
                        drawn = glide(beat, 1.2, 1.8)
                        canvas.line("M -92 -38 C -70 -96 20 -124 76 -58", brand.BLUE, 20, end=drawn)
                        head = pop(beat, 2.4)
                        with canvas.placed(80, -54, scale=head, turn=52):
                            canvas.shape("M -16 -34 L 40 0 L -16 34 Z", brand.BLUE, soft=8)
            draw_star(canvas, 0, 42, 50 * pop(beat, 3.0), brand.AMBER, turn=12 * wave(beat, 5))
            draw_badge(canvas, 172, 196, 0.74 * pop(beat, 4.0), share(beat, 4.6, 0.7))

    def _draw_sheet_of_months(self, canvas: Canvas) -> None:
        canvas.stamp(self._shade, 0, 30)
        canvas.box(-210, -220, 420, 450, _SHEET, radius=30)
        canvas.shape(
            "M -210 -124 L -210 -190 C -210 -208 -198 -220 -180 -220 L 180 -220 C 198 -220 210 -208 210 -190 "
            "L 210 -124 Z",
            brand.TEAL,
        )
        for x in (-110, 110):
            canvas.disc(x, -172, 17, brand.DEEP_TEAL)
            canvas.box(x - 8, -252, 16, 84, 0xE3ECF7, radius=8)
            canvas.box(x, -252, 8, 84, 0xC3D2E6, radius=8)
        canvas.box(-52, -184, 104, 22, brand.WHITE, radius=11, alpha=0.9)

    def _draw_stamp(self, canvas: Canvas, x: float, y: float, beat: float, start: float) -> None:
        burst = share(beat, start + 0.2, 1.4)
        if 0.0 < burst < 1.0:
            canvas.ring(x, y, 90 + 70 * burst, brand.TEAL, 9 * (1 - burst), alpha=1 - burst)
            for index in range(10):
                with canvas.placed(x, y, turn=36 * index):
                    canvas.box(-4, -118 - 62 * burst, 8, 26 * (1 - burst), brand.AMBER, radius=4)
        with canvas.placed(x, y, scale=pop(beat, start, 1.0, 2.2)) as seen:
            if seen:
                canvas.disc(0, 0, 98, brand.WHITE)
                canvas.disc(0, 0, 84, Ramp((0, -84), (0, 84), (0x25BBA9, brand.DEEP_TEAL)))
                canvas.line(TICK, brand.WHITE, 20, end=share(beat, start + 0.4, 0.7))
