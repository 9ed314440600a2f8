"""Pictures of a personal moment, for e-mails: a still (JPEG), or moving ones (WebP). Both below `MAX_BYTES`."""

from fractions import Fraction
from io import BytesIO
from itertools import islice

import av
from av.video.frame import VideoFrame

from streamsrv.media.colours import to_webp
from streamsrv.media.poster import encode_still
from streamsrv.media.render.job import Ground, RenderError
from streamsrv.media.render.segment import Layers, drawn_pictures

MAX_BYTES = 500_000
"""What mail programs show without asking."""
STEP_FRAMES = 3
"""Every which picture moves in an e-mail: ten a second."""
_STILL_SCALES = (3, 6, 12, 24)
_MOVING_QUALITIES = (70, 50, 30, 10)


def render_picture(ground: Ground, layers: Layers, product: str, *, at_frame: int) -> bytes:
    """The still at `at_frame` of the scene, or the whole segment moving; raises `RenderError`."""
    if product == "jpg":
        within = min(max(at_frame - ground.first_frame, 0), ground.frames - 1)
        picture = next(islice(drawn_pictures(ground, layers), within, None))
        made = (encode_still(picture, quality_scale=scale) for scale in _STILL_SCALES)
    else:
        pictures = list(islice(drawn_pictures(ground, layers), 0, None, STEP_FRAMES))
        made = (_moving(pictures, ground.frame_rate, quality) for quality in _MOVING_QUALITIES)
    for data in made:
        if len(data) < MAX_BYTES:
            return data
    raise RenderError(f"it has {len(data)} bytes, expected less than {MAX_BYTES}")


def _moving(pictures: list[VideoFrame], frame_rate: int, quality: int) -> bytes:
    out = BytesIO()
    with av.open(out, "w", format="webp", options={"loop": "0"}) as container:
        stream = container.add_stream("libwebp_anim", rate=Fraction(frame_rate, STEP_FRAMES))
        stream.width, stream.height, stream.pix_fmt = pictures[0].width, pictures[0].height, "yuv420p"
        stream.options = {"quality": str(quality), "compression_level": "4"}
        for number, picture in enumerate(pictures):
            still = to_webp(picture)
            still.pts, still.time_base = number, Fraction(STEP_FRAMES, frame_rate)
            container.mux(stream.encode(still))
        container.mux(stream.encode(None))
    return out.getvalue()
