"""How long viewers are kept: those whom no import has brought for a campaign's `retention_days` are taken out (B12)."""

from streamsrv.core.campaign import Campaign
from streamsrv.stores.forgetting import forget, trace_of
from streamsrv.stores.register import Register
from streamsrv.stores.viewers import read_record
from streamsrv.stores.walking import walk

DAY_S = 86_400


async def expire_viewers(register: Register, campaign: Campaign, *, now_s: int) -> int:
    """Take out the campaign's viewers whose time is over; how many. Raises `Unavailable`, and may be done again.

    They may come again with a later import: they are not marked as erased.
    """
    if campaign.retention_days is None:
        return 0
    state, vault, identity = register
    before_s = now_s - campaign.retention_days * DAY_S
    expired = 0
    async for viewers in walk(state, identity.campaign_tag(campaign.campaign_id)):
        kept = [read_record(vault.open_record(one.link_id, one.record)[1]) for one in viewers]
        over = [trace_of(identity, campaign, one.viewer_id) for one in kept if one.at_s < before_s]
        expired += await forget(state, over, now_s=now_s, erased=False) if over else 0
    return expired
