"""Which arms a viewer is assigned to, by hash alone. What was recorded earlier wins, and is given to `decide`."""

from collections.abc import Mapping
from types import MappingProxyType

from streamsrv.core.campaign import Attributes, Campaign
from streamsrv.core.experiments import HOLDOUT, assign, is_held_out
from streamsrv.core.model import Viewer
from streamsrv.core.rules.asking import checked

HELD_OUT, TOLD = "held_out", "told"
NOTHING: Mapping[str, str] = MappingProxyType({})


def unit_of(campaign: Campaign, viewer: Viewer, attributes: Attributes) -> str | None:
    """What the viewer is randomized by: their id, or an attribute's value; None when that is missing (C28)."""
    if campaign.randomize_by is None:
        return viewer.viewer_id
    value = attributes.get(campaign.randomize_by)
    return None if value is None else str(value)


def assigned_unit(campaign: Campaign, viewer: Viewer) -> str | None:
    """As `unit_of`, for a viewer whose attributes may not have been checked yet."""
    return unit_of(campaign, viewer, checked(campaign, viewer))


def assignments(campaign: Campaign, unit: str, recorded: Mapping[str, str] = NOTHING) -> Mapping[str, str]:
    """The arm of every experiment for a unit; whoever is held out is in none. Deterministic (C18).

    What is `recorded` stands, also where weights or the holdout's share were changed since.
    """
    salt = campaign.campaign_id
    found: dict[str, str] = {}
    if campaign.holdout is not None:
        by_hash = HELD_OUT if is_held_out(salt=salt, unit=unit, share_ppm=campaign.holdout.share_ppm) else TOLD
        found[HOLDOUT] = recorded.get(HOLDOUT, by_hash)
        if found[HOLDOUT] == HELD_OUT:
            return found
    for experiment in campaign.experiments:
        found[experiment.name] = recorded.get(experiment.name) or assign(experiment, salt=salt, unit=unit)
    return found
