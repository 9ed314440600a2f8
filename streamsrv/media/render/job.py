"""What is asked of a renderer process, as values and as a message. Loads no decoder: servers import this."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from streamsrv.core.errors import StreamsrvError
from streamsrv.core.grid import Grid
from streamsrv.core.model import Band, Master, Rung, Segment, Track
from streamsrv.media.bands import Rows, Slicing, Strip
from streamsrv.media.render import wire


class RenderError(StreamsrvError):
    """A segment that cannot be made; `reason` holds nothing of any viewer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"a segment could not be rendered: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Segment:
    """The segment to make, and what it has to fit."""

    rung: Rung
    frame_rate: int
    gop_frames: int
    first_frame: int
    """Counted from the scene's start."""
    frames: int
    crf: int
    max_bytes: int
    """The segment's size is at most this: what players were told to count on."""
    init: bytes = field(repr=False)
    """The rendition's init section."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground(_Segment):
    """What is drawn on where the whole picture is encoded: the master of a stored segment."""

    master: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BandedGround(_Segment):
    """What is drawn on where only some rows are: strips of the master, and the segment that their slices go into."""

    base: bytes = field(repr=False)
    clear_lines: int
    strips: tuple[tuple[Strip, bytes], ...] = field(repr=False)
    """Each with the file of its pictures."""


@dataclass(frozen=True, slots=True)
class Job:
    """One segment to render."""

    key: str
    """Names the content and the rendition: two jobs of one key give the same bytes."""
    ground: Ground | BandedGround
    plan: bytes
    """Canonical, as `core.overlays` writes it."""
    product: str = ""
    """What is made: the segment, or a picture of it (`core.own.PRODUCTS`), for which the ground is whole."""

    def packed(self) -> bytes:
        """The message to a process."""
        ground, rung = self.ground, self.ground.rung
        head: dict[str, Any] = {
            "rung": [rung.name, rung.width, rung.height, rung.average_bps, rung.peak_bps, rung.level],
            "rate": ground.frame_rate,
            "gop": ground.gop_frames,
            "first": ground.first_frame,
            "frames": ground.frames,
            "crf": ground.crf,
            "most": ground.max_bytes,
            "product": self.product,
        }
        if isinstance(ground, Ground):
            return wire.pack(head, [ground.init, self.plan, ground.master])
        head["clear"] = ground.clear_lines
        head["strips"] = [[*strip.band, *strip.rows, *strip.slicing] for strip, _ in ground.strips]
        return wire.pack(head, [ground.init, self.plan, ground.base, *(data for _, data in ground.strips)])


def read_job(head: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[Ground | BandedGround, bytes]:
    """The ground and the plan of a message that `Job.packed` wrote."""
    init, plan, media, *strips = blobs
    said = {
        "rung": Rung(*head["rung"]),
        "frame_rate": head["rate"],
        "gop_frames": head["gop"],
        "first_frame": head["first"],
        "frames": head["frames"],
        "crf": head["crf"],
        "max_bytes": head["most"],
        "init": init,
    }
    if "strips" not in head:
        return Ground(**said, master=media), plan
    cut = [_strip(*numbers) for numbers in head["strips"]]
    strips_of = tuple(zip(cut, strips, strict=True))
    return BandedGround(**said, base=media, clear_lines=head["clear"], strips=strips_of), plan


def media_of(segment: Segment, *, banded: bool) -> tuple[str, ...]:
    """The objects that rendering a segment takes, beside the rendition's init section."""
    master = master_of(segment)
    splice = master.splice
    if not banded or splice is None:
        return (master.name,)
    return (splice.name, *(band.name for band in splice.bands))


def ground_of(
    track: Track, segment: Segment, rung: Rung, *, grid: Grid, gop_ms: int, banded: bool, read: Callable[[str], bytes]
) -> Ground | BandedGround:
    """What a segment is drawn on, in bands where it has some and `banded` is wanted; `read` gives a stored object.

    Raises `RenderError` for a segment that is not one to draw on.
    """
    master = master_of(segment)
    splice = master.splice if banded else None
    said: dict[str, Any] = {
        "rung": rung,
        "frame_rate": grid.frame_rate,
        "gop_frames": max(1, gop_ms * grid.frame_rate // 1000),
        "first_frame": segment.start_units * grid.frames,
        "frames": segment.units * grid.frames,
        "crf": splice.crf if splice else master.crf,
        "max_bytes": master.max_bytes,
        "init": read(track.init_name),
    }
    if splice is None:
        return Ground(**said, master=read(master.name))
    strips = tuple((strip_of(band), read(band.name)) for band in splice.bands)
    return BandedGround(**said, base=read(splice.name), clear_lines=splice.clear_lines, strips=strips)


def master_of(segment: Segment) -> Master:
    """Raises `RenderError` for a segment that is not one to draw on."""
    if segment.master is None:
        raise RenderError("the segment is not one to draw on")
    return segment.master


def strip_of(band: Band) -> Strip:
    """How a stored band is encoded."""
    return _strip(band.start, band.end, band.strip_start, band.strip_end, band.threads, band.slice_rows)


def _strip(start: int, end: int, strip_start: int, strip_end: int, threads: int, slice_rows: int) -> Strip:
    return Strip(Rows(start, end), Rows(strip_start, strip_end), Slicing(threads, slice_rows))
