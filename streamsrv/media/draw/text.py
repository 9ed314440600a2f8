"""Text made to fit its box: wrapped, made smaller, shortened, in the order that the author gave."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from unicodedata import category

import skia

from streamsrv.core.brand import Style
from streamsrv.core.model import Align, Fit
from streamsrv.media.draw import fonts

ELLIPSIS = "…"
_STEPS = 12
"""Sizes tried between a style's size and its smallest."""
_WIDE = 1e6
_WIDER_TRIES = 12


@dataclass(frozen=True, slots=True)
class Fitted:
    """A paragraph laid out in a box, and what it took."""

    paragraph: Any
    text: str
    size: float
    """In pixels."""
    width: float
    """Of the longest line."""
    height: float
    fits: bool
    """Whether nothing sticks out of the box."""
    lines: int


def fit_text(
    text: str, style: Style, *, fit: Sequence[Fit], box: tuple[float, float], picture_height: int, language: str,
    align: Align,
) -> Fitted:  # fmt: skip
    """`text` in a box of so many pixels: at the style's size where it can be, and never smaller than its smallest.

    Without `wrap` it stays on one line. What is left when every policy was tried sticks out: `fits` says so.
    """
    width, height = max(1.0, box[0]), max(1.0, box[1])
    wraps = False
    size = style.size * picture_height
    smallest = style.min_size * picture_height

    def lay(candidate: str, size: float) -> Fitted:
        made = fonts.paragraph(
            candidate, font=style.font, size=size, spacing=style.letter_spacing, leading=style.line_height,
            language=language, align=align, colour=skia_colour(style.colour),
        )  # fmt: skip
        made.layout(width if wraps else _WIDE)
        # A word wider than the box is not broken where it may not be: its line is as wide as it is.
        inside = made.LongestLine <= width + 0.5 and made.Height <= height + 0.5
        longest, high = made.LongestLine, made.Height
        if not wraps:
            _on_one_line(made, max(width, longest + 1), high)
        return Fitted(made, candidate, size, longest, high, inside, round(high / (size * style.line_height)))

    found = lay(text, size)
    for policy in fit:
        if found.fits:
            break
        if policy == "wrap":
            wraps = True
            found = lay(text, size)
        elif policy == "shrink":
            found, size = _shrunk(partial(lay, text), size, smallest)
        else:
            found = _shortened(partial(lay, size=size), text)
    return found


def _on_one_line(made: Any, width: float, high: float) -> None:
    """Alignment is inside the box; where breaking lines counts a few pixels more than measuring, in a wider one."""
    for _ in range(_WIDER_TRIES):
        made.layout(width)
        if made.Height <= high + 0.5:
            return
        width *= 1.01


def skia_colour(written: str) -> int:
    """Skia's number for #rrggbb or #rrggbbaa."""
    red, green, blue, alpha = (*bytes.fromhex(written[1:]), 255)[:4]
    return int(skia.Color(red, green, blue, alpha))


def _shrunk(lay: Callable[[float], Fitted], size: float, smallest: float) -> tuple[Fitted, float]:
    """The largest of a few sizes at which it fits, else the smallest of them."""
    sizes = [size - (size - smallest) * step / _STEPS for step in range(1, _STEPS + 1)]
    low, high = 0, len(sizes) - 1
    while low < high:
        middle = (low + high) // 2
        if lay(sizes[middle]).fits:
            high = middle
        else:
            low = middle + 1
    return lay(sizes[low]), sizes[low]


def _shortened(lay: Callable[[str], Fitted], text: str) -> Fitted:
    """As much of the text as fits with an ellipsis behind it, cut between letters as people see them."""
    ends = _clusters(text)
    low, high = 0, len(ends) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if lay(text[: ends[middle]].rstrip() + ELLIPSIS).fits:
            low = middle
        else:
            high = middle - 1
    return lay(text[: ends[low]].rstrip() + ELLIPSIS)


def _clusters(text: str) -> list[int]:
    """Where text may be cut: before a base letter that nothing joins to the one before."""
    ends = [
        at
        for at in range(1, len(text))
        if not _joins(text[at])
        and text[at - 1] != "\u200d"
        and not (_is_flag(text[at]) and _flags_before(text, at) % 2)
    ]
    return [0, *ends]


def _joins(letter: str) -> bool:
    return category(letter) in {"Mn", "Me", "Mc", "Cf", "Sk"} or letter in "\u200d\u200c\ufe0f"


def _is_flag(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def _flags_before(text: str, at: int) -> int:
    count = 0
    while at > count and _is_flag(text[at - count - 1]):
        count += 1
    return count
