"""A stitched video, decoded: every frame is the expected one, and the sound is where it belongs."""

import subprocess

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.e2e.barcode import FRAME_RATE, SAMPLE_RATE, Samples, chirp, lag_ms, read
from tests.e2e.conftest import CUTS, SCENE_FRAMES, need
from tests.e2e.server import Server
from tests.hls.asset import Asset
from tests.hls.media_rules import MEDIA_RULES, load
from tests.hls.rules import TEXT_RULES

UNIT_FRAMES = 16
LEAD_IN = 1024
RAMP = 240
VIEWERS = tuple(CUTS)


def padded(frames: int) -> int:
    return -(-frames // UNIT_FRAMES) * UNIT_FRAMES


def starts(viewer: str) -> list[int]:
    """The first frame of each of the viewer's scenes, and the end."""
    return [sum(padded(SCENE_FRAMES[scene]) for scene in CUTS[viewer][:at]) for at in range(len(CUTS[viewer]) + 1)]


def decode(url: str, *arguments: str) -> bytes:
    """What ffmpeg decodes; fails on a single line of warning."""
    command = [need("ffmpeg"), "-nostdin", "-v", "warning", "-i", url, *arguments, "pipe:1"]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert "" == done.stderr.decode()
    return done.stdout


def decode_sound(url: str) -> Samples:
    raw = decode(url, "-map", "0:a:0", "-ac", "1", "-f", "f32le")
    return np.frombuffer(raw, np.float32).astype(np.float64)


def ideal_sound(scene: int) -> Samples:
    """The scene's chirp with the packager's silent lead-in and ramps, and silence where it was padded."""
    sound = chirp(scene, SCENE_FRAMES[scene] * SAMPLE_RATE // FRAME_RATE)
    whole = np.zeros(padded(SCENE_FRAMES[scene]) * SAMPLE_RATE // FRAME_RATE)
    whole[: len(sound)] = sound
    whole[:LEAD_IN] = 0
    return whole


@pytest.mark.ffmpeg
@pytest.mark.parametrize("rung", [0, 1])
@pytest.mark.parametrize("viewer", VIEWERS)
def test_every_decoded_frame_is_the_expected_one(server: Server, viewer: str, rung: int) -> None:
    width, height = ((320, 180), (640, 360))[rung]
    # ffmpeg numbers programs in playlist order: the variant nearest to 2 Mbit/s stands first.
    url = server.multivariant_url(viewer, "numbers")
    order = [1, 0][rung]
    raw = decode(url, "-map", f"0:p:{order}:v:0", "-f", "rawvideo", "-pix_fmt", "gray")
    pictures: NDArray[np.uint8] = np.frombuffer(raw, np.uint8).reshape(-1, height, width)

    expected = [
        (scene, min(frame, SCENE_FRAMES[scene] - 1))
        for scene in CUTS[viewer]
        for frame in range(padded(SCENE_FRAMES[scene]))
    ]
    assert expected == [read(picture) for picture in pictures]


@pytest.mark.ffmpeg
@pytest.mark.parametrize("viewer", VIEWERS)
def test_sound_is_within_a_millisecond_of_the_picture_at_every_scene(server: Server, viewer: str) -> None:
    heard = decode_sound(server.multivariant_url(viewer, "numbers"))
    firsts = starts(viewer)
    assert firsts[-1] * SAMPLE_RATE // FRAME_RATE == len(heard)
    lags = []
    for scene, first in zip(CUTS[viewer], firsts, strict=False):
        at = first * SAMPLE_RATE // FRAME_RATE
        expected = ideal_sound(scene)
        lags.append(lag_ms(heard[at : at + len(expected)], expected))

    assert max(map(abs, lags)) <= 1.0


@pytest.mark.ffmpeg
@pytest.mark.parametrize("viewer", VIEWERS)
def test_joins_do_not_click(server: Server, viewer: str) -> None:
    """Against the ideal join, the 64 ms around it are off by -50 dBFS at most."""
    heard = decode_sound(server.multivariant_url(viewer, "numbers"))
    around = 32 * SAMPLE_RATE // 1000
    worst = 0.0
    scenes = CUTS[viewer]
    for number, first in enumerate(starts(viewer)[1:-1], start=1):
        at = first * SAMPLE_RATE // FRAME_RATE
        before, after = ideal_sound(scenes[number - 1]), ideal_sound(scenes[number])
        ideal = np.concatenate([ramped(before)[-around:], ramped(after)[:around]])
        piece = heard[at - around : at + around]
        gains = [gain(heard, starts(viewer)[number - 1], before), gain(heard, first, after)]
        ideal[:around] *= gains[0]
        ideal[around:] *= gains[1]
        worst = max(worst, float(np.max(np.abs(piece - ideal))))

    assert 20 * np.log10(worst) <= -50


def ramped(sound: Samples) -> Samples:
    """With the packager's 5 ms cosine ramps: in after the lead-in, out before the end."""
    shaped = sound.copy()
    ramp = 0.5 - 0.5 * np.cos(np.pi * (np.arange(RAMP) + 0.5) / RAMP)
    shaped[LEAD_IN : LEAD_IN + RAMP] *= ramp
    shaped[-RAMP:] *= ramp[::-1]
    return shaped


def gain(heard: Samples, first: int, ideal: Samples) -> float:
    """By how much loudness normalisation turned this scene up or down."""
    at = first * SAMPLE_RATE // FRAME_RATE
    middle = slice(len(ideal) // 4, len(ideal) * 3 // 4)
    piece = heard[at : at + len(ideal)][middle]
    return float(np.dot(piece, ideal[middle]) / np.dot(ideal[middle], ideal[middle]))


@pytest.mark.parametrize("viewer", VIEWERS)
def test_every_rule_holds(server: Server, viewer: str) -> None:
    asset: Asset = server.asset(viewer, "numbers")
    for rule in TEXT_RULES.values():
        rule(asset)
    renditions = load(asset)
    # The board of squares is a still that changes every frame: its rates say nothing about ordinary footage.
    for name, media_rule in MEDIA_RULES.items():
        if name != "rules_33_and_34_declared_rates_hold":
            media_rule(renditions, asset)
