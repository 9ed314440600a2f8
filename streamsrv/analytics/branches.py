"""The ways through a slot: those its author wrote, and the one that a viewer's outline took.

Names rules, arms, groups and lists; never a value of a viewer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from streamsrv.core.campaign import Always, Arms, Campaign, Choose, ForEach, Rule, Shown, Slot
from streamsrv.core.campaign.campaign import Content
from streamsrv.core.model import SceneId
from streamsrv.core.rules.outline import RULE_ERROR, SlotOutline

Kind = Literal["shown", "option", "otherwise", "arm", "records", "skipped", "left_out", "dropped", "rule_error"]

DROPPED = "dropped: the video would be too long"


@dataclass(frozen=True, slots=True)
class Branch:
    kind: Kind
    label: str
    """The rule, the arm, or the reason why nothing is shown."""
    scene: SceneId | None
    """What is shown; None for nothing."""


@dataclass(frozen=True, slots=True)
class Possible:
    """A branch that stands in the campaign's file."""

    branch: Branch
    never: str
    """The sentence, after the slot's name, when nobody takes it."""


def possible(campaign: Campaign, slot: Slot) -> Iterator[Possible]:
    """Every branch of the slot that its author wrote, in the file's order. Arms that get nobody are left out."""
    guards = _guards(campaign, slot)
    content = slot.content
    match content:
        case Always(shown=shown):
            label = f"{guards[-1].text} is true" if guards else "shown to everyone"
            never = f"{guards[-1].text} is never true" if guards else "is never shown"
            yield Possible(Branch("shown", label, shown.scene_id), never)
        case ForEach(attribute=attribute, shown=shown):
            yield Possible(_records(content, shown), f"{attribute} is always empty")
            yield Possible(Branch("skipped", f"{attribute} is empty", None), f"{attribute} is never empty")
        case Choose(options=options, otherwise=otherwise):
            for option in options:
                never = f"the option {option.when.text} is never taken"
                yield Possible(Branch("option", option.when.text, option.shown.scene_id), never)
            if otherwise is not None:
                yield Possible(Branch("otherwise", "otherwise", otherwise.scene_id), "otherwise is never taken")
            else:
                nothing = Branch("skipped", "no rule of this slot is true", None)
                yield Possible(nothing, "one of its rules is always true")
        case Arms(experiment=experiment):
            for arm, weight in experiment.arms:
                if weight:
                    never = f"nobody is in arm {arm} of experiment {experiment.name}"
                    yield Possible(_arm(content, arm), never)
    for guard in guards:
        # What is said of a group's rule is said once, with its first slot.
        of_slot = guard is slot.when or _is_first_of_group(campaign, slot)
        yield Possible(Branch("skipped", f"{guard.text} is false", None), f"{guard.text} is never false" * of_slot)


def taken(slot: Slot, told: SlotOutline, shown: Shown | None) -> Branch:
    """The branch that an outline took through the slot; `shown` is what it shows there."""
    if shown is None:
        return _nothing(slot.content, told.reason)
    match slot.content:
        case Always():
            return Branch("shown", told.reason, shown.scene_id)
        case ForEach() as loop:
            return _records(loop, shown)
        case Arms() as content:
            return _arm(content, next(arm for arm, one in content.shown.items() if one is shown))
        case Choose() as choice:
            return _chosen(choice, shown, told.reason)


def _nothing(content: Content, reason: str) -> Branch:
    if reason.startswith("dropped: "):
        return Branch("dropped", DROPPED, None)
    if reason.startswith("left out with its group "):
        return Branch("left_out", reason, None)
    if isinstance(content, Arms):
        for arm, one in content.shown.items():
            if one is None and reason == f"arm {arm} of experiment {content.experiment.name} shows nothing":
                return _arm(content, arm)
    return Branch("rule_error" if reason.startswith(RULE_ERROR) else "skipped", reason, None)


def _chosen(choice: Choose, shown: Shown, reason: str) -> Branch:
    for option in choice.options:
        if option.shown is shown:
            return Branch("option", option.when.text, shown.scene_id)
    if reason.startswith(RULE_ERROR):
        return Branch("rule_error", f"otherwise ({reason})", shown.scene_id)
    return Branch("otherwise", "otherwise", shown.scene_id)


def _guards(campaign: Campaign, slot: Slot) -> list[Rule]:
    of_group = campaign.groups[slot.group].when if slot.group else None
    return [rule for rule in (of_group, slot.when) if rule is not None]


def _is_first_of_group(campaign: Campaign, slot: Slot) -> bool:
    return next(one.name for one in campaign.slots if one.group == slot.group) == slot.name


def _records(content: ForEach, shown: Shown) -> Branch:
    return Branch("records", f"once for each record in {content.attribute}", shown.scene_id)


def _arm(content: Arms, arm: str) -> Branch:
    shown = content.shown[arm]
    return Branch("arm", f"arm {arm}", shown.scene_id if shown else None)
