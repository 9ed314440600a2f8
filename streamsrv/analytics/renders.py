"""What a campaign's words cost to draw: distinct values of each overlay, distinct renders of each window.

Overlays of a scene whose windows overlap in time are drawn together, so what counts is how many combinations of their
texts occur. Texts are kept as hashes of 8 bytes; no text leaves this file.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from streamsrv.analytics.wording import share_of
from streamsrv.core.campaign import Campaign
from streamsrv.core.grid import VIDEO_TIMESCALE, grid_for
from streamsrv.core.model import Overlay, Scene, SceneId, Story
from streamsrv.core.overlays import groups_of


@dataclass(frozen=True, slots=True)
class OverlayValues:
    """One overlay of one scene in one slot."""

    slot: str
    scene: SceneId
    overlay: str
    filled: bool
    """Whether the campaign gives it a text at all; the scene's own default is shown where it does not."""
    shown: int
    """Times it is shown: more than once a viewer where a scene comes once for each record."""
    distinct: int
    defaulted: int
    share_defaulted: float


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a scene in which overlays are drawn together."""

    scene: SceneId
    slots: tuple[str, ...]
    overlays: tuple[str, ...]
    from_s: float
    to_s: float
    viewers: int
    shown: int
    renders: int
    """Distinct combinations of texts."""
    distinct: tuple[int, ...]
    """Distinct texts of each overlay by itself."""
    segments: int
    rungs: int
    segments_to_render: int
    """Renders x segments x rungs."""


@dataclass(frozen=True, slots=True)
class Renders:
    """All windows of a launch to these viewers."""

    segments_to_render: int
    segments_shown: int
    """What would be rendered if no viewer shared anything."""
    share_shared: float
    """The part of `segments_shown` that costs nothing, because the same text was rendered before."""


@dataclass(slots=True)
class _Values:
    filled: bool
    shown: int = 0
    defaulted: int = 0
    distinct: set[bytes] = field(default_factory=set)


@dataclass(slots=True)
class _Window:
    names: tuple[str, ...]
    start_units: int
    end_units: int
    viewers: int = 0
    shown: int = 0
    slots: dict[str, None] = field(default_factory=dict)
    distinct: Counter[bytes] = field(default_factory=Counter)
    """How often each combination is shown."""


class RenderTally:
    """Counts the texts of stories, one story at a time."""

    def __init__(self, campaign: Campaign, scenes: Mapping[SceneId, Scene] | None) -> None:
        self._campaign = campaign
        used = campaign.scene_ids()
        self._scenes = {} if scenes is None else {name: scene for name, scene in scenes.items() if name in used}
        self._values: dict[tuple[str, SceneId, str], _Values] = {}
        self._windows = {
            name: [_Window(*group) for group in groups_of(scene.overlays)] for name, scene in self._scenes.items()
        }
        self._defaults: dict[tuple[SceneId, str], Mapping[str, bytes]] = {}

    def add(self, story: Story) -> None:
        seen: set[SceneId] = set()
        for decision in story.decisions:
            windows = self._windows.get(decision.scene_id, ())
            if not windows and not decision.overlays:
                continue
            digests: dict[str, bytes] = {}
            for overlay in decision.overlays:
                digest = digests[overlay.name] = _digest(_shown(overlay))
                self._count(decision.slot, decision.scene_id, overlay.name, digest, overlay.defaulted, filled=True)
            if not windows:
                continue
            for name, digest in self._unfilled(decision.scene_id, story.language).items():
                if name not in digests:
                    digests[name] = digest
                    self._count(decision.slot, decision.scene_id, name, digest, defaulted=True, filled=False)
            for window in windows:
                window.shown += 1
                window.slots[decision.slot] = None
                window.viewers += decision.scene_id not in seen
                names = window.names
                together = digests[names[0]] if len(names) == 1 else _digest(b"".join(digests[name] for name in names))
                window.distinct[together] += 1
            seen.add(decision.scene_id)

    def values(self) -> tuple[OverlayValues, ...]:
        """Every overlay that was shown, in the story's order."""
        order = {slot.name: at for at, slot in enumerate(self._campaign.slots)}
        return tuple(
            OverlayValues(
                slot, scene, name, one.filled, one.shown, len(one.distinct), one.defaulted,
                share_of(one.defaulted, one.shown),
            )
            for (slot, scene, name), one in sorted(
                self._values.items(), key=lambda item: (order.get(item[0][0], len(order)), item[0])
            )
        )  # fmt: skip

    def windows(self) -> tuple[Window, ...]:
        """Every window that was shown; empty where scenes are not known."""
        return tuple(
            self._window(self._scenes[name], window)
            for name, windows in self._windows.items()
            for window in windows
            if window.shown
        )

    def repeats(self) -> tuple[Mapping[int, int], ...]:
        """For each of `windows` how many combinations are shown how often."""
        return tuple(
            Counter(window.distinct.values())
            for windows in self._windows.values()
            for window in windows
            if window.shown
        )

    def _count(self, slot: str, scene_id: SceneId, name: str, digest: bytes, defaulted: bool, *, filled: bool) -> None:
        key = (slot, scene_id, name)
        values = self._values.get(key)
        if values is None:
            values = self._values[key] = _Values(filled)
        values.shown += 1
        values.defaulted += defaulted
        values.filled |= filled
        values.distinct.add(digest)

    def _unfilled(self, scene_id: SceneId, language: str) -> Mapping[str, bytes]:
        """The digest of each overlay's own default in a language."""
        key = (scene_id, language)
        found = self._defaults.get(key)
        if found is None:
            languages = self._campaign.languages
            overlays = self._scenes[scene_id].overlays
            found = self._defaults[key] = {
                name: _digest((languages.pick(slot.default, language) if slot.default else "").encode())
                for name, slot in overlays.items()
            }
        return found

    def _window(self, scene: Scene, window: _Window) -> Window:
        alone: dict[str, set[bytes]] = defaultdict(set)
        for (_, scene_id, name), values in self._values.items():
            if scene_id == scene.scene_id:
                alone[name] |= values.distinct
        unit_s = grid_for(scene.frame_rate).video_ticks / VIDEO_TIMESCALE
        segments = sum(
            segment.start_units < window.end_units and segment.start_units + segment.units > window.start_units
            for segment in scene.video[0].segments
        )
        return Window(
            scene=scene.scene_id,
            slots=tuple(window.slots),
            overlays=window.names,
            from_s=round(window.start_units * unit_s, 3),
            to_s=round(window.end_units * unit_s, 3),
            viewers=window.viewers,
            shown=window.shown,
            renders=len(window.distinct),
            distinct=tuple(len(alone[name]) for name in window.names),
            segments=segments,
            rungs=len(scene.video),
            segments_to_render=len(window.distinct) * segments * len(scene.video),
        )


def renders_of(windows: Iterable[Window]) -> Renders:
    """What all windows together cost."""
    every = tuple(windows)
    to_render = sum(window.segments_to_render for window in every)
    shown = sum(window.shown * window.segments * window.rungs for window in every)
    return Renders(to_render, shown, share_of(shown - to_render, shown))


def _shown(overlay: Overlay) -> bytes:
    marks = "".join(f"\0{mark.label}\0{mark.value!r}\0{mark.text}" for mark in overlay.marks)
    return (overlay.text + marks).encode()


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=8).digest()
