"""A narrow, typed drawing surface over skia's CPU rasteriser: filled shapes, strokes, sprites and transforms.

The picture is always 1920 wide and 1080 high in drawing units, whatever its size in pixels. It knows no brand, no
scene and no time. Together with `lettering` it is the only place that touches skia.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import skia
from numpy.typing import NDArray

WIDTH, HEIGHT = 1920, 1080

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ramp:
    """A gradient from one point to another, through colours 0xRRGGBB at even distances; or outwards from `start`."""

    start: Point
    end: Point
    colours: tuple[int, ...]
    alphas: tuple[float, ...] = ()
    """One per colour; opaque when empty."""
    radial: bool = False


Ink: TypeAlias = int | Ramp
"""A colour as 0xRRGGBB, or a gradient."""


@dataclass(frozen=True, slots=True)
class Sprite:
    """A picture drawn once, in the pixels of the canvas it was made for."""

    image: Any
    pixels_per_unit: float
    origin: Point
    """Where drawing unit (0, 0) stands in it."""
    width: float
    """Of what was asked to be drawn, in drawing units."""
    soft: bool = False
    """Blurred: looks the same whatever way its pixels are picked."""


class Canvas:
    """One frame. Every drawing call takes drawing units in the current transform."""

    def __init__(self, width_px: int, height_px: int, *, pixels_per_unit: float | None = None) -> None:
        self.pixels: NDArray[np.uint8] = np.zeros((height_px, width_px, 4), np.uint8)
        """RGBA rows, drawn into in place."""
        self.pixels_per_unit = pixels_per_unit or width_px / WIDTH
        self._surface = skia.Surface(self.pixels, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
        self._canvas = self._surface.getCanvas()
        self._canvas.scale(self.pixels_per_unit, self.pixels_per_unit)
        self._alpha = 1.0

    @contextmanager
    def placed(
        self,
        x: float = 0.0,
        y: float = 0.0,
        *,
        scale: float = 1.0,
        stretch: Point = (1.0, 1.0),
        turn: float = 0.0,
        alpha: float = 1.0,
    ) -> Iterator[bool]:
        """Draw around (`x`, `y`) from now on, scaled, turned by degrees clockwise, and fainter by `alpha`.

        Gives False where nothing could be seen: the block may then be skipped.
        """
        outer = self._alpha
        self._alpha = outer * min(1.0, max(0.0, alpha))
        self._canvas.save()
        self._canvas.translate(x, y)
        if turn:
            self._canvas.rotate(turn)
        self._canvas.scale(scale * stretch[0], scale * stretch[1])
        try:
            yield self._alpha > 0.002 and scale * stretch[0] * stretch[1] > 0.0
        finally:
            self._canvas.restore()
            self._alpha = outer

    @contextmanager
    def clipped(self, shape: str) -> Iterator[None]:
        """Draw only inside `shape`."""
        self._canvas.save()
        self._canvas.clipPath(_outline(shape), True)
        try:
            yield
        finally:
            self._canvas.restore()

    def disc(self, x: float, y: float, radius: float, ink: Ink, *, alpha: float = 1.0) -> None:
        """A filled circle."""
        if radius > 0:
            self._canvas.drawCircle(x, y, radius, self._fill(ink, alpha))

    def oval(self, x: float, y: float, width: float, height: float, ink: Ink, *, alpha: float = 1.0) -> None:
        """A filled ellipse around (`x`, `y`)."""
        self._canvas.drawOval(skia.Rect.MakeXYWH(x - width / 2, y - height / 2, width, height), self._fill(ink, alpha))

    def box(
        self, x: float, y: float, width: float, height: float, ink: Ink, *, radius: float = 0.0, alpha: float = 1.0
    ) -> None:
        """A filled rectangle from its top left corner, its corners rounded by `radius`."""
        if width > 0 and height > 0:
            rect = skia.Rect.MakeXYWH(x, y, width, height)
            self._canvas.drawRoundRect(rect, radius, radius, self._fill(ink, alpha))

    def shape(self, shape: str, ink: Ink, *, alpha: float = 1.0, soft: float = 0.0) -> None:
        """A filled outline in the letters of SVG paths, its corners rounded by `soft`."""
        paint = self._fill(ink, alpha)
        if soft:
            paint.setPathEffect(skia.CornerPathEffect.Make(soft))
        self._canvas.drawPath(_outline(shape), paint)

    def polygon(self, points: Sequence[Point], ink: Ink, *, alpha: float = 1.0) -> None:
        """A filled polygon that changes from frame to frame."""
        self._canvas.drawPath(skia.Path.Polygon([skia.Point(*point) for point in points], True), self._fill(ink, alpha))

    def line(
        self,
        shape: str,
        ink: Ink,
        width: float,
        *,
        start: float = 0.0,
        end: float = 1.0,
        alpha: float = 1.0,
        soft: float = 0.0,
    ) -> None:
        """A stroke with round ends along an outline, only from the share `start` to the share `end` of its length."""
        if end <= start:
            return
        paint = self._stroke(ink, width, alpha)
        effect = skia.CornerPathEffect.Make(soft) if soft else None
        if start > 0.0 or end < 1.0:
            trim = skia.TrimPathEffect.Make(max(0.0, start), min(1.0, end))
            effect = skia.PathEffect.MakeCompose(trim, effect) if effect else trim
        if effect:
            paint.setPathEffect(effect)
        self._canvas.drawPath(_outline(shape), paint)

    def ring(
        self, x: float, y: float, radius: float, ink: Ink, width: float, *, share: float = 1.0, alpha: float = 1.0
    ) -> None:
        """A circle's stroke, clockwise from the top, as far as `share`."""
        if radius > 0 and share > 0:
            rect = skia.Rect.MakeXYWH(x - radius, y - radius, 2 * radius, 2 * radius)
            paint = self._stroke(ink, width, alpha)
            if share >= 1.0:
                self._canvas.drawOval(rect, paint)
            else:
                self._canvas.drawArc(rect, -90.0, 360.0 * share, False, paint)

    def stamp(self, sprite: Sprite, x: float = 0.0, y: float = 0.0, *, alpha: float = 1.0) -> None:
        """A sprite with its origin at (`x`, `y`)."""
        visible = self._alpha * min(1.0, max(0.0, alpha))
        if visible <= 0.002:
            return
        self._canvas.save()
        self._canvas.translate(x, y)
        self._canvas.scale(1 / sprite.pixels_per_unit, 1 / sprite.pixels_per_unit)
        sampling = skia.SamplingOptions() if sprite.soft else skia.SamplingOptions(skia.FilterMode.kLinear)
        matrix = self._canvas.getTotalMatrix()
        if abs(matrix.getScaleX() - 1) < 1e-4 and abs(matrix.getScaleY() - 1) < 1e-4 and not matrix.getSkewX():
            # Unscaled and on whole pixels skia copies; between pixels it takes twenty times as long.
            at = round(matrix.getTranslateX()), round(matrix.getTranslateY())
            self._canvas.setMatrix(skia.Matrix.Translate(*at))
            sampling = skia.SamplingOptions()
        paint = skia.Paint()
        paint.setAlphaf(visible)
        self._canvas.drawImage(sprite.image, -sprite.origin[0], -sprite.origin[1], sampling, paint)
        self._canvas.restore()

    def paste(self, frame: "Canvas") -> None:
        """Start from another frame of the same size."""
        np.copyto(self.pixels, frame.pixels)

    def sprite(
        self, left: float, top: float, right: float, bottom: float, draw: Callable[["Canvas"], None], *, blur: float = 0
    ) -> Sprite:
        """What `draw` draws within these bounds, kept as a picture for this canvas; blurred by `blur` units."""
        per_unit = self.pixels_per_unit
        margin = 3 * blur + 2
        x, y = round((left - margin) * per_unit), round((top - margin) * per_unit)
        width = max(1, round((right + margin) * per_unit) - x)
        height = max(1, round((bottom + margin) * per_unit) - y)
        inner = Canvas(width, height, pixels_per_unit=per_unit)
        inner._canvas.resetMatrix()
        inner._canvas.translate(-x, -y)
        inner._canvas.scale(per_unit, per_unit)
        draw(inner)
        image = inner._surface.makeImageSnapshot()
        if blur:
            image = _blurred(image, width, height, blur * per_unit)
        return Sprite(image, per_unit, (-x, -y), right - left, soft=blur > 0)

    def draw_with_skia(self, draw: Callable[[Any], None]) -> None:
        """Lend the bare skia canvas: for `lettering` alone."""
        draw(self._canvas)

    def _fill(self, ink: Ink, alpha: float) -> Any:
        paint = skia.Paint(AntiAlias=True)
        if isinstance(ink, Ramp):
            paint.setShader(_shader(ink))
            paint.setDither(True)
            paint.setAlphaf(self._alpha * alpha)
        else:
            paint.setColor(skia.Color(ink >> 16, ink >> 8 & 255, ink & 255))
            paint.setAlphaf(self._alpha * alpha)
        return paint

    def _stroke(self, ink: Ink, width: float, alpha: float) -> Any:
        paint = self._fill(ink, alpha)
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(width)
        paint.setStrokeCap(skia.Paint.kRound_Cap)
        paint.setStrokeJoin(skia.Paint.kRound_Join)
        return paint


@lru_cache(maxsize=256)
def _shader(ramp: Ramp) -> Any:
    alphas = ramp.alphas or (1.0,) * len(ramp.colours)
    colours = [
        skia.Color(colour >> 16, colour >> 8 & 255, colour & 255, round(255 * alpha))
        for colour, alpha in zip(ramp.colours, alphas, strict=True)
    ]
    start, end = skia.Point(*ramp.start), skia.Point(*ramp.end)
    if ramp.radial:
        return skia.GradientShader.MakeRadial(start, (end - start).length(), colours)
    return skia.GradientShader.MakeLinear([start, end], colours)


@lru_cache(maxsize=256)
def _outline(shape: str) -> Any:
    """A path from "M x y", "L x y", "Q cx cy x y", "C ax ay bx by x y" and "Z", all absolute, spaces between."""
    path = skia.Path()
    verbs = {"M": (path.moveTo, 2), "L": (path.lineTo, 2), "Q": (path.quadTo, 4), "C": (path.cubicTo, 6)}
    words = iter(shape.split())
    for word in words:
        if word == "Z":
            path.close()
        else:
            verb, count = verbs[word]
            verb(*(float(next(words)) for _ in range(count)))
    return path


def _blurred(image: Any, width: int, height: int, sigma: float) -> Any:
    surface = skia.Surface(width, height)
    paint = skia.Paint(ImageFilter=skia.ImageFilters.Blur(sigma, sigma))
    surface.getCanvas().drawImage(image, 0, 0, skia.SamplingOptions(), paint)
    return surface.makeImageSnapshot()
