"""The pictures of a segment of our own making, from bytes in memory."""

from collections.abc import Iterator
from io import BytesIO

import av
from av.video.frame import VideoFrame


def decode_pictures(init: bytes, segment: bytes) -> Iterator[VideoFrame]:
    """In order. They belong to the decoder, too: never write to one. Raises `av.error.FFmpegError`."""
    with av.open(BytesIO(init + segment), "r", format="mp4") as container:
        stream = container.streams.video[0]
        stream.thread_type = "NONE"
        yield from container.decode(stream)
