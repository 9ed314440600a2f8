"""Whether words can be read on the picture behind them, and what is put behind those that cannot.

Contrast as WCAG 2.2 has it: (lighter + 0.05) / (darker + 0.05) of relative luminances, from 0 for black to 1 for white.
A picture is told by two luminances, all but its darkest and lightest few pixels lying between them.
"""

from dataclasses import replace
from typing import Literal, TypeAlias

from streamsrv.core.brand import Style
from streamsrv.core.model import OverlayKind

READABLE = 3.0
"""What large text and graphics need at least (WCAG 2.2, 1.4.3 and 1.4.11)."""
Behind: TypeAlias = tuple[float, float]
Remedy = Literal["", "plate", "shadow", "nothing"]
"""What is put behind words: nothing because it is not needed, or because their style wants nothing."""
PLATES = ("#0b1220d9", "#ffffffe6", "#000000", "#ffffff")
"""The first that makes words readable is taken: those that let the picture through before those that do not."""


def luminance(colour: str) -> float:
    """The relative luminance of #rrggbb; what stands behind it for opacity is not looked at."""
    red, green, blue = (_linear(channel) for channel in bytes.fromhex(colour[1:7]))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    """Between two luminances: 1 for none, 21 for black on white."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def least_contrast(colour: str, behind: Behind) -> float:
    """The contrast of a colour with that of a picture's pixels from which it differs least."""
    own, (low, high) = luminance(colour), behind
    return 1.0 if low <= own <= high else min(contrast(own, low), contrast(own, high))


def on_plate(plate: str, behind: Behind) -> Behind:
    """What a picture's luminances are seen as through a plate. Blended as light: near enough, and on the safe side."""
    opacity = int(plate[7:9] or "ff", 16) / 255
    own = luminance(plate)
    low, high = (own * opacity + edge * (1 - opacity) for edge in behind)
    return low, high


def readability(style: Style, kind: OverlayKind, behind: Behind) -> float:
    """The least contrast of what an overlay draws with what is behind it, a plate of its style included.

    Pictures and QR codes bring their own background.
    """
    if kind in ("image", "qr"):
        return 21.0
    seen = behind if style.plate is None else on_plate(style.plate, behind)
    colours = (style.colour, style.accent) if kind == "chart" else (style.colour,)
    return min(least_contrast(colour, seen) for colour in colours)


def remedy(style: Style, kind: OverlayKind, behind: Behind | None) -> Remedy:
    """What an overlay's style puts behind words that the picture swallows; "" where they can be read as they are."""
    if behind is None or readability(style, kind, behind) >= READABLE:
        return ""
    return style.when_unreadable


def made_readable(style: Style, kind: OverlayKind, behind: Behind | None) -> Style:
    """The style as it is drawn on this picture."""
    match remedy(style, kind, behind):
        case "plate":
            assert behind is not None
            tried = [replace(style, plate=plate) for plate in PLATES]
            ratios = [readability(one, kind, behind) for one in tried]
            return next((one for one, ratio in zip(tried, ratios, strict=True) if ratio >= READABLE),
                        tried[ratios.index(max(ratios))])  # fmt: skip
        case "shadow":
            return replace(style, shadow=True)
        case _:
            return style


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
