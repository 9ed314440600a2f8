"""What a sample of viewers gets to see of a campaign, counted viewer by viewer.

Viewers whose rules turn out alike share an outline: outlines are counted, and what follows is worked out once.
Memory does not grow with the sample, but for a hash of each distinct text. Holds no value of any viewer.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import NamedTuple

from streamsrv.analytics.branches import Branch, possible, taken
from streamsrv.analytics.coverage_findings import findings
from streamsrv.analytics.coverage_report import (
    ArmShare,
    AttributeFault,
    Bin,
    BranchShare,
    CoverageReport,
    Length,
    Lengths,
    Reading,
    Records,
    SceneShare,
    Share,
    SlotShare,
    StoryShare,
)
from streamsrv.analytics.renders import RenderTally, renders_of
from streamsrv.analytics.wording import share_of
from streamsrv.core.campaign import Arms, Attributes, Campaign, ForEach, Slot, check_viewer
from streamsrv.core.campaign.document import quoted
from streamsrv.core.experiments import MILLION, Experiment
from streamsrv.core.model import Scene, SceneId, StoryKind, Viewer, ViewerId
from streamsrv.core.rules.deciding import lay_out, told
from streamsrv.core.rules.outline import DATA_MISSING, Outline

EXAMPLES = 3
KEPT_OUTLINES = 4096
"""Outlines that wait to be worked out."""
MAX_UNKNOWN = 20
MAX_BINS = 12
BIN_WIDTHS_S = (0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1800, 3600)
STORIES: tuple[StoryKind, ...] = ("personal", "fallback", "control")


class _Seen(NamedTuple):
    """What viewers who are counted together have in common."""

    outline: Outline
    records: tuple[int, ...]
    """How many records each loop had before any was dropped; empty where nothing can be."""


@dataclass(slots=True)
class _Group:
    viewers: int = 0
    examples: list[ViewerId] = field(default_factory=list)

    def add(self, viewers: int, examples: Sequence[ViewerId]) -> None:
        self.viewers += viewers
        self.examples += examples[: EXAMPLES - len(self.examples)]


@dataclass(slots=True)
class _SlotTally:
    branches: Counter[Branch] = field(default_factory=Counter)
    records: Counter[int] = field(default_factory=Counter)
    with_dropped: int = 0


class Coverage:
    """Counts viewers of one campaign as they are decided at `now_s`; arms are by hash, not as recorded."""

    def __init__(self, campaign: Campaign, scenes: Mapping[SceneId, Scene] | None, *, now_s: int) -> None:
        self._campaign = campaign
        self._scenes = scenes
        self._now_s = now_s
        self._viewers = 0
        self._asked = 0
        self._waiting: dict[_Seen, _Group] = {}
        self._lengths_ms: dict[StoryKind, dict[int, _Group]] = {kind: {} for kind in STORIES}
        self._kinds: Counter[StoryKind] = Counter()
        self._fallbacks: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._arms: Counter[tuple[str, str]] = Counter()
        self._scene_viewers: Counter[SceneId] = Counter()
        self._missing: Counter[str] = Counter()
        self._unfit: Counter[str] = Counter()
        self._at_fault: Counter[str] = Counter()
        self._unknown: Counter[str] = Counter()
        self._slots = {slot.name: _SlotTally() for slot in campaign.slots}
        self._renders = RenderTally(campaign, scenes)

    def add(self, viewer: Viewer) -> None:
        """Count one viewer, whose attributes may be as they were given."""
        campaign = self._campaign
        attributes, _ = check_viewer(campaign.schema, viewer.attributes)
        laid_out = lay_out(campaign, viewer, attributes, self._now_s, None)
        story = told(campaign, viewer, attributes, laid_out)
        self._viewers += 1
        self._languages[story.language] += 1
        self._count_faults(attributes, fallback=story.fallback == DATA_MISSING)
        self._renders.add(story)
        seen = _Seen(laid_out, self._lengths_of_lists(attributes) if laid_out.slots else ())
        group = self._waiting.get(seen)
        if group is None:
            if len(self._waiting) >= KEPT_OUTLINES:
                self._work_out()
            group = self._waiting[seen] = _Group()
        group.viewers += 1
        if len(group.examples) < EXAMPLES:
            group.examples.append(viewer.viewer_id)

    def report(self, reading: Reading) -> CoverageReport:
        """What was found so far."""
        self._work_out()
        campaign, scenes = self._campaign, self._scenes
        windows = self._renders.windows()
        report = CoverageReport(
            campaign=campaign.campaign_id,
            release=campaign.release,
            at=datetime.fromtimestamp(self._now_s, UTC).isoformat(),
            shown_then=campaign.is_shown_at(self._now_s),
            reading=reading,
            findings=(),
            stories=tuple(self._story_share(kind) for kind in STORIES if kind != "control" or campaign.holdout),
            fallbacks=self._shares(self._fallbacks),
            attributes=tuple(self._faults()),
            unknown_attributes=self._shares(self._unknown),
            asked=self._asked,
            slots=tuple(self._slot_share(slot) for slot in campaign.slots),
            scenes=tuple(self._scene_shares()),
            further_scenes=0 if scenes is None else len(scenes.keys() - campaign.scene_ids()),
            lengths=_lengths(self._lengths_ms["personal"]),
            languages=self._shares(Counter({tag: self._languages[tag] for tag in campaign.languages.offered})),
            experiments={one.name: tuple(self._arm_shares(one)) for one in campaign.experiments},
            holdout=self._holdout(),
            overlays=self._renders.values(),
            windows=windows,
            renders=None if scenes is None else renders_of(windows),
        )  # fmt: skip
        return replace(report, findings=tuple(findings(report)))

    def _lengths_of_lists(self, attributes: Attributes) -> tuple[int, ...]:
        if self._campaign.max_duration_ms is None:
            return ()
        lengths = attributes.lengths
        return tuple([min(lengths[loop.attribute], loop.max_items or MILLION) for loop in self._campaign.loops])

    def _count_faults(self, attributes: Attributes, *, fallback: bool) -> None:
        for name, fault in attributes.faults.items():
            (self._missing if fault is None else self._unfit)[name] += 1
            self._at_fault[name] += fallback and name in self._campaign.needs
        for name in attributes.given.keys() - self._campaign.schema.fields.keys():
            shown = quoted(str(name))
            if shown in self._unknown or len(self._unknown) < MAX_UNKNOWN:
                self._unknown[shown] += 1

    def _work_out(self) -> None:
        for seen, group in self._waiting.items():
            self._work_out_one(seen, group)
        self._waiting.clear()

    def _work_out_one(self, seen: _Seen, group: _Group) -> None:
        outline, viewers = seen.outline, group.viewers
        story = outline.story
        self._kinds[story.kind] += viewers
        if story.fallback is not None:
            self._fallbacks[story.fallback] += viewers
        for experiment, arm in story.arms:
            self._arms[experiment, arm] += viewers
        for scene_id in {decision.scene_id for decision in story.decisions}:
            self._scene_viewers[scene_id] += viewers
        durations_ms = self._campaign.durations_ms
        if durations_ms:
            length_ms = sum(durations_ms[decision.scene_id] for decision in story.decisions)
            self._lengths_ms[story.kind].setdefault(length_ms, _Group()).add(viewers, group.examples)
        if outline.slots:
            self._asked += viewers
            self._work_out_slots(seen, viewers)

    def _work_out_slots(self, seen: _Seen, viewers: int) -> None:
        shown = {place.decision.slot: place.shown for place in seen.outline.places}
        before = iter(seen.records)
        for slot, laid_out in zip(self._campaign.slots, seen.outline.slots, strict=True):
            tally = self._slots[slot.name]
            count = len(laid_out.scenes)
            tally.branches[taken(slot, laid_out, shown[slot.name] if count else None)] += viewers
            if isinstance(slot.content, ForEach):
                tally.with_dropped += viewers * (0 < count < next(before, count))
                if count:
                    tally.records[count] += viewers

    def _share(self, viewers: int) -> float:
        return share_of(viewers, self._viewers)

    def _shares(self, counts: Counter[str]) -> tuple[Share, ...]:
        return tuple(Share(name, viewers, self._share(viewers)) for name, viewers in counts.most_common())

    def _story_share(self, kind: StoryKind) -> StoryShare:
        lengths_ms = self._lengths_ms[kind]
        ends = (min(lengths_ms) / 1000, max(lengths_ms) / 1000) if lengths_ms else (None, None)
        return StoryShare(kind, self._kinds[kind], self._share(self._kinds[kind]), *ends)

    def _faults(self) -> Iterator[AttributeFault]:
        for name in self._campaign.schema.fields:
            missing, unfit = self._missing[name], self._unfit[name]
            if missing or unfit:
                needed = name in self._campaign.needs
                share = self._share(missing + unfit)
                yield AttributeFault(name, missing, unfit, share, needed, self._at_fault[name])

    def _slot_share(self, slot: Slot) -> SlotShare:
        tally = self._slots[slot.name]
        never = {one.branch: one.never for one in possible(self._campaign, slot)}
        branches = [*never, *sorted(tally.branches.keys() - never.keys(), key=lambda branch: branch.label)]
        return SlotShare(
            slot=slot.name,
            group=slot.group,
            branches=tuple(
                BranchShare(
                    branch.kind, branch.label, branch.scene, tally.branches[branch],
                    share_of(tally.branches[branch], self._asked),
                    "" if tally.branches[branch] or not self._asked else never[branch],
                )
                for branch in branches
            ),
            records=_records(tally),
        )  # fmt: skip

    def _scene_shares(self) -> Iterator[SceneShare]:
        for scene_id, places in _places(self._campaign).items():
            viewers = self._scene_viewers[scene_id]
            yield SceneShare(scene_id, tuple(places), viewers, self._share(viewers), any(places.values()))

    def _arm_shares(self, experiment: Experiment) -> Iterator[ArmShare]:
        in_any = sum(self._arms[experiment.name, arm] for arm, _ in experiment.arms)
        weights = sum(weight for _, weight in experiment.arms)
        for arm, weight in experiment.arms:
            viewers = self._arms[experiment.name, arm]
            yield ArmShare(arm, viewers, share_of(viewers, in_any), share_of(weight, weights))

    def _holdout(self) -> ArmShare | None:
        holdout, viewers = self._campaign.holdout, self._kinds["control"]
        if holdout is None:
            return None
        return ArmShare("held out", viewers, self._share(viewers), holdout.share_ppm / MILLION)


def _places(campaign: Campaign) -> dict[SceneId, dict[str, bool]]:
    """Where each scene can be shown, and whether anybody can get it there: an arm may have the weight 0."""
    places: dict[SceneId, dict[str, bool]] = {}
    for slot in campaign.slots:
        content = slot.content
        weights = dict(content.experiment.arms) if isinstance(content, Arms) else {}
        nobody = (
            [shown for arm, shown in content.shown.items() if not weights[arm]] if isinstance(content, Arms) else []
        )
        for shown in slot.all_shown():
            at = places.setdefault(shown.scene_id, {})
            at[slot.name] = at.get(slot.name, False) or shown not in nobody
    for shown in campaign.fallback:
        places.setdefault(shown.scene_id, {})["fallback"] = True
    for shown in campaign.holdout.control if campaign.holdout else ():
        places.setdefault(shown.scene_id, {})["control"] = (
            campaign.holdout is not None and campaign.holdout.share_ppm > 0
        )
    return places


def _records(tally: _SlotTally) -> Records | None:
    counts = tally.records
    if not counts:
        return None
    mean = sum(count * viewers for count, viewers in counts.items()) / counts.total()
    return Records(min(counts), round(mean, 3), max(counts), tally.with_dropped)


def _lengths(groups: Mapping[int, _Group]) -> Lengths | None:
    if not groups:
        return None
    viewers = sum(group.viewers for group in groups.values())
    ordered = sorted(groups)
    reached, median_ms = 0, ordered[-1]
    for length_ms in ordered:
        reached += groups[length_ms].viewers
        if 2 * reached >= viewers:
            median_ms = length_ms
            break
    mean_ms = sum(length_ms * group.viewers for length_ms, group in groups.items()) / viewers
    return Lengths(
        shortest=_length(ordered[0], groups[ordered[0]]),
        longest=_length(ordered[-1], groups[ordered[-1]]),
        mean_s=round(mean_ms / 1000, 3),
        median_s=median_ms / 1000,
        bins=tuple(_bins(groups, viewers)),
    )


def _length(length_ms: int, group: _Group) -> Length:
    return Length(length_ms / 1000, group.viewers, tuple(group.examples))


def _bins(groups: Mapping[int, _Group], viewers: int) -> Iterator[Bin]:
    """At most `MAX_BINS` of equal width, the first width that is a round number of seconds."""
    shortest_s, longest_s = min(groups) / 1000, max(groups) / 1000
    fitting = (width for width in BIN_WIDTHS_S if longest_s // width - shortest_s // width < MAX_BINS)
    width_s = next(fitting, (longest_s - shortest_s) / (MAX_BINS - 1))
    first, last = int(shortest_s // width_s), int(longest_s // width_s)
    counts: Counter[int] = Counter()
    for length_ms, group in groups.items():
        counts[int(length_ms / 1000 // width_s)] += group.viewers
    for at in range(first, last + 1):
        yield Bin(at * width_s, (at + 1) * width_s, counts[at], share_of(counts[at], viewers))
