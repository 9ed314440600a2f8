"""The pinned fonts, one family for each script, and shaped paragraphs of them. The system's fonts are never asked."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import skia

from streamsrv.core.brand import FONTS
from streamsrv.core.languages import is_right_to_left

FOLDER = Path(__file__).parent.parent / "fonts"
FALLBACKS = (
    "NotoSans-Bold", "NotoSansArabic-Bold", "NotoSansHebrew-Bold", "NotoSansDevanagari-Bold", "NotoSansThai-Bold",
    "NotoSansBengali-Bold", "NotoSansTamil-Bold", "NotoSansGeorgian-Bold", "NotoSansArmenian-Bold", "NotoColorEmoji",
    "NotoSansCJK-Bold",
)  # fmt: skip
"""After a style's own font, in this order. Emoji before Han: those fonts draw a few of them in black."""
_RLI, _LRI, _PDI = "\u2067", "\u2066", "\u2069"
_UNBOUND_WIDTH = 1e6


def paragraph(
    text: str, *, font: str, size: float, spacing: float, leading: float, language: str, align: str, colour: int
) -> Any:
    """`text` shaped, not yet laid out; `colour` is skia's. Its direction is the language's, whatever is in it."""
    style = skia.textlayout.TextStyle()
    style.setFontFamilies([font, *FALLBACKS])
    style.setFontSize(size)
    style.setLetterSpacing(spacing * size)
    style.setHeight(leading)
    style.setHeightOverride(True)
    style.setHalfLeading(True)
    style.setLocale(language)
    style.setColor(colour)
    whole = skia.textlayout.ParagraphStyle()
    reversed_ = is_right_to_left(language)
    ends = {"start": "kRight", "end": "kLeft"} if reversed_ else {"start": "kLeft", "end": "kRight"}
    whole.setTextAlign(getattr(skia.textlayout.TextAlign, {**ends, "center": "kCenter"}[align]))
    builder = skia.textlayout.ParagraphBuilder(whole, _collection(), _unicode())
    builder.pushStyle(style)
    builder.addText(f"{_RLI if reversed_ else _LRI}{text}{_PDI}")
    return builder.Build()


def covers(text: str, font: str) -> bool:
    """Whether one of the fonts has a glyph for every character that shows."""
    faces = [_face(name) for name in (font, *FALLBACKS)]
    return all(
        any(face.unicharToGlyph(ord(letter)) for face in faces)
        for letter in set(text)
        if not (letter.isspace() or letter in "\u200c\u200d\ufe0e\ufe0f" or 0xE0020 <= ord(letter) <= 0xE007F)
    )


@lru_cache(maxsize=len(FONTS) + len(FALLBACKS))
def _face(name: str) -> Any:
    path = next(path for path in FOLDER.glob(f"{name}.*"))
    return skia.FontMgr.New_Custom_Empty().makeFromFile(str(path))


@lru_cache(maxsize=1)
def _unicode() -> Any:
    return skia.Unicodes.ICU.Make()


@lru_cache(maxsize=1)
def _collection() -> Any:
    provider = skia.textlayout.TypefaceFontProvider()
    for name in (*FONTS, *FALLBACKS):
        # Registered under the file's name: weights of one family would else be matched by style.
        provider.registerTypeface(_face(name), name)
    collection = skia.textlayout.FontCollection()
    collection.setDefaultFontManager(provider)
    return collection
