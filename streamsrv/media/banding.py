"""Gives the segments of a packaged scene their bands: where only some rows of a picture have to be encoded anew.

From masters alone: an author who moves a box waits for this, and not for the whole scene to be encoded again.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from streamsrv.core.grid import VIDEO_TIMESCALE, grid_for
from streamsrv.core.model import Band, Ladder, Master, OverlaySlot, Rung, Scene, Segment, Splice, Track
from streamsrv.core.overlays import SLIDE
from streamsrv.media.bands import Lines
from streamsrv.media.check import check_video
from streamsrv.media.encode import Header
from streamsrv.media.guard import Guarded, Subject, guard
from streamsrv.media.plan import gop_starts
from streamsrv.media.room import Room
from streamsrv.media.store import Run

AROUND = 0.01
"""Of the picture's height: how far shadows and accents stick out of a box."""
AT_ONCE = 2
"""Segments under way: their encoders have threads of their own."""
PICTURES_BYTES = 600 * 1024 * 1024
"""For the pictures of segments under way, which are in memory: two of three seconds at 1080p, or a longer one."""


def lines_of(overlays: Mapping[str, OverlaySlot], segment: Segment, height: int) -> tuple[tuple[int, int], ...]:
    """The lines of pictures of `height` on which something may be drawn during a segment, in order."""
    shown = (one for one in overlays.values() if one.start_units <= segment.start_units < one.end_units)
    return tuple(sorted({_lines(slot, height) for slot in shown}))


def is_banded(scene: Scene) -> bool:
    """Whether every segment that is drawn on has the bands of the slots as they are now, or a reason for none."""
    return not list(_stale(scene))


def with_bands(
    scene: Scene, ladder: Ladder, headers: Sequence[Header], run: Run, progress: Callable[[float], None]
) -> Scene:
    """The scene with the bands of its slots, their objects in the run; `progress` hears the share done."""
    todo = list(_stale(scene))
    rungs = {rung.name: (rung, header) for rung, header in zip(ladder.rungs, headers, strict=True)}
    made: dict[tuple[str, int], Segment] = {}
    room = Room(PICTURES_BYTES)
    unit_frames = grid_for(ladder.frame_rate).frames

    def banded(track: Track, index: int) -> Segment:
        size_bytes = track.segments[index].units * unit_frames * track.width * track.height * 3 // 2
        with room.taken(size_bytes):
            return _banded(scene, track, index, *rungs[track.name], ladder, run)

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        try:
            pending = [(track.name, index, pool.submit(banded, track, index)) for track, index in todo]
            for done, (name, index, future) in enumerate(pending, 1):
                made[name, index] = future.result()
                progress(done / len(pending))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    tracks = tuple(
        replace(
            track,
            segments=tuple(made.get((track.name, at), segment) for at, segment in enumerate(track.segments)),
        )
        for track in scene.video
    )
    return replace(scene, video=tracks)


def _stale(scene: Scene) -> list[tuple[Track, int]]:
    """The segments whose bands are to be made, the largest pictures first."""
    found = [
        (track, index)
        for track in scene.video
        for index, segment in enumerate(track.segments)
        if segment.master is not None and segment.master.lines != lines_of(scene.overlays, segment, track.height)
    ]
    return sorted(found, key=lambda one: -one[0].height)


def _banded(scene: Scene, track: Track, index: int, rung: Rung, header: Header, ladder: Ladder, run: Run) -> Segment:
    """A segment with its bands, or what an interrupted run made of it."""
    segment = track.segments[index]
    lines = lines_of(scene.overlays, segment, track.height)
    step = f"bands-{track.name}-{index:05d}"
    done = run.step(step)
    if done is not None and done[0].master is not None and done[0].master.lines == lines:
        return done[0]
    assert segment.master is not None
    grid = grid_for(ladder.frame_rate)
    frames, ticks = segment.units * grid.frames, VIDEO_TIMESCALE // ladder.frame_rate
    start_ticks = segment.start_units * grid.video_ticks
    subject = Subject(
        rung=rung,
        header=header,
        frame_rate=ladder.frame_rate,
        idrs=gop_starts(frames, gop_frames=max(1, ladder.gop_ms * ladder.frame_rate // 1000)),
        decode_time_ticks=start_ticks,
        lines=tuple(Lines(*one) for one in lines),
        crf=segment.master.crf,
        max_bytes=segment.master.max_bytes,
        master=run.read(segment.master.name),
    )
    found = guard(subject)
    if isinstance(found, Guarded):
        check_video(header.init, found.base, [start_ticks + number * ticks for number in range(frames)])
    made = replace(segment, master=_master(segment.master, lines, found, run))
    run.finish_step(step, [made])
    return made


def _master(master: Master, lines: tuple[tuple[int, int], ...], found: Guarded | str, run: Run) -> Master:
    if isinstance(found, str):
        return replace(master, lines=lines, splice=None, whole=found)
    bands = tuple(
        Band(
            run.put(data), len(data), *strip.band, *strip.rows, threads=strip.slicing.threads,
            slice_rows=strip.slicing.rows,
        )
        for strip, data in found.strips
    )  # fmt: skip
    splice = Splice(
        run.put(found.base), len(found.base), bands, found.clear_lines, found.crf, found.drift, found.drift_db
    )
    return replace(master, lines=lines, splice=splice, whole="")


def _lines(slot: OverlaySlot, height: int) -> tuple[int, int]:
    """Its box, what slides in from below it, and what sticks out; whole pairs of lines."""
    _, top, _, tall = slot.box
    slide = SLIDE * tall if slot.look.motion == "slide" else 0.0
    start, end = top - AROUND, top + tall + slide + AROUND
    return max(0, math.floor(start * height)) & ~1, min(height, math.ceil(end * height) + 1 & ~1)
