"""What viewers would see otherwise if one campaign took another's place: compared viewer by viewer.

Words and addresses are compared and never told: they hold what is personal. Labels and scenes are the authors' own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Literal, NamedTuple

from streamsrv.analytics.coverage_report import Reading
from streamsrv.analytics.wording import share_of
from streamsrv.core.campaign import Campaign, check_viewer
from streamsrv.core.campaign.document import quoted
from streamsrv.core.model import Decision, Mark, Story, Viewer, ViewerId
from streamsrv.core.rules.deciding import lay_out, told

EXAMPLES = 3

Kind = Literal["story", "scenes", "words", "cta", "language"]
KINDS: tuple[Kind, ...] = ("story", "scenes", "words", "cta", "language")
"""Another of the campaign's stories, other scenes, the same scenes with other words, and so on."""


class Change(NamedTuple):
    """Something that many viewers may see otherwise in the same way."""

    kind: Kind
    what: str


class Comparison(NamedTuple):
    """How two stories of one viewer differ; both empty when nothing that is seen does."""

    kinds: frozenset[Kind]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Group:
    what: str
    viewers: int
    share: float
    examples: tuple[ViewerId, ...]


@dataclass(frozen=True, slots=True)
class ChangeGroup(Group):
    kind: Kind


@dataclass(frozen=True, slots=True)
class LengthChange:
    """The change in length that is the largest in its direction, and its first viewer."""

    viewer: ViewerId
    before_s: float
    after_s: float
    change_s: float


@dataclass(frozen=True, slots=True)
class Side:
    campaign: str
    release: str


@dataclass(frozen=True, slots=True)
class DifferenceReport:
    before: Side
    after: Side
    at: str
    reading: Reading
    same: int
    changed: int
    kinds: Mapping[Kind, int]
    """Viewers by what is otherwise; one viewer may count under several."""
    changes: tuple[ChangeGroup, ...]
    """Most frequent first."""
    arms_moved: tuple[Group, ...]
    longer: LengthChange | None
    """None where no video becomes longer, or scenes are not known; `shorter` likewise."""
    shorter: LengthChange | None


@dataclass(slots=True)
class _Tally:
    viewers: int = 0
    examples: list[ViewerId] = field(default_factory=list)

    def add(self, viewer: Viewer) -> None:
        self.viewers += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(viewer.viewer_id)


class Difference:
    """Compares two campaigns over viewers, decided at `now_s`; arms are by hash, not as recorded."""

    def __init__(self, before: Campaign, after: Campaign, *, now_s: int) -> None:
        self._before = before
        self._after = after
        self._now_s = now_s
        self._viewers = 0
        self._changed = 0
        self._kinds: dict[Kind, int] = dict.fromkeys(KINDS, 0)
        self._changes: dict[Change, _Tally] = {}
        self._arms: dict[str, _Tally] = {}
        self._longer: LengthChange | None = None
        self._shorter: LengthChange | None = None

    def add(self, viewer: Viewer) -> tuple[Change, ...]:
        """Compare what one viewer sees; what would be otherwise."""
        before, after = self._stories(viewer)
        self._viewers += 1
        self._count_arms(before, after, viewer)
        kinds, changes = compare(before, after)
        if not kinds:
            return ()
        self._changed += 1
        for kind in kinds:
            self._kinds[kind] += 1
        for change in changes:
            self._changes.setdefault(change, _Tally()).add(viewer)
        if "scenes" in kinds and self._before.durations_ms and self._after.durations_ms:
            self._compare_lengths(before, after, viewer)
        return changes

    def report(self, reading: Reading) -> DifferenceReport:
        """What was found so far."""
        ordered = sorted(self._changes.items(), key=lambda item: (-item[1].viewers, item[0]))
        return DifferenceReport(
            before=Side(self._before.campaign_id, self._before.release),
            after=Side(self._after.campaign_id, self._after.release),
            at=datetime.fromtimestamp(self._now_s, UTC).isoformat(),
            reading=reading,
            same=self._viewers - self._changed,
            changed=self._changed,
            kinds=self._kinds,
            changes=tuple(
                ChangeGroup(what, tally.viewers, self._share(tally), tuple(tally.examples), kind)
                for (kind, what), tally in ordered
            ),
            arms_moved=tuple(
                Group(what, tally.viewers, self._share(tally), tuple(tally.examples))
                for what, tally in sorted(self._arms.items(), key=lambda item: (-item[1].viewers, item[0]))
            ),
            longer=self._longer,
            shorter=self._shorter,
        )

    def _stories(self, viewer: Viewer) -> tuple[Story, Story]:
        before, after = self._before, self._after
        attributes = check_viewer(before.schema, viewer.attributes)[0]
        first = told(before, viewer, attributes, lay_out(before, viewer, attributes, self._now_s, None))
        if after.schema.fingerprint != before.schema.fingerprint:
            attributes = check_viewer(after.schema, viewer.attributes)[0]
        return first, told(after, viewer, attributes, lay_out(after, viewer, attributes, self._now_s, None))

    def _share(self, tally: _Tally) -> float:
        return share_of(tally.viewers, self._viewers)

    def _count_arms(self, before: Story, after: Story, viewer: Viewer) -> None:
        if before.arms != after.arms:
            now = dict(after.arms)
            for experiment, arm in before.arms:
                if now.get(experiment, arm) != arm:
                    what = f"experiment {experiment}: {arm} → {now[experiment]}"
                    self._arms.setdefault(what, _Tally()).add(viewer)

    def _compare_lengths(self, before: Story, after: Story, viewer: Viewer) -> None:
        before_ms, after_ms = _length_ms(self._before, before), _length_ms(self._after, after)
        change = LengthChange(viewer.viewer_id, before_ms / 1000, after_ms / 1000, (after_ms - before_ms) / 1000)
        if change.change_s > (self._longer.change_s if self._longer else 0):
            self._longer = change
        if change.change_s < (self._shorter.change_s if self._shorter else 0):
            self._shorter = change


def compare(before: Story, after: Story) -> Comparison:
    """How the two stories differ for whoever watches them."""
    kinds: set[Kind] = set()
    changes: list[Change] = []
    same_story = (before.kind, before.fallback) == (after.kind, after.fallback)
    same_language = before.language == after.language
    if not same_story:
        kinds.add("story")
        changes.append(Change("story", f"{_story(before)} → {_story(after)}"))
    if not same_language:
        kinds.add("language")
        changes.append(Change("language", f"language: {before.language} → {after.language}"))
    if before.decisions is after.decisions:
        return Comparison(frozenset(kinds), tuple(changes))
    if _scenes(before.decisions) != _scenes(after.decisions):
        kinds.add("scenes")
    elif _words(before.decisions) != _words(after.decisions):
        kinds.add("words")
    if _asks(before.decisions, same_language) != _asks(after.decisions, same_language):
        kinds.add("cta")
    # Between two kinds of story, or two languages, everything differs: that says it all.
    if same_story and kinds:
        changes += _slots(before, after, kinds, same_language)
    return Comparison(frozenset(kinds), tuple(changes))


def _slots(before: Story, after: Story, kinds: set[Kind], same_language: bool) -> Iterator[Change]:
    """What is otherwise, slot by slot."""
    old, new = _by_slot(before), _by_slot(after)
    found = [
        change
        for slot in dict.fromkeys((*old, *new))
        for change in _slot(slot, old.get(slot, ()), new.get(slot, ()), same_language)
    ]
    yield from found
    if "scenes" in kinds and not any(change.kind == "scenes" for change in found):
        yield Change("scenes", "the same scenes in another order")


def _slot(slot: str, old: tuple[Decision, ...], new: tuple[Decision, ...], same_language: bool) -> Iterator[Change]:
    if _scenes(old) != _scenes(new):
        yield Change("scenes", f"slot {slot}: {_shown(old)} → {_shown(new)}")
    elif same_language:
        names = dict.fromkeys(
            name for one, other in zip(old, new, strict=True) for name in _overlays_that_differ(one, other)
        )
        yield from (Change("words", f"slot {slot}: other words in overlay {name}") for name in names)
    if old and new and _asks(old, same_language) != _asks(new, same_language):
        before, after = _labels(old), _labels(new)
        became = f"{before} leads elsewhere" if before == after else f"{before} → {after}"
        yield Change("cta", f"slot {slot}: call to action {became}")


def _overlays_that_differ(old: Decision, new: Decision) -> Iterator[str]:
    if old.overlays != new.overlays:
        before = {overlay.name: (overlay.text, overlay.marks) for overlay in old.overlays}
        after = {overlay.name: (overlay.text, overlay.marks) for overlay in new.overlays}
        yield from (name for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name))


def _story(story: Story) -> str:
    return f"{story.kind} story" + (f" ({story.fallback})" if story.fallback else "")


def _by_slot(story: Story) -> dict[str, tuple[Decision, ...]]:
    return {slot: tuple(of_slot) for slot, of_slot in groupby(story.decisions, key=lambda decision: decision.slot)}


def _scenes(decisions: Iterable[Decision]) -> list[str]:
    return [decision.scene_id for decision in decisions]


def _words(decisions: Iterable[Decision]) -> list[list[tuple[str, str, tuple[Mark, ...]]]]:
    return [[(overlay.name, overlay.text, overlay.marks) for overlay in decision.overlays] for decision in decisions]


def _asks(decisions: Iterable[Decision], with_labels: bool) -> list[tuple[str, str]]:
    """The calls to action; their labels only where they are in the same language."""
    return [
        (decision.cta.label if with_labels else "", decision.cta.url)
        for decision in decisions
        if decision.cta is not None
    ]


def _labels(decisions: Iterable[Decision]) -> str:
    labels = dict.fromkeys(decision.cta.label for decision in decisions if decision.cta is not None)
    return " and ".join(map(quoted, labels)) or "none"


def _shown(decisions: tuple[Decision, ...]) -> str:
    """The scenes of one slot, with how often where one comes more than once in a row."""
    runs = [(scene, len(list(run))) for scene, run in groupby(_scenes(decisions))]
    return ", ".join(scene if count == 1 else f"{scene} × {count}" for scene, count in runs) or "nothing"


def _length_ms(campaign: Campaign, story: Story) -> int:
    return sum(campaign.durations_ms[decision.scene_id] for decision in story.decisions)
