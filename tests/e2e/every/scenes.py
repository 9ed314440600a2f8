"""The scenes of the campaign that uses every construct: numbered pictures, and a chirp of its own for each language."""

import wave
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from streamsrv.core.model import Ladder
from streamsrv.media.packager import package_scene
from streamsrv.media.request import PackageRequest
from tests.e2e.barcode import FRAME_RATE, SAMPLE_RATE, chirp, write_source

FOLDER = Path(__file__).parent
UNIT_FRAMES = 16


@dataclass(frozen=True)
class Numbered:
    """One scene before it is packaged."""

    number: int
    frames: int
    spoken: tuple[str, ...]
    """Languages it was recorded in, the source's own first."""
    captioned: tuple[str, ...]

    @property
    def padded_frames(self) -> int:
        return -(-self.frames // UNIT_FRAMES) * UNIT_FRAMES

    def voice(self, language: str) -> int:
        """Which chirp is heard in this language: no two of all scenes and languages are the same."""
        return self.number + 20 * self.spoken.index(language)


ALL = ("en", "de", "ar")
SCENES: Mapping[str, Numbered] = {
    "hello": Numbered(1, 48, ALL, ALL),
    "hello-any": Numbered(2, 32, ("de", "en", "ar"), ("ar", "de", "en")),
    "explain-home": Numbered(3, 20, ALL, ALL),
    "explain-motor": Numbered(4, 32, ("en", "de"), ("en", "de")),
    "explain-any": Numbered(5, 16, ("en",), ("en",)),
    "claim-card": Numbered(6, 32, ALL, ALL),
    "visit-intro": Numbered(7, 16, ("en", "de"), ("en", "de")),
    "visit-detail": Numbered(8, 37, ALL, ("en", "de")),
    "offer-plain": Numbered(9, 16, ALL, ALL),
    "offer-bonus": Numbered(10, 45, ("de", "en"), ("de", "en")),
    "small-print": Numbered(11, 16, ("en",), ()),
    "thanks": Numbered(12, 32, ("en", "ar"), ("en", "ar")),
    "next-step": Numbered(13, 48, ALL, ALL),
}
"""What is missing has to be stood in for: `ar` by `de` before `en`, `de` by `en`."""


def caption_of(scene_id: str, language: str) -> str:
    return f"{scene_id} in {language}"


def package_all(folder: Path, ladder: Ladder) -> None:
    """Make and package every scene into `folder/segments`."""
    for scene_id, scene in SCENES.items():
        source = folder / f"{scene_id}.mkv"
        write_source(source, scene.number, scene.frames, 640, 360)
        sounds = {language: folder / f"{scene_id}.{language}.wav" for language in scene.spoken[1:]}
        for language, path in sounds.items():
            _write_sound(path, scene.voice(language), scene.frames)
        captions = {language: folder / f"{scene_id}.{language}.vtt" for language in scene.captioned}
        for language, path in captions.items():
            cue = f"00:00.100 --> 00:00.500\n{caption_of(scene_id, language)}"
            path.write_text(f"WEBVTT\n\n{cue}\n", encoding="utf-8")
        overlays = FOLDER / "overlays" / f"{scene_id}.toml"
        request = PackageRequest(
            source=source,
            scene_id=scene_id,
            lang=scene.spoken[0],
            title=scene_id.replace("-", " ").capitalize(),
            audio=sounds,
            captions=captions,
            overlays=overlays if overlays.is_file() else None,
        )
        package_scene(request, ladder=ladder, store=folder / "segments")


def _write_sound(path: Path, voice: int, frames: int) -> None:
    samples = (chirp(voice, frames * SAMPLE_RATE // FRAME_RATE) * 32767).astype(np.int16)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(np.repeat(samples, 2).astype("<i2").tobytes())
