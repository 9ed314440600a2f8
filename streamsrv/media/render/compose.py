"""Lays painted layers over decoded pictures. Only the pixels under a layer are touched."""

from collections.abc import Sequence

import numpy as np
from av.video.frame import VideoFrame

from streamsrv.media.draw.layer import Layer, Pixels, Plane


def lay_over(picture: VideoFrame, layers: Sequence[Layer]) -> VideoFrame:
    """The picture with the layers over it, the first lowest; the picture itself stays as it is."""
    if not layers:
        return picture
    height = picture.height
    frame = picture.to_ndarray().astype(np.uint8, copy=False)
    luma = frame[:height]
    chroma = frame[height:].reshape(2, height // 2, picture.width // 2)
    for layer in layers:
        _blend(luma, layer.planes[0], layer.top, layer.left)
        for at, plane in enumerate(layer.planes[1:]):
            _blend(chroma[at], plane, layer.top // 2, layer.left // 2)
    return VideoFrame.from_ndarray(frame, format="yuv420p")


def _blend(under: Pixels, plane: Plane, top: int, left: int) -> None:
    height, width = plane.keep.shape
    place = under[top : top + height, left : left + width]
    place[:] = (place * plane.keep + plane.add + 127) // 255
