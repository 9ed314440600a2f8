"""How dark and how light the picture is behind overlay slots, from a scene's own stored segments."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

from streamsrv.core.contrast import Behind
from streamsrv.core.grid import grid_for
from streamsrv.core.model import OverlaySlot, Scene
from streamsrv.media.avc import Malformed
from streamsrv.media.check import Damaged
from streamsrv.media.pictures import decode_pictures

_LEFT_OUT = 0.02
"""Of the pixels, at both ends: noise, and edges that no word is lost on."""
_EVERY = 4
"""Frames from one that is looked at to the next: pictures do not change faster than can be read."""
_STEPS = 2000
"""Between black and white."""
_FRACTION_DIGITS = 4
# BT.709 limited range to R'G'B' (ITU-R BT.709-6); relative luminance is of the linear light.
_LUMA = 255 / 219
_RED_CR, _GREEN_CB, _GREEN_CR, _BLUE_CB = 1.5748, 0.1873, 0.4681, 1.8556
_CHROMA = 255 / 224


class Backdrop(NamedTuple):
    """What is behind one overlay slot."""

    whole: Behind
    """Over all the time that it is shown."""
    moments: tuple[tuple[int, Behind], ...]
    """For each picture that was looked at its frame, counted from the scene's start."""


def measure_backdrops(scene: Scene, read: Callable[[str], bytes]) -> dict[str, Backdrop]:
    """For each overlay slot what is behind it; `read` gives a stored object's bytes. Raises `Damaged`.

    Of the lowest rung: what is dark there is dark in all.
    """
    track = scene.video[0]
    init = read(track.init_name)
    unit_frames = grid_for(scene.frame_rate).frames
    seen = {name: np.zeros(_STEPS + 1, np.int64) for name in scene.overlays}
    moments: dict[str, list[tuple[int, Behind]]] = {name: [] for name in scene.overlays}
    for segment in track.segments:
        inside = {
            name: slot
            for name, slot in scene.overlays.items()
            if slot.start_units < segment.start_units + segment.units and segment.start_units < slot.end_units
        }
        if not inside:
            continue
        try:
            for number, picture in enumerate(decode_pictures(init, read(segment.name))):
                if number % _EVERY == 0:
                    frame = picture.to_ndarray(format="yuv420p").astype(np.uint8, copy=False)
                    luminances = _luminances(frame, picture.height)
                    for name, slot in inside.items():
                        counts = _counted(luminances, slot)
                        seen[name] += counts
                        moments[name].append((segment.start_units * unit_frames + number, _range(counts)))
        except (av.error.FFmpegError, Malformed, OSError) as error:
            raise Damaged(f"segment {segment.name}: {error}") from error
        if not all(seen[name].any() for name in inside):
            raise Damaged(f"segment {segment.name} shows no picture")
    return {name: Backdrop(_range(counts), tuple(moments[name])) for name, counts in seen.items() if counts.any()}


def with_backdrops(scene: Scene, read: Callable[[str], bytes]) -> Scene:
    """The scene whose slots say what is behind them."""
    found: Mapping[str, Backdrop] = measure_backdrops(scene, read) if scene.overlays else {}
    return replace(
        scene,
        overlays={
            name: replace(slot, behind=found[name].whole if name in found else None)
            for name, slot in scene.overlays.items()
        },
    )


def _counted(luminances: NDArray[np.float32], slot: OverlaySlot) -> NDArray[np.int64]:
    """How many pixels in the slot's box have each luminance, in steps."""
    height, width = luminances.shape
    left, top, wide, high = slot.box
    rows = slice(int(top * height), max(int(top * height) + 1, round((top + high) * height)))
    columns = slice(int(left * width), max(int(left * width) + 1, round((left + wide) * width)))
    steps = np.rint(luminances[rows, columns] * _STEPS).astype(np.int64)
    return np.bincount(np.clip(steps, 0, _STEPS).ravel(), minlength=_STEPS + 1)


def _range(counts: NDArray[np.int64]) -> Behind:
    below = np.cumsum(counts) / counts.sum()
    low, high = np.searchsorted(below, (_LEFT_OUT, 1 - _LEFT_OUT))
    return round(int(low) / _STEPS, _FRACTION_DIGITS), round(int(high) / _STEPS, _FRACTION_DIGITS)


def _luminances(frame: NDArray[np.uint8], height: int) -> NDArray[np.float32]:
    width = frame.shape[1]
    luma = (frame[:height].astype(np.float32) - 16) * _LUMA
    chroma = (frame[height:].reshape(2, height // 2, width // 2).astype(np.float32) - 128) * _CHROMA
    blue_difference, red_difference = (plane.repeat(2, axis=0).repeat(2, axis=1) for plane in chroma)
    red = luma + _RED_CR * red_difference
    green = luma - _GREEN_CB * blue_difference - _GREEN_CR * red_difference
    blue = luma + _BLUE_CB * blue_difference
    weights = ((0.2126, red), (0.7152, green), (0.0722, blue))
    linear = [weight * _LINEAR[np.clip(plane, 0, 255).astype(np.uint8)] for weight, plane in weights]
    total: NDArray[np.float32] = linear[0] + linear[1] + linear[2]
    return total


def _linear() -> NDArray[np.float32]:
    share = np.arange(256, dtype=np.float64) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4).astype(np.float32)


_LINEAR = _linear()
