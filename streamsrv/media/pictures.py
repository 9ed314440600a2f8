"""The pictures of a segment of our own making, from bytes in memory."""

from collections.abc import Iterable, Iterator, Mapping

import av
import numpy as np
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from numpy.typing import NDArray

from streamsrv.media.avc import avcc_in
from streamsrv.media.bands import Lines
from streamsrv.media.boxes import Sample
from streamsrv.media.samples import read_samples, split_file


def decode_pictures(init: bytes, segment: bytes) -> Iterator[VideoFrame]:
    """In order. They belong to the decoder, too: never write to one.

    Raises `av.error.FFmpegError`, and `Malformed` for what is no segment of this product's.
    """
    return decode_samples(avcc_in(init), read_samples(segment))


def decode_file(data: bytes) -> Iterator[VideoFrame]:
    """The pictures of a segment with its init section before it."""
    return decode_pictures(*split_file(data))


def decode_samples(avcc: bytes, samples: Iterable[Sample], *, only_read: bool = False) -> Iterator[VideoFrame]:
    """As `decode_pictures`, of samples without B-frames.

    With `only_read` they are not smoothed at the edges of their blocks, a third of the time: to see whether they are
    whole, not how they look.
    """
    context = open_decoder(avcc, {"skip_loop_filter": "all"} if only_read else {})
    for sample in samples:
        yield from context.decode(Packet(sample.data))
    yield from context.decode(None)


def open_decoder(avcc: bytes, options: Mapping[str, str]) -> VideoCodecContext:
    """A decoder of one thread, for what an `avcC` belongs to."""
    context = av.CodecContext.create("h264", "r")
    assert isinstance(context, VideoCodecContext)
    context.extradata = avcc
    context.thread_type = "NONE"
    context.options = dict(options)
    return context


def pixels_of(plane: VideoPlane) -> NDArray[np.uint8]:
    """The plane's own memory, without what fills up its lines."""
    memory: NDArray[np.uint8] = np.frombuffer(plane, np.uint8)  # type: ignore[call-overload]  # a buffer that its stub hides
    return memory.reshape(-1, plane.line_size)[: plane.height, : plane.width]


def copy_of(picture: VideoFrame, lines: Lines | None = None) -> VideoFrame:
    """A picture of one's own, to write to: all of it, or some lines."""
    start, end = lines or Lines(0, picture.height)
    copy = VideoFrame(picture.width, end - start, "yuv420p")
    for into, plane, halves in zip(copy.planes, picture.planes, (1, 2, 2), strict=True):
        pixels_of(into)[:] = pixels_of(plane)[start // halves : end // halves]
    return copy
