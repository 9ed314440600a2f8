"""A painted layer, ready to be laid over pictures in their own colours: 8-bit BT.709 limited 4:2:0.

Whole numbers throughout: the same pixels give the same picture anywhere.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
_Wide: TypeAlias = NDArray[np.int32]

# BT.709 from 8-bit R'G'B' to limited range (ITU-R BT.709-6 3.2-3.5), times 2^14; a row for Y', Cb and Cr.
_SHIFT = 14
_RED, _GREEN, _BLUE = 0.2126, 0.7152, 0.0722
_MATRIX = np.rint(
    np.array(
        [
            [_RED * 219 / 255, _GREEN * 219 / 255, _BLUE * 219 / 255],
            [v / (2 * (1 - _BLUE)) * 224 / 255 for v in (-_RED, -_GREEN, 1 - _BLUE)],
            [v / (2 * (1 - _RED)) * 224 / 255 for v in (1 - _RED, -_GREEN, -_BLUE)],
        ]
    )
    * (1 << _SHIFT)
).astype(np.int32)
_BLACK, _NEUTRAL = 16, 128


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Something painted, and its place on the picture. Never changed once it is made."""

    pixels: Pixels
    """Premultiplied RGBA of shape (height, width, 4), both even."""
    left: int
    """Even, as `top` is: chroma has one sample for two by two pixels."""
    top: int
    planes: "tuple[Plane, Plane, Plane]" = field(init=False, repr=False)

    def __post_init__(self) -> None:
        height, width = self.pixels.shape[:2]
        if (self.left | self.top | height | width) % 2:
            raise ValueError("a layer's place and size are even")
        object.__setattr__(self, "planes", _planes(self.pixels))


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """What `over` adds to one plane: `(under * keep + add + 127) / 255`."""

    keep: NDArray[np.uint16]
    add: NDArray[np.uint16]


def _planes(pixels: Pixels) -> tuple[Plane, Plane, Plane]:
    colours, alpha = pixels[..., :3].astype(np.int32), pixels[..., 3].astype(np.int32)
    luma, *chroma = np.moveaxis((colours @ _MATRIX.T), -1, 0)
    coarse = _quartered(alpha)
    return (
        _plane(luma, alpha, _BLACK),
        _plane(_quartered(chroma[0]), coarse, _NEUTRAL),
        _plane(_quartered(chroma[1]), coarse, _NEUTRAL),
    )


def _plane(scaled: _Wide, alpha: _Wide, zero: int) -> Plane:
    """`scaled` is premultiplied and times 2^14, without the offset that stands for none of the colour."""
    add = (scaled * 255 + (1 << _SHIFT - 1) >> _SHIFT) + alpha * zero
    return Plane((255 - alpha).astype(np.uint16), add.astype(np.uint16))


def _quartered(plane: _Wide) -> _Wide:
    """The mean of each two by two."""
    return (plane[::2, ::2] + plane[1::2, ::2] + plane[::2, 1::2] + plane[1::2, 1::2] + 2) // 4
