"""What a launch costs to render: segments, CPU and bytes, how much is shared, and how many workers a click curve needs.

Renders are of the one rung that a viewer watches; a viewer who changes rungs has some rendered twice. Pure arithmetic
over counts and over what a segment of each rung was measured to cost.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from streamsrv.analytics.renders import Window
from streamsrv.analytics.wording import listed, number, share_of

UTILISATION = 0.7
"""Of a worker's time that is planned for: above it, orders wait for each other."""
WORTH_SPLITTING = 2.0
"""A window is told about when its overlays would take so many times fewer renders apart."""


@dataclass(frozen=True, slots=True)
class RungCost:
    """What one second of an own segment costs at a rung, as it was measured."""

    rung: str
    cpu_s: float
    size_bytes: float


@dataclass(frozen=True, slots=True)
class WindowLoad:
    """One window and everything that is rendered for it."""

    window: Window
    seconds: float
    """Of video in it."""
    repeats: Mapping[int, int]
    """How many combinations of words are shown how often."""


@dataclass(frozen=True, slots=True)
class WindowCost:
    scene: str
    overlays: tuple[str, ...]
    from_s: float
    to_s: float
    shown: int
    renders: int
    segments: int
    """To render, at one rung."""
    cpu_s: float
    size_bytes: int
    share_of_cpu: float
    apart: int
    """Renders if each of its overlays had a window of its own."""


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the click curve."""

    clicks: int
    segments: int
    """Own segments that are asked for."""
    rendered: int
    """Those whose words nobody saw before."""
    cpu_s: float
    workers: int


@dataclass(frozen=True, slots=True)
class LaunchPlan:
    """The cost of one launch at one rung."""

    viewers: int
    rung: str
    windows: tuple[WindowCost, ...]
    """The dearest first."""
    segments_shown: int
    segments_to_render: int
    share_shared: float
    """Of the segments shown: cache hits."""
    cpu_s: float
    size_bytes: int
    hours: tuple[Hour, ...]
    advice: tuple[str, ...]


def plan_launch(loads: Sequence[WindowLoad], cost: RungCost, *, viewers: int, clicks: Sequence[int] = ()) -> LaunchPlan:
    """What all viewers together cost; `clicks` are those of each hour from the launch on."""
    total_s = sum(load.window.renders * load.seconds for load in loads)
    windows = [
        WindowCost(
            scene=load.window.scene,
            overlays=load.window.overlays,
            from_s=load.window.from_s,
            to_s=load.window.to_s,
            shown=load.window.shown,
            renders=load.window.renders,
            segments=load.window.renders * load.window.segments,
            cpu_s=round(load.window.renders * load.seconds * cost.cpu_s, 3),
            size_bytes=round(load.window.renders * load.seconds * cost.size_bytes),
            share_of_cpu=round(load.window.renders * load.seconds / total_s, 6) if total_s else 0.0,
            apart=sum(load.window.distinct),
        )
        for load in loads
    ]
    shown = sum(load.window.shown * load.window.segments for load in loads)
    to_render = sum(one.segments for one in windows)
    ordered = tuple(sorted(windows, key=lambda one: -one.cpu_s))
    return LaunchPlan(
        viewers=viewers,
        rung=cost.rung,
        windows=ordered,
        segments_shown=shown,
        segments_to_render=to_render,
        share_shared=share_of(shown - to_render, shown),
        cpu_s=round(sum(one.cpu_s for one in windows), 3),
        size_bytes=sum(one.size_bytes for one in windows),
        hours=tuple(_hours(loads, cost, viewers=viewers, clicks=clicks)),
        advice=tuple(_advice(ordered)),
    )


def _hours(loads: Sequence[WindowLoad], cost: RungCost, *, viewers: int, clicks: Sequence[int]) -> Iterator[Hour]:
    """Viewers click in no order: of words that are shown c times, 1 - (1 - p)^c are expected once a share p clicked."""
    before = 0
    for count in clicks:
        after = before + count
        begun, done = (min(1.0, so_far / viewers) if viewers else 0.0 for so_far in (before, after))
        asked = rendered = cpu_s = 0.0
        for load in loads:
            fresh = _seen(load.repeats, done) - _seen(load.repeats, begun)
            asked += load.window.shown * load.window.segments * (done - begun)
            rendered += fresh * load.window.segments
            cpu_s += fresh * load.seconds * cost.cpu_s
        workers = max(1, -(-cpu_s // (3600 * UTILISATION))) if rendered else 0
        yield Hour(count, round(asked), round(rendered), round(cpu_s, 3), int(workers))
        before = after


def _seen(repeats: Mapping[int, int], share: float) -> float:
    return sum(values * (1 - (1 - share) ** times) for times, values in repeats.items())


def _advice(windows: Iterable[WindowCost]) -> Iterator[str]:
    for at, one in enumerate(windows):
        if len(one.overlays) > 1 and one.renders >= WORTH_SPLITTING * one.apart:
            yield (
                f"{listed(one.overlays)} in one window of scene {one.scene}: {number(one.renders)} renders; in"
                f" {len(one.overlays)} windows: {number(one.apart)}"
            )
        elif at == 0 and one.share_of_cpu > 0:
            yield (
                f"{listed(one.overlays)} in scene {one.scene} {'drives' if len(one.overlays) == 1 else 'drive'} the"
                f" cost: {100 * one.share_of_cpu:.0f} % of it, {number(one.renders)} renders"
            )
