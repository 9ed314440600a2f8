"""Northlight, an insurer that does not exist: its colours, its star and its name."""

from streamsrv.media.demo.canvas import Canvas, Sprite
from streamsrv.media.demo.lettering import WORDMARK, letter

NIGHT = 0x0A1634
DUSK = 0x17306B
INK = 0x12224D
SOFT_INK = 0x45557F
BLUE = 0x2257D6
DEEP_BLUE = 0x1B3F9E
SKY = 0x9CC9F5
PALE = 0xDCEBFB
MIST = 0xF1F7FE
WHITE = 0xFFFFFF
TEAL = 0x12A594
DEEP_TEAL = 0x0C7F78
MINT = 0xC4EDE2
AMBER = 0xFFB42E
DEEP_AMBER = 0xF29400
CREAM = 0xFFF3DC
CORAL = 0xF4705B
ROSE = 0xFFD9CF
LINE = 0xCBDCF0

NAME = "northlight"

_LONG = "M 0 -100 C 7 -34 34 -7 100 0 C 34 7 7 34 0 100 C -7 34 -34 7 -100 0 C -34 -7 -7 -34 0 -100 Z"
_SHORT = "M 0 -100 C 10 -30 30 -10 100 0 C 30 10 10 30 0 100 C -10 30 -30 10 -100 0 C -30 -10 -10 -30 0 -100 Z"


def draw_star(canvas: Canvas, x: float, y: float, radius: float, colour: int, *, turn: float = 0.0) -> None:
    """The brand's star: four long rays over four short ones."""
    with canvas.placed(x, y, scale=radius / 100, turn=turn):
        with canvas.placed(scale=0.52, turn=45):
            canvas.shape(_SHORT, colour, alpha=0.55)
        canvas.shape(_LONG, colour)


class Mark:
    """The star with the name beside it."""

    def __init__(self, canvas: Canvas, colour: int) -> None:
        self._name: Sprite = letter(canvas, NAME, WORDMARK, colour)

    @property
    def width(self) -> float:
        """Of the name alone, in drawing units."""
        return self._name.width

    def draw_name(self, canvas: Canvas, x: float, y: float, *, alpha: float = 1.0) -> None:
        """The name; `x` and `y` are the left end of its baseline."""
        canvas.stamp(self._name, x, y, alpha=alpha)
