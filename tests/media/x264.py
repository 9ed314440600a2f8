"""H.264 streams with settings of every kind, and what a decoder makes of them."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

import av
import numpy as np
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from numpy.typing import NDArray

_GLOBAL_HEADER = 1 << 22


class Stream(NamedTuple):
    avcc: bytes
    samples: tuple[bytes, ...]


def encode(
    pictures: Iterable[NDArray[np.uint8]], settings: Mapping[str, object], *, idrs: Iterable[int] = ()
) -> Stream:
    """The I420 pictures, encoded with x264's own `settings`; they start with an IDR and have others at `idrs`."""
    frames = list(pictures)
    height, width = frames[0].shape[0] * 2 // 3, frames[0].shape[1]
    context = av.CodecContext.create("libx264", "w")
    assert isinstance(context, VideoCodecContext)
    context.width, context.height, context.pix_fmt = width, height, "yuv420p"
    context.time_base, context.framerate = Fraction(1, 25), Fraction(25)
    context.flags |= _GLOBAL_HEADER
    context.thread_count = int(str(settings.get("threads", 1)))
    written = ":".join(f"{name}={value}" for name, value in settings.items() if name != "preset")
    context.options = {
        "preset": str(settings.get("preset", "superfast")),
        "forced-idr": "1",
        "x264-params": f"annexb=0:{written}",
    }
    packets = []
    for number, pixels in enumerate(frames):
        frame = VideoFrame.from_ndarray(pixels, format="yuv420p")
        frame.pts = number
        frame.pict_type = PictureType.I if number in idrs else PictureType.NONE
        packets += context.encode(frame)
    packets += context.encode(None)
    assert context.extradata is not None
    return Stream(bytes(context.extradata), tuple(bytes(packet) for packet in packets))


def decode(avcc: bytes, samples: Iterable[bytes]) -> list[NDArray[np.uint8]]:
    """The pictures as I420; a damaged one fails the test."""
    context = av.CodecContext.create("h264", "r")
    assert isinstance(context, VideoCodecContext)
    context.extradata = avcc
    context.thread_type = "NONE"
    frames = [frame for sample in samples for frame in context.decode(Packet(sample))]
    frames += context.decode(None)
    assert not any(frame.is_corrupt for frame in frames)
    return [frame.to_ndarray().astype(np.uint8, copy=False) for frame in frames]


def moving(count: int, *, width: int = 96, height: int = 96, seed: int = 1) -> list[NDArray[np.uint8]]:
    """Texture that moves, with a light that comes and goes: there is something to predict, and to weigh."""
    texture = np.random.default_rng(seed).integers(40, 200, (height * 3 // 2, width), dtype=np.uint8)
    smooth = (texture.astype(np.uint16) + np.roll(texture, 1, 1) + np.roll(texture, 1, 0)) // 3
    return [
        np.clip(np.roll(smooth, 2 * number, 1).astype(np.float32) * (0.6 + 0.05 * (number % 8)), 16, 235).astype(
            np.uint8
        )
        for number in range(count)
    ]
