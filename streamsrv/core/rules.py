"""Campaign + viewer + now → the viewer's story: which scenes, in which order, and why.

Pure and deterministic, and never fails for what a viewer's data holds: missing data tells the fallback story, a
rule that fails gives its slot's `otherwise` (A37). All rules of a campaign are one evaluation; the story that
follows from their outcomes is kept, because reasons name rules and never values. `explain` names values, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from streamsrv.core.campaign.campaign import Always, Campaign, Choose, ForEach, Slot
from streamsrv.core.campaign.cel import Failed, Inputs, evaluate
from streamsrv.core.campaign.fields import is_personal
from streamsrv.core.campaign.rule import MASK_BITS, Rule, values_in
from streamsrv.core.campaign.viewers import Attributes, check_viewer
from streamsrv.core.errors import Problem
from streamsrv.core.model import Decision, SceneId, Story, Viewer

DATA_MISSING = "data_missing"
RULE_ERROR = "rule_error"
POLICY = "policy"
"""The fallback reasons (A5) that arise here: the data, the rules, and a story whose rules leave nothing to show."""

KEPT_STORIES = 4096
"""Stories kept ready, over all campaigns: one per combination of outcomes and list lengths that viewers have."""

Outcomes = Mapping[str, bool | None]
"""What each rule gave, by its source; None for a rule that failed."""


def decide(campaign: Campaign, viewer: Viewer, *, now_s: int) -> Story:
    """The story of `viewer` at `now_s` (Unix time). Equal inputs give equal stories, in every process.

    Fast for attributes that went through `check_viewer`; others are checked here, each time.
    """
    attributes = _checked(campaign, viewer)
    if attributes.faults and not campaign.needs.isdisjoint(attributes.faults):
        return _fallback(campaign, DATA_MISSING)
    expression = campaign.outcomes
    outcomes: tuple[bool | None, ...] = ()
    if expression is not None:
        values = _values(campaign, attributes, now_s) if campaign.reads_clock else attributes.inputs
        together = evaluate(expression, values)
        if isinstance(together, int):
            outcomes = values_in(together, len(campaign.rules))
        elif isinstance(together, list):
            masks = enumerate(together)
            outcomes = tuple([value for at, mask in masks for value in values_in(mask, _rules_in(campaign, at))])
        else:
            # One failing rule fails them all: ask each by itself, to know which.
            outcomes = tuple(_outcome(rule, values) for rule in campaign.rules)
    return _story(campaign, outcomes, _lengths(campaign, attributes))


@dataclass(frozen=True, slots=True)
class Input:
    """One value that a rule was evaluated on. Personal ones are not shown."""

    name: str
    value: object
    """None when it is not to be shown."""
    shown: bool = True


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """One rule, what it gave, and on which values."""

    text: str
    outcome: bool | None
    """None when it failed; `error` says how."""
    error: str
    inputs: tuple[Input, ...]
    audiences: tuple["AudienceTrace", ...]


@dataclass(frozen=True, slots=True)
class AudienceTrace:
    name: str
    text: str
    outcome: bool | None


@dataclass(frozen=True, slots=True)
class SlotTrace:
    """One slot: the rules asked until it was settled, and what it shows."""

    slot: str
    scenes: tuple[SceneId, ...]
    reason: str
    rules: tuple[RuleTrace, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A story with everything it follows from."""

    story: Story
    faults: tuple[Problem, ...]
    """Attributes this campaign needs and the viewer lacks; with any, no rule is asked."""
    slots: tuple[SlotTrace, ...]


def explain(campaign: Campaign, viewer: Viewer, *, now_s: int) -> Explanation:
    """The same story as `decide`, with each rule's outcome and the values it read. For people, not for serving."""
    attributes = _checked(campaign, viewer)
    story = decide(campaign, viewer, now_s=now_s)
    faults = tuple(
        fault or Problem(name, "is missing", f"what the schema of {campaign.campaign_id} says")
        for name, fault in attributes.faults.items()
        if name in campaign.needs
    )
    if faults:
        return Explanation(story, faults, ())
    values = _values(campaign, attributes, now_s)
    outcomes = {rule.source: _outcome(rule, values) for rule in campaign.rules}
    length = dict(zip(campaign.lists, _lengths(campaign, attributes), strict=True))
    slots = []
    for slot in campaign.slots:
        settled = _settle(slot, outcomes, length)
        scenes = tuple(decision.scene_id for decision in _decisions(slot, settled, length))
        rules = tuple(_trace(campaign, rule, attributes, values) for rule in settled.asked)
        slots.append(SlotTrace(slot.name, scenes, settled.reason, rules))
    return Explanation(story, (), tuple(slots))


def _checked(campaign: Campaign, viewer: Viewer) -> Attributes:
    attributes = viewer.attributes
    if isinstance(attributes, Attributes) and attributes.fingerprint == campaign.schema.fingerprint:
        return attributes
    return check_viewer(campaign.schema, attributes)[0]


def _values(campaign: Campaign, attributes: Attributes, now_s: int) -> Mapping[str, object]:
    if not campaign.reads_clock:
        return attributes.bound
    now = datetime.fromtimestamp(now_s, UTC)
    today = now.replace(hour=0, minute=0, second=0)
    return {**attributes.bound, "now": now, "today": today}


def _lengths(campaign: Campaign, attributes: Attributes) -> tuple[int, ...]:
    return tuple([attributes.lengths[name] for name in campaign.lists])


def _rules_in(campaign: Campaign, group: int) -> int:
    return min(MASK_BITS, len(campaign.rules) - group * MASK_BITS)


def _outcome(rule: Rule, values: Inputs | Mapping[str, object]) -> bool | None:
    value = evaluate(rule.expression, values)
    return value if isinstance(value, bool) else None


# Bounded: a story is a few kilobytes. Campaigns are compared by identity: a new release has its own stories.
@lru_cache(maxsize=KEPT_STORIES)
def _story(campaign: Campaign, outcomes: tuple[bool | None, ...], lengths: tuple[int, ...]) -> Story:
    by_source = {rule.source: outcome for rule, outcome in zip(campaign.rules, outcomes, strict=True)}
    length = dict(zip(campaign.lists, lengths, strict=True))
    decisions: list[Decision] = []
    skipped: list[tuple[str, str]] = []
    for slot in campaign.slots:
        settled = _settle(slot, by_source, length)
        shown = _decisions(slot, settled, length)
        decisions += shown
        if not shown:
            skipped.append((slot.name, settled.reason))
    if decisions:
        return Story(tuple(decisions), skipped=tuple(skipped))
    failed = any(reason.startswith(RULE_ERROR) for _, reason in skipped)
    return _fallback(campaign, RULE_ERROR if failed else POLICY, tuple(skipped))


def _fallback(campaign: Campaign, reason: str, skipped: tuple[tuple[str, str], ...] = ()) -> Story:
    # Whoever sees the fallback can still act: its scenes keep the call to action they have for everyone.
    ctas = {
        slot.content.scene_id: slot.cta
        for slot in campaign.slots
        if isinstance(slot.content, Always) and slot.when is None
    }
    return Story(
        tuple(
            Decision("fallback", scene_id, f"fallback story: {reason}", cta=ctas.get(scene_id))
            for scene_id in campaign.fallback
        ),
        fallback=reason,
        skipped=skipped,
    )


@dataclass(frozen=True, slots=True)
class _Settled:
    scene_id: SceneId | None
    reason: str
    asked: tuple[Rule, ...]


def _settle(slot: Slot, outcomes: Outcomes, length: Mapping[str, int]) -> _Settled:
    """What a slot shows, by rules asked in order until one settles it."""
    asked: list[Rule] = []
    otherwise = slot.content.otherwise if isinstance(slot.content, Choose) else None
    reason = "shown to everyone"
    if slot.when is not None:
        asked.append(slot.when)
        outcome = outcomes[slot.when.source]
        if outcome is None:
            return _Settled(otherwise, _failed(slot.when), tuple(asked))
        if not outcome:
            return _Settled(None, f"{slot.when.text} is false", tuple(asked))
        reason = f"{slot.when.text} is true"
    if isinstance(slot.content, ForEach):
        attribute = slot.content.attribute
        if not length[attribute]:
            return _Settled(None, f"{attribute} is empty", tuple(asked))
        reason = f"once for each record in {attribute}"
    if not isinstance(slot.content, Choose):
        return _Settled(slot.content.scene_id, reason, tuple(asked))
    for option in slot.content.options:
        asked.append(option.when)
        outcome = outcomes[option.when.source]
        if outcome is None:
            return _Settled(otherwise, _failed(option.when), tuple(asked))
        if outcome:
            return _Settled(option.scene_id, f"{option.when.text} is true", tuple(asked))
    return _Settled(otherwise, "no rule of this slot is true", tuple(asked))


def _failed(rule: Rule) -> str:
    return f"{RULE_ERROR}: {rule.text} could not be evaluated"


def _decisions(slot: Slot, settled: _Settled, length: Mapping[str, int]) -> tuple[Decision, ...]:
    scene_id = settled.scene_id
    if scene_id is None:
        return ()
    if not isinstance(slot.content, ForEach):
        return (Decision(slot.name, scene_id, settled.reason, cta=slot.cta),)
    attribute = slot.content.attribute
    count = length[attribute]
    return tuple(
        Decision(slot.name, scene_id, f"record {item + 1} of {count} in {attribute}", item=item, cta=slot.cta)
        for item in range(count)
    )


def _trace(campaign: Campaign, rule: Rule, attributes: Attributes, values: Mapping[str, object]) -> RuleTrace:
    value = evaluate(rule.expression, values)
    inputs = [_input(campaign, name, attributes) for name in rule.reads]
    if rule.reads_clock:
        inputs.append(Input("now", values["now"]))
    audiences = tuple(
        AudienceTrace(name, audience.text, _outcome(audience, values))
        for name in rule.audiences
        for audience in (campaign.audiences[name],)
    )
    error = value.why if isinstance(value, Failed) else ""
    return RuleTrace(rule.text, value if isinstance(value, bool) else None, error, tuple(inputs), audiences)


def _input(campaign: Campaign, name: str, attributes: Attributes) -> Input:
    if is_personal(campaign.schema.fields[name]):
        return Input(name, None, shown=False)
    return Input(name, attributes[name])
