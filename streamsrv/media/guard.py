"""Makes the segments that viewers' own slices are put into, and shows that they stay as they are beside them.

Their bands hold noise: no part of the picture around them is predicted from there, so that it does not matter what is
put in. The lines at a band's border hold the picture itself, whose next encode differs by a level or two. What comes
of that over a segment is measured before anything is kept: with two bands as different as can be, everything outside
is held against the segment. Where it shows, the band grows, and at last the whole picture is encoded instead.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from streamsrv.core.grid import VIDEO_TIMESCALE
from streamsrv.core.model import Rung
from streamsrv.media import avc
from streamsrv.media.bands import NOISE_LINES, ROW, Banding, Lines, Strip, band, rows_of
from streamsrv.media.beside import ENOUGH_DB, MOST_DRIFT, Beside, ShowsError, check_bands
from streamsrv.media.boxes import Sample, video_init, video_segment
from streamsrv.media.encode import Constant, Encoded, Header, encode_again, encode_run
from streamsrv.media.motion import decode_with_reads, stays_in
from streamsrv.media.pictures import crop, decode_pictures, decode_samples, picture_of, planes_of
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

CUTS = ((8, 1), (8, 2), (24, 2), (40, 3))
"""Lines of the picture itself inside a band's border, and rows of it outside, tried in this order."""
MOST_CRF = 32
"""Nothing is smoothed across the edges of slices: with a higher factor one may be seen."""
_DARK, _LIGHT = 16, 235
_NEUTRAL = 128
_SOURCE = Constant(crf=14, capped=False, effort="source")
"""Nearly lossless, as masters are."""
_RESERVE_DB = 0.1
"""By how much bands and what is around them are better than the whole picture encoded again: some is lost where they
meet."""
_STRIP_CRFS = range(10, CRFS.stop)
"""Lower than that of whole pictures: what stands still in these is better than their factor says, once it is long."""
_MOST_OVER = 1.08
"""Of the whole picture's bytes: with more, strips that are better than anybody sees get worse."""
_COARSER = 1
"""Added to the factor of the segment that bands are put into, where its slow encode is good enough all the same."""
_MOST_COARSER = 4
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
    is_apart: bool
    """Whether bands are predicted from nothing that is thrown away and different in their place."""


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
    height = subject.rung.height
    cuts = []
    for margin, guards in CUTS:
        asked = tuple(sorted({rows_of(lines, height, margin=margin) for lines in subject.lines}))
        banding = band(asked, -(-height // ROW), guards=guards)
        if banding is None:
            break
        cuts.append((banding, margin))
    if not cuts:
        return reason
    master = list(decode_pictures(subject.header.init, subject.master))
    again = encode_again(master, subject.rung, crf=subject.crf, frame_rate=subject.frame_rate, idrs=subject.idrs)
    whole = _Whole(_size(again.samples), line_errors(map(luma, master), _decoded(again)))
    # What a renderer would have to look at in its place, each time, comes second to what needs more rows.
    second: Guarded | None = None
    for banding, margin in cuts:
        found = _Trial(subject, banding, margin, master, whole).result()
        if isinstance(found, str):
            reason = found
        elif found.is_apart:
            return found
        elif second is not None:
            break
        else:
            second = found
    return second or reason


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
            crf = self._strip_crf([least + _RESERVE_DB for least in self._bands_db])
            plain = self._put(base, self._plain(crf))
            while _size(plain) > self._most_bytes and self._is_lavish(crf):
                crf += 1
                plain = self._put(base, self._plain(crf))
            if _size(plain) > subject.max_bytes:
                return f"it takes {_size(plain)} bytes with nothing drawn, of {subject.max_bytes}"
            seen = self._seen(base, plain, crf)
        except ShowsError as error:
            return str(error)
        drift, drift_db = max(one.levels for one in seen), min(one.db for one in seen)
        strips = tuple((strip, self._strip_file(strip)) for strip in self._banding.strips)
        apart = all(self._is_apart(one) for one in self._plain(crf))
        ticks = VIDEO_TIMESCALE // subject.frame_rate
        segment = video_segment(base.samples, decode_time_ticks=subject.decode_time_ticks, sample_ticks=ticks)
        return Guarded(segment, strips, self._margin, crf, round(drift, 2), round(drift_db, 2), apart)

    def _seen(self, base: Encoded, plain: Sequence[Sample], crf: int) -> Sequence[Beside]:
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
        errors = line_errors(map(luma, self._master), map(luma, decode_samples(base.parameters, plain)))
        check_bands(errors, self._bands, self._bands_db)
        return seen

    def _is_apart(self, one: EncodedStrip) -> bool:
        inside, readable = one.strip.inside(self._height), one.strip.readable(self._height)
        decoded = decode_with_reads(one.encoded.parameters, one.encoded.samples)
        return all(stays_in(reads, inside, readable) for _, reads in decoded)

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

    def _strip_crf(self, least_db: Sequence[float]) -> int:
        """The factor at which strips are as good as they have to be."""

        def margin_db(crf: int) -> float:
            encoded = self._plain(crf)
            return min(self._band_db(one) - least for one, least in zip(encoded, least_db, strict=True))

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
        brightness, blue, red = planes_of(crop(picture, lines))
        above, below = strip.rows.start and NOISE_LINES, NOISE_LINES if lines.end < self._height else 0
        for top, bottom in ((0, above), (lines.size - below, lines.size)):
            if top < bottom:
                brightness[top:bottom] = _noise(0, brightness[top:bottom].shape)
                blue[top // 2 : bottom // 2] = red[top // 2 : bottom // 2] = _NEUTRAL
        return picture_of(brightness, blue, red)

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
            brightness, blue, red = planes_of(picture)
            for strip in self._banding.strips:
                start, end = strip.clear(self._height, margin=self._margin)
                brightness[start:end] = fill(number, brightness[start:end].shape)
                blue[start // 2 : end // 2] = red[start // 2 : end // 2] = _NEUTRAL
            yield picture_of(brightness, blue, red)


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
