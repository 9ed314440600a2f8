"""Decodes what was just made, once, before anyone may see it (A1). Reads bytes in memory, never a file."""

from collections.abc import Sequence
from io import BytesIO

import av

from streamsrv.core.errors import StreamsrvError
from streamsrv.core.grid import AAC_FRAME_SAMPLES

_KEY_PICTURE = 1


class Damaged(StreamsrvError):
    """A segment of our own making that does not decode to what was encoded: a fault here, not in the source."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

    def __str__(self) -> str:
        return f"a finished segment failed its check: {self.what}"


def check_video(init: bytes, segment: bytes, times_ticks: Sequence[int]) -> None:
    """Raises `Damaged` unless the segment starts with an IDR and shows exactly one frame at each of its times.

    `times_ticks` are as libavformat counts: it delays a track by its most negative composition offset.
    """
    stamps: list[int | None] = []
    try:
        with av.open(BytesIO(init + segment), "r", format="mp4") as container:
            stream = container.streams.video[0]
            stream.thread_type = "NONE"
            # Damage shows while parsing; deblocking, a third of the time, would show nothing more.
            stream.codec_context.options = {"skip_loop_filter": "all"}
            for frame in container.decode(stream):
                if not stamps and not (frame.key_frame and frame.pict_type == _KEY_PICTURE):
                    raise Damaged("it does not start with an IDR")
                if frame.is_corrupt:
                    raise Damaged(f"frame {len(stamps)} is corrupt")
                stamps.append(frame.pts)
    except av.error.FFmpegError as error:
        raise Damaged(str(error)) from error
    if stamps != list(times_ticks):
        raise Damaged(
            f"it shows {len(stamps)} frames from {stamps[:1]}, expected {len(times_ticks)} from {times_ticks[0]}"
        )


def check_audio(init: bytes, segment: bytes, *, start_samples: int, packets: int) -> None:
    """Raises `Damaged` unless the segment holds exactly its AAC packets at their times and each decodes."""
    stamps: list[int | None] = []
    try:
        with av.open(BytesIO(init + segment), "r", format="mp4") as container:
            for packet in container.demux(container.streams.audio[0]):
                if packet.size:
                    stamps.append(packet.pts)
                for frame in packet.decode():
                    if frame.samples != AAC_FRAME_SAMPLES:
                        raise Damaged(f"a packet holds {frame.samples} samples, expected {AAC_FRAME_SAMPLES}")
    except av.error.FFmpegError as error:
        raise Damaged(str(error)) from error
    if stamps != [start_samples + number * AAC_FRAME_SAMPLES for number in range(packets)]:
        raise Damaged(f"it has {len(stamps)} packets from {stamps[:1]}, expected {packets} from {start_samples}")
