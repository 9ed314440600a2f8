"""Makes what a viewer's own segment is drawn on: a nearly lossless version, and at which quality to encode it again.

Encoding what was encoded before costs 1 to 2 dB at the same rate; from a master it costs a few hundredths. Which
constant rate factor then gives back the segment's own quality is found here, by trying: once for each segment.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from streamsrv.core.grid import VIDEO_TIMESCALE
from streamsrv.core.model import Master, Rung
from streamsrv.media.boxes import Sample, video_segment
from streamsrv.media.check import check_video
from streamsrv.media.encode import Constant, Header, PictureEncoder
from streamsrv.media.pictures import decode_pictures
from streamsrv.media.store import Run

MASTERS_VERSION = 2
"""Raise it with any change to what masters hold."""
RENDER_THREADS = 2
"""What a viewer's own segment is encoded with: halves the wait where a core is free, costs nothing where none is."""

_MASTER = Constant(crf=14, capped=False)
_CRFS = range(16, 40)
_FIRST_GUESS = 20
_DB_A_STEP = 0.5
"""What one step of the constant rate factor costs, about."""
_Luma: TypeAlias = NDArray[np.uint8]
MOST_GROWTH = Fraction(5, 4)
"""By how much a viewer's own segment may be larger than the shared one."""
_LOSS_DB = 0.4
"""How much worse than the segment an encode of its master may be, both held against the master."""


class MasterMaker:
    """The master of one segment, from its pictures in order."""

    def __init__(self, rung: Rung, header: Header, *, frame_rate: int, idrs: frozenset[int]) -> None:
        self._rung, self._header, self._rate, self._idrs = rung, header, frame_rate, idrs
        self._encoder = PictureEncoder(rung, frame_rate=frame_rate, quality=_MASTER)
        self._samples: list[Sample] = []
        self._count = 0

    def add(self, frame: VideoFrame) -> None:
        self._samples += self._encoder.encode(frame, number=self._count, idr=self._count in self._idrs)
        self._count += 1

    def finish(self, segment: bytes, *, decode_time_ticks: int, run: Run) -> Master:
        """Keep the master of the finished `segment`."""
        self._samples += self._encoder.finish()
        sample_ticks = VIDEO_TIMESCALE // self._rate
        data = video_segment(self._samples, decode_time_ticks=decode_time_ticks, sample_ticks=sample_ticks)
        times = [decode_time_ticks + number * sample_ticks for number in range(self._count)]
        check_video(self._header.init, data, times)
        seconds = Fraction(self._count, self._rate)
        # Words cost bytes, most of all over a picture that has hardly any.
        most = max(len(segment) * MOST_GROWTH, self._rung.average_bps * seconds / 8)
        return Master(run.put(data), len(data), self._crf(data, segment), int(most))

    def _crf(self, master: bytes, segment: bytes) -> int:
        init = self._header.init
        masters = [_luma(frame) for frame in decode_pictures(init, master)]
        wanted_db = _psnr_db(masters, map(_luma, decode_pictures(init, segment))) - _LOSS_DB

        def margin_db(crf: int) -> float:
            again = encode_again(
                decode_pictures(init, master), self._rung, crf=crf, frame_rate=self._rate, idrs=self._idrs
            )
            data = video_segment(again.samples, decode_time_ticks=0, sample_ticks=VIDEO_TIMESCALE // self._rate)
            return _psnr_db(masters, map(_luma, decode_pictures(init, data))) - wanted_db

        return worst_that_is_good(margin_db)


def worst_that_is_good(margin_db: Callable[[int], float]) -> int:
    """The highest factor whose margin is not negative, which takes the fewest bytes; the lowest where there is none.

    A try costs an encode, so that the next is guessed from what the last one missed by.
    """
    good, bad = _CRFS.start, _CRFS.stop
    guess = _FIRST_GUESS
    while bad - good > 1:
        margin = margin_db(guess)
        if margin >= 0:
            good = guess
        else:
            bad = guess
        guess = min(bad - 1, max(good + 1, guess + math.floor(margin / _DB_A_STEP)))
    return good


@dataclass(frozen=True, slots=True)
class Encoded:
    """A whole segment's samples, and the `avcC` they are decoded with."""

    samples: tuple[Sample, ...]
    parameters: bytes


def encode_again(
    pictures: Iterable[VideoFrame], rung: Rung, *, crf: int, frame_rate: int, idrs: frozenset[int]
) -> Encoded:
    """A viewer's own segment. Equal pictures give equal bytes, in any process."""
    encoder = PictureEncoder(rung, frame_rate=frame_rate, quality=Constant(crf, capped=True, threads=RENDER_THREADS))
    return Encoded(tuple(_encoded(encoder, pictures, idrs)), encoder.parameters)


def _encoded(encoder: PictureEncoder, pictures: Iterable[VideoFrame], idrs: frozenset[int]) -> Iterator[Sample]:
    for number, picture in enumerate(pictures):
        yield from encoder.encode(picture, number=number, idr=number in idrs)
    yield from encoder.finish()


def _luma(frame: VideoFrame) -> _Luma:
    return frame.to_ndarray()[: frame.height].astype(np.uint8)


def _psnr_db(
    wanted: Sequence[_Luma],
    found: Iterable[_Luma],
) -> float:
    """Over the whole segment, of the brightness."""
    errors = [
        float(np.mean(np.square(one.astype(np.int16) - other, dtype=np.int32)))
        for one, other in zip(wanted, found, strict=True)
    ]
    return float(10 * np.log10(255**2 / max(1e-6, sum(errors) / len(errors))))
