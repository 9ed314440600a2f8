"""Lines of text as sprites, shaped and kerned, in the fonts that ship with the package and no other."""

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import skia

from streamsrv.media.demo.canvas import Canvas, Sprite

_FONTS = Path(__file__).parent.parent / "fonts"


class Face(NamedTuple):
    """A font file, a size in drawing units and the extra space between letters."""

    file: str
    size: float
    spacing: float = 0.0


HEADLINE = Face("Manrope-ExtraBold.ttf", 98, -2.4)
BODY = Face("Manrope-Medium.ttf", 47, -0.4)
STRONG = Face("Manrope-Bold.ttf", 47, -0.4)
EYEBROW = Face("Manrope-Bold.ttf", 36, 3.4)
WORDMARK = Face("Manrope-ExtraBold.ttf", 46, -1.2)
TITLE = Face("Manrope-ExtraBold.ttf", 132, -3.6)
LABEL = Face("Manrope-Bold.ttf", 30, 0.0)


def letter(canvas: Canvas, text: str, face: Face, colour: int) -> Sprite:
    """`text` on one line; the sprite's origin is the left end of the baseline, its width the advance."""
    paragraph = _paragraph(text, face, colour)
    paragraph.layout(10_000)
    baseline = paragraph.AlphabeticBaseline
    return canvas.sprite(
        0,
        -baseline,
        paragraph.LongestLine,
        paragraph.Height - baseline,
        lambda inner: inner.draw_with_skia(lambda bare: _paint(bare, paragraph, baseline)),
    )


def _paint(bare: Any, paragraph: Any, baseline: float) -> None:
    # Text on the level is hinted to whole pixels, which makes a headline's letters uneven; a hair's turn stops that.
    bare.rotate(0.004)
    paragraph.paint(bare, 0, -baseline)


def _paragraph(text: str, face: Face, colour: int) -> Any:
    style = skia.textlayout.TextStyle()
    style.setFontFamilies([face.file])
    style.setFontSize(face.size)
    style.setLetterSpacing(face.spacing)
    style.setColor(skia.Color(colour >> 16, colour >> 8 & 255, colour & 255))
    builder = skia.textlayout.ParagraphBuilder(
        skia.textlayout.ParagraphStyle(), _collection(), skia.Unicodes.ICU.Make()
    )
    builder.pushStyle(style)
    builder.addText(text)
    return builder.Build()


@lru_cache(maxsize=1)
def _collection() -> Any:
    fonts = skia.textlayout.TypefaceFontProvider()
    for path in sorted(_FONTS.glob("*.ttf")):
        # Registered under the file's name: weights of one family would else be matched by style.
        fonts.registerTypeface(skia.FontMgr.New_Custom_Empty().makeFromFile(str(path)), path.name)
    collection = skia.textlayout.FontCollection()
    collection.setDefaultFontManager(fonts)
    return collection
