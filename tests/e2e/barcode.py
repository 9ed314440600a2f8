"""Test footage whose every frame and every moment of sound can be told apart from any other.

A picture carries its scene's number and its own frame number as a 6 by 4 board of black and white squares. The
sound is a chirp whose sweep is the scene's own, so a short piece of it is found at exactly one place.
"""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

COLUMNS, ROWS = 6, 4
SAMPLE_RATE = 48_000
FRAME_RATE = 30
Picture = NDArray[np.uint8]
Samples = NDArray[np.float64]


def draw(scene: int, frame: int, width: int = 1280, height: int = 720) -> Picture:
    """A grey picture with 24 squares: 4 bits of zero, 6 bits of scene, 14 bits of frame."""
    code = (scene & 0x3F) << 14 | (frame & 0x3FFF)
    picture = np.full((height, width), 128, np.uint8)
    cell_w, cell_h = width // COLUMNS, height // ROWS
    for bit in range(COLUMNS * ROWS):
        row, column = divmod(bit, COLUMNS)
        value = 235 if code >> bit & 1 else 16
        picture[row * cell_h : (row + 1) * cell_h, column * cell_w : (column + 1) * cell_w] = value
    return picture


def read(picture: Picture) -> tuple[int, int]:
    """The scene and frame numbers drawn in a picture of any size; the middle of each square counts."""
    height, width = picture.shape
    code = 0
    for bit in range(COLUMNS * ROWS):
        row, column = divmod(bit, COLUMNS)
        y, x = (2 * row + 1) * height // (2 * ROWS), (2 * column + 1) * width // (2 * COLUMNS)
        if picture[y - 2 : y + 3, x - 2 : x + 3].mean() > 128:
            code |= 1 << bit
    return code >> 14, code & 0x3FFF


def chirp(scene: int, samples: int) -> Samples:
    """A sweep of the scene's own, at a level near -16 LUFS."""
    time_s = np.arange(samples) / SAMPLE_RATE
    low, rate = 300.0 + 37.0 * scene, 180.0 + 23.0 * scene
    sweep: Samples = 0.22 * np.sin(2 * np.pi * (low * time_s + rate * time_s**2 / 2))
    return sweep


def write_source(path: Path, scene: int, frames: int, width: int = 1280, height: int = 720) -> None:
    """A Matroska file of `frames` numbered pictures with the scene's chirp, exactly as long."""
    with av.open(str(path), "w", format="matroska") as container:
        video = container.add_stream("libx264", rate=FRAME_RATE, options={"preset": "ultrafast", "crf": "12"})
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        audio = container.add_stream("pcm_s16le", rate=SAMPLE_RATE, layout="stereo")
        samples = frames * SAMPLE_RATE // FRAME_RATE
        sound = (chirp(scene, samples) * 32767).astype(np.int16)
        for number in range(frames):
            picture = av.VideoFrame.from_ndarray(draw(scene, number, width, height), format="gray")
            picture.pts, picture.time_base = number, Fraction(1, FRAME_RATE)
            container.mux(
                video.encode(picture.reformat(format="yuv420p", src_color_range="MPEG", dst_color_range="MPEG"))
            )
            start = number * SAMPLE_RATE // FRAME_RATE
            piece = sound[start : (number + 1) * SAMPLE_RATE // FRAME_RATE]
            frame = av.AudioFrame.from_ndarray(np.repeat(piece, 2).reshape(1, -1), format="s16", layout="stereo")
            frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, start, Fraction(1, SAMPLE_RATE)
            container.mux(audio.encode(frame))
        container.mux(video.encode(None))
        container.mux(audio.encode(None))


def lag_ms(heard: Samples, expected: Samples) -> float:
    """By how much `heard` runs late against `expected`, to a fraction of a sample, within 50 ms."""
    size = 1 << (len(heard) + len(expected) - 1).bit_length()
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(expected, size))
    correlation = np.fft.irfft(spectrum, size)
    reach = SAMPLE_RATE // 20
    near = np.concatenate([correlation[-reach:], correlation[: reach + 1]])
    return (int(np.argmax(near)) - reach) * 1000 / SAMPLE_RATE
