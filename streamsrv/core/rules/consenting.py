"""Whether a viewer agreed to be measured. A campaign that asks for it names the attribute that says so."""

from streamsrv.core.campaign import Campaign
from streamsrv.core.model import Viewer
from streamsrv.core.rules.asking import checked


def withholds_consent(campaign: Campaign, viewer: Viewer) -> bool:
    """Whether no event about the viewer may be kept (B35): where nothing is known, nobody has agreed."""
    return campaign.consent is not None and checked(campaign, viewer).get(campaign.consent) is not True
