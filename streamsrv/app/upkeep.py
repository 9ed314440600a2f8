"""What is done from time to time: who is past their time goes, nobody comes back with a backup, logs stay whole."""

import logging
from collections.abc import Awaitable, Callable, Mapping

from streamsrv.app.processes.jobs import Job
from streamsrv.config import Settings
from streamsrv.core.audit import Act
from streamsrv.core.campaign import Campaign
from streamsrv.core.model import CampaignId
from streamsrv.ports import Clock
from streamsrv.stores.audit import RedisAuditLog
from streamsrv.stores.eraser import FINISH_EVERY_S, finish_erasures
from streamsrv.stores.erasure import erasures_of, reapply
from streamsrv.stores.register import Register
from streamsrv.stores.retention import expire_viewers
from streamsrv.stores.state.compaction import compact
from streamsrv.telemetry.metrics import Metrics

logger = logging.getLogger(__name__)

ACTOR = "job:upkeep"
RETENTION_S = 6 * 3600.0
"""How late a viewer's time may be over without anybody noticing, at most."""
ERASURES_S = 600.0
"""A backup may be put back while servers run."""
AUDIT_S = 24 * 3600.0
LOGGED_PROBLEMS = 20


class Upkeep:
    """The jobs, for one `Scheduler`, and what came of them."""

    def __init__(
        self,
        register: Register,
        settings: Settings,
        *,
        campaigns: Callable[[], Awaitable[Mapping[CampaignId, Campaign]]],
        audit: RedisAuditLog,
        clock: Clock,
    ) -> None:
        """`campaigns` gives those that are live when it is asked."""
        self._register = register
        self._settings = settings
        self._campaigns = campaigns
        self._audit = audit
        self._clock = clock
        self._listed = erasures_of(settings.state)
        self.expired = 0
        self.erased_again = 0
        self.audit_problems = 0

    @property
    def jobs(self) -> tuple[Job, ...]:
        return (
            Job("retention", RETENTION_S, self.expire),
            # The list of erasures is this machine's own: every machine does its own.
            Job("erasures", ERASURES_S, self.erase_again, everywhere=True),
            Job("erased_files", FINISH_EVERY_S, self.finish_erasures),
            Job("audit", AUDIT_S, self.verify_audit),
        )

    def watch(self, metrics: Metrics) -> None:
        """Let `metrics` read what came of the jobs."""
        metrics.watch_counter(
            "streamsrv_viewers_expired", "Viewers taken out because their time was over.", lambda: self.expired
        )
        metrics.watch_counter(
            "streamsrv_viewers_erased_again",
            "Erased viewers who had come back, with a backup, and were erased once more.",
            lambda: self.erased_again,
        )
        metrics.watch_gauge(
            "streamsrv_audit_problems",
            "Lines of audit logs that are not as they were written, at this server's last look.",
            lambda: self.audit_problems,
        )

    async def expire(self) -> None:
        """Take out viewers whose campaigns keep them no longer, and write it down; raises `Unavailable`."""
        expired = 0
        for campaign in (await self._campaigns()).values():
            count = await expire_viewers(self._register, campaign, now_s=self._clock.now_ms() // 1000)
            if count:
                act = Act(self._clock.now_ms(), ACTOR, "viewers.expire", campaign.campaign_id, {"viewers": count})
                await self._audit.append(campaign.tenant_id, act)
            expired += count
        if expired:
            self.expired += expired
            await compact(self._register.state, self._settings.state)

    async def erase_again(self) -> None:
        """Erase whoever was erased and is back; raises `Unavailable`, and `Invalid` where the list is unreadable."""
        count = await reapply(self._register.state, self._listed, now_s=self._clock.now_ms() // 1000)
        if count:
            self.erased_again += count
            logger.warning("erased viewers were back, and are erased once more", extra={"viewers": count})
            await compact(self._register.state, self._settings.state)

    async def finish_erasures(self) -> None:
        """Write the state servers' files anew where they hold whom the API erased; raises `Unavailable`."""
        await finish_erasures(self._register.state, self._settings.state)

    async def verify_audit(self) -> None:
        """Look at every line of every tenant's audit log; raises `Unavailable`."""
        found = 0
        for tenant_id in sorted({campaign.tenant_id for campaign in (await self._campaigns()).values()}):
            verdict = await self._audit.verify(tenant_id)
            found += len(verdict.problems)
            if verdict.problems:
                told = [str(problem) for problem in verdict.problems[:LOGGED_PROBLEMS]]
                logger.error("an audit log is not as it was written", extra={"tenant": tenant_id, "problems": told})
        self.audit_problems = found
