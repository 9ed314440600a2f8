"""Which arms of a campaign's experiments a viewer is in: as the ledger holds them, or by hash while it is away."""

from collections.abc import Mapping

from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import Unavailable
from streamsrv.core.experiments import unit_key
from streamsrv.core.model import Viewer
from streamsrv.core.rules import assigned_unit, assignments
from streamsrv.ports import AssignmentLedger, Clock


class Arms:
    """Asks the ledger, and writes into it what is about to be shown."""

    def __init__(self, ledger: AssignmentLedger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self.unrecorded = 0
        """Decisions made by hash alone, because the ledger was away."""

    async def of(self, campaign: Campaign, viewer: Viewer, *, record: bool) -> Mapping[str, str] | None:
        """The viewer's arms, recorded first when they are about to be shown (C18).

        By hash alone when the ledger is away: it is the same arm unless its weights were changed, and the video starts.
        """
        if campaign.holdout is None and not campaign.experiments:
            return None
        unit = assigned_unit(campaign, viewer)
        if unit is None:
            return {}
        key = unit_key(salt=campaign.campaign_id, unit=unit)
        try:
            recorded = await self._ledger.recorded(campaign.campaign_id, key)
            wanted = assignments(campaign, unit, recorded)
            if record and not wanted.keys() <= recorded.keys():
                wanted = await self._ledger.settle(
                    campaign.campaign_id, key, wanted, release=campaign.release, at_ms=self._clock.now_ms()
                )
        except Unavailable:
            self.unrecorded += 1
            return assignments(campaign, unit)
        return wanted
