"""Puts slices that were encoded alone into the pictures of a segment. Encodes strips; opens no file."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from av.video.frame import VideoFrame

from streamsrv.core.model import Rung
from streamsrv.media import avc
from streamsrv.media.avc import Malformed, Parameters
from streamsrv.media.bands import Strip
from streamsrv.media.boxes import Sample
from streamsrv.media.encode import Constant, Encoded, encode_run


class EncodedStrip(NamedTuple):
    """A strip's pictures, encoded."""

    strip: Strip
    encoded: Encoded


def encode_strip(
    pictures: Iterable[VideoFrame],
    strip: Strip,
    rung: Rung,
    *,
    crf: int,
    frame_rate: int,
    idrs: frozenset[int],
) -> EncodedStrip:
    """`pictures` are the strip's alone. Equal ones give equal bytes, in any process."""
    quality = Constant(crf, capped=False, slicing=strip.slicing, effort="quick")
    size = replace(rung, height=strip.lines(rung.height).size)
    return EncodedStrip(strip, encode_run(pictures, size, frame_rate=frame_rate, quality=quality, idrs=idrs))


def splice(base: Sequence[Sample], strips: Sequence[EncodedStrip], parameters: Parameters) -> tuple[Sample, ...]:
    """The samples of `base`, whose `parameters` these are, with the bands of `strips` in the place of its own.

    Raises `Malformed` where they do not go together: nothing that a decoder would stumble over comes out.
    """
    for _, encoded in strips:
        if len(encoded.samples) != len(base):
            raise Malformed(f"a strip of {len(encoded.samples)} pictures for {len(base)}")
        if not avc.parse_parameters(encoded.parameters).fits(parameters):
            raise Malformed("a strip whose parameter sets are not the picture's")
    return tuple(
        replace(
            sample,
            data=_spliced(sample.data, [(one.strip, one.encoded.samples[number].data) for one in strips], parameters),
        )
        for number, sample in enumerate(base)
    )


def _spliced(picture: bytes, strips: Iterable[tuple[Strip, bytes]], parameters: Parameters) -> bytes:
    units = avc.split_units(picture)
    width = parameters.width_mbs
    for strip, sample in strips:
        like = next((unit for unit in units if avc.is_slice(unit)), None)
        if like is None:
            raise Malformed("a picture without a slice")
        down = strip.rows.start
        inside = range((strip.band.start - down) * width, (strip.band.end - down) * width)
        own = [unit for unit in avc.split_units(sample) if avc.is_slice(unit) and avc.first_mb(unit) in inside]
        slices = avc.graft(own, like, down_mbs=down * width, parameters=parameters)
        units = _replaced(units, slices, range(strip.band.start * width, strip.band.end * width))
    avc.check_slices(units, parameters)
    return avc.join_units(units)


def _replaced(units: Iterable[bytes], slices: Sequence[bytes], place: range) -> list[bytes]:
    """The units with those slices that start in a place replaced, which begins and ends with a slice."""
    found: list[bytes] = []
    starts: list[int] = []
    for unit in units:
        if not avc.is_slice(unit):
            found.append(unit)
            continue
        start = avc.first_mb(unit)
        starts.append(start)
        if start not in place:
            found.append(unit)
        elif start == place.start:
            found += slices
    if place.start not in starts or not slices or avc.first_mb(slices[0]) != place.start:
        raise Malformed(f"no slice starts at macroblock {place.start}")
    return found
