"""Opens a media file as data from a stranger: local, self-contained, within limits. Decodes nothing itself (B19).

FFmpeg's playlist and text demuxers can be made to read other files and to fetch URLs, so only formats that hold
their own media are allowed, and only through the `file` protocol.
"""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream

from streamsrv.core.errors import invalid

_FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,mxf,gxf,nut,ivf,wtv,dv,rm,gif,yuv4mpegpipe,"
    "h264,hevc,m4v,mpegvideo,wav,w64,aiff,caf,flac,mp3,aac,ac3,eac3,wv,tta,au"
)
"""Demuxers whose files hold their own media: no playlists (hls, dash, concat, sdp), image sequences, or subtitles."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a source may ask of this machine. Each is checked before anything is decoded, and while decoding."""

    max_bytes: int = 64 * 1024**3
    max_duration_s: int = 4 * 3600
    max_streams: int = 64
    max_pixels: int = 8192 * 4352
    max_side: int = 16_384
    max_frame_rate: int = 1000
    max_aspect: int = 12
    """The longest side to the shortest, as displayed."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A source's picture as it is stored."""

    index: int
    """Its stream in the container."""
    sample_aspect: Fraction
    frame_duration_s: Fraction
    """Of one frame, where the frames themselves do not say."""


def check_file(path: Path, limits: Limits) -> None:
    """Refuse whatever is not a local regular file within the limits; raises `Invalid`."""
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a path"
        raise invalid(str(path), f"cannot be read: {reason}", "a local media file") from error
    if not stat.S_ISREG(status.st_mode):
        raise invalid(str(path), "is not a regular file", "a local media file")
    if not status.st_size:
        raise invalid(str(path), "is empty", "a media file")
    if status.st_size > limits.max_bytes:
        raise invalid(str(path), f"has {status.st_size} bytes", f"at most {limits.max_bytes}")


@contextmanager
def open_media(path: Path, limits: Limits) -> Iterator[InputContainer]:
    """An open container of an allowed format; raises `Invalid`, also for whatever FFmpeg refuses inside."""
    check_file(path, limits)
    options = {
        "protocol_whitelist": "file",
        "format_whitelist": _FORMATS,
        "max_streams": str(limits.max_streams + 1),
    }
    try:
        # The scheme is spelled out, so that a name such as `http:x` or `concat:a|b` stays a file name.
        with av.open(f"file:{path.absolute()}", "r", container_options=options, metadata_errors="replace") as container:
            if len(container.streams) > limits.max_streams:
                raise invalid(str(path), f"has {len(container.streams)} streams", f"at most {limits.max_streams}")
            yield container
    except av.error.ArgumentError as error:
        # FFmpeg's answer to a format that is not on the list.
        raise invalid(
            str(path), "is in a format that is not read here", "one media file, such as MP4 or Matroska"
        ) from error
    except av.error.FFmpegError as error:
        raise invalid(str(path), f"cannot be decoded ({error.strerror})", "a whole, undamaged media file") from error
    except (OSError, UnicodeError) as error:
        raise invalid(str(path), f"cannot be read: {error}", "a local media file") from error


def find_picture(container: InputContainer, path: Path, limits: Limits) -> Picture:
    """The moving picture of a container; raises `Invalid` where there is none or its size is out of bounds."""
    stream = next((s for s in container.streams.video if not s.disposition & s.disposition.attached_pic), None)
    if stream is None:
        raise invalid(str(path), "has no picture", "a video file")
    width, height = stream.width, stream.height
    if not width or not height or stream.codec_context is None:
        raise invalid(str(path), "has a picture of unknown size or codec", "a whole, undamaged video file")
    if width * height > limits.max_pixels or max(width, height) > limits.max_side:
        bound = f"at most {limits.max_side} pixels a side and {limits.max_pixels} in all"
        raise invalid(str(path), f"has a picture of {width}x{height} pixels", bound)
    sample_aspect = stream.sample_aspect_ratio or Fraction(1)
    shape = width * sample_aspect / height
    if not 1 / Fraction(limits.max_aspect) <= shape <= limits.max_aspect:
        raise invalid(
            str(path),
            f"has a shape of {float(shape):.3g}:1",
            f"1:{limits.max_aspect} to {limits.max_aspect}:1",
        )
    rate = stream.average_rate or stream.guessed_rate or stream.base_rate or Fraction(25)
    rate = rate if 0 < rate <= limits.max_frame_rate else Fraction(25)
    return Picture(index=stream.index, sample_aspect=sample_aspect, frame_duration_s=1 / rate)


def find_sound(container: InputContainer) -> AudioStream | None:
    """The container's default sound: the stream marked so, else the first."""
    streams = container.streams.audio
    marked = (stream for stream in streams if stream.disposition & stream.disposition.default)
    return next(marked, streams[0] if streams else None)


def check_complete(container: InputContainer, end_s: Fraction, path: Path) -> None:
    """Refuse a file that ends long before it says it does: an upload or a copy that was cut off."""
    stated = Fraction(container.duration or 0, av.time_base) + Fraction(container.start_time or 0, av.time_base)
    if stated - end_s > max(Fraction(1), stated / 50):
        raise invalid(
            str(path),
            f"says it lasts {float(stated):.1f} s but ends at {float(end_s):.1f} s",
            "a file that is not cut off",
        )


def video_stream(container: InputContainer, picture: Picture) -> VideoStream:
    stream = container.streams[picture.index]
    assert isinstance(stream, VideoStream)
    return stream
