"""Makes what a viewer's own segment is drawn on: a nearly lossless version, and at which quality to encode it again.

Encoding what was encoded before costs 1 to 2 dB at the same rate; from a master it costs a few hundredths. Which
constant rate factor then gives back the segment's own quality is found here, by trying: once for each segment.
"""

from fractions import Fraction

from av.video.frame import VideoFrame

from streamsrv.core.grid import VIDEO_TIMESCALE
from streamsrv.core.model import Master, Rung
from streamsrv.media.boxes import Sample, video_segment
from streamsrv.media.check import check_video
from streamsrv.media.encode import Constant, Header, PictureEncoder, encode_again
from streamsrv.media.pictures import decode_pictures, decode_samples
from streamsrv.media.quality import LOSS_DB, luma, psnr_db, worst_that_is_good
from streamsrv.media.store import Run

MASTERS_VERSION = 3
"""Raise it with any change to what masters hold, or to what bands are put into."""
MOST_GROWTH = Fraction(5, 4)
"""By how much a viewer's own segment may be larger than the shared one."""

_MASTER = Constant(crf=14, capped=False)


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
        masters = [luma(frame) for frame in decode_pictures(init, master)]
        wanted_db = psnr_db(masters, map(luma, decode_pictures(init, segment))) - LOSS_DB

        def margin_db(crf: int) -> float:
            again = encode_again(
                decode_pictures(init, master), self._rung, crf=crf, frame_rate=self._rate, idrs=self._idrs
            )
            found = decode_samples(again.parameters, again.samples)
            return psnr_db(masters, map(luma, found)) - wanted_db

        return worst_that_is_good(margin_db)
