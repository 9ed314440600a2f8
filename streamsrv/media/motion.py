"""From where a picture's blocks are predicted, as its decoder says: shows that bands and what is around are apart."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import numpy as np
from av.packet import Packet
from av.sidedata.motionvectors import MotionVectors
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from streamsrv.media.bands import Lines
from streamsrv.media.boxes import Sample
from streamsrv.media.pictures import open_decoder

_ABOVE, _BELOW = 2, 3
"""Lines of brightness that are read beyond a block for what lies between two of them (ITU-T H.264 8.4.2.2.1)."""
_COLOUR_BELOW = 2
"""As many as one line of colour is, for what lies between two of these (8.4.2.2.2)."""
_EXPORT = "+export_mvs"

Reads: TypeAlias = NDArray[np.int32]
"""A row for each predicted block: the first line that it shows, the first that is read for it, the one before which
that ends."""


def decode_with_reads(
    avcc: bytes, samples: Iterable[Sample], *, only_read: bool = False
) -> Iterator[tuple[VideoFrame, Reads]]:
    """Every picture with what its blocks read of the one before; raises `av.error.FFmpegError`.

    `only_read` as in `decode_samples`.
    """
    context = open_decoder(avcc, {"flags2": _EXPORT} | ({"skip_loop_filter": "all"} if only_read else {}))
    for sample in samples:
        for frame in context.decode(Packet(sample.data)):
            yield frame, _reads(frame)
    for frame in context.decode(None):
        yield frame, _reads(frame)


def beyond(reads: Reads, blocks: Lines) -> tuple[int, int]:
    """How many lines above and below some lines are read for the blocks in them."""
    ours = reads[(reads[:, 0] >= blocks.start) & (reads[:, 0] < blocks.end)]
    above = blocks.start - int(ours[:, 1].min(initial=blocks.start))
    return above, int(ours[:, 2].max(initial=blocks.end)) - blocks.end


def stays_in(reads: Reads, blocks: Lines, allowed: Lines) -> bool:
    """Whether blocks in some lines read allowed lines only."""
    above, below = beyond(reads, blocks)
    return blocks.start - above >= allowed.start and blocks.end + below <= allowed.end


def _reads(frame: VideoFrame) -> Reads:
    vectors: Any = frame.side_data.get("MOTION_VECTORS")
    if not isinstance(vectors, MotionVectors) or not len(vectors):
        return np.zeros((0, 3), np.int32)
    said = vectors.to_ndarray()
    tall = said["h"].astype(np.int32)
    # What the decoder names is a block's middle.
    top = said["dst_y"].astype(np.int32) - tall // 2
    scale = np.maximum(1, said["motion_scale"]).astype(np.int32)
    moved, between = np.divmod(said["motion_y"].astype(np.int32), scale)
    above = np.where(between, _ABOVE, 0)
    below = np.where(between, _BELOW, np.where(moved % 2, _COLOUR_BELOW, 0))
    return np.stack([top, top + moved - above, top + moved + tall + below], axis=1)
