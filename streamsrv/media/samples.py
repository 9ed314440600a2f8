"""Reads back the coded pictures of segments that `boxes` wrote: sizes and kinds from `trun`, one behind the other.

No demuxer: opening one takes longer than decoding a short segment.
"""

import struct
from collections.abc import Iterator

from streamsrv.media.avc import Malformed
from streamsrv.media.boxes import Sample

_BOX = struct.Struct(">I4s")
_COUNT = struct.Struct(">I")
_ROW = struct.Struct(">IIi")
_TRUN_HEAD_BYTES = 20
_NOT_SYNC = 0x0001_0000


def read_samples(segment: bytes) -> list[Sample]:
    """The coded pictures of one `moof` and one `mdat`, in decode order; raises `Malformed`."""
    moof, mdat = _child(segment, (b"moof",)), _child(segment, (b"mdat",))
    trun = _child(moof, (b"traf", b"trun"))
    if len(trun) < _TRUN_HEAD_BYTES - 8:
        raise Malformed("its table of samples is cut off")
    (count,) = _COUNT.unpack_from(trun, 4)
    if len(trun) != _TRUN_HEAD_BYTES - 8 + count * _ROW.size:
        raise Malformed("its table of samples is cut off")
    samples = []
    at = 0
    for size, flags, offset_ticks in _ROW.iter_unpack(trun[_TRUN_HEAD_BYTES - 8 :]):
        samples.append(Sample(mdat[at : at + size], offset_ticks, sync=not flags & _NOT_SYNC))
        at += size
    if at != len(mdat):
        raise Malformed(f"it has {len(mdat)} bytes of pictures, and says {at}")
    return samples


def split_file(data: bytes) -> tuple[bytes, bytes]:
    """The init section and the segment of a file that holds the one behind the other; raises `Malformed`."""
    for kind, start, _ in _boxes(data):
        if kind == b"moof":
            return data[: start - 8], data[start - 8 :]
    raise Malformed("it has no segment")


def _child(data: bytes, path: tuple[bytes, ...]) -> bytes:
    """The content of the first box along a path."""
    for kind, start, end in _boxes(data):
        if kind == path[0]:
            content = data[start:end]
            return _child(content, path[1:]) if path[1:] else content
    raise Malformed(f"it has no {path[0].decode()}")


def _boxes(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Every box's kind, and where its content starts and ends."""
    at = 0
    while at < len(data):
        if len(data) - at < _BOX.size:
            raise Malformed("a box is cut off")
        size, kind = _BOX.unpack_from(data, at)
        if not _BOX.size <= size <= len(data) - at:
            raise Malformed("a box is cut off")
        yield kind, at + _BOX.size, at + size
        at += size
