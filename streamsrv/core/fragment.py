"""Moving a stored media segment on a viewer's clock: 4 bytes of `mfhd` and 8 bytes of `tfdt`, nothing else.

A stored segment is an optional `styp`, one `moof` with one `traf`, and one `mdat` (ISO/IEC 14496-12 8.8).
"""

import struct
from dataclasses import dataclass

_BOX = struct.Struct(">I4s")
_SEQUENCE = struct.Struct(">I")
_DECODE_TIME = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Fragment:
    """A stored segment, taken apart once so that each request only fills in two numbers."""

    head: bytes
    """Everything before the `mdat` box."""
    body: memoryview
    """The `mdat` box, shared by all requests."""
    sequence_at: int
    decode_time_at: int
    start_ticks: int
    """The stored `tfdt`: where the segment starts in its scene."""

    @property
    def size_bytes(self) -> int:
        return len(self.head) + len(self.body)


def parse_fragment(data: bytes) -> Fragment:
    """Find the two numbers; raises `ValueError` on anything but one whole fragment with a version 1 `tfdt`."""
    boxes = _boxes(data, 0, len(data))
    kinds = [kind for kind, _, _ in boxes]
    if kinds not in ([b"styp", b"moof", b"mdat"], [b"moof", b"mdat"]):
        raise ValueError(f"expected one moof and one mdat, found {b' '.join(kinds)!r}")
    (_, moof_at, moof_bytes), (_, head_end, _) = boxes[-2:]
    sequence_at, decode_time_at = _find_numbers(data, moof_at + 8, moof_at + moof_bytes)
    if not (sequence_at and decode_time_at):
        raise ValueError("no mfhd, or no tfdt of version 1")
    return Fragment(
        head=bytes(data[:head_end]),
        body=memoryview(data)[head_end:],
        sequence_at=sequence_at,
        decode_time_at=decode_time_at,
        start_ticks=int(_DECODE_TIME.unpack_from(data, decode_time_at)[0]),
    )


def head_at(fragment: Fragment, *, decode_time_ticks: int, sequence: int) -> bytes:
    """The segment's head for one place on the clock; send it, then `fragment.body`."""
    head = bytearray(fragment.head)
    _SEQUENCE.pack_into(head, fragment.sequence_at, sequence)
    _DECODE_TIME.pack_into(head, fragment.decode_time_at, decode_time_ticks)
    return bytes(head)


def _boxes(data: bytes, offset: int, end: int) -> list[tuple[bytes, int, int]]:
    found = []
    while offset < end:
        if end - offset < 8:
            raise ValueError("a box is cut off")
        size, kind = _BOX.unpack_from(data, offset)
        if size < 8 or offset + size > end:
            raise ValueError(f"box {kind!r} says {size} bytes, {end - offset} are left")
        found.append((kind, offset, size))
        offset += size
    return found


def _find_numbers(data: bytes, offset: int, end: int) -> tuple[int, int]:
    sequence_at = decode_time_at = 0
    for kind, start, size in _boxes(data, offset, end):
        if kind == b"mfhd" and size == 16:
            sequence_at = start + 12
        elif kind == b"traf":
            for inner, inner_start, inner_size in _boxes(data, start + 8, start + size):
                if inner == b"tfdt" and inner_size == 20 and data[inner_start + 8] == 1:
                    decode_time_at = inner_start + 12
    return sequence_at, decode_time_at
