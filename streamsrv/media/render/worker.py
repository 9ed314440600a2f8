"""A renderer process: reads jobs from its standard input one at a time, answers each on its standard output.

Started by `pool`, confined before the first job. Says nothing on standard error but what a crash leaves there.
"""

import os
import resource
import sys
from pathlib import Path
from typing import Any, BinaryIO

import av

from streamsrv.core.overlays import DrawPlan, parse_plan
from streamsrv.media.draw.painter import Painter, open_painter
from streamsrv.media.render import wire
from streamsrv.media.render.job import BandedGround, Ground, RenderError, read_job
from streamsrv.media.render.picture import render_picture
from streamsrv.media.render.sandbox import confine
from streamsrv.media.render.segment import Layers, render_segment
from streamsrv.media.render.spliced import splice_segment

_STATM = Path("/proc/self/statm")
_NICE = 10
"""Whoever serves what is there already goes first, where they share cores."""


def main() -> None:
    """Serve until standard input ends. Arguments: the parent's process id, and where the brand kit is."""
    os.nice(_NICE)
    av.logging.set_level(None)
    painter = open_painter(Path(sys.argv[2]))
    painter.warm()
    jobs, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever prints from here on must not reach the pipe.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    confine(parent=int(sys.argv[1]))
    answers.write(wire.pack({"ready": True, **_usage()}))
    answers.flush()
    while (job := _read(jobs)) is not None:
        answers.write(_answer(painter, *job))
        answers.flush()


def _answer(painter: Painter, head: dict[str, Any], blobs: list[bytes]) -> bytes:
    ground, plan = read_job(head, blobs)
    try:
        parsed = parse_plan(plan)
        layers = painter.layers(parsed, width=ground.rung.width, height=ground.rung.height)
        data = _made(ground, layers, parsed, head["product"])
    except RenderError as error:
        return wire.pack({"error": error.reason, **_usage()})
    except (ValueError, MemoryError) as error:
        # The kind alone: what is drawn is somebody's, and a message may quote it.
        return wire.pack({"error": type(error).__name__, **_usage()})
    return wire.pack(_usage(), [data])


def _made(ground: Ground | BandedGround, layers: Layers, plan: DrawPlan, product: str) -> bytes:
    if isinstance(ground, BandedGround):
        return splice_segment(ground, layers)
    if not product:
        return render_segment(ground, layers)
    first = plan.items[0]
    return render_picture(ground, layers, product, at_frame=(first.from_frame + first.to_frame) // 2)


def _usage() -> dict[str, Any]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"cpu_s": used.ru_utime + used.ru_stime, "rss_bytes": _rss_bytes()}


def _rss_bytes() -> int:
    """Held now. Not `ru_maxrss`: on Linux a process inherits the peak of the one that started it."""
    pages = int(_STATM.read_text("ascii").split()[1])
    return pages * resource.getpagesize()


def _read(jobs: BinaryIO) -> tuple[dict[str, Any], list[bytes]] | None:
    start = jobs.read(wire.HEAD_BYTES)
    if len(start) < wire.HEAD_BYTES:
        return None
    head_bytes, blob_bytes = wire.sizes(start)
    return wire.unpack(jobs.read(head_bytes), jobs.read(blob_bytes))


if __name__ == "__main__":
    main()
