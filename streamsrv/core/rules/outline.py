"""What follows from the outcomes of a campaign's rules: slots settled, groups kept whole, a video short enough.

Holds no value of any viewer, so viewers whose rules turn out alike share an outline; the last few thousand are kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from streamsrv.core.campaign import Always, Arms, Campaign, Choose, ForEach, Rule, Shown, Slot
from streamsrv.core.campaign.campaign import Ask
from streamsrv.core.model import Decision, SceneId, Story

DATA_MISSING = "data_missing"
RULE_ERROR = "rule_error"
POLICY = "policy"
"""The fallback reasons (A5) that arise here: the data, the rules, and a story whose rules leave nothing to show."""

KEPT_OUTLINES = 4096
"""Kept ready, over all campaigns: one per combination of outcomes, records and arms that viewers have."""

KEPT_SLOTS = 16_384
"""Kept ready of single slots: outlines share them, and are small for that."""

Outcomes = Mapping[str, bool | None]
"""What each rule gave, by its source; None for a rule that failed."""


class Place(NamedTuple):
    """One scene of the story, before its words are filled in."""

    decision: Decision
    shown: Shown
    attribute: str | None
    """The list whose record `decision.item` is."""


class SlotOutline(NamedTuple):
    """One slot: the rules asked until it was settled, and what it shows."""

    slot: str
    scenes: tuple[SceneId, ...]
    reason: str
    asked: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    story: Story
    """Without words."""
    places: tuple[Place, ...]
    slots: tuple[SlotOutline, ...]
    own_words: bool
    """Whether any of its words is to hold a value of the viewer's."""


class _Settled(NamedTuple):
    slot: Slot
    shown: Shown | None
    reason: str
    asked: int
    """How many of the slot's rules were asked."""
    items: tuple[int, ...] | None = None

    def without(self, reason: str) -> "_Settled":
        return self._replace(shown=None, reason=reason, items=None)


# Bounded: an outline is a few kilobytes, 14 where there are 1,000 rules.
# Campaigns are compared by identity: a new release has its own.
@lru_cache(maxsize=KEPT_OUTLINES)
def outline(
    campaign: Campaign, outcomes: tuple[bool | None, ...], items: tuple[tuple[int, ...], ...], arms: tuple[str, ...]
) -> Outline:
    """The story for these outcomes of `campaign.rules`, records of `campaign.loops` and arms of `.experiments`."""
    by_source = dict(zip(_sources(campaign), outcomes, strict=True))
    by_experiment = {experiment.name: arm for experiment, arm in zip(campaign.experiments, arms, strict=True)}
    waiting = iter(items)
    settled = []
    for slot in campaign.slots:
        own_items = next(waiting) if isinstance(slot.content, ForEach) else None
        settled.append(_settle(campaign, slot, by_source, own_items, by_experiment))
    settled = _short_enough(campaign, _whole_groups(campaign, settled))
    parts = [_of_slot(campaign, *one) for one in settled]
    places = tuple([place for _, found in parts for place in found])
    slots = tuple([slot for slot, _ in parts])
    skipped = tuple((slot.slot, slot.reason) for slot in slots if not slot.scenes)
    told_arms = tuple(by_experiment.items())
    if not places:
        failed = any(reason.startswith(RULE_ERROR) for _, reason in skipped)
        instead = fallback_outline(campaign, RULE_ERROR if failed else POLICY)
        story = replace(instead.story, skipped=skipped, arms=told_arms)
        return Outline(story, instead.places, slots, instead.own_words)
    story = Story(tuple(place.decision for place in places), skipped=skipped, arms=told_arms)
    return Outline(story, places, slots, _own_words(places))


@lru_cache(maxsize=256)
def _sources(campaign: Campaign) -> tuple[str, ...]:
    return tuple(rule.source for rule in campaign.rules)


@lru_cache(maxsize=256)
def fallback_outline(campaign: Campaign, reason: str) -> Outline:
    """The story for viewers whose own cannot be told."""
    places = _fixed(campaign, campaign.fallback, "fallback", f"fallback story: {reason}")
    story = Story(tuple(place.decision for place in places), fallback=reason)
    return Outline(story, places, (), _own_words(places))


@lru_cache(maxsize=256)
def control_outline(campaign: Campaign) -> Outline:
    """The story for viewers who are held out."""
    assert campaign.holdout is not None
    places = _fixed(campaign, campaign.holdout.control, "control", "control story: held out")
    story = Story(tuple(place.decision for place in places), held_out=True)
    return Outline(story, places, (), _own_words(places))


@lru_cache(maxsize=512)
def for_anybody(laid_out: Outline) -> Outline:
    """The outline of a fixed story without what leads to a viewer: whoever sees it may be somebody else (B5)."""
    places = tuple([place._replace(shown=_anybodys(place.shown)) for place in laid_out.places])
    return Outline(laid_out.story, places, laid_out.slots, own_words=False)


def _anybodys(shown: Shown) -> Shown:
    return shown if shown.is_fixed else Shown(shown.scene_id, tuple(one for one in shown.overlays if one.is_fixed))


def _fixed(campaign: Campaign, shown: Sequence[Shown], slot: str, reason: str) -> tuple[Place, ...]:
    # Whoever sees it can still act: its scenes keep the call to action they have for everyone.
    asks: dict[SceneId, Ask | None] = {
        slot.content.shown.scene_id: slot.content.shown.ask
        for slot in campaign.slots
        if isinstance(slot.content, Always) and slot.when is None and slot.group is None
    }
    return tuple(
        Place(Decision(slot, one.scene_id, reason), Shown(one.scene_id, one.overlays, asks.get(one.scene_id)), None)
        for one in shown
    )


def _own_words(places: Sequence[Place]) -> bool:
    return not all(place.shown.is_fixed for place in places)


def _settle(
    campaign: Campaign, slot: Slot, outcomes: Outcomes, items: tuple[int, ...] | None, arms: Mapping[str, str]
) -> _Settled:
    """What a slot shows, by rules asked in order until one settles it."""
    guards = _guards(campaign, slot)
    for asked, guard in enumerate(guards, start=1):
        if outcomes[guard.source] is None:
            return _Settled(slot, _otherwise(slot), _failed(guard), asked)
        if not outcomes[guard.source]:
            return _Settled(slot, None, f"{guard.text} is false", asked)
    if isinstance(slot.content, Choose):
        return _choose(slot, slot.content, outcomes, len(guards))
    reason = f"{guards[-1].text} is true" if guards else "shown to everyone"
    shown, reason = _unconditional(slot.content, reason, items, arms)
    return _Settled(slot, shown, reason, len(guards), items if shown else None)


def _unconditional(
    content: Always | ForEach | Arms, reason: str, items: tuple[int, ...] | None, arms: Mapping[str, str]
) -> tuple[Shown | None, str]:
    if isinstance(content, Always):
        return content.shown, reason
    if isinstance(content, ForEach):
        if not items:
            return None, f"{content.attribute} is empty"
        return content.shown, f"once for each record in {content.attribute}"
    arm = arms[content.experiment.name]
    return content.shown[arm], _told(content, arm)


def _choose(slot: Slot, content: Choose, outcomes: Outcomes, guards: int) -> _Settled:
    for asked, option in enumerate(content.options, start=guards + 1):
        outcome = outcomes[option.when.source]
        if outcome is None:
            return _Settled(slot, content.otherwise, _failed(option.when), asked)
        if outcome:
            return _Settled(slot, option.shown, f"{option.when.text} is true", asked)
    return _Settled(slot, content.otherwise, "no rule of this slot is true", guards + len(content.options))


def _otherwise(slot: Slot) -> Shown | None:
    return slot.content.otherwise if isinstance(slot.content, Choose) else None


def _told(content: Arms, arm: str) -> str:
    where = f"arm {arm} of experiment {content.experiment.name}"
    return where if content.shown[arm] else f"{where} shows nothing"


def _guards(campaign: Campaign, slot: Slot) -> Sequence[Rule]:
    if slot.group is None and slot.when is None:
        return ()
    of_group = campaign.groups[slot.group].when if slot.group else None
    return [rule for rule in (of_group, slot.when) if rule is not None]


def _failed(rule: Rule) -> str:
    return f"{RULE_ERROR}: {rule.text} could not be evaluated"


def _whole_groups(campaign: Campaign, settled: list[_Settled]) -> list[_Settled]:
    """A group with an empty slot is left out whole."""
    gap: dict[str, str] = {}
    for one in settled:
        if one.slot.group and one.shown is None:
            gap.setdefault(one.slot.group, one.slot.name)
    return [
        one.without(f"left out with its group {one.slot.group}: slot {gap[one.slot.group]} shows nothing")
        if one.slot.group in gap and one.shown is not None
        else one
        for one in settled
    ]


def _short_enough(campaign: Campaign, settled: list[_Settled]) -> list[_Settled]:
    """Slots and records dropped, lowest `drop_order` first and of equals the later first, until the video fits."""
    most_ms = campaign.max_duration_ms
    if most_ms is None or not campaign.durations_ms:
        return settled
    drops = sorted(
        {(order, -at, at) for at, one in enumerate(settled) if (order := _drop_order(campaign, one.slot)) is not None}
    )
    total_ms = sum(_length_ms(campaign, one) for one in settled)
    for _, _, at in drops:
        while total_ms > most_ms and settled[at].shown is not None:
            what = f"dropped: the video would take {total_ms / 1000:g} s, at most {most_ms / 1000:g} s"
            for place, rest in _drop(settled, at, what):
                total_ms += _length_ms(campaign, rest) - _length_ms(campaign, settled[place])
                settled[place] = rest
    return settled


def _drop(settled: Sequence[_Settled], at: int, reason: str) -> list[tuple[int, _Settled]]:
    """What changes, by place: the slot, the last record of its list, or its whole group goes."""
    dropped = settled[at]
    if dropped.slot.group:
        return [
            (place, one.without(reason))
            for place, one in enumerate(settled)
            if one.slot.group == dropped.slot.group and one.shown
        ]
    if dropped.items and len(dropped.items) > 1:
        return [(at, dropped._replace(items=dropped.items[:-1]))]
    return [(at, dropped.without(reason))]


def _drop_order(campaign: Campaign, slot: Slot) -> int | None:
    return campaign.groups[slot.group].drop_order if slot.group else slot.drop_order


def _length_ms(campaign: Campaign, one: _Settled) -> int:
    if one.shown is None:
        return 0
    return campaign.durations_ms[one.shown.scene_id] * (1 if one.items is None else len(one.items))


# Bounded: slots whose records viewers have in many orders are many.
@lru_cache(maxsize=KEPT_SLOTS)
def _of_slot(
    campaign: Campaign, slot: Slot, shown: Shown | None, reason: str, asked: int, items: tuple[int, ...] | None
) -> tuple[SlotOutline, tuple[Place, ...]]:
    """What a slot adds to an outline."""
    rules = list(_guards(campaign, slot))
    if isinstance(slot.content, Choose):
        rules += [option.when for option in slot.content.options]
    places = () if shown is None else _places(slot, shown, reason, items)
    scenes = tuple([place.decision.scene_id for place in places])
    return SlotOutline(slot.name, scenes, reason, tuple(rules[:asked])), places


def _places(slot: Slot, shown: Shown, reason: str, items: tuple[int, ...] | None) -> tuple[Place, ...]:
    if items is None or not isinstance(slot.content, ForEach):
        return (Place(Decision(slot.name, shown.scene_id, reason), shown, None),)
    attribute = slot.content.attribute
    return tuple(
        Place(
            Decision(slot.name, shown.scene_id, f"record {number} of {len(items)} in {attribute}", item=item),
            shown,
            attribute,
        )
        for number, item in enumerate(items, start=1)
    )
