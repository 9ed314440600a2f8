"""One viewer's own segment: decode the master, lay the words over it, encode, check. Bytes in, bytes out.

What comes out fits where the shared segment stands: the same init section, frames, times and IDRs. A single parameter
set that differs is fatal in every browser, so they are compared before anything is handed out. Equal jobs give equal
bytes, in any process.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import Full, Queue
from threading import Event

import av
from av.video.frame import VideoFrame

from streamsrv.core.grid import VIDEO_TIMESCALE
from streamsrv.media.avc import Malformed
from streamsrv.media.boxes import video_init, video_segment
from streamsrv.media.check import Damaged, check_video
from streamsrv.media.draw.layer import Layer
from streamsrv.media.encode import encode_again
from streamsrv.media.pictures import decode_pictures
from streamsrv.media.plan import gop_starts
from streamsrv.media.render.compose import lay_over
from streamsrv.media.render.job import Ground, RenderError

_AHEAD = 4
"""Pictures decoded before the encoder asks for them: each works on a core of its own where there are two."""
_WAIT_S = 0.1
COARSER = (0, 3, 6, 10, 15, 21, 28, 35)
"""Added to the constant rate factor where what is drawn takes more bytes than there may be.

Far: where a rung's peak rate is what holds the bytes, the first steps change nothing.
"""

Layers = Callable[[int], list[Layer]]
"""What lies over a frame of the scene, the lowest first."""


def render_segment(ground: Ground, layers: Layers) -> bytes:
    """The segment with `layers` over it, as the store keeps them: `tfdt` counts from the scene's start.

    Raises `RenderError`; whatever `layers` raises passes through.
    """
    try:
        for coarser in COARSER:
            data = _rendered(ground, layers, ground.crf + coarser)
            if len(data) <= ground.max_bytes:
                return data
    except (av.error.FFmpegError, Damaged, Malformed) as error:
        raise RenderError(str(error)) from error
    raise RenderError(f"it has {len(data)} bytes, expected at most {ground.max_bytes}")


def drawn_pictures(ground: Ground, layers: Layers) -> Iterator[VideoFrame]:
    """The segment's pictures with `layers` over them, in order; raises `RenderError`."""
    try:
        for frame, picture in enumerate(decode_pictures(ground.init, ground.master), ground.first_frame):
            yield lay_over(picture, layers(frame))
    except (av.error.FFmpegError, Malformed) as error:
        raise RenderError(str(error)) from error


def _rendered(ground: Ground, layers: Layers, crf: int) -> bytes:
    rung, ticks = ground.rung, VIDEO_TIMESCALE // ground.frame_rate
    with _decoded_ahead(ground) as pictures:
        encoded = encode_again(
            (lay_over(picture, layers(frame)) for frame, picture in enumerate(pictures, ground.first_frame)),
            rung,
            crf=crf,
            frame_rate=ground.frame_rate,
            idrs=gop_starts(ground.frames, gop_frames=ground.gop_frames),
        )
    if video_init(encoded.parameters, width=rung.width, height=rung.height) != ground.init:
        raise RenderError("the encoder's parameters are not those of the stored segments")
    start_ticks = ground.first_frame * ticks
    data = video_segment(encoded.samples, decode_time_ticks=start_ticks, sample_ticks=ticks)
    check_video(ground.init, data, [start_ticks + number * ticks for number in range(ground.frames)])
    return data


@contextmanager
def _decoded_ahead(ground: Ground) -> Iterator[Iterator[VideoFrame]]:
    """The master's pictures, decoded on a thread of their own."""
    queue: Queue[VideoFrame | None] = Queue(_AHEAD)
    stop = Event()

    def put(picture: VideoFrame | None) -> None:
        while not stop.is_set():
            try:
                queue.put(picture, timeout=_WAIT_S)
            except Full:
                continue
            return

    def decode() -> None:
        try:
            for picture in decode_pictures(ground.init, ground.master):
                put(picture)
                if stop.is_set():
                    return
        finally:
            put(None)

    with ThreadPoolExecutor(max_workers=1) as pool:
        decoding = pool.submit(decode)
        try:
            yield iter(queue.get, None)
        finally:
            stop.set()
        decoding.result()
