"""Makes the segments that viewers' own slices are put into, and shows that they stay as they are beside them.

Their bands hold noise: no part of the picture around them is predicted from there, so that it does not matter what is
put in. The lines at a band's border hold the picture itself, whose next encode differs by a level or two. What comes
of that over a segment is measured before anything is kept: with two bands as different as can be, everything outside
is held against the segment. Where it shows, the band grows, and at last the whole picture is encoded instead.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from streamsrv.core.grid import VIDEO_TIMESCALE
from streamsrv.core.model import Rung
from streamsrv.media import avc
from streamsrv.media.bands import NOISE_LINES, ROW, Banding, Guards, Lines, Strip, band, rows_of
from streamsrv.media.beside import ENOUGH_DB, MOST_DRIFT, MOST_LOSS_DB, Beside, ShowsError, lost_in_bands_db
from streamsrv.media.boxes import Sample, video_init, video_segment
from streamsrv.media.encode import Constant, Encoded, Header, encode_again, encode_run
from streamsrv.media.motion import beyond, decode_with_reads
from streamsrv.media.pictures import copy_of, decode_pictures, decode_samples, pixels_of
from streamsrv.media.quality import (
    CRFS,
    DB_A_STEP,
    Luma,
    error_db,
    line_errors,
    luma,
    psnr_db,
    worst_block,
    worst_that_is_good,
)
from streamsrv.media.splice import EncodedStrip, encode_strip, splice

CUTS = ((8, 1), (24, 2), (40, 3))
"""Lines of the picture itself inside a band's border, and rows of it outside, tried in this order: with
more rows where bands are seen to be predicted from beyond them."""
MOST_CRF = 32
"""Nothing is smoothed across the edges of slices: with a higher factor one may be seen."""
_DARK, _LIGHT = 16, 235
_NEUTRAL = 128
_SOURCE = Constant(crf=14, capped=False, effort="source")
"""Nearly lossless, as masters are."""
_RESERVE_DB, _STRIP_RESERVE_DB = 0.1, 0.05
"""By how much what is around bands, and they themselves, are better than the whole picture encoded again: some is lost
where they meet."""
_STRIP_CRFS = range(10, CRFS.stop)
"""Lower than that of whole pictures: what stands still in these is better than their factor says, once it is long."""
_MOST_OVER = 1.08
"""Of the whole picture's bytes: with more, strips that are better than anybody sees get worse."""
_COARSER = 1
"""Added to the factor of the segment that bands are put into, where its slow encode is good enough all the same."""
_MOST_COARSER = 4
"""Steps by which what is better than it has to be is made coarser."""
_MOST_FINER = 3
"""Steps that are tried for strips that lose in their place."""
_SPARE_DB = 0.3
"""With more than this to spare, a higher factor is tried."""
_CAUTION = 0.2
"""Taken off a factor that is guessed from what another one missed by."""
_CHANGES = 8
"""Pictures with the same noise: as long as a word takes to come."""
_Fill: TypeAlias = Callable[[int, tuple[int, ...]], Luma]
"""A brightness for so many lines and columns of a picture, by its number."""


class Guarded(NamedTuple):
    """What is kept of a segment that can be drawn on in bands."""

    base: bytes
    """A segment."""
    strips: tuple[tuple[Strip, bytes], ...]
    """Each with its nearly lossless pictures: a file with an init section."""
    clear_lines: int
    crf: int
    drift: float
    drift_db: float


@dataclass(frozen=True, slots=True)
class Subject:
    """One segment, and where on its pictures something may be drawn."""

    rung: Rung
    header: Header
    frame_rate: int
    idrs: frozenset[int]
    decode_time_ticks: int
    lines: tuple[Lines, ...]
    crf: int
    """The factor at which the whole picture, encoded again, is as good as the segment."""
    max_bytes: int
    master: bytes


def guard(subject: Subject) -> Guarded | str:
    """The segment that bands can be put into; or why the whole picture has to be encoded."""
    if subject.crf > MOST_CRF:
        return "it is encoded so coarsely that a band's edge would show"
    reason = "what is drawn takes most of the picture"
    if _cut(subject, CUTS[0][0], Guards(1, 1)) is None:
        return reason
    master = list(decode_pictures(subject.header.init, subject.master))
    again = encode_again(master, subject.rung, crf=subject.crf, frame_rate=subject.frame_rate, idrs=subject.idrs)
    whole = _Whole(_size(again.samples), line_errors(map(luma, master), _decoded(again)))
    for margin, rows in CUTS:
        trial = _trial(subject, margin, Guards(rows, rows), master, whole)
        if trial is None:
            break
        found = trial.result()
        if isinstance(found, Guarded):
            return found
        reason = found
    return reason


def _trial(
    subject: Subject, margin: int, guards: Guards, master: Sequence[VideoFrame], whole: "_Whole"
) -> "_Trial | None":
    """With as many rows beyond the bands as these are predicted from, where there is room for them.

    With fewer, a renderer would have to look at each band in its place, every time.
    """
    banding = _cut(subject, margin, guards)
    if banding is None:
        return None
    trial = _Trial(subject, banding, margin, master, whole)
    needed = trial.needed()
    if all(strip.has(needed, subject.rung.height) for strip in banding.strips):
        return trial
    wider = _cut(subject, margin, Guards(*map(max, guards, needed)))
    return _Trial(subject, wider, margin, master, whole) if wider else trial


def _cut(subject: Subject, margin: int, guards: Guards) -> Banding | None:
    height = subject.rung.height
    asked = tuple(sorted({rows_of(lines, height, margin=margin) for lines in subject.lines}))
    return band(asked, -(-height // ROW), guards=guards)


class _Whole(NamedTuple):
    """The master's pictures encoded whole: the segment with bands has to be as good, and hardly larger."""

    size_bytes: int
    errors: NDArray[np.float64]
    """Of each line."""


class _Trial:
    """One way to cut a segment's pictures."""

    def __init__(
        self, subject: Subject, banding: Banding, margin: int, master: Sequence[VideoFrame], whole: "_Whole"
    ) -> None:
        self._subject, self._banding, self._margin = subject, banding, margin
        self._height = subject.rung.height
        self._master = master
        self._plains: dict[int, Sequence[EncodedStrip]] = {}
        self._outside = np.ones(self._height, bool)
        self._bands = [slice(*strip.band_lines(self._height)) for strip in banding.strips]
        for lines in self._bands:
            self._outside[lines] = False
        self._most_bytes = _MOST_OVER * whole.size_bytes
        self._outside_db = error_db(whole.errors[self._outside])
        self._bands_db = [error_db(whole.errors[lines]) for lines in self._bands]

    def result(self) -> Guarded | str:
        subject = self._subject
        base = self._encoded(subject.crf + _COARSER)
        if base.parameters != subject.header.parameters:
            return "its parameter sets are not the rung's"
        try:
            base = self._better(base) or base
            crf, plain = self._settled(base)
            if _size(plain) > subject.max_bytes:
                return f"it takes {_size(plain)} bytes with nothing drawn, of {subject.max_bytes}"
            seen = self._seen(base, crf)
        except ShowsError as error:
            return str(error)
        drift, drift_db = max(one.levels for one in seen), min(one.db for one in seen)
        strips = tuple((strip, self._strip_file(strip)) for strip in self._banding.strips)
        ticks = VIDEO_TIMESCALE // subject.frame_rate
        segment = video_segment(base.samples, decode_time_ticks=subject.decode_time_ticks, sample_ticks=ticks)
        return Guarded(segment, strips, self._margin, crf, round(drift, 2), round(drift_db, 2))

    def _settled(self, base: Encoded) -> tuple[int, Sequence[Sample]]:
        """The factor of strips, and the segment with nothing drawn; raises `ShowsError` where bands lose in it."""
        crf = self._crf
        for _ in range(_MOST_COARSER):
            if _size(self._put(base, self._plain(crf))) <= self._most_bytes or not self._is_lavish(crf):
                break
            crf += 1
        for finer in range(_MOST_FINER):
            plain = self._put(base, self._plain(crf - finer))
            found = line_errors(map(luma, self._master), map(luma, decode_samples(base.parameters, plain)))
            lost_db = lost_in_bands_db(found, self._bands, self._bands_db)
            if lost_db <= MOST_LOSS_DB:
                return crf - finer, plain
        raise ShowsError(f"the band loses in its place: {lost_db:.2f} dB")

    def _seen(self, base: Encoded, crf: int) -> Sequence[Beside]:
        """What two very different fillings do to what is around them; raises `ShowsError` where it is too much."""
        fills = [self._put(base, self._strips(self._filled(fill), crf)) for fill in (_light, _other_noise)]
        seen = [Beside() for _ in fills]
        found = [decode_samples(base.parameters, samples) for samples in fills]
        for wanted, unfilled, *filled in zip(self._master, _decoded(base), *found, strict=True):
            kept, held = luma(wanted)[self._outside], unfilled[self._outside]
            for one, picture in zip(seen, filled, strict=True):
                one.look(kept, held, luma(picture)[self._outside])
        own_levels = 0.0
        if max(one.levels for one in seen) > MOST_DRIFT:
            for wanted, unfilled in zip(self._master, _decoded(base), strict=True):
                own_levels = worst_block(luma(wanted)[self._outside], unfilled[self._outside], known=own_levels)
        for one in seen:
            one.check(own_levels=own_levels, least_db=self._outside_db)
        return seen

    def _better(self, base: Encoded) -> Encoded | None:
        """A segment to put bands into that is good enough, or smaller than `base` and good enough; None: keep it."""
        margin_db = self._margin_db(base)
        if 0 <= margin_db <= _SPARE_DB:
            return None
        crf = self._subject.crf
        guess = round(crf + _COARSER + margin_db / DB_A_STEP - _CAUTION, 1)
        if guess > crf:
            again = self._encoded(min(guess, crf + _MOST_COARSER))
            if self._margin_db(again) >= 0:
                return again
        return self._encoded(crf) if margin_db < 0 else None

    def _margin_db(self, base: Encoded) -> float:
        errors = line_errors(map(luma, self._master), _decoded(base))
        return error_db(errors[self._outside]) - self._outside_db - _RESERVE_DB

    def _encoded(self, crf: float) -> Encoded:
        """The segment to put bands into."""
        return encode_run(
            self._filled(_noise),
            self._subject.rung,
            frame_rate=self._subject.frame_rate,
            quality=Constant(crf, capped=False, slicing=self._banding.slicing, effort="slow"),
            idrs=self._subject.idrs,
        )

    def needed(self) -> Guards:
        """The rows beyond the bands that these are predicted from."""
        above = below = 0
        for one in self._plain(self._crf):
            inside = one.strip.inside(self._height)
            for _, reads in decode_with_reads(one.encoded.parameters, one.encoded.samples):
                above, below = map(max, (above, below), beyond(reads, inside))
        return Guards(*(-(-(lines + NOISE_LINES) // ROW) for lines in (above, below)))

    @cached_property
    def _crf(self) -> int:
        """The factor at which strips are as good as they have to be."""

        def margin_db(crf: int) -> float:
            found = zip(self._plain(crf), self._bands_db, strict=True)
            return min(self._band_db(one) - least for one, least in found) - _STRIP_RESERVE_DB

        return worst_that_is_good(margin_db, guess=self._subject.crf, factors=_STRIP_CRFS)

    def _is_lavish(self, crf: int) -> bool:
        """Whether strips are so good that nobody would see it if they were a little worse."""
        return min(map(self._band_db, self._plain(crf))) > ENOUGH_DB + DB_A_STEP

    def _band_db(self, one: EncodedStrip) -> float:
        lines = one.strip.band_lines(self._height)
        wanted = (luma(picture)[lines.start : lines.end] for picture in self._master)
        return psnr_db(wanted, self._band_lumas(one))

    def _band_lumas(self, one: EncodedStrip) -> Iterator[Luma]:
        start, end = one.strip.inside(self._height)
        pictures = decode_samples(one.encoded.parameters, one.encoded.samples)
        return (luma(picture)[start:end] for picture in pictures)

    def _strips(self, pictures: Iterable[VideoFrame], crf: int) -> list[EncodedStrip]:
        subject, strips = self._subject, self._banding.strips
        # Whole pictures are many: only the strips of them are held.
        cropped: list[list[VideoFrame]] = [[] for _ in strips]
        for picture in pictures:
            for strip, into in zip(strips, cropped, strict=True):
                into.append(self._walled(picture, strip))
        return [
            encode_strip(own, strip, subject.rung, crf=crf, frame_rate=subject.frame_rate, idrs=subject.idrs)
            for strip, own in zip(strips, cropped, strict=True)
        ]

    def _walled(self, picture: VideoFrame, strip: Strip) -> VideoFrame:
        """A strip of a picture, with noise at its borders: where it will be put, other lines stand beyond
        it, which nothing in the band may be predicted from."""
        lines = strip.lines(self._height)
        own = copy_of(picture, lines)
        brightness, blue, red = map(pixels_of, own.planes)
        above, below = strip.rows.start and NOISE_LINES, NOISE_LINES if lines.end < self._height else 0
        for top, bottom in ((0, above), (lines.size - below, lines.size)):
            if top < bottom:
                brightness[top:bottom] = _noise(0, brightness[top:bottom].shape)
                blue[top // 2 : bottom // 2] = red[top // 2 : bottom // 2] = _NEUTRAL
        return own

    def _strip_file(self, strip: Strip) -> bytes:
        """A strip's pictures to draw on: a segment with its init section before it."""
        subject, lines = self._subject, strip.lines(self._height)
        size = replace(subject.rung, height=lines.size)
        pictures = (self._walled(picture, strip) for picture in self._master)
        encoded = encode_run(pictures, size, frame_rate=subject.frame_rate, quality=_SOURCE, idrs=subject.idrs)
        init = video_init(encoded.parameters, width=size.width, height=size.height)
        ticks = VIDEO_TIMESCALE // subject.frame_rate
        return init + video_segment(encoded.samples, decode_time_ticks=0, sample_ticks=ticks)

    def _plain(self, crf: int) -> Sequence[EncodedStrip]:
        """The strips with nothing drawn."""
        if crf not in self._plains:
            self._plains[crf] = self._strips(self._master, crf)
        return self._plains[crf]

    def _put(self, base: Encoded, strips: Sequence[EncodedStrip]) -> Sequence[Sample]:
        return splice(base.samples, strips, avc.parse_parameters(base.parameters))

    def _filled(self, fill: _Fill) -> Iterator[VideoFrame]:
        """The master's pictures with everything that may be drawn on filled."""
        for number, picture in enumerate(self._master):
            filled = copy_of(picture)
            brightness, blue, red = map(pixels_of, filled.planes)
            for strip in self._banding.strips:
                start, end = strip.clear(self._height, margin=self._margin)
                brightness[start:end] = fill(number, brightness[start:end].shape)
                blue[start // 2 : end // 2] = red[start // 2 : end // 2] = _NEUTRAL
            yield filled


def _size(samples: Iterable[Sample]) -> int:
    return sum(len(sample.data) for sample in samples)


def _decoded(encoded: Encoded) -> Iterator[Luma]:
    return map(luma, decode_samples(encoded.parameters, encoded.samples))


def _noise(number: int, shape: tuple[int, ...]) -> Luma:
    """As unlike any picture as can be, and the same in all of them: nothing is predicted from it."""
    return _dots(0, shape)


def _other_noise(number: int, shape: tuple[int, ...]) -> Luma:
    return _dots(1 + number // _CHANGES, shape)


def _light(number: int, shape: tuple[int, ...]) -> Luma:
    return np.full(shape, _LIGHT, np.uint8)


@lru_cache(maxsize=32)
def _dots(seed: int, shape: tuple[int, ...]) -> Luma:
    dots = np.random.default_rng(seed).integers(0, 2, shape, dtype=np.uint8)
    noise = np.where(dots, np.uint8(_LIGHT), np.uint8(_DARK))
    noise.flags.writeable = False
    return noise
