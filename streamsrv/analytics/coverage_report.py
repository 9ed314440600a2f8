"""What coverage finds, as values: the document of `--json`, and what tables and pages are made of.

Shares are parts of 1. Nothing here is a value of a viewer; the only viewers named are examples, by their ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from streamsrv.analytics.branches import Kind
from streamsrv.analytics.renders import OverlayValues, Renders, Window
from streamsrv.core.model import SceneId, StoryKind


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a viewers' file."""

    viewers: int
    """Of the campaign."""
    other_campaigns: int
    broken_lines: int
    first_broken: tuple[str, ...]
    complete: bool
    """False when reading was stopped before the end."""


@dataclass(frozen=True, slots=True)
class Share:
    name: str
    viewers: int
    share: float


@dataclass(frozen=True, slots=True)
class StoryShare:
    story: StoryKind
    viewers: int
    share: float
    shortest_s: float | None
    """None where nobody is told it, or scenes are not known."""
    longest_s: float | None


@dataclass(frozen=True, slots=True)
class AttributeFault:
    """An attribute that viewers lack, or whose value does not fit its type."""

    attribute: str
    missing: int
    unfit: int
    share: float
    needed: bool
    """Whether the fallback story is told without it."""
    fallbacks: int
    """Viewers told the fallback story for want of it; one viewer may want for several."""


@dataclass(frozen=True, slots=True)
class BranchShare:
    kind: Kind
    label: str
    scene: SceneId | None
    viewers: int
    share: float
    """Of those whose rules were asked."""
    never: str
    """What to say of it when it stands in the file and nobody took it; empty otherwise."""


@dataclass(frozen=True, slots=True)
class Records:
    """How often a scene of `for_each` comes, among viewers for whom it comes at all."""

    least: int
    mean: float
    most: int
    viewers_with_dropped: int
    """Viewers who see some of their records, because all would make the video too long."""


@dataclass(frozen=True, slots=True)
class SlotShare:
    slot: str
    group: str | None
    branches: tuple[BranchShare, ...]
    records: Records | None


@dataclass(frozen=True, slots=True)
class SceneShare:
    scene: SceneId
    slots: tuple[str, ...]
    """Where it can be shown; also `fallback` and `control`."""
    viewers: int
    share: float
    reachable: bool
    """False when only an arm of weight 0, or the control story of nobody, shows it."""


@dataclass(frozen=True, slots=True)
class Length:
    seconds: float
    viewers: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    from_s: float
    to_s: float
    """The first length that is no longer in it."""
    viewers: int
    share: float


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long the personal stories are."""

    shortest: Length
    longest: Length
    mean_s: float
    median_s: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class ArmShare:
    arm: str
    viewers: int
    share: float
    planned: float


@dataclass(frozen=True, slots=True)
class CoverageReport:
    campaign: str
    release: str
    at: str
    shown_then: bool
    """Whether the campaign is shown at that time at all."""
    reading: Reading
    findings: tuple[str, ...]
    stories: tuple[StoryShare, ...]
    fallbacks: tuple[Share, ...]
    """By reason; shares of all viewers."""
    attributes: tuple[AttributeFault, ...]
    unknown_attributes: tuple[Share, ...]
    asked: int
    """Viewers whose rules were asked: neither held out nor without the data."""
    slots: tuple[SlotShare, ...]
    scenes: tuple[SceneShare, ...]
    further_scenes: int
    """Packaged, and not named by this campaign: they are not its to judge, as other campaigns may show them."""
    lengths: Lengths | None
    languages: tuple[Share, ...]
    experiments: Mapping[str, tuple[ArmShare, ...]]
    holdout: ArmShare | None
    overlays: tuple[OverlayValues, ...]
    windows: tuple[Window, ...]
    renders: Renders | None
    """None where scenes are not packaged yet."""
