"""Makes any picture the ladder's picture: upright, square pixels, 8-bit BT.709 limited 4:2:0, constant frame rate.

Owns colour, shape and frame timing. Decodes and encodes nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

import av
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.frame import VideoFrame

_UNKNOWN = 2
"""AVCOL_*_UNSPECIFIED (ISO/IEC 23091-2 value 2)."""
_BT709, _BT601, _RGB = 1, 6, 0
_LIMITED, _FULL = 1, 2
_SDR_TRANSFERS = frozenset({_BT709, _UNKNOWN, 4, 5, 6, 13, 14, 15})
_HD_HEIGHT = 720
_SCALE_FLAGS = "flags=bicubic+accurate_rnd"


class Fit(NamedTuple):
    """Where a picture stands in a rung's frame; the rest is black."""

    width: int
    height: int
    left: int
    top: int


class Upright(NamedTuple):
    """A normalized picture. `shape` is the width of one of its pixels over the height."""

    frame: VideoFrame
    shape: Fraction


class Hold(NamedTuple):
    """One picture, and the frames of the scene in which it is shown."""

    picture: Upright
    shown: range


def fit(width: int, height: int, sample_aspect: Fraction, *, into: tuple[int, int]) -> Fit:
    """The largest even-sized rectangle of the picture's shape inside `into`, centred.

    A bar of less than four pixels in all is not drawn: the picture is stretched over it.
    """
    wide, high = into
    scale = min(wide / (width * sample_aspect), Fraction(high, height))
    w, h = _even(width * sample_aspect * scale), _even(height * scale)
    w = wide if wide - w < 4 else w
    h = high if high - h < 4 else h
    return Fit(w, h, (wide - w) // 4 * 2, (high - h) // 4 * 2)


def constant_rate(pictures: Iterable[tuple[Fraction, Upright]], *, frame_rate: int, frames: int) -> Iterator[Hold]:
    """Exactly `frames` frames of the scene from (time since its start in s, picture) pairs.

    Each frame shows the latest picture that is due, to the nearest frame; the first picture is held back to the
    start and the last one to the end. Pictures that come faster than `frame_rate` give way to the next.
    """
    held: Upright | None = None
    position = 0
    for time_s, picture in pictures:
        due = min(frames, (time_s * frame_rate + Fraction(1, 2)).__floor__())
        if held is not None and due > position:
            yield Hold(held, range(position, due))
            position = due
        held = picture
    if held is not None and position < frames:
        yield Hold(held, range(position, frames))


class Normalizer:
    """Turns decoded pictures upright and into 8-bit BT.709 limited 4:2:0, never larger than `largest`.

    What already is all that passes through untouched. Follows a source that changes its format midway.
    """

    def __init__(self, sample_aspect: Fraction, *, largest: tuple[int, int]) -> None:
        self._sample_aspect = sample_aspect
        self._largest = largest
        self._key: tuple[object, ...] = ()
        self._chain: _Chain | None = None
        self._interlaced = False
        self._shape = sample_aspect

    def pictures(self, frame: VideoFrame) -> list[Upright]:
        """What is ready after `frame`: usually one picture; a deinterlacer keeps one back."""
        _settle_colour(frame)
        # Once a source was seen to be interlaced it stays so: encoders flag single frames as progressive.
        self._interlaced = self._interlaced or frame.interlaced_frame
        key = (
            (frame.width, frame.height, frame.format.name, frame.time_base, frame.rotation),
            (frame.colorspace, frame.color_range, frame.color_trc, frame.color_primaries, self._interlaced),
        )
        ready: list[Upright] = []
        if key != self._key:
            ready = self.finish()
            self._key = key
            self._chain, self._shape = self._build(frame)
        passed = [frame] if self._chain is None else self._chain.run(frame)
        return [*ready, *(Upright(picture, self._shape) for picture in passed)]

    def finish(self) -> list[Upright]:
        """What was kept back."""
        chain, self._chain = self._chain, None
        return [] if chain is None else [Upright(picture, self._shape) for picture in chain.run(None)]

    def _build(self, frame: VideoFrame) -> "tuple[_Chain | None, Fraction]":
        filters: list[tuple[str, str]] = []
        if self._interlaced:
            filters.append(("bwdif", "mode=send_frame"))
        turned = frame.rotation % 360
        filters += _ROTATIONS.get(turned, [])
        width, height, aspect = frame.width, frame.height, self._sample_aspect
        if turned in (90, 270):
            width, height, aspect = height, width, 1 / aspect
        size = ""
        if width > self._largest[0] or height > self._largest[1]:
            place = fit(width, height, aspect, into=self._largest)
            size, aspect = f"w={place.width}:h={place.height}:", Fraction(1)
        right = frame.format.name == "yuv420p" and frame.color_range == _LIMITED and frame.colorspace == _BT709
        right = right and frame.color_trc in _SDR_TRANSFERS and frame.color_primaries in (_BT709, _UNKNOWN)
        if not right or size:
            filters.append(("scale", size + _colour_arguments(frame) + _SCALE_FLAGS))
            filters.append(("format", "pix_fmts=yuv420p"))
        if not filters:
            return None, aspect
        filters.append(("setparams", "colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"))
        return _Chain(frame, filters), aspect


class Scaler:
    """Fits normalized pictures into one rung's frame, on black."""

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._key: tuple[object, ...] = ()
        self._chain: _Chain | None = None

    def picture(self, upright: Upright) -> VideoFrame:
        """The picture in the rung's frame."""
        frame, shape = upright
        key = (frame.width, frame.height, frame.time_base, shape)
        if key != self._key or self._chain is None:
            self._key, self._chain = key, self._build(frame, shape)
        (scaled,) = self._chain.run(frame)
        return scaled

    def _build(self, frame: VideoFrame, shape: Fraction) -> "_Chain":
        place = fit(frame.width, frame.height, shape, into=self._size)
        filters = [("scale", f"w={place.width}:h={place.height}:{_SCALE_FLAGS}")]
        if (place.width, place.height) != self._size:
            filters.append(("pad", f"w={self._size[0]}:h={self._size[1]}:x={place.left}:y={place.top}:color=black"))
        filters += [
            ("setsar", "sar=1"),
            ("setparams", "colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"),
        ]
        return _Chain(frame, filters)


# Degrees counter-clockwise that the display matrix asks for (ISO/IEC 14496-12 6.2.2).
_ROTATIONS = {
    90: [("transpose", "dir=cclock")],
    180: [("hflip", ""), ("vflip", "")],
    270: [("transpose", "dir=clock")],
}


class _Chain:
    """A row of filters between one source and one sink, on the calling thread alone."""

    def __init__(self, frame: VideoFrame, filters: Sequence[tuple[str, str]]) -> None:
        self._graph = Graph()
        self._graph.threads = 1
        assert frame.time_base is not None
        self._source = self._graph.add(
            "buffer",
            f"video_size={frame.width}x{frame.height}:pix_fmt={frame.format.name}:pixel_aspect=1/1:"
            f"time_base={frame.time_base.numerator}/{frame.time_base.denominator}:"
            f"colorspace={int(frame.colorspace)}:range={int(frame.color_range)}",
        )
        last: FilterContext = self._source
        for name, arguments in (*filters, ("buffersink", "")):
            step = self._graph.add(name, arguments or None)
            last.link_to(step)
            last = step
        self._sink = last
        self._graph.configure(auto_buffer=False)

    def run(self, frame: VideoFrame | None) -> list[VideoFrame]:
        self._source.push(frame)
        ready: list[VideoFrame] = []
        while True:
            try:
                picture = self._sink.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return ready
            assert isinstance(picture, VideoFrame)
            ready.append(picture)


def _settle_colour(frame: VideoFrame) -> None:
    """Give an untagged picture the colours that players assume: BT.709 from 720 lines on, BT.601 below."""
    if frame.format.is_rgb:
        frame.colorspace, frame.color_range = _RGB, _FULL
    elif frame.colorspace in (_UNKNOWN, _RGB):
        frame.colorspace = _BT709 if max(frame.height, frame.width * 9 // 16) >= _HD_HEIGHT else _BT601
    if frame.color_range not in (_LIMITED, _FULL):
        frame.color_range = _FULL if frame.format.name.startswith("yuvj") else _LIMITED


def _colour_arguments(frame: VideoFrame) -> str:
    arguments = "out_color_matrix=bt709:out_range=tv:"
    if frame.color_trc not in _SDR_TRANSFERS or frame.color_primaries not in (_BT709, _UNKNOWN):
        # PQ, HLG and wide gamut: libswscale maps tones and gamut; "perceptual" keeps highlights.
        arguments += "out_primaries=bt709:out_transfer=bt709:intent=perceptual:"
    return arguments


def _even(size: Fraction) -> int:
    return max(2, (size / 2 + Fraction(1, 2)).__floor__() * 2)
