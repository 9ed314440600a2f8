"""Overlays that are no text: charts of a few marks, pictures from the brand's folder, QR codes."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import segno
import skia

from streamsrv.core.brand import PICTURE_ENDINGS, Style
from streamsrv.core.model import Align, ChartKind, Mark
from streamsrv.media.draw.text import Fitted, fit_text, skia_colour

MAX_IMAGE_BYTES = 4 * 1024 * 1024
MAX_IMAGE_PIXELS = 16_000_000
_BORDER_MODULES = 4
"""The quiet zone (ISO/IEC 18004 5.3.8)."""
_LABEL_SHARE = 0.24
"""Of a chart's height, for the labels below it."""
_TONES = (1.0, 0.72, 0.5, 0.34, 0.22)
"""How strong a donut's parts are, one after the other."""


class _Label(NamedTuple):
    text: str
    place: tuple[float, float, float, float]
    """Left, top, width and height in the chart's box."""
    align: Align = "center"


class LabelFit(NamedTuple):
    """How a label of a chart comes out."""

    is_whole: bool
    fits: bool


def draw_chart(
    canvas: Any, marks: Sequence[Mark], style: Style, *, kind: ChartKind, size: tuple[float, float],
    picture_height: int, language: str, grown: float,
) -> None:  # fmt: skip
    """The marks, first to last in reading direction; `grown` from 0 to 1 is how far they have come up."""
    draw = {"bar": _bars, "line": _line, "donut": _donut}[kind]
    draw(canvas, marks, style, size, picture_height, language, grown)


def label_fits(
    marks: Sequence[Mark], style: Style, *, kind: ChartKind, size: tuple[float, float], picture_height: int,
    language: str,
) -> Iterator[LabelFit]:  # fmt: skip
    """How each label of a chart comes out, where it is drawn: made smaller first, then shortened."""
    labels_of = {"bar": _bar_labels, "line": _line_labels, "donut": _donut_labels}[kind]
    for at in range(len(marks)):
        for label in labels_of(at, marks, size, 1.0):
            if label.text:
                fitted = _fitted(label, style, picture_height, language)
                yield LabelFit(fitted.text == label.text, fitted.fits)


def _bars(
    canvas: Any,
    marks: Sequence[Mark],
    style: Style,
    size: tuple[float, float],
    height: int,
    language: str,
    grown: float,
) -> None:
    width, room = size[0] / len(marks), size[1] * (1 - 2 * _LABEL_SHARE)
    top = size[1] * _LABEL_SHARE
    for at, mark in enumerate(marks):
        tall = room * _share(mark, marks) * grown
        left = at * width
        bar = skia.Rect.MakeXYWH(left + width * 0.18, top + room - tall, width * 0.64, max(tall, 1.0))
        canvas.drawRRect(skia.RRect.MakeRectXY(bar, width * 0.06, width * 0.06), _fill(style.accent))
        for label in _bar_labels(at, marks, size, grown):
            _paint_label(canvas, label, style, height, language)


def _bar_labels(at: int, marks: Sequence[Mark], size: tuple[float, float], grown: float) -> tuple[_Label, ...]:
    mark, width = marks[at], size[0] / len(marks)
    room, top = size[1] * (1 - 2 * _LABEL_SHARE), size[1] * _LABEL_SHARE
    tall, left = room * _share(mark, marks) * grown, at * width
    return (
        _Label(mark.text, (left, top + room - tall - top, width, top)),
        _Label(mark.label, (left, top + room, width, top)),
    )


def _line(
    canvas: Any,
    marks: Sequence[Mark],
    style: Style,
    size: tuple[float, float],
    height: int,
    language: str,
    grown: float,
) -> None:
    step, room, top = size[0] / len(marks), size[1] * (1 - 2 * _LABEL_SHARE), size[1] * _LABEL_SHARE
    points = [((at + 0.5) * step, top + room * (1 - _share(mark, marks) * grown)) for at, mark in enumerate(marks)]
    path = skia.PathBuilder()
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    stroke = _fill(style.accent)
    stroke.setStyle(skia.Paint.kStroke_Style)
    stroke.setStrokeWidth(max(2.0, size[1] * 0.025))
    stroke.setStrokeJoin(skia.Paint.kRound_Join)
    canvas.drawPath(path.detach(), stroke)
    for at, (x, y) in enumerate(points):
        canvas.drawCircle(x, y, max(3.0, size[1] * 0.03), _fill(style.accent))
        for label in _line_labels(at, marks, size, grown):
            _paint_label(canvas, label, style, height, language)


def _line_labels(at: int, marks: Sequence[Mark], size: tuple[float, float], grown: float) -> tuple[_Label, ...]:
    mark, step = marks[at], size[0] / len(marks)
    room, top = size[1] * (1 - 2 * _LABEL_SHARE), size[1] * _LABEL_SHARE
    x, y = (at + 0.5) * step, top + room * (1 - _share(mark, marks) * grown)
    return (
        _Label(mark.text, (x - step / 2, y - top, step, top * 0.9)),
        _Label(mark.label, (x - step / 2, top + room, step, top)),
    )


def _donut(
    canvas: Any,
    marks: Sequence[Mark],
    style: Style,
    size: tuple[float, float],
    height: int,
    language: str,
    grown: float,
) -> None:
    across = min(size[1], size[0] / 2)
    ring = skia.Rect.MakeXYWH(across * 0.1, (size[1] - across * 0.8) / 2, across * 0.8, across * 0.8)
    whole = sum(max(0.0, mark.value) for mark in marks) or 1.0
    begin = -90.0
    line = size[1] / max(4, len(marks))
    first = (size[1] - line * len(marks)) / 2
    for at, mark in enumerate(marks):
        paint = _fill(style.accent)
        paint.setAlphaf(paint.getAlphaf() * _TONES[at % len(_TONES)])
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(across * 0.18)
        sweep = 360.0 * max(0.0, mark.value) / whole * grown
        canvas.drawArc(ring, begin, sweep, False, paint)
        begin += sweep
        paint.setStyle(skia.Paint.kFill_Style)
        y = first + at * line
        canvas.drawCircle(across * 1.12, y + line / 2, line * 0.14, paint)
        for label in _donut_labels(at, marks, size, grown):
            _paint_label(canvas, label, style, height, language)


def _donut_labels(at: int, marks: Sequence[Mark], size: tuple[float, float], _grown: float) -> tuple[_Label, ...]:
    mark, across = marks[at], min(size[1], size[0] / 2)
    line = size[1] / max(4, len(marks))
    y = (size[1] - line * len(marks)) / 2 + at * line
    return (_Label(f"{mark.label}  {mark.text}", (across * 1.2, y, size[0] - across * 1.2, line), "start"),)


def _paint_label(canvas: Any, label: _Label, style: Style, height: int, language: str) -> None:
    if label.text:
        left, top, width, tall = label.place
        fitted = _fitted(label, style, height, language)
        fitted.paragraph.paint(canvas, left + width * 0.02, top + (tall - fitted.height) / 2)


def _fitted(label: _Label, style: Style, height: int, language: str) -> Fitted:
    _, _, width, tall = label.place
    return fit_text(
        label.text, style, fit=("shrink", "ellipsis"), box=(width * 0.96, tall), picture_height=height,
        language=language, align=label.align,
    )  # fmt: skip


def _share(mark: Mark, marks: Sequence[Mark]) -> float:
    most = max((other.value for other in marks), default=0.0)
    return max(0.0, mark.value) / most if most > 0 and math.isfinite(mark.value) else 0.0


def draw_code(canvas: Any, text: str, style: Style, *, size: tuple[float, float]) -> None:
    """A QR code on a white square, as large as the box allows in whole pixels a module."""
    rows = _modules(text)
    modules = len(rows) + 2 * _BORDER_MODULES
    scale = max(1, code_scale(text, size=size))
    left, top = (int(edge - scale * modules) // 2 for edge in size)
    canvas.drawRect(skia.Rect.MakeXYWH(left, top, scale * modules, scale * modules), _fill("#ffffff"))
    dark = _fill(style.colour)
    dark.setAntiAlias(False)
    for y, row in enumerate(rows, _BORDER_MODULES):
        for x, module in enumerate(row, _BORDER_MODULES):
            if module:
                canvas.drawRect(skia.Rect.MakeXYWH(left + x * scale, top + y * scale, scale, scale), dark)


def code_scale(text: str, *, size: tuple[float, float]) -> int:
    """Pixels for each module of a QR code in a box; 0 where there are more modules than pixels."""
    return int(min(size)) // (len(_modules(text)) + 2 * _BORDER_MODULES)


def _modules(text: str) -> list[bytes]:
    return [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]


def draw_image(canvas: Any, image: Any, *, size: tuple[float, float]) -> None:
    """The picture inside the box, its shape kept."""
    scale = min(size[0] / image.width(), size[1] / image.height())
    wide, high = image.width() * scale, image.height() * scale
    place = skia.Rect.MakeXYWH((size[0] - wide) / 2, (size[1] - high) / 2, wide, high)
    canvas.drawImageRect(image, place, skia.SamplingOptions(skia.CubicResampler.Mitchell()))


def load_image(path: Path) -> Any:
    """A picture of the brand's: PNG, JPEG or WebP within bounds that are looked at before it is decoded (B20).

    Raises `ValueError` that says which bound; SVG and everything else is refused.
    """
    if path.suffix.lower() not in PICTURE_ENDINGS:
        raise ValueError(f"is no picture; expected one of {', '.join(PICTURE_ENDINGS)}")
    data = path.read_bytes()
    if len(data) > MAX_IMAGE_BYTES:
        raise ValueError(f"has {len(data)} bytes; expected at most {MAX_IMAGE_BYTES}")
    try:
        codec = skia.Codec.MakeFromData(skia.Data.MakeWithCopy(data))
    except RuntimeError as error:
        raise ValueError("cannot be read; expected a PNG, JPEG or WebP picture") from error
    width, height = codec.dimensions().width(), codec.dimensions().height()
    if width * height > MAX_IMAGE_PIXELS:
        raise ValueError(f"has {width}x{height} pixels; expected at most {MAX_IMAGE_PIXELS}")
    image = skia.Image.MakeFromEncoded(skia.Data.MakeWithCopy(data))
    if image is None:
        raise ValueError("cannot be decoded; expected a whole PNG, JPEG or WebP picture")
    return image.makeRasterImage()


def _fill(colour: str) -> Any:
    return skia.Paint(AntiAlias=True, Color=skia_colour(colour))
