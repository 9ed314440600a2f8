"""A phone on which the renewal is read, tapped and done."""

from streamsrv.media.demo import brand
from streamsrv.media.demo.art.icons import TICK
from streamsrv.media.demo.brand import draw_star
from streamsrv.media.demo.canvas import Canvas, Ramp, Sprite
from streamsrv.media.demo.ease import glide, leave, pop, share, swing, wave
from streamsrv.media.demo.lettering import LABEL, letter

_SCREEN = Ramp((0, -280), (0, 280), (0xF7FBFF, 0xE6F1FC))
_TAP = 6.0
_LEAN = 4.0
"""Degrees."""


class Phone:
    """The phone; its button is pressed at beat 6."""

    def __init__(self, canvas: Canvas) -> None:
        self._shade: Sprite = canvas.sprite(-200, -330, 200, 330, _draw_shade, blur=22)
        self._renew = letter(canvas, "Renew", LABEL, brand.WHITE)
        self._done = letter(canvas, "All set", LABEL, brand.INK)

    def draw(self, canvas: Canvas, beat: float) -> None:
        """The picture."""
        come = pop(beat, 0.4, 1.6, 0.9)
        lift = 420 * (1 - come) + 5 * wave(beat, 6)
        canvas.stamp(self._shade, 0, lift + 30, alpha=share(beat, 0.4, 0.8))
        with canvas.placed(0, lift, turn=_LEAN * come) as seen:
            if not seen:
                return
            canvas.box(-168, -322, 336, 644, brand.NIGHT, radius=54)
            canvas.box(-152, -306, 304, 612, _SCREEN, radius=40)
            canvas.box(-46, -294, 92, 22, brand.NIGHT, radius=11)
            done = swing(beat, _TAP + 0.6, 1.0)
            with canvas.placed(alpha=1 - 2 * done) as open_page:
                if open_page:
                    self._draw_offer(canvas, beat)
            with canvas.placed(alpha=2 * done - 1) as thanks:
                if thanks:
                    self._draw_thanks(canvas, beat)
        self._draw_finger(canvas, beat)

    def _draw_offer(self, canvas: Canvas, beat: float) -> None:
        draw_star(canvas, -108, -226, 24, brand.DEEP_AMBER)
        canvas.box(-72, -236, 120, 20, brand.INK, radius=10, alpha=0.85)
        canvas.box(-124, -186, 248, 250 * glide(beat, 1.4, 1.2), brand.WHITE, radius=24)
        for index, width in enumerate((190, 160, 180)):
            y = -146 + 66 * index
            canvas.disc(-88, y + 6, 18 * pop(beat, 2.0 + 0.5 * index), brand.MINT)
            with canvas.placed(-88, y + 6, scale=0.26):
                canvas.line(TICK, brand.DEEP_TEAL, 22, end=share(beat, 2.3 + 0.5 * index, 0.5))
            canvas.box(-56, y, width * 0.8 * glide(beat, 2.0 + 0.5 * index, 1.0), 13, brand.LINE, radius=6)
        press = share(beat, _TAP, 0.25) - share(beat, _TAP + 0.25, 0.4)
        with canvas.placed(0, 178, scale=pop(beat, 3.4) * (1 - 0.08 * press)) as seen:
            if seen:
                canvas.box(-124, -44, 248, 88, brand.TEAL, radius=44)
                canvas.stamp(self._renew, -self._renew.width / 2, 11)

    def _draw_thanks(self, canvas: Canvas, beat: float) -> None:
        start = _TAP + 1.2
        for index in range(12):
            out = glide(beat, start + 0.3, 2.2)
            with canvas.placed(0, -50, turn=30 * index + 12):
                colour = (brand.AMBER, brand.CORAL, brand.BLUE)[index % 3]
                canvas.disc(0, -92 - 42 * out, 8 * (1 - out) + 3, colour, alpha=share(beat, start + 0.3, 0.3))
        with canvas.placed(0, -50, scale=pop(beat, start, 1.2)) as seen:
            if seen:
                canvas.disc(0, 0, 84, Ramp((0, -84), (0, 84), (0x25BBA9, brand.DEEP_TEAL)))
                canvas.line(TICK, brand.WHITE, 20, end=share(beat, start + 0.5, 0.7))
        canvas.stamp(self._done, -self._done.width / 2, 110, alpha=share(beat, start + 0.8, 0.8))
        canvas.box(-80, 142, 160 * glide(beat, start + 1.0, 1.2), 13, brand.LINE, radius=6)

    def _draw_finger(self, canvas: Canvas, beat: float) -> None:
        come = swing(beat, _TAP - 1.8, 1.6)
        press = share(beat, _TAP, 0.25) - share(beat, _TAP + 0.25, 0.4)
        alpha = share(beat, _TAP - 1.8, 0.6) * leave(beat, _TAP + 0.8, 0.8)
        x, y = 230 - 216 * come, 390 - 196 * come
        ripple = share(beat, _TAP + 0.1, 1.0)
        if 0.0 < ripple < 1.0:
            canvas.ring(-2, 186, 30 + 90 * ripple, brand.WHITE, 10 * (1 - ripple), alpha=1 - ripple)
        with canvas.placed(x, y, scale=1.0 - 0.08 * press, alpha=alpha) as seen:
            if seen:
                canvas.disc(0, 0, 40, brand.INK, alpha=0.22)
                canvas.disc(0, 0, 30, brand.WHITE, alpha=0.95)
                canvas.ring(0, 0, 30, brand.INK, 5)


def _draw_shade(canvas: Canvas) -> None:
    # Leaning already: to turn a large sprite in every frame would cost more than all the rest of the picture.
    with canvas.placed(turn=_LEAN):
        canvas.box(-160, -310, 320, 620, brand.DUSK, radius=52, alpha=0.4)
