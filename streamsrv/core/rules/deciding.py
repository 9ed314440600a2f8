"""`decide`: a viewer's story, from the outcomes of the rules to the words on the scenes."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from streamsrv.core.campaign import Attributes, Campaign
from streamsrv.core.campaign.languages import Tongue
from streamsrv.core.campaign.template import fill_url
from streamsrv.core.experiments import HOLDOUT, assign
from streamsrv.core.model import CallToAction, Decision, Story, Viewer, ViewerId
from streamsrv.core.rules.asking import ask_all, checked, items_of, values_at
from streamsrv.core.rules.assigning import HELD_OUT, assignments, unit_of
from streamsrv.core.rules.filling import Filler
from streamsrv.core.rules.outline import (
    DATA_MISSING,
    KEPT_OUTLINES,
    POLICY,
    RULE_ERROR,
    Outline,
    Place,
    control_outline,
    fallback_outline,
    for_anybody,
    outline,
)

__all__ = ["DATA_MISSING", "POLICY", "RULE_ERROR", "decide", "lay_out"]


def decide(
    campaign: Campaign,
    viewer: Viewer,
    *,
    now_s: int,
    assigned: Mapping[str, str] | None = None,
    withheld: bool = False,
) -> Story:
    """The story of `viewer` at `now_s` (Unix time). Equal inputs give equal stories, in every process.

    `assigned` is what the ledger holds of `assignments`; by hash alone when None. `withheld`: for whoever holds the
    link and is not admitted. Fast for attributes that went through `check_viewer`; others are checked here, each time.
    """
    attributes = checked(campaign, viewer)
    return told(campaign, viewer, attributes, lay_out(campaign, viewer, attributes, now_s, assigned, withheld))


def lay_out(
    campaign: Campaign,
    viewer: Viewer,
    attributes: Attributes,
    now_s: int,
    assigned: Mapping[str, str] | None,
    withheld: bool = False,
) -> Outline:
    """The viewer's story before its words are filled in."""
    unit = unit_of(campaign, viewer, attributes)
    if assigned is None:
        assigned = {} if unit is None else assignments(campaign, unit)
    # Before anything else: whoever is held out is never told the story, whatever their data.
    if campaign.holdout is not None and assigned.get(HOLDOUT) == HELD_OUT:
        return for_anybody(control_outline(campaign)) if withheld else control_outline(campaign)
    if withheld:
        return for_anybody(fallback_outline(campaign, POLICY))
    if unit is None or (attributes.faults and not campaign.needs.isdisjoint(attributes.faults)):
        return fallback_outline(campaign, DATA_MISSING)
    outcomes = ask_all(campaign, values_at(campaign, attributes, now_s)) if campaign.outcomes else ()
    items = tuple([items_of(loop, attributes) for loop in campaign.loops])
    return outline(campaign, outcomes, items, _arms(campaign, unit, assigned))


def told(campaign: Campaign, viewer: Viewer, attributes: Attributes, laid_out: Outline) -> Story:
    """The story with its words, in the viewer's language."""
    tongue = _tongue(campaign, attributes)
    if laid_out.own_words:
        return _told(campaign, viewer, attributes, laid_out, tongue)
    return _told_alike(campaign, laid_out, tongue)


# Bounded as outlines are. Nothing in these stories is anybody's own, so whoever is told one is told the same object.
@lru_cache(maxsize=KEPT_OUTLINES)
def _told_alike(campaign: Campaign, laid_out: Outline, tongue: Tongue) -> Story:
    nobody = Viewer(ViewerId(""), campaign.campaign_id, {})
    return _told(campaign, nobody, nobody.attributes, laid_out, tongue)


def _told(
    campaign: Campaign, viewer: Viewer, attributes: Mapping[str, object], laid_out: Outline, tongue: Tongue
) -> Story:
    decisions = tuple([_worded(campaign, place, viewer, attributes, tongue) for place in laid_out.places])
    return replace(laid_out.story, decisions=decisions, language=tongue.language)


def _tongue(campaign: Campaign, attributes: Attributes) -> Tongue:
    name = campaign.languages.attribute
    return campaign.languages.tongue(None if name is None else attributes.get(name))


def _arms(campaign: Campaign, unit: str, assigned: Mapping[str, str]) -> tuple[str, ...]:
    arms = []
    for experiment in campaign.experiments:
        arm = assigned.get(experiment.name)
        # An arm that was recorded and has since been taken out of the file cannot be shown.
        known = arm is not None and any(arm == name for name, _ in experiment.arms)
        arms.append(arm if known and arm else assign(experiment, salt=campaign.campaign_id, unit=unit))
    return tuple(arms)


def _worded(
    campaign: Campaign, place: Place, viewer: Viewer, attributes: Mapping[str, object], tongue: Tongue
) -> Decision:
    decision, shown, attribute = place
    if not shown.overlays and shown.ask is None:
        return decision
    item = None
    if attribute is not None and decision.item is not None and attribute in attributes:
        records = attributes[attribute]
        assert isinstance(records, tuple)
        item = records[decision.item]
    filler = Filler(campaign, viewer, attributes, tongue, item)
    overlays = [filler.overlay(filling) for filling in shown.overlays]
    cta = None
    if shown.ask is not None:
        url = fill_url(shown.ask.url, attributes, item=item, extra={"link_ref": viewer.link_ref})
        cta = None if url is None else CallToAction(campaign.languages.pick(shown.ask.labels, tongue.language), url)
    return Decision(decision.slot, decision.scene_id, decision.reason, decision.item, tuple(overlays), cta)
