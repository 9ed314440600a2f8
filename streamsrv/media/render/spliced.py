"""One viewer's own segment where only some rows are drawn on: these alone are encoded, and put into the rest.

Bytes in, bytes out, as `segment` does for whole pictures; the rest of the picture keeps the encode that was made for
it when its scene was packaged. What nothing was drawn on is not decoded, and not looked at again.
"""

from collections.abc import Sequence

import av
from av.video.frame import VideoFrame

from streamsrv.core.grid import VIDEO_TIMESCALE
from streamsrv.media.avc import Malformed, avcc_in, parse_parameters
from streamsrv.media.bands import Lines, Strip
from streamsrv.media.boxes import Sample, video_segment
from streamsrv.media.check import Damaged
from streamsrv.media.draw.layer import Layer
from streamsrv.media.motion import decode_with_reads, stays_in
from streamsrv.media.pictures import decode_file, decode_pictures, decode_samples, pixels_of
from streamsrv.media.plan import gop_starts
from streamsrv.media.quality import UTMOST_DRIFT, error_db, luma, squared_error, worst_block
from streamsrv.media.render.compose import lay_over
from streamsrv.media.render.job import BandedGround, RenderError
from streamsrv.media.render.segment import COARSER, Layers
from streamsrv.media.samples import read_samples
from streamsrv.media.splice import EncodedStrip, encode_strip, splice

LEAST_DB = 24.0
"""What any picture of a band has at the least, held against what was drawn: less is damage, not compression."""


LEAST_IN_PLACE_DB = 40.0
"""What any picture of a band has in its place, held against the band alone."""


class OutsideError(RenderError):
    """Something is drawn where there is no band: the whole picture has to be encoded."""

    def __init__(self) -> None:
        super().__init__("something is drawn outside the bands")


def splice_segment(ground: BandedGround, layers: Layers) -> bytes:
    """The segment with `layers` over it, as the store keeps them: `tfdt` counts from the scene's start.

    Raises `OutsideError` where a layer leaves the bands, else `RenderError`; whatever `layers` raises passes through.
    """
    try:
        avcc = avcc_in(ground.init)
        parameters = parse_parameters(avcc)
        base = read_samples(ground.base)
        drawn = _drawn(ground, layers)
        ticks = VIDEO_TIMESCALE // ground.frame_rate
        for coarser in COARSER:
            strips = [_encoded(ground, strip, pictures, coarser) for strip, pictures in drawn]
            samples = splice(base, strips, parameters)
            data = video_segment(samples, decode_time_ticks=ground.first_frame * ticks, sample_ticks=ticks)
            if len(data) <= ground.max_bytes:
                _check_first(avcc, data, base)
                _check_bands(ground, data, strips, [pictures for _, pictures in drawn])
                return data
    except (av.error.FFmpegError, Damaged, Malformed) as error:
        raise RenderError(str(error)) from error
    raise RenderError(f"it has {len(data)} bytes, expected at most {ground.max_bytes}")


def _drawn(ground: BandedGround, layers: Layers) -> list[tuple[Strip, list[VideoFrame]]]:
    """Every strip's pictures with what is drawn on them."""
    clear = [strip.clear(ground.rung.height, margin=ground.clear_lines) for strip, _ in ground.strips]
    over = [_sorted(layers(ground.first_frame + number), clear) for number in range(ground.frames)]
    drawn = []
    for at, (strip, data) in enumerate(ground.strips):
        top = strip.lines(ground.rung.height).start
        pictures = [
            lay_over(picture, laid[at], top=top) for picture, laid in zip(decode_file(data), over, strict=False)
        ]
        if len(pictures) != ground.frames:
            raise Damaged(f"a strip has {len(pictures)} pictures, expected {ground.frames}")
        drawn.append((strip, pictures))
    return drawn


def _sorted(layers: Sequence[Layer], clear: Sequence[Lines]) -> list[list[Layer]]:
    """The layers of each band."""
    found: list[list[Layer]] = [[] for _ in clear]
    for layer in layers:
        bottom = layer.top + layer.pixels.shape[0]
        for lines, band in zip(clear, found, strict=True):
            if lines.start <= layer.top and bottom <= lines.end:
                band.append(layer)
                break
        else:
            raise OutsideError
    return found


def _encoded(ground: BandedGround, strip: Strip, pictures: Sequence[VideoFrame], coarser: int) -> EncodedStrip:
    idrs = gop_starts(ground.frames, gop_frames=ground.gop_frames)
    crf = ground.crf + coarser
    return encode_strip(pictures, strip, ground.rung, crf=crf, frame_rate=ground.frame_rate, idrs=idrs)


def _check_first(avcc: bytes, data: bytes, base: Sequence[Sample]) -> None:
    """Raises `Damaged` unless the segment has the samples of `base`, and the first is a whole IDR picture."""
    samples = read_samples(data)
    if [(one.sync, one.offset_ticks) for one in samples] != [(one.sync, one.offset_ticks) for one in base]:
        raise Damaged("it has other samples than the segment it stands for")
    first = next(decode_samples(avcc, samples[:1], only_read=True), None)
    if first is None or not first.key_frame or first.is_corrupt:
        raise Damaged("it does not start with an IDR")


def _check_bands(
    ground: BandedGround, data: bytes, strips: Sequence[EncodedStrip], drawn: Sequence[Sequence[VideoFrame]]
) -> None:
    """Raises `Damaged` unless every band decodes to what was drawn, alone and in its place."""
    apart = [_shows(one, pictures, ground) for one, pictures in zip(strips, drawn, strict=True)]
    if all(apart):
        return
    alone = [decode_samples(one.encoded.parameters, one.encoded.samples) for one in strips]
    for whole, *own in zip(decode_pictures(ground.init, data), *alone, strict=True):
        for one, picture in zip(strips, own, strict=True):
            wanted = luma(picture)[slice(*one.strip.inside(ground.rung.height))]
            found = luma(whole)[slice(*one.strip.band_lines(ground.rung.height))]
            off_db = error_db([squared_error(wanted, found)])
            if off_db < LEAST_IN_PLACE_DB or worst_block(wanted, found) > UTMOST_DRIFT:
                raise Damaged("a band is not in its place what it was alone")


def _shows(one: EncodedStrip, pictures: Sequence[VideoFrame], ground: BandedGround) -> bool:
    """Whether a band is predicted from nothing that is thrown away and different in its place; raises `Damaged`
    unless it decodes to what was drawn."""
    try:
        return _shows_so(one, pictures, ground, only_read=True)
    except Damaged:
        # Unsmoothed pictures differ, more from one to the next: what is damaged is so either way.
        return _shows_so(one, pictures, ground, only_read=False)


def _shows_so(one: EncodedStrip, pictures: Sequence[VideoFrame], ground: BandedGround, *, only_read: bool) -> bool:
    inside, readable = one.strip.inside(ground.rung.height), one.strip.readable(ground.rung.height)
    lines = slice(*inside)
    count, apart = 0, True
    decoded = decode_with_reads(one.encoded.parameters, one.encoded.samples, only_read=only_read)
    for wanted, (found, reads) in zip(pictures, decoded, strict=False):
        off = squared_error(pixels_of(wanted.planes[0])[lines], pixels_of(found.planes[0])[lines])
        if error_db([off]) < LEAST_DB:
            raise Damaged(f"the band of picture {count} does not show what was drawn")
        apart = apart and stays_in(reads, inside, readable)
        count += 1
    if count != ground.frames:
        raise Damaged(f"a band shows {count} pictures, expected {ground.frames}")
    return apart
