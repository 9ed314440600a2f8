"""What is asked of a renderer process, as values and as a message. Loads no decoder: servers import this."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from streamsrv.core.errors import StreamsrvError
from streamsrv.core.model import Rung
from streamsrv.media.render import wire


class RenderError(StreamsrvError):
    """A segment that cannot be made; `reason` holds nothing of any viewer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"a segment could not be rendered: {self.reason}"


@dataclass(frozen=True, slots=True)
class Ground:
    """What is drawn on: the master of a stored segment, and what its copy has to fit."""

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
    master: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Job:
    """One segment to render."""

    key: str
    """Names the content and the rendition: two jobs of one key give the same bytes."""
    ground: Ground
    plan: bytes
    """Canonical, as `core.overlays` writes it."""
    product: str = ""
    """What is made: the segment, or a picture of it (`core.own.PRODUCTS`)."""

    def packed(self) -> bytes:
        """The message to a process."""
        ground, rung = self.ground, self.ground.rung
        head = {
            "rung": [rung.name, rung.width, rung.height, rung.average_bps, rung.peak_bps, rung.level],
            "rate": ground.frame_rate,
            "gop": ground.gop_frames,
            "first": ground.first_frame,
            "frames": ground.frames,
            "crf": ground.crf,
            "most": ground.max_bytes,
            "product": self.product,
        }
        return wire.pack(head, [ground.init, ground.master, self.plan])


def read_job(head: dict[str, Any], blobs: Sequence[bytes]) -> tuple[Ground, bytes]:
    """The ground and the plan of a message that `Job.packed` wrote."""
    init, master, plan = blobs
    ground = Ground(
        rung=Rung(*head["rung"]),
        frame_rate=head["rate"],
        gop_frames=head["gop"],
        first_frame=head["first"],
        frames=head["frames"],
        crf=head["crf"],
        max_bytes=head["most"],
        init=init,
        master=master,
    )
    return ground, plan
