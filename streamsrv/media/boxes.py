"""The few ISO base media boxes that this product writes: init sections and media segments (ISO/IEC 14496-12, -15).

Written here rather than by a muxer so that equal parameters give equal bytes: no `btrt` (bit rates differ by
scene), no `edts` (players disagree about edit lists), no creation times. Never reads a box.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from streamsrv.core.grid import AUDIO_TIMESCALE, VIDEO_TIMESCALE

_TRACK_ID = 1
_UNITY_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_UNDETERMINED = 0x55C4
"""ISO 639-2 `und`: one init section serves every language; the playlist names it."""

# ISO/IEC 14496-12 8.8.3.1: sample_depends_on in bits 24-25, sample_is_non_sync_sample in bit 16.
_SYNC_SAMPLE = 0x0200_0000
_DEPENDENT_SAMPLE = 0x0101_0000

_DATA_OFFSET, _SAMPLE_SIZE, _SAMPLE_FLAGS, _COMPOSITION_OFFSET = 0x1, 0x200, 0x400, 0x800
_DEFAULT_DURATION, _DEFAULT_FLAGS, _BASE_IS_MOOF = 0x8, 0x20, 0x20000


@dataclass(frozen=True, slots=True)
class Sample:
    """One coded frame, in decode order."""

    data: bytes
    offset_ticks: int = 0
    """Presentation time less decode time; negative where a frame is shown before its turn to be decoded."""
    sync: bool = True


def video_init(avcc: bytes, *, width: int, height: int) -> bytes:
    """The init section of one rung: square pixels, BT.709, limited range. `avcc` is the `avcC` box's content."""
    entry = struct.pack(">6xH16xHHIIIH32sHh", 1, width, height, 0x480000, 0x480000, 0, 1, b"", 24, -1)
    colour = b"nclx" + struct.pack(">HHHB", 1, 1, 1, 0)
    avc1 = _box(b"avc1", entry, _box(b"avcC", avcc), _box(b"colr", colour), _box(b"pasp", struct.pack(">II", 1, 1)))
    header = _full_box(b"vmhd", 0, 1, struct.pack(">4H", 0, 0, 0, 0))
    size = struct.pack(">II", width << 16, height << 16)
    return _init(VIDEO_TIMESCALE, b"vide", header, avc1, volume=0, size=size)


def audio_init(config: bytes, *, channels: int = 2) -> bytes:
    """The init section of stereo AAC at 48 kHz. `config` is the AudioSpecificConfig (ISO/IEC 14496-3 1.6.2.1)."""
    decoder_config = struct.pack(">BB3xII", 0x40, 0x15, 0, 0) + _descriptor(5, config)
    es = struct.pack(">HB", _TRACK_ID, 0) + _descriptor(4, decoder_config) + _descriptor(6, b"\x02")
    entry = struct.pack(">6xH8xHH4xI", 1, channels, 16, AUDIO_TIMESCALE << 16)
    mp4a = _box(b"mp4a", entry, _full_box(b"esds", 0, 0, _descriptor(3, es)))
    header = _full_box(b"smhd", 0, 0, struct.pack(">hH", 0, 0))
    return _init(AUDIO_TIMESCALE, b"soun", header, mp4a, volume=0x100, size=bytes(8))


def video_segment(samples: Sequence[Sample], *, decode_time_ticks: int, sample_ticks: int) -> bytes:
    """One `moof` and one `mdat`. The first sample's bytes come first in `mdat`."""
    flags = _SAMPLE_SIZE | _SAMPLE_FLAGS | _COMPOSITION_OFFSET
    rows = [
        struct.pack(">IIi", len(sample.data), _SYNC_SAMPLE if sample.sync else _DEPENDENT_SAMPLE, sample.offset_ticks)
        for sample in samples
    ]
    return _segment(samples, rows, flags, decode_time_ticks=decode_time_ticks, sample_ticks=sample_ticks)


def audio_segment(packets: Sequence[bytes], *, decode_time_ticks: int, sample_ticks: int) -> bytes:
    """One `moof` and one `mdat` of AAC packets."""
    samples = [Sample(packet) for packet in packets]
    rows = [struct.pack(">I", len(packet)) for packet in packets]
    return _segment(samples, rows, _SAMPLE_SIZE, decode_time_ticks=decode_time_ticks, sample_ticks=sample_ticks)


def avc_codec(avcc: bytes) -> str:
    """The `CODECS` entry of an `avcC` (RFC 6381 3.3): profile, constraints and level from its own bytes."""
    return f"avc1.{avcc[1:4].hex().upper()}"


def aac_codec(config: bytes) -> str:
    """The `CODECS` entry of an AudioSpecificConfig: its audio object type."""
    return f"mp4a.40.{config[0] >> 3}"


def _segment(
    samples: Sequence[Sample], rows: Sequence[bytes], flags: int, *, decode_time_ticks: int, sample_ticks: int
) -> bytes:
    # The server writes its own number into mfhd, and the viewer's clock into tfdt.
    mfhd = _full_box(b"mfhd", 0, 0, struct.pack(">I", 1))
    defaults = struct.pack(">III", _TRACK_ID, sample_ticks, _SYNC_SAMPLE)
    tfhd = _full_box(b"tfhd", 0, _BASE_IS_MOOF | _DEFAULT_DURATION | _DEFAULT_FLAGS, defaults)
    tfdt = _full_box(b"tfdt", 1, 0, struct.pack(">Q", decode_time_ticks))
    table = b"".join(rows)
    trun_size = 20 + len(table)
    moof_size = 8 + len(mfhd) + 8 + len(tfhd) + len(tfdt) + trun_size
    trun = _full_box(b"trun", 1, _DATA_OFFSET | flags, struct.pack(">Ii", len(samples), moof_size + 8), table)
    moof = _box(b"moof", mfhd, _box(b"traf", tfhd, tfdt, trun))
    return moof + _box(b"mdat", *(sample.data for sample in samples))


def _init(timescale: int, handler: bytes, media_header: bytes, entry: bytes, *, volume: int, size: bytes) -> bytes:
    ftyp = _box(b"ftyp", b"iso6", bytes(4), b"iso6cmfcmp41")
    mvhd = _full_box(
        b"mvhd", 0, 0, struct.pack(">IIIIIH10x", 0, 0, timescale, 0, 0x10000, 0x100), _UNITY_MATRIX, bytes(24),
        struct.pack(">I", _TRACK_ID + 1),
    )  # fmt: skip
    tkhd = _full_box(
        b"tkhd", 0, 7, struct.pack(">5I8xHHHH", 0, 0, _TRACK_ID, 0, 0, 0, 0, volume, 0), _UNITY_MATRIX, size
    )
    mdhd = _full_box(b"mdhd", 0, 0, struct.pack(">IIIIHH", 0, 0, timescale, 0, _UNDETERMINED, 0))
    hdlr = _full_box(b"hdlr", 0, 0, struct.pack(">I4s12x", 0, handler), handler, b"\0")
    dinf = _box(b"dinf", _full_box(b"dref", 0, 0, struct.pack(">I", 1), _full_box(b"url ", 0, 1)))
    stsd = _full_box(b"stsd", 0, 0, struct.pack(">I", 1), entry)
    empty = [_full_box(kind, 0, 0, bytes(4)) for kind in (b"stts", b"stsc")]
    stbl = _box(b"stbl", stsd, *empty, _full_box(b"stsz", 0, 0, bytes(8)), _full_box(b"stco", 0, 0, bytes(4)))
    mdia = _box(b"mdia", mdhd, hdlr, _box(b"minf", media_header, dinf, stbl))
    trex = _full_box(b"trex", 0, 0, struct.pack(">5I", _TRACK_ID, 1, 0, 0, 0))
    return ftyp + _box(b"moov", mvhd, _box(b"trak", tkhd, mdia), _box(b"mvex", trex))


def _box(kind: bytes, *parts: bytes) -> bytes:
    return b"".join((struct.pack(">I4s", 8 + sum(map(len, parts)), kind), *parts))


def _full_box(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags), *parts)


def _descriptor(tag: int, *parts: bytes) -> bytes:
    """An MPEG-4 descriptor (ISO/IEC 14496-1 8.3.3), its length in four bytes as decoders expect it."""
    content = b"".join(parts)
    length = len(content)
    return bytes((tag, *(length >> shift & 0x7F | (0x80 if shift else 0) for shift in (21, 14, 7, 0)))) + content
