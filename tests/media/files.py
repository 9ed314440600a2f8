"""Source files made on the spot, each with a barcode in every picture that says which one it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from streamsrv.core.model import Ladder, Rung, Scene, Track
from streamsrv.media.store import object_path

TINY = Ladder(
    frame_rate=30,
    rungs=(Rung("90p", 160, 90, 100_000, 150_000, "3.0"), Rung("180p", 320, 180, 300_000, 450_000, "3.0")),
    audio_bps=96_000,
)
"""A ladder that encodes in no time."""

_BITS = 10
_DARK, _LIGHT = 40, 215


@dataclass(frozen=True, slots=True)
class Sound:
    """A tone for a source file."""

    seconds: float
    rate: int = 48_000
    layout: str = "stereo"
    amplitude: float = 0.2
    codec: str = "pcm_s16le"
    start_s: float = 0.0


def times_at(rate: Fraction | int, count: int) -> list[Fraction]:
    """Start times of `count` pictures at a constant rate."""
    return [Fraction(number) / rate for number in range(count)]


def barcode(number: int, width: int, height: int) -> NDArray[np.uint8]:
    """A grey picture whose bars, from the left, are the bits of `number`, lowest first."""
    bits = [(number >> bit) & 1 for bit in range(_BITS)]
    row = np.array([_LIGHT if bits[x * _BITS // width] else _DARK for x in range(width)], np.uint8)
    return np.repeat(np.broadcast_to(row, (height, width))[..., None], 3, axis=2)


def read_barcode(frame: VideoFrame, *, box: tuple[int, int, int, int] | None = None) -> int:
    """The number in a picture; `box` is where the picture stands in it (left, top, width, height)."""
    left, top, width, height = box or (0, 0, frame.width, frame.height)
    middle = frame.to_ndarray(format="gray")[top + height // 2]
    ats = [left + (2 * bit + 1) * width // (2 * _BITS) for bit in range(_BITS)]
    return sum((int(middle[at]) > 128) << bit for bit, at in enumerate(ats))


def write_source(
    path: Path,
    times: Sequence[Fraction],
    *,
    size: tuple[int, int] = (320, 180),
    pix_fmt: str = "yuv420p",
    codec: str = "libx264",
    sound: Sound | None = None,
    rotation: int = 0,
    sample_aspect: Fraction | None = None,
    draw: Callable[[int, int, int], NDArray[np.uint8]] = barcode,
    options: dict[str, str] | None = None,
    clock: int = 90_000,
) -> Path:
    """A file with a picture at each of `times`, in ticks of `clock` a second, and maybe a tone."""
    with av.open(path, "w") as container:
        video = container.add_stream(codec, rate=min(30, clock))
        assert isinstance(video, VideoStream)
        video.width, video.height, video.pix_fmt = *size, pix_fmt
        video.codec_context.time_base = video.time_base = Fraction(1, clock)
        defaults = {"preset": "ultrafast", "crf": "12"} if codec == "libx264" else {}
        video.codec_context.options = {**defaults, **(options or {})}
        if sample_aspect is not None:
            video.codec_context.sample_aspect_ratio = sample_aspect
        if rotation:
            video.set_display_rotation(rotation)
        audio = _add_sound(container, sound) if sound else None
        for number, at_s in enumerate(times):
            frame = VideoFrame.from_ndarray(draw(number, *size), format="rgb24")
            frame = frame.reformat(format=pix_fmt, dst_colorspace="ITU709", dst_color_range="MPEG")
            frame.pts, frame.time_base = round(at_s * clock), Fraction(1, clock)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if sound and audio is not None:
            _write_tone(container, audio, sound)
    return path


def write_sound(path: Path, sound: Sound) -> Path:
    """A file with a tone alone."""
    with av.open(path, "w") as container:
        _write_tone(container, _add_sound(container, sound), sound)
    return path


def _add_sound(container: OutputContainer, sound: Sound) -> AudioStream:
    stream = container.add_stream(sound.codec, rate=sound.rate, layout=sound.layout)
    assert isinstance(stream, AudioStream)
    return stream


def _write_tone(container: OutputContainer, stream: AudioStream, sound: Sound) -> None:
    for frame in [*_tone(sound), None]:
        container.mux(stream.encode(frame))


def _tone(sound: Sound) -> list[AudioFrame]:
    channels = av.AudioLayout(sound.layout).nb_channels
    total = round(sound.seconds * sound.rate)
    wave = sound.amplitude * np.sin(2 * np.pi * 440 * np.arange(total) / sound.rate)
    frames = []
    for at in range(0, total, 1024):
        block = np.tile((wave[at : at + 1024] * 32767).astype(np.int16), (channels, 1))
        frame = AudioFrame.from_ndarray(block, format="s16p", layout=sound.layout)
        frame.sample_rate, frame.time_base = sound.rate, Fraction(1, sound.rate)
        frame.pts = at + round(sound.start_s * sound.rate)
        frames.append(frame)
    return frames


def joined(store: Path, track: Track) -> BytesIO:
    """A rendition as a player gets it: the init section and every segment."""
    names = [track.init_name, *(segment.name for segment in track.segments)]
    return BytesIO(b"".join(object_path(store, name).read_bytes() for name in names))


def decoded_pictures(store: Path, track: Track) -> list[VideoFrame]:
    """Every picture of a rung, decoded."""
    with av.open(joined(store, track), "r") as container:
        return list(container.decode(video=0))


def decoded_sound(store: Path, track: Track) -> NDArray[np.float32]:
    """Every sample of a rendition's sound, decoded; the first is the scene's first."""
    with av.open(joined(store, track), "r") as container:
        return np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)


def packet_count(store: Path, track: Track) -> int:
    """How many coded packets a rendition holds."""
    with av.open(joined(store, track), "r") as container:
        return len([packet for packet in container.demux() if packet.size])


def objects(store: Path) -> dict[str, bytes]:
    """Every file in a store, by its path in it."""
    return {str(path.relative_to(store)): path.read_bytes() for path in store.rglob("*") if path.is_file()}


def tracks(scene: Scene) -> list[Track]:
    """Every rendition of a scene."""
    return [*scene.video, *scene.audio.values()]
