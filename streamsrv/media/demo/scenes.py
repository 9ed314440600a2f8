"""The list of demo scenes: what each is called, how long it lasts and where words of the viewer's own may stand."""

from dataclasses import dataclass
from pathlib import Path

FRAME_RATE = 30
FRAMES_PER_BEAT = 16
_OVERLAYS = Path(__file__).parent / "overlays"
"""One beat is one unit of the grid at 30 fps: 8/15 s, a tempo of 112.5 beats a minute."""


@dataclass(frozen=True, slots=True)
class DemoScene:
    """One scene that is made by code. It holds no personal value and is whole without any overlay."""

    scene_id: str
    title: str
    duration_frames: int
    """At 30 fps; whole beats, so the scene lies on the grid."""
    cuts_ms: tuple[int, ...] = ()
    """Where a segment must begin, besides those that the packager chooses."""

    @property
    def overlays(self) -> Path | None:
        """Its places for viewers' own words, as `package --overlays` reads them; None without any."""
        path = _OVERLAYS / f"{self.scene_id}.toml"
        return path if path.is_file() else None

    @property
    def beats(self) -> int:
        """The duration in beats."""
        return self.duration_frames // FRAMES_PER_BEAT


_SOON_MS = 2133
"""A short first segment lets a video start sooner: four beats."""


def _scene(scene_id: str, title: str, beats: int, *cuts_ms: int) -> DemoScene:
    return DemoScene(scene_id, title, beats * FRAMES_PER_BEAT, cuts_ms)


DEMO_SCENES: tuple[DemoScene, ...] = (
    _scene("hello", "Welcome", 12, _SOON_MS),
    _scene("hello-any", "Welcome, to anyone", 12, _SOON_MS),
    _scene("explain-home", "Your home insurance", 20),
    _scene("explain-motor", "Your motor insurance", 20),
    _scene("explain-life", "Your life insurance", 20),
    _scene("explain-any", "Your insurance", 20),
    _scene("no-claims", "A year without a claim", 12),
    _scene("claims-year", "Your claims", 8),
    _scene("claim-card", "A claim, settled", 8),
    _scene("thanks-loyal", "Thank you for staying", 12),
    _scene("offer-plain", "Your offer", 12),
    _scene("offer-bonus", "Your offer, with a bonus", 16),
    _scene("next-step", "Your next step", 16),
)
