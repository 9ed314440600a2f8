"""Decodes a source once and encodes every rung at the same time, each on a thread of its own.

Libav works outside the interpreter's lock, so the threads fill the machine; the queues between them are short, so
the slowest rung sets the pace and memory stays flat.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Event
from typing import TypeAlias

from av.video.frame import VideoFrame

from streamsrv.core.errors import invalid
from streamsrv.core.model import Rung, Segment
from streamsrv.media.conform import Hold, Normalizer, Upright, constant_rate
from streamsrv.media.encode import Header
from streamsrv.media.plan import Plan
from streamsrv.media.probe import Limits, Picture
from streamsrv.media.rendition import RungMaker
from streamsrv.media.source import read_pictures
from streamsrv.media.store import Run

_QUEUED_PICTURES = 8
_WAIT_S = 0.2

_Item: TypeAlias = Hold | None
_Queue: TypeAlias = "Queue[_Item]"


def encode_pictures(
    source: Path,
    picture: Picture,
    limits: Limits,
    *,
    origin_s: Fraction,
    rungs: Sequence[tuple[Rung, Header]],
    plan: Plan,
    run: Run,
    report: Callable[[int], None],
) -> list[tuple[Segment, ...]]:
    """The segments of every rung; `report` hears how many frames of the scene were handed out.

    Raises `Invalid` where the source cannot be decoded, and whatever stopped an encoder.
    """
    queues: list[_Queue] = [Queue(_QUEUED_PICTURES) for _ in rungs]
    stop = Event()
    with ThreadPoolExecutor(max_workers=len(rungs)) as pool:
        workers = [
            pool.submit(_work, RungMaker(rung, header, plan, run), queue, stop)
            for (rung, header), queue in zip(rungs, queues, strict=True)
        ]
        try:
            for hold in _holds(source, picture, limits, origin_s=origin_s, plan=plan, largest=_largest(rungs)):
                for queue in queues:
                    _put(queue, hold, workers)
                report(hold.shown.stop)
            for queue in queues:
                _put(queue, None, workers)
            return [worker.result() for worker in workers]
        except BaseException:
            stop.set()
            raise


def _holds(
    source: Path, picture: Picture, limits: Limits, *, origin_s: Fraction, plan: Plan, largest: tuple[int, int]
) -> Iterator[Hold]:
    normalizer = Normalizer(picture.sample_aspect, largest=largest)

    def normalized() -> Iterator[tuple[Fraction, Upright]]:
        for _, frame in read_pictures(source, picture, limits):
            for upright in normalizer.pictures(frame):
                yield _time_s(upright.frame) - origin_s, upright
        for upright in normalizer.finish():
            yield _time_s(upright.frame) - origin_s, upright

    empty = True
    for hold in constant_rate(normalized(), frame_rate=plan.grid.frame_rate, frames=plan.frames):
        yield hold
        empty = False
    if empty:
        raise invalid(str(source), "has no picture that can be decoded", "a whole, undamaged video file")


def _time_s(frame: VideoFrame) -> Fraction:
    assert frame.pts is not None
    assert frame.time_base is not None
    return frame.pts * frame.time_base


def _work(maker: RungMaker, queue: _Queue, stop: Event) -> tuple[Segment, ...]:
    while not stop.is_set():
        with suppress(Empty):
            item = queue.get(timeout=_WAIT_S)
            if item is None:
                return maker.segments()
            maker.take(item)
    return ()


def _put(queue: _Queue, item: _Item, workers: Sequence[Future[tuple[Segment, ...]]]) -> None:
    while True:
        with suppress(Full):
            queue.put(item, timeout=_WAIT_S)
            return
        for worker in workers:
            if worker.done():
                worker.result()


def _largest(rungs: Sequence[tuple[Rung, Header]]) -> tuple[int, int]:
    return max(rung.width for rung, _ in rungs), max(rung.height for rung, _ in rungs)
