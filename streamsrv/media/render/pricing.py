"""What rendering a segment costs on this machine: measured by rendering one, in this process."""

import time
from collections.abc import Callable
from typing import NamedTuple

from streamsrv.core.overlays import DrawPlan
from streamsrv.media.draw.painter import Painter
from streamsrv.media.render.job import BandedGround, Ground, RenderError
from streamsrv.media.render.segment import render_segment
from streamsrv.media.render.spliced import splice_segment

LEAST_S = 0.2
"""CPU time below which one render says too little: it is done again."""


class Price(NamedTuple):
    cpu_s: float
    size_bytes: int
    frames: int


def price(ground_of: Callable[[bool], Ground | BandedGround], plan: DrawPlan, painter: Painter) -> Price:
    """CPU seconds and bytes of one segment, the second time: fonts and libraries are warm in a worker.

    `ground_of` gives what is drawn on, in bands or not: as a renderer would, this takes the whole picture where bands
    do not do. Raises `RenderError`.
    """
    ground = ground_of(not plan.whole)
    try:
        size_bytes = len(_made(ground, plan, painter))
    except RenderError:
        if isinstance(ground, Ground):
            raise
        ground = ground_of(False)
        size_bytes = len(_made(ground, plan, painter))
    times = 0
    begun_s = time.process_time()
    while times == 0 or time.process_time() - begun_s < LEAST_S:
        _made(ground, plan, painter)
        times += 1
    return Price((time.process_time() - begun_s) / times, size_bytes, ground.frames)


def _made(ground: Ground | BandedGround, plan: DrawPlan, painter: Painter) -> bytes:
    layers = painter.layers(plan, width=ground.rung.width, height=ground.rung.height)
    return splice_segment(ground, layers) if isinstance(ground, BandedGround) else render_segment(ground, layers)
