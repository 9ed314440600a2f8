"""Lays painted layers over decoded pictures. Only the pixels under a layer are touched."""

from collections.abc import Sequence

import numpy as np
from av.video.frame import VideoFrame

from streamsrv.media.draw.layer import Layer, Pixels, Plane
from streamsrv.media.pictures import copy_of, pixels_of


def lay_over(picture: VideoFrame, layers: Sequence[Layer], *, top: int = 0) -> VideoFrame:
    """The picture with the layers over it, the first lowest; the picture itself stays as it is.

    It is the part of a whole picture that starts with the line `top`, which is even.
    """
    if not layers:
        return picture
    drawn = copy_of(picture)
    for at, plane in enumerate(drawn.planes):
        pixels, halves = pixels_of(plane), 2 if at else 1
        for layer in layers:
            _blend(pixels, layer.planes[at], (layer.top - top) // halves, layer.left // halves)
    return drawn


def _blend(under: Pixels, plane: Plane, top: int, left: int) -> None:
    height, width = plane.keep.shape
    place = under[top : top + height, left : left + width]
    # Never above 65,152: what is kept and what is added are shares of one.
    place[:] = (place * plane.keep + plane.add + np.uint16(127)) // np.uint16(255)
