"""The encoders of a scene's renditions, and the settings that make all scenes of a rung share one init section.

`stitchable=1`, a pinned preset, level and thread count, and no NAL HRD: measured to give equal SPS and PPS for any
picture and bit rate. Opens no media file.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame

from streamsrv.core.grid import AAC_FRAME_SAMPLES, AUDIO_TIMESCALE, VIDEO_TIMESCALE
from streamsrv.core.model import Ladder, Rung
from streamsrv.media.bands import ROW, Slicing
from streamsrv.media.boxes import Sample, aac_codec, audio_init, avc_codec, video_init
from streamsrv.media.processor import instructions_here
from streamsrv.media.source import Samples

SETTINGS_VERSION = 1
"""Raise it with any change to what this package would encode from the same source."""

Effort: TypeAlias = Literal["shared", "slow", "quick", "source"]
# What the PPS says follows from none of the first three but `psy`, which moves the chroma from `subme=6` on.
_EFFORTS: dict[Effort, str] = {
    # superfast with the look-ahead of veryfast: its quality (-0.05 dB) in two thirds of its time, and its avcC.
    "shared": "rc-lookahead=10:mbtree=1:subme=2",
    # 0.8 dB more at the same rate, in 1.4 times the time.
    "slow": "rc-lookahead=30:mbtree=1:subme=5:me=hex:trellis=1:psy=0",
    # Four fifths of the time, for a few percent of the bytes.
    "quick": "rc-lookahead=10:mbtree=1:subme=1",
    # To be decoded fast, and by no player.
    "source": "rc-lookahead=0:mbtree=0:qcomp=1:subme=2:no-cabac=1:no-deblock=1",
}
RENDER_THREADS = 2
"""What a viewer's own segment is encoded with: halves the wait where a core is free, costs nothing where none is.

A slice for each: threads that take a picture each are no slower, but with a capped rate their bytes depend on chance.
"""
_GLOBAL_HEADER = 1 << 22
_B_FRAMES = 0
_LONGEST_GOP_S = 2


@dataclass(frozen=True, slots=True)
class Header:
    """What every segment of a rendition is decoded with."""

    parameters: bytes
    """The `avcC` or AudioSpecificConfig."""
    codec: str
    init: bytes


@dataclass(frozen=True, slots=True)
class Encoded:
    """The samples of a run of frames, and the `avcC` they are decoded with."""

    samples: tuple[Sample, ...]
    parameters: bytes


@dataclass(frozen=True, slots=True)
class Constant:
    """Constant quality instead of the rung's average rate. None of it shows in the `avcC`."""

    crf: float
    capped: bool
    """Whether the rung's peak rate holds."""
    threads: int = 1
    """Part of what decides the bytes."""
    slicing: Slicing | None = None
    """Slices that depend on no other of their picture, deblocking and all; decides the threads, too."""
    effort: Effort = "shared"


class PictureEncoder:
    """H.264 of one run of frames of one rung. `encode` and `finish` give samples in decode order."""

    def __init__(self, rung: Rung, *, frame_rate: int, quality: Constant | None = None) -> None:
        self._rate = frame_rate
        self._decoded = 0
        self._context = _open_x264(rung, frame_rate=frame_rate, quality=quality)

    @property
    def parameters(self) -> bytes:
        """The `avcC` of what it encodes."""
        avcc = self._context.extradata
        assert avcc is not None
        return avcc

    def encode(self, frame: VideoFrame, *, number: int, idr: bool) -> list[Sample]:
        """`number` counts the frames of the run from 0; frame 0 is an IDR."""
        frame.pts = number
        frame.time_base = Fraction(1, self._rate)
        frame.pict_type = PictureType.I if idr else PictureType.NONE
        return self._samples(frame)

    def finish(self) -> list[Sample]:
        """What the encoder still held."""
        return self._samples(None)

    def _samples(self, frame: VideoFrame | None) -> list[Sample]:
        ticks = VIDEO_TIMESCALE // self._rate
        samples = []
        for packet in self._context.encode(frame):
            assert packet.pts is not None
            # Decode times are laid anew, one frame apart from the run's first frame: GOPs are closed, so the
            # first frame decoded is the first shown and needs no offset, and offsets may be negative (trun v1).
            samples.append(Sample(bytes(packet), (packet.pts - self._decoded) * ticks, packet.is_keyframe))
            self._decoded += 1
        return samples


def encode_run(
    pictures: Iterable[VideoFrame], rung: Rung, *, frame_rate: int, quality: Constant, idrs: frozenset[int]
) -> Encoded:
    """All pictures of one segment. Equal pictures give equal bytes, in any process."""
    encoder = PictureEncoder(rung, frame_rate=frame_rate, quality=quality)
    samples: list[Sample] = []
    for number, picture in enumerate(pictures):
        samples += encoder.encode(picture, number=number, idr=number in idrs)
    return Encoded((*samples, *encoder.finish()), encoder.parameters)


def encode_again(
    pictures: Iterable[VideoFrame], rung: Rung, *, crf: int, frame_rate: int, idrs: frozenset[int]
) -> Encoded:
    """A viewer's own segment, its whole picture. Equal pictures give equal bytes, in any process."""
    quality = Constant(crf, capped=True, threads=RENDER_THREADS)
    return encode_run(pictures, rung, frame_rate=frame_rate, quality=quality, idrs=idrs)


def picture_header(rung: Rung, *, frame_rate: int) -> Header:
    """What this ladder's encoder will produce for `rung`, without encoding."""
    avcc = PictureEncoder(rung, frame_rate=frame_rate).parameters
    return Header(avcc, avc_codec(avcc), video_init(avcc, width=rung.width, height=rung.height))


def sound_header(ladder: Ladder) -> Header:
    """What this ladder's encoder will produce for any language, without encoding."""
    config = _open_aac(ladder.audio_bps).extradata
    assert config is not None
    return Header(config, aac_codec(config), audio_init(config))


def encode_sound(frames: Iterable[Samples], *, audio_bps: int) -> Iterator[bytes]:
    """One AAC packet per frame of 1024 samples; the encoder's own lead-in (its priming packets) is dropped."""
    context = _open_aac(audio_bps)
    position = 0
    for samples in frames:
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout="stereo")
        frame.sample_rate = AUDIO_TIMESCALE
        frame.time_base = Fraction(1, AUDIO_TIMESCALE)
        frame.pts = position
        position += AAC_FRAME_SAMPLES
        yield from _audible(context, frame)
    yield from _audible(context, None)


def _audible(context: AudioCodecContext, frame: AudioFrame | None) -> Iterator[bytes]:
    for packet in context.encode(frame):
        assert packet.pts is not None
        # The encoder counts its priming as time before 0, whatever its length.
        if packet.pts >= 0:
            yield bytes(packet)


def _open_x264(rung: Rung, *, frame_rate: int, quality: Constant | None) -> VideoCodecContext:
    context = av.CodecContext.create("libx264", "w")
    assert isinstance(context, VideoCodecContext)
    context.width, context.height, context.pix_fmt = rung.width, rung.height, "yuv420p"
    context.time_base = Fraction(1, frame_rate)
    context.framerate = Fraction(frame_rate)
    slicing = quality.slicing if quality else None
    threads = slicing.threads if slicing else quality.threads if quality else 1
    context.thread_count = threads
    context.flags |= _GLOBAL_HEADER
    keyint = _LONGEST_GOP_S * frame_rate
    # annexb=0 makes libavcodec give the avcC and length-prefixed NAL units, as the file format stores them.
    x264 = (
        f"annexb=0:open-gop=0:stitchable=1:force-cfr=1:threads={threads}:scenecut=0:keyint={keyint}:min-keyint=1"
        f":{_EFFORTS[quality.effort if quality else 'shared']}:asm={instructions_here()}"
    )
    if slicing:
        x264 += f":sliced-threads=1:slice-max-mbs={slicing.rows * -(-rung.width // ROW)}"
    context.options = {
        "preset": "superfast",
        "profile": "high",
        "level": rung.level,
        "forced-idr": "1",
        "bf": str(_B_FRAMES),
        "g": str(keyint),
        "color_primaries": "bt709",
        "color_trc": "bt709",
        "colorspace": "bt709",
        "color_range": "tv",
        "x264-params": x264,
    }
    if quality is None:
        context.bit_rate = rung.average_bps
    else:
        context.options["crf"] = str(quality.crf)
    if quality is None or quality.capped:
        # One second: a segment of 3 s or more then stays within 4/3 of the rung's peak.
        context.options |= {"maxrate": str(rung.peak_bps), "bufsize": str(rung.peak_bps)}
    context.open()
    return context


def _open_aac(audio_bps: int) -> AudioCodecContext:
    context = av.CodecContext.create("aac", "w")
    assert isinstance(context, AudioCodecContext)
    context.sample_rate, context.layout, context.format = AUDIO_TIMESCALE, "stereo", "fltp"
    context.time_base = Fraction(1, AUDIO_TIMESCALE)
    context.bit_rate = audio_bps
    context.thread_count = 1
    context.flags |= _GLOBAL_HEADER
    context.open()
    return context
