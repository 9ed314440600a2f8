"""What stands out in a coverage report, each as one plain sentence."""

from collections.abc import Iterator

from streamsrv.analytics.coverage_report import CoverageReport, SlotShare
from streamsrv.analytics.renders import Window
from streamsrv.analytics.wording import counted, listed, number, percent

MANY_FALLBACKS = 0.05
EXPLODING = 4
"""Renders of a window, as a multiple of the texts that its overlays have one by one."""
ALONE_SHARE, ALONE_VIEWERS = 0.5, 100
"""Of this many viewers or more, this part with a render of their own is nearly everyone."""
FIXED = ("fallback", "control")
"""The stories where defaults are meant to be seen."""


def findings(report: CoverageReport) -> Iterator[str]:
    """The sentences, what concerns most viewers first."""
    if not report.reading.complete:
        yield f"reading was stopped: this covers the first {counted(report.reading.viewers, 'viewer')}"
    if not report.shown_then:
        yield "the campaign is not shown at that time"
    yield from _fallbacks(report)
    yield from _unreached(report)
    for slot in report.slots:
        yield from _branches(slot, {scene.scene for scene in report.scenes if not scene.viewers})
    yield from _overlays(report)
    for window in report.windows:
        yield from _window(window)
    if report.renders is None:
        yield "no scenes are packaged yet: lengths and renders are not known"


def _fallbacks(report: CoverageReport) -> Iterator[str]:
    told = next(story for story in report.stories if story.story == "fallback")
    if told.share > MANY_FALLBACKS:
        reasons = listed(tuple(f"{one.name} for {number(one.viewers)}" for one in report.fallbacks))
        yield f"{percent(told.share)} of viewers are told the fallback story: {reasons}"
    for fault in report.attributes:
        if fault.needed and fault.share > MANY_FALLBACKS:
            parts = [("is missing for", fault.missing), ("does not fit for", fault.unfit)]
            told_of = [f"{what} {counted(viewers, 'viewer')}" for what, viewers in parts if viewers]
            yield f"attribute {fault.attribute} {' and '.join(told_of)}"
    for stranger in report.unknown_attributes:
        yield f"{stranger.name} is given for {counted(stranger.viewers, 'viewer')} and no attribute of this campaign"


def _unreached(report: CoverageReport) -> Iterator[str]:
    for scene in report.scenes:
        if scene.viewers:
            continue
        where = f"{'slot' if len(scene.slots) == 1 else 'slots'} {listed(scene.slots)}"
        where = f"the {scene.slots[0]} story" if scene.slots[0] in FIXED else where
        if scene.reachable:
            yield f"scene {scene.scene} is never reached in this sample ({where})"
        else:
            yield f"scene {scene.scene} can be reached by nobody: {where} shows it to a share of 0"


def _branches(slot: SlotShare, unreached: set[str]) -> Iterator[str]:
    showing = [branch for branch in slot.branches if branch.scene is not None]
    if showing and not any(branch.viewers for branch in showing):
        if not all(branch.scene in unreached for branch in showing):
            never = f": {showing[0].never}" if len(showing) == 1 else " is never shown in this sample"
            yield f"slot {slot.slot}{never}"
        return
    for branch in slot.branches:
        if branch.never and branch.scene not in unreached:
            yield f"slot {slot.slot}: {branch.never}"
        if branch.kind == "rule_error" and branch.viewers:
            yield f"slot {slot.slot}: a rule fails for {counted(branch.viewers, 'viewer')} ({branch.label})"


def _overlays(report: CoverageReport) -> Iterator[str]:
    for overlay in report.overlays:
        if overlay.slot in FIXED:
            continue
        name = f"overlay {overlay.overlay} of scene {overlay.scene} in slot {overlay.slot}"
        if not overlay.filled:
            yield f"{name} is never filled: every viewer sees its default"
        elif overlay.defaulted == overlay.shown:
            yield f"{name} always lacks a value: every viewer sees its default"


def _window(window: Window) -> Iterator[str]:
    where = f"{'slot' if len(window.slots) == 1 else 'slots'} {listed(window.slots)}"
    singles = sum(window.distinct)
    viewers = counted(window.viewers, "viewer")
    if window.shown > window.viewers:
        viewers += f" (shown {number(window.shown)} times)"
    alone = window.viewers >= ALONE_VIEWERS and window.renders > ALONE_SHARE * window.viewers
    explodes = window.renders > EXPLODING * singles
    most, name = max(zip(window.distinct, window.overlays, strict=True))
    # Where one overlay alone is nearly everyone's own, windows of their own would save nothing.
    if alone and not explodes and most > ALONE_SHARE * window.viewers:
        yield f"{where}: {name} is nearly everyone's own: {counted(window.renders, 'render')} for {viewers}"
    elif len(window.overlays) > 1 and (explodes or alone):
        apart = " + ".join(map(number, window.distinct))
        yield (
            f"{where}: {listed(window.overlays)} stand in one window of scene {window.scene}:"
            f" {counted(window.renders, 'render')} for {viewers};"
            f" in {len(window.overlays)} windows {apart}"
        )
