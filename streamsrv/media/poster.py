"""One still of a scene, as a JPEG: what stands in the player before the video starts."""

from collections.abc import Callable
from fractions import Fraction
from io import BytesIO

import av

from streamsrv.core.model import Track
from streamsrv.media.check import Damaged
from streamsrv.media.colours import to_jpeg

POSTER_VERSION = 2
"""Raise it with any change to what a poster looks like."""
POSTER_HEIGHT = 720
"""The rung it is taken from: the largest up to here."""
_AT = Fraction(3, 5)
"""Where in the scene: late enough for what moves in to have arrived."""
_QUALITY_SCALE = 4
"""Of 2 to 31, lower is better."""


def make_poster(tracks: tuple[Track, ...], read: Callable[[str], bytes]) -> bytes:
    """The poster of a scene whose objects `read` reads; the same scene gives the same."""
    track = max((track for track in tracks if track.height <= POSTER_HEIGHT), key=_height, default=tracks[0])
    units = sum(segment.units for segment in track.segments)
    wanted = int(units * _AT)
    segment = next(one for one in track.segments if wanted < one.start_units + one.units)
    share = Fraction(wanted - segment.start_units, segment.units)
    data = read(track.init_name) + read(segment.name)
    return encode_still(_frame_at(data, share))


def _height(track: Track) -> int:
    return track.height


def _frame_at(data: bytes, share: Fraction) -> av.VideoFrame:
    with av.open(BytesIO(data), "r", format="mp4") as container:
        frames = list(container.decode(video=0))
    if not frames:
        raise Damaged("it shows no frame")
    return frames[int(len(frames) * share)]


def encode_still(picture: av.VideoFrame, *, quality_scale: int = _QUALITY_SCALE) -> bytes:
    """The picture as a JPEG; equal pictures give equal bytes. `quality_scale` is of 2 to 31, lower is better."""
    encoder = av.CodecContext.create("mjpeg", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height = picture.width, picture.height
    encoder.pix_fmt = "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    encoder.thread_count = 1
    # The quantiser is fixed: qscale flag, in units of FF_QP2LAMBDA.
    encoder.options = {"flags": "+qscale+bitexact", "global_quality": str(quality_scale * 118), "strict": "unofficial"}
    still = to_jpeg(picture)
    still.pts, still.time_base = 0, Fraction(1, 25)
    return b"".join(bytes(packet) for packet in (*encoder.encode(still), *encoder.encode(None)))
