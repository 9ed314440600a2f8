"""What is done to viewers from time to time: those past their time go, and nobody comes back with a backup."""

from collections.abc import Callable, Mapping

from streamsrv.app.processes.jobs import Job
from streamsrv.config import Settings
from streamsrv.core.audit import Act
from streamsrv.core.campaign import Campaign
from streamsrv.core.model import CampaignId
from streamsrv.ports import AuditLog, Clock
from streamsrv.stores.erasure import erasures_of, reapply
from streamsrv.stores.register import Register
from streamsrv.stores.retention import expire_viewers
from streamsrv.stores.state.compaction import compact

ACTOR = "job:upkeep"
RETENTION_S = 6 * 3600.0
"""How late a viewer's time may be over without anybody noticing, at most."""
ERASURES_S = 600.0
"""A backup may be put back while servers run."""


def upkeep_jobs(
    register: Register,
    settings: Settings,
    *,
    campaigns: Callable[[], Mapping[CampaignId, Campaign]],
    audit: AuditLog,
    clock: Clock,
) -> tuple[Job, ...]:
    """The jobs, for one `Scheduler`. `campaigns` gives those that are live when it is asked."""

    async def retention() -> None:
        expired = 0
        for campaign in campaigns().values():
            count = await expire_viewers(register, campaign, now_s=clock.now_ms() // 1000)
            if count:
                act = Act(clock.now_ms(), ACTOR, "viewers.expire", campaign.campaign_id, {"viewers": count})
                await audit.append(campaign.tenant_id, act)
            expired += count
        if expired:
            await compact(register.state, settings.state)

    async def erasures() -> None:
        if await reapply(register.state, erasures_of(settings.state), now_s=clock.now_ms() // 1000):
            await compact(register.state, settings.state)

    return Job("retention", RETENTION_S, retention), Job("erasures", ERASURES_S, erasures)
