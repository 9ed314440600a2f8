"""What rendering a segment costs on this machine: measured by rendering one, in this process."""

import time
from collections.abc import Callable
from typing import NamedTuple

from streamsrv.core.grid import Grid
from streamsrv.core.model import Ladder, Rung, Segment, Track
from streamsrv.core.overlays import DrawPlan
from streamsrv.media.draw.painter import Painter
from streamsrv.media.render.job import Ground
from streamsrv.media.render.segment import render_segment

LEAST_S = 0.2
"""CPU time below which one render says too little: it is done again."""


class Price(NamedTuple):
    cpu_s: float
    size_bytes: int
    frames: int


def price(ground: Ground, plan: DrawPlan, painter: Painter) -> Price:
    """CPU seconds and bytes of one segment, the second time: fonts and libraries are warm in a worker.

    Raises `RenderError`.
    """
    layers = painter.layers(plan, width=ground.rung.width, height=ground.rung.height)
    size_bytes = len(render_segment(ground, layers))
    times = 0
    begun_s = time.process_time()
    while times == 0 or time.process_time() - begun_s < LEAST_S:
        layers = painter.layers(plan, width=ground.rung.width, height=ground.rung.height)
        render_segment(ground, layers)
        times += 1
    return Price((time.process_time() - begun_s) / times, size_bytes, ground.frames)


def ground_of(
    track: Track, segment: Segment, rung: Rung, *, grid: Grid, ladder: Ladder, read: Callable[[str], bytes]
) -> Ground:
    """What a segment is drawn on; `read` gives a stored object. For segments that have a master."""
    assert segment.master is not None
    return Ground(
        rung=rung,
        frame_rate=grid.frame_rate,
        gop_frames=max(1, ladder.gop_ms * grid.frame_rate // 1000),
        first_frame=segment.start_units * grid.frames,
        frames=segment.units * grid.frames,
        crf=segment.master.crf,
        max_bytes=segment.master.max_bytes,
        init=read(track.init_name),
        master=read(segment.master.name),
    )
