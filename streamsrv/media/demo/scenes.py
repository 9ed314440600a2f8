"""The list of demo scenes: what each is called, how long it lasts and where words of the viewer's own may stand."""

from dataclasses import dataclass

FRAME_RATE = 30
FRAMES_PER_BEAT = 16
"""One beat is one unit of the grid at 30 fps: 8/15 s, a tempo of 112.5 beats a minute."""


@dataclass(frozen=True, slots=True)
class DemoScene:
    """One scene that is made by code. It holds no personal value and is whole without any overlay."""

    scene_id: str
    title: str
    duration_frames: int
    """At 30 fps; whole beats, so the scene lies on the grid."""
    overlay_box: tuple[float, float, float, float]
    """Left, top, width and height of an area kept clear for words, as shares of the picture."""
    cuts_ms: tuple[int, ...] = ()
    """Where a segment must begin, besides those that the packager chooses."""

    @property
    def beats(self) -> int:
        """The duration in beats."""
        return self.duration_frames // FRAMES_PER_BEAT


_ABOVE_HEADLINE = (0.0729, 0.165, 0.39, 0.095)
_BELOW_TEXT = (0.0729, 0.620, 0.38, 0.115)
_BELOW_LINE = (0.0729, 0.560, 0.38, 0.175)
_BELOW_ROWS = (0.0729, 0.700, 0.38, 0.060)
_SOON_MS = 2133
"""A short first segment lets a video start sooner: four beats."""


def _scene(
    scene_id: str, title: str, beats: int, overlay_box: tuple[float, float, float, float], *cuts_ms: int
) -> DemoScene:
    return DemoScene(scene_id, title, beats * FRAMES_PER_BEAT, overlay_box, cuts_ms)


DEMO_SCENES: tuple[DemoScene, ...] = (
    _scene("hello", "Welcome", 12, _ABOVE_HEADLINE, _SOON_MS),
    _scene("hello-any", "Welcome, to anyone", 12, _ABOVE_HEADLINE, _SOON_MS),
    _scene("explain-home", "Your home insurance", 20, _BELOW_ROWS),
    _scene("explain-motor", "Your motor insurance", 20, _BELOW_ROWS),
    _scene("explain-life", "Your life insurance", 20, _BELOW_ROWS),
    _scene("explain-any", "Your insurance", 20, _BELOW_ROWS),
    _scene("no-claims", "A year without a claim", 12, _BELOW_TEXT),
    _scene("claim-card", "A claim, settled", 8, _BELOW_LINE),
    _scene("thanks-loyal", "Thank you for staying", 12, _BELOW_TEXT),
    _scene("offer-plain", "Your offer", 16, _BELOW_ROWS),
    _scene("offer-bonus", "Your offer, with a bonus", 16, _BELOW_ROWS),
    _scene("next-step", "Your next step", 16, _BELOW_ROWS),
)
