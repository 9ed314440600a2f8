"""What looks at every own segment that is served: the viewer's own, whole and right, or the shared one to the bit."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

from tests.e2e.barcode import read

BAND = (0.44, 0.56)
"""The rows that words are drawn in, of the picture's height: between the squares of the board."""
SEEN = 60
"""By how much some pixel differs where words are drawn."""


class Place(NamedTuple):
    """One listed own segment of one viewer."""

    viewer: int
    path: str
    """What its URL has after the playback token."""


class Pictures(NamedTuple):
    """What a decoder makes of a segment."""

    numbers: tuple[tuple[int, int], ...]
    """The scene and frame that each picture shows, as its barcode says."""
    times: tuple[int, ...]
    middle: NDArray[np.uint8]
    """The band of the middle picture."""


@dataclass
class Eyes:
    """Holds each answer against what it must be, and remembers what each viewer's own segment was."""

    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    own: dict[Place, bytes] = field(default_factory=dict)
    """The digest of each place's own segment, once there was one."""
    _shared: dict[bytes, Pictures] = field(default_factory=dict)

    def look(self, place: Place, headers: Mapping[str, str], body: bytes, *, shared: bytes, init: bytes) -> bool:
        """Whether it is the viewer's own. What is wrong with it is written down. Takes a decoder's time."""
        caching = headers.get("Cache-Control", "")
        if "no-store" in caching:
            self._must(body == shared, place, "what stands in is not the shared segment")
            self.answers["shared"] += 1
            return False
        if not self._must("immutable" in caching, place, f"Cache-Control is {caching!r}"):
            return False
        self.answers["own"] += 1
        digest = hashlib.sha256(body).digest()
        if place not in self.own:
            self.own[place] = digest
            self._look_closely(place, body, shared=shared, init=init)
        self._must(self.own[place] == digest, place, "the viewer's own segment has other bytes than before")
        return True

    def twins(self) -> list[str]:
        """Own segments that two viewers were both served: nobody here shares a name."""
        viewers: dict[bytes, set[int]] = {}
        for place, digest in self.own.items():
            viewers.setdefault(digest, set()).add(place.viewer)
        return [f"viewers {sorted(both)} were served the same" for both in viewers.values() if len(both) > 1]

    def _look_closely(self, place: Place, body: bytes, *, shared: bytes, init: bytes) -> None:
        key = hashlib.sha256(shared).digest()
        expected = self._shared.get(key)
        if expected is None:
            expected = self._shared[key] = decoded(init, shared)
        try:
            seen = decoded(init, body)
        except av.error.FFmpegError as error:
            self._must(False, place, f"cannot be decoded: {error}")
            return
        self._must(seen.numbers == expected.numbers, place, "it does not show the right pictures")
        self._must(seen.times == expected.times, place, "its pictures do not stand at the right times")
        differs = np.abs(seen.middle.astype(int) - expected.middle.astype(int)).max() if seen.numbers else 0
        self._must(differs > SEEN, place, "no words are on it")

    def _must(self, holds: bool, place: Place, why: str) -> bool:
        if not holds:
            self.wrong.append(f"viewer {place.viewer}, {place.path}: {why}")
        return holds


def decoded(init: bytes, segment: bytes) -> Pictures:
    """All of a segment's pictures; raises `av.error.FFmpegError` for anything that is amiss."""
    numbers, times, bands = [], [], []
    options = {"err_detect": "explode"}
    with av.open(BytesIO(init + segment), "r", format="mp4", options=options) as container:
        stream = container.streams.video[0]
        stream.codec_context.options = options
        for frame in container.decode(stream):
            picture: NDArray[np.uint8] = np.asarray(frame.to_ndarray(format="gray"), np.uint8)
            rows = slice(round(picture.shape[0] * BAND[0]), round(picture.shape[0] * BAND[1]))
            numbers.append(read(picture))
            times.append(frame.pts or 0)
            bands.append(picture[rows])
    return Pictures(tuple(numbers), tuple(times), bands[len(bands) // 2])
