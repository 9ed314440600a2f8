"""The little of H.264 that it takes to put a slice into another picture (ITU-T H.264 7.3, 9.1). Bytes in, bytes out.

Slices that CABAC codes are whole bytes behind their header, so that a slice moves by its header alone. Understood
are progressive 4:2:0 pictures with CABAC, one slice group and no redundant pictures: all that this product encodes.
Whatever else there is, and whatever is cut off or damaged, raises `Malformed`; nothing is read outside what was given.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from streamsrv.core.errors import StreamsrvError

INTER, IDR = 1, 5
"""`nal_unit_type` of the slices there are."""
_SPS, _PPS = 7, 8
_HIGH_PROFILES = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128})
_MOST_BITS = 32
"""Of an Exp-Golomb code's prefix (9.1): no value here has more."""
_HEADER_BYTES = 1024
"""More than a slice header can take: 32 references with weights, and their reordering."""
_USUAL_BYTES = 32
"""What headers without weights fit into: to read them as digits is what takes time."""
_MOST_REFERENCES = 32
_MOST_MBS = 139_264
"""Of a picture, at the highest level (table A-1)."""
_P, _B, _I = 0, 1, 2
_TO_ESCAPE = re.compile(rb"\0\0(?=[\0-\3]|\Z)")


class Malformed(StreamsrvError):
    """Bytes that are not the H.264 that was expected."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

    def __str__(self) -> str:
        return f"a picture's bytes are not as expected: {self.what}"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What an `avcC` says, as far as slices depend on it."""

    width_mbs: int
    height_mbs: int
    sequence: tuple[int, ...]
    """What two streams must have in common for their slices to stand in one picture, but for the size."""
    picture: bytes
    """The picture parameter set."""
    frame_num_bits: int
    order_bits: int
    """Of `pic_order_cnt_lsb`; 0 where the order is that of the frame numbers."""
    order_of_bottom: bool
    default_references: tuple[int, int]
    weighted: bool
    weighted_both_ways: int
    deblocking_said: bool

    def fits(self, other: "Parameters") -> bool:
        """Whether slices of the one may stand in pictures of the other, if these are as wide."""
        return (self.width_mbs, self.sequence, self.picture) == (other.width_mbs, other.sequence, other.picture)


@dataclass(frozen=True, slots=True)
class _Header:
    """A slice header, and the places in it, in bits, at which it is cut."""

    first_mb: int
    kind: int
    bits: "_Bits"
    first_end: int
    number_at: int
    """From `frame_num` to the picture's order count: what all slices of a picture say alike."""
    number_end: int
    marking_at: int
    """`dec_ref_pic_marking`, alike, too."""
    marking_end: int
    end: int
    """Where the header ends, before it is filled up to whole bytes."""


def parse_parameters(avcc: bytes) -> Parameters:
    """The parameters of an `avcC` (ISO/IEC 14496-15 5.3.3.1) with one SPS and one PPS; raises `Malformed`."""
    if len(avcc) < 7 or avcc[0] != 1 or avcc[4] & 3 != 3 or avcc[5] & 31 != 1:
        raise Malformed("an avcC with one SPS and lengths of four bytes was expected")
    sps, at = _set_at(avcc, 6, _SPS)
    if at >= len(avcc) or avcc[at] != 1:
        raise Malformed("an avcC with one PPS was expected")
    pps, _ = _set_at(avcc, at + 1, _PPS)
    return _parameters(sps, pps)


def avcc_in(init: bytes) -> bytes:
    """The `avcC` of an init section of this product's; raises `Malformed`."""
    at = init.find(b"avcC")
    size = int.from_bytes(init[at - 4 : at]) if at >= 4 else 0
    if size < 8 or at - 4 + size > len(init):
        raise Malformed("an init section without an avcC")
    return init[at + 4 : at - 4 + size]


def split_units(sample: bytes) -> list[bytes]:
    """The NAL units of a sample, each behind its length in four bytes; raises `Malformed`."""
    found = []
    at = 0
    while at < len(sample):
        end = at + 4 + int.from_bytes(sample[at : at + 4])
        if not at + 4 < end <= len(sample):
            raise Malformed("a NAL unit is cut off")
        found.append(sample[at + 4 : end])
        at = end
    return found


def join_units(units: Iterable[bytes]) -> bytes:
    """A sample of NAL units."""
    return b"".join(part for unit in units for part in (len(unit).to_bytes(4), unit))


def is_slice(unit: bytes) -> bool:
    return unit[0] & 31 in (INTER, IDR)


def first_mb(unit: bytes) -> int:
    """The macroblock that a slice starts with; raises `Malformed`."""
    return _Bits(_unescaped(unit[1:12])).ue()


def graft(units: Iterable[bytes], like: bytes, *, down_mbs: int, parameters: Parameters) -> list[bytes]:
    """The slices `units`, `down_mbs` macroblocks further down, as some of the picture that the slice `like` belongs to.

    `parameters` are that picture's. Raises `Malformed`, also for slices that do not go into one picture.
    """
    host = _read_header(like, _unescaped(like[1 : 1 + _HEADER_BYTES]), parameters)
    return [_grafted(unit, like, host, down_mbs, parameters) for unit in units]


def _grafted(unit: bytes, like: bytes, host: _Header, down_mbs: int, parameters: Parameters) -> bytes:
    if unit[0] & 31 != like[0] & 31:
        raise Malformed("an IDR picture has IDR slices only, and another has none")
    body = _unescaped(unit[1:])
    own = _read_header(unit, body, parameters)
    if own.kind != host.kind:
        raise Malformed("slices of two kinds in a picture that has one")
    place = own.first_mb + down_mbs
    if not 0 <= place < parameters.width_mbs * parameters.height_mbs:
        raise Malformed(f"macroblock {place} is outside the picture")
    parts = (
        _ue(place),
        own.bits.cut(own.first_end, own.number_at),
        host.bits.cut(host.number_at, host.number_end),
        own.bits.cut(own.number_end, own.marking_at),
        host.bits.cut(host.marking_at, host.marking_end),
        own.bits.cut(own.marking_end, own.end),
    )
    data = body[-(-own.end // 8) :]
    if not data:
        raise Malformed("a slice without data")
    return like[:1] + _escaped(_packed(parts) + data)


def check_slices(units: Iterable[bytes], parameters: Parameters) -> tuple[int, ...]:
    """Where the slices of one picture start; raises `Malformed` unless it begins at its first and each comes later."""
    starts = tuple(first_mb(unit) for unit in units if is_slice(unit))
    most = parameters.width_mbs * parameters.height_mbs
    if not starts or starts[0] != 0 or any(one >= other for one, other in pairwise((*starts, most))):
        raise Malformed("the slices of a picture do not follow each other")
    return starts


class _Bits:
    """Reads bits, the highest of each byte first."""

    def __init__(self, data: bytes) -> None:
        # As digits: to find the next one bit, and to cut some out, is what strings are fast at.
        self._digits = f"{int.from_bytes(data):0{8 * len(data)}b}" if data else ""
        self.at = 0

    def u(self, count: int) -> int:
        end = self.at + count
        if end > len(self._digits):
            raise Malformed("a header is cut off")
        start, self.at = self.at, end
        return int(self._digits[start:end] or "0", 2)

    def ue(self) -> int:
        one = self._digits.find("1", self.at, self.at + _MOST_BITS + 1)
        if one < 0:
            has_room = len(self._digits) - self.at > _MOST_BITS
            raise Malformed("a number has too many bits" if has_room else "a header is cut off")
        zeros, self.at = one - self.at, one
        return self.u(zeros + 1) - 1

    def se(self) -> int:
        code = self.ue()
        return (code + 1) // 2 if code % 2 else -(code // 2)

    def cut(self, start: int, end: int) -> tuple[int, int]:
        """Bits as a number, and how many they are."""
        return int(self._digits[start:end] or "0", 2), end - start


def _ue(value: int) -> tuple[int, int]:
    return value + 1, 2 * (value + 1).bit_length() - 1


def _packed(parts: Iterable[tuple[int, int]]) -> bytes:
    """The parts one behind the other, and ones up to a whole byte (`cabac_alignment_one_bit`)."""
    value = length = 0
    for bits, count in parts:
        value, length = value << count | bits, length + count
    filling = -length % 8
    return (value << filling | (1 << filling) - 1).to_bytes((length + filling) // 8)


def _unescaped(data: bytes) -> bytes:
    """Without `emulation_prevention_three_byte` (7.4.1)."""
    return data.replace(b"\0\0\3", b"\0\0")


def _escaped(data: bytes) -> bytes:
    return _TO_ESCAPE.sub(b"\0\0\3", data)


def _set_at(avcc: bytes, at: int, kind: int) -> tuple[bytes, int]:
    end = at + 2 + int.from_bytes(avcc[at : at + 2])
    unit = avcc[at + 2 : end]
    if len(avcc) < end or not unit or unit[0] & 31 != kind:
        raise Malformed("a parameter set is cut off or is none")
    return unit, end


def _parameters(sps: bytes, pps: bytes) -> Parameters:
    """Read what matters here of the two parameter sets (7.3.2.1.1, 7.3.2.2)."""
    bits = _Bits(_unescaped(sps[1:]))
    profile = bits.u(8)
    said = [profile, bits.u(8), bits.u(8), bits.ue()]
    if profile in _HIGH_PROFILES:
        # chroma_format_idc, both bit depths, lossless coding, scaling lists.
        _expect((1, 0, 0, 0, 0), (bits.ue(), bits.ue(), bits.ue(), bits.u(1), bits.u(1)), "8-bit 4:2:0 without lists")
    frame_num_bits, order_type = bits.ue() + 4, bits.ue()
    if order_type not in (0, 2):
        raise Malformed("picture order counts of type 1 are not understood")
    order_bits = 0 if order_type else bits.ue() + 4
    said += [frame_num_bits, order_type, order_bits, bits.ue(), bits.u(1)]
    width, height = bits.ue() + 1, bits.ue() + 1
    _expect(1, bits.u(1), "progressive pictures")
    said.append(bits.u(1))
    bits = _Bits(_unescaped(pps[1:]))
    bits.ue(), bits.ue()
    _expect(1, bits.u(1), "CABAC")
    order_of_bottom = bool(bits.u(1))
    _expect(0, bits.ue(), "one slice group")
    references = bits.ue() + 1, bits.ue() + 1
    weighted, both_ways = bool(bits.u(1)), bits.u(2)
    bits.se(), bits.se(), bits.se()
    deblocking = bool(bits.u(1))
    bits.u(1)
    _expect(0, bits.u(1), "no redundant pictures")
    if max(frame_num_bits, order_bits) > 16 or width * height > _MOST_MBS or max(references) > _MOST_REFERENCES:
        raise Malformed("a parameter set says what none may say")
    return Parameters(
        width, height, tuple(said), pps, frame_num_bits, order_bits, order_of_bottom, references, weighted,
        both_ways, deblocking,
    )  # fmt: skip


def _expect(expected: object, found: object, what: str) -> None:
    if expected != found:
        raise Malformed(f"expected {what}")


def _read_header(unit: bytes, body: bytes, parameters: Parameters) -> _Header:
    try:
        return _parse_header(unit, body[:_USUAL_BYTES], parameters)
    except Malformed:
        return _parse_header(unit, body[:_HEADER_BYTES], parameters)


def _parse_header(unit: bytes, body: bytes, parameters: Parameters) -> _Header:
    """Read a slice header (7.3.3)."""
    bits = _Bits(body)
    is_idr, is_reference = unit[0] & 31 == IDR, bool(unit[0] >> 5 & 3)
    first = bits.ue()
    first_end = bits.at
    kind = bits.ue() % 5
    if kind not in (_P, _B, _I):
        raise Malformed("switching slices are not understood")
    bits.ue()
    number_at = bits.at
    bits.u(parameters.frame_num_bits)
    if is_idr:
        bits.ue()
    if parameters.order_bits:
        bits.u(parameters.order_bits)
        if parameters.order_of_bottom:
            bits.se()
    number_end = bits.at
    _skip_references(bits, kind, parameters)
    marking_at = bits.at
    if is_reference:
        _skip_marking(bits, is_idr=is_idr)
    marking_end = bits.at
    if kind != _I:
        bits.ue()
    bits.se()
    if parameters.deblocking_said and bits.ue() != 1:
        bits.se(), bits.se()
    return _Header(first, kind, bits, first_end, number_at, number_end, marking_at, marking_end, bits.at)


def _skip_references(bits: _Bits, kind: int, parameters: Parameters) -> None:
    """From `direct_spatial_mv_pred_flag` to the weights (7.3.3)."""
    if kind == _I:
        return
    lists = 2 if kind == _B else 1
    counts = parameters.default_references
    if kind == _B:
        bits.u(1)
    if bits.u(1):
        counts = bits.ue() + 1, bits.ue() + 1 if kind == _B else 0
    if max(counts[:lists]) > _MOST_REFERENCES:
        raise Malformed("a slice has more references than there may be")
    for _ in range(lists):
        _skip_reordering(bits)
    if parameters.weighted if kind == _P else parameters.weighted_both_ways == 1:
        bits.ue(), bits.ue()
        for _ in range(sum(counts[:lists])):
            _skip_weights(bits)


def _skip_reordering(bits: _Bits) -> None:
    """`ref_pic_list_modification` of one list (7.3.3.1)."""
    if bits.u(1):
        while (operation := bits.ue()) != 3:
            if operation > 3:
                raise Malformed("a reordering that there is not")
            bits.ue()


def _skip_weights(bits: _Bits) -> None:
    """Those of one reference, for brightness and for colour (7.3.3.2)."""
    for numbers in (2, 4):
        if bits.u(1):
            for _ in range(numbers):
                bits.se()


def _skip_marking(bits: _Bits, *, is_idr: bool) -> None:
    """`dec_ref_pic_marking` (7.3.3.3)."""
    if is_idr:
        bits.u(2)
    elif bits.u(1):
        while operation := bits.ue():
            if operation > 6:
                raise Malformed("a marking that there is not")
            for _ in range({3: 2, 5: 0}.get(operation, 1)):
                bits.ue()
