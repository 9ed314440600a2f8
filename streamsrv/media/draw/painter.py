"""Draws plans: each overlay on a layer of its own, still pictures once, moving ones frame by frame.

Deterministic: the same plan, kit and size give the same pixels in any process.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import skia
from numpy.typing import NDArray

from streamsrv.core.brand import Kit, Style
from streamsrv.core.cache import LruCache
from streamsrv.core.contrast import made_readable
from streamsrv.core.languages import is_right_to_left
from streamsrv.core.overlays import SLIDE, Drawn, DrawPlan, counted_text
from streamsrv.media.draw import shapes
from streamsrv.media.draw.fonts import covers
from streamsrv.media.draw.kit import load_kit, picture_files
from streamsrv.media.draw.layer import Layer
from streamsrv.media.draw.text import Fitted, fit_text, skia_colour

MOTION_FRAMES = 12
"""How long an overlay takes to come or to go."""
COUNT_FRAMES = 45
"""How long a number takes to its value."""
_SHADOW_BLUR = 0.12
_MOST_ROUND = 0.03
"""Of the picture's height: a chart's plate is larger than a word's, and no rounder."""
_MARGIN = 0.05
"""Of the picture's height: how far beyond its box an overlay may reach, with accents, shadows and what does not fit."""
_KEPT_LAYERS = 64
"""Of one overlay: as many as it has while it moves."""
NO_GLYPH = "has a character that no font of the set has"
STICKS_OUT = "sticks out of its box at the smallest size"
SHORTENED = "is shortened"
LABEL_STICKS_OUT = "has a label that sticks out of its place at the smallest size"
LABEL_SHORTENED = "has a label that is shortened"
ALLOWED = frozenset({SHORTENED, LABEL_SHORTENED})
"""Findings that are as the slot's author wanted it: the last resort in its `fit`, and that of every chart's labels."""
Layers = Callable[[int], list[Layer]]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about how an overlay comes out; for `check`. Never says what is drawn."""

    overlay: str
    what: str


class Painter:
    """One for each process that renders. `images` are the brand's pictures by name."""

    def __init__(self, kit: Kit, images: Mapping[str, Any] | None = None) -> None:
        self._kit = kit
        self._images = images or {}

    def warm(self) -> None:
        """Read the fonts now, not for the first job."""
        style = self._kit.style("")
        for text in ("Aa", "ابج", "漢字", "🙂"):
            fit_text(text, style, fit=(), box=(100, 50), picture_height=360, language="en", align="start")

    def layers(self, plan: DrawPlan, *, width: int, height: int) -> Layers:
        """What lies over each frame of the scene, the lowest first; the same object while nothing moves."""
        items = [_Item(item, plan.language, self._style(item), self._images, width, height) for item in plan.items]

        def at(frame: int) -> list[Layer]:
            found = [item.layer(frame) for item in items]
            return [layer for layer in found if layer is not None]

        return at

    def measure(self, plan: DrawPlan, *, width: int, height: int) -> tuple[Finding, ...]:
        """What does not come out as its author would want it, at the moment when all of it is shown."""
        return tuple(
            Finding(item.name, what) for item in plan.items for what in self._faults(item, plan, width, height)
        )

    def _faults(self, item: Drawn, plan: DrawPlan, width: int, height: int) -> Iterator[str]:
        style = self._style(item)
        if item.kind == "image":
            if item.text not in self._images:
                yield "shows a picture that is not in the brand's folder"
        elif item.kind == "qr":
            if shapes.code_scale(item.text, size=(item.box[2] * width, item.box[3] * height)) < 1:
                yield f"is a code with more modules than there are pixels in its box at {height} lines"
        elif item.kind == "chart":
            yield from _label_faults(item, style, plan.language, width, height)
            if not all(covers(mark.label + mark.text, style.font) for mark in item.marks):
                yield NO_GLYPH
        else:
            fitted = _fitted(item, item.text, style, plan.language, width, height)
            if not fitted.fits:
                yield STICKS_OUT
            elif fitted.text != item.text:
                yield SHORTENED
            if not covers(item.text, style.font):
                yield NO_GLYPH

    def _style(self, item: Drawn) -> Style:
        return made_readable(self._kit.style(item.look.style), item.kind, item.behind)


def open_painter(kit: Path) -> Painter:
    """A painter with the brand kit of a file and the pictures of the folder `brand` beside it; raises `Invalid`.

    A file that is no picture is left out here: `check` tells.
    """
    images: dict[str, Any] = {}
    for path in picture_files(kit):
        with suppress(OSError, ValueError):
            images[path.name] = shapes.load_image(path)
    return Painter(load_kit(kit), images)


class _Item:
    """One overlay of one plan at one size."""

    def __init__(
        self, item: Drawn, language: str, style: Style, images: Mapping[str, Any], width: int, height: int
    ) -> None:
        self._item, self._language, self._style, self._images = item, language, style, images
        self._width, self._height = width, height
        left, top, wide, high = item.box
        self._left, self._top = left * width, top * height
        self._size = (wide * width, high * height)
        self._whole: LruCache[str, Layer] = LruCache(_KEPT_LAYERS)
        self._moved: LruCache[tuple[str, int, int], Layer] = LruCache(_KEPT_LAYERS)

    def layer(self, frame: int) -> Layer | None:
        item = self._item
        if not item.from_frame <= frame < item.to_frame:
            return None
        text, grown = item.text, 1.0
        if item.look.motion == "count":
            grown = round(_eased((frame - item.from_frame + 1) / COUNT_FRAMES), 3)
            text = counted_text(item.text, grown)
        # What is painted anew: a chart as it grows, a text as its number runs up. Fading paints nothing.
        shown = f"{grown}" if item.kind == "chart" else text
        opacity, shift = self._motion(frame)
        key = (shown, opacity, shift)
        moved = self._moved.get(key)
        if moved is None:
            whole = self._whole.get(shown)
            if whole is None:
                whole = self._painted(text, grown)
                self._whole.put(shown, whole)
            moved = _moved(whole, opacity, shift, self._height)
            self._moved.put(key, moved)
        return moved if moved.pixels.size else None

    def _motion(self, frame: int) -> tuple[int, int]:
        """Opacity from 0 to 255, and how far below its place it stands, in whole chroma samples of pixels."""
        item = self._item
        if item.look.motion == "none":
            return 255, 0
        long = min(MOTION_FRAMES, (item.to_frame - item.from_frame) // 3 or 1)
        come = min(1.0, (frame - item.from_frame + 1) / long)
        go = min(1.0, (item.to_frame - frame) / long)
        shift = round((1 - _eased(come)) * self._size[1] * SLIDE / 2) * 2 if item.look.motion == "slide" else 0
        return round(_eased(min(come, go)) * 255), shift

    def _painted(self, text: str, grown: float) -> Layer:
        """All of it, as it stands in its place. What sticks out of the box is painted as far as a margin goes."""
        margin = self._height * _MARGIN
        left, top = (max(0, int(edge - margin)) & ~1 for edge in (self._left, self._top))
        right = min(self._width, int(self._left + self._size[0] + margin) + 2 & ~1)
        bottom = min(self._height, int(self._top + self._size[1] + margin) + 2 & ~1)
        info = skia.ImageInfo.Make(right - left, bottom - top, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
        pixels = np.zeros((bottom - top, right - left, 4), np.uint8)
        canvas = skia.Canvas.MakeRasterDirect(info, pixels, pixels.strides[0])
        canvas.translate(self._left - left, self._top - top)
        self._paint(canvas, text, grown)
        return _cropped(pixels, left, top)

    def _paint(self, canvas: Any, text: str, grown: float) -> None:
        item, style = self._item, self._style
        if item.kind == "chart":
            if style.plate is not None:
                plate = skia.Rect.MakeWH(*self._size)
                radius = min(style.plate_radius * self._size[1], _MOST_ROUND * self._height)
                fill = skia.Paint(AntiAlias=True, Color=skia_colour(style.plate))
                canvas.drawRRect(skia.RRect.MakeRectXY(plate, radius, radius), fill)
            shapes.draw_chart(
                canvas, item.marks, style, kind=item.look.chart, size=self._size, picture_height=self._height,
                language=self._language, grown=grown,
            )  # fmt: skip
        elif item.kind == "qr":
            shapes.draw_code(canvas, text, style, size=self._size)
        elif item.kind == "image":
            if text in self._images:
                shapes.draw_image(canvas, self._images[text], size=self._size)
        else:
            self._paint_text(canvas, text)

    def _paint_text(self, canvas: Any, text: str) -> None:
        item, style, padding = self._item, self._style, self._style.padding * self._height
        fitted = _fitted(item, text, style, self._language, self._width, self._height)
        top = (self._size[1] - fitted.height) / 2
        if style.plate is not None:
            left = self._plate_left(fitted, padding)
            wide = min(fitted.width + 2 * padding, self._size[0])
            high = min(fitted.height + 2 * padding, self._size[1])
            plate = skia.Rect.MakeXYWH(left, (self._size[1] - high) / 2, wide, high)
            radius = style.plate_radius * high
            canvas.drawRRect(
                skia.RRect.MakeRectXY(plate, radius, radius), skia.Paint(AntiAlias=True, Color=skia_colour(style.plate))
            )
        if style.shadow:
            blur = fitted.size * _SHADOW_BLUR
            paint = skia.Paint(
                ImageFilter=skia.ImageFilters.DropShadow(0, blur / 2, blur, blur, skia.Color(0, 0, 0, 200))
            )
            canvas.saveLayer(None, paint)
        fitted.paragraph.paint(canvas, padding if style.plate is not None else 0, top)
        if style.shadow:
            canvas.restore()

    def _plate_left(self, fitted: Fitted, padding: float) -> float:
        room = self._size[0] - fitted.width - 2 * padding
        align = self._item.look.align
        if align == "center":
            return max(0.0, room / 2)
        return max(0.0, room) if (align == "end") != is_right_to_left(self._language) else 0.0


def _label_faults(item: Drawn, style: Style, language: str, width: int, height: int) -> Iterator[str]:
    """Once for all labels of a chart."""
    size = (item.box[2] * width, item.box[3] * height)
    fits = tuple(
        shapes.label_fits(item.marks, style, kind=item.look.chart, size=size, picture_height=height, language=language)
    )
    if not all(fit.fits for fit in fits):
        yield LABEL_STICKS_OUT
    if not all(fit.is_whole for fit in fits if fit.fits):
        yield LABEL_SHORTENED


def _fitted(item: Drawn, text: str, style: Style, language: str, width: int, height: int) -> Fitted:
    inset = 2 * style.padding * height if style.plate is not None else 0.0
    box = (item.box[2] * width - inset, item.box[3] * height - inset)
    fit = item.look.fit
    if text != item.text:
        # A number on its way keeps the size and the lines that it will have, however wide its digits are now.
        whole = _fitted(item, item.text, style, language, width, height)
        if whole.lines == 1:
            style, fit = replace(style, size=whole.size / height, min_size=whole.size / height), ()
    return fit_text(text, style, fit=fit, box=box, picture_height=height, language=language, align=item.look.align)


def _eased(share: float) -> float:
    """Fast at first, gentle at the end."""
    return 1 - (1 - min(1.0, max(0.0, share))) ** 3


_NOTHING = Layer(np.zeros((0, 0, 4), np.uint8), 0, 0)


def _cropped(pixels: NDArray[np.uint8], left: int, top: int) -> Layer:
    """What is not transparent, on whole chroma samples. `left` and `top` are even."""
    alpha = pixels[..., 3]
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    if not rows.size:
        return _NOTHING
    first, last = int(rows[0]) & ~1, int(rows[-1]) + 2 & ~1
    begin, end = int(columns[0]) & ~1, int(columns[-1]) + 2 & ~1
    return Layer(np.ascontiguousarray(pixels[first:last, begin:end]), left + begin, top + first)


def _moved(layer: Layer, opacity: int, shift: int, height: int) -> Layer:
    """The layer fainter and lower; what leaves the picture is cut off."""
    if opacity == 255 and shift == 0:
        return layer
    room = height - layer.top - shift & ~1
    if room <= 0 or opacity == 0:
        return _NOTHING
    faint = (layer.pixels[:room].astype(np.uint16) * opacity + 127) // 255
    return Layer(faint.astype(np.uint8), layer.left, layer.top + shift)
