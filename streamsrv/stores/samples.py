"""The viewers of a sample file, put into the store as they are: for the demo, for load and for tests."""

from collections.abc import Iterable
from typing import NamedTuple

from streamsrv.core.campaign import Attributes
from streamsrv.core.model import CampaignId, Viewer
from streamsrv.stores.register import Register
from streamsrv.stores.writing import ViewerWriter


class Sample(NamedTuple):
    """A viewer as they were given."""

    viewer_id: str
    attributes: dict[str, object]


async def keep_samples(register: Register, viewers: Iterable[Viewer], *, at_s: int) -> None:
    """Keep the viewers, over whoever had their ids; whoever was erased stays erased. Raises `Unavailable`."""
    by_campaign: dict[CampaignId, list[Sample]] = {}
    for viewer in viewers:
        given = viewer.attributes.given if isinstance(viewer.attributes, Attributes) else viewer.attributes
        by_campaign.setdefault(viewer.campaign_id, []).append(Sample(viewer.viewer_id, dict(given)))
    for campaign_id, samples in by_campaign.items():
        await ViewerWriter(*register, campaign_id).put(samples, at_s=at_s)
