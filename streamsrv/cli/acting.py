"""Commands that change something for good: who runs them, and where that is written down."""

import time
from collections.abc import Mapping

from streamsrv.cli.actors import audit_log, whoever_runs_this
from streamsrv.core.audit import Act
from streamsrv.core.model import TenantId
from streamsrv.stores.register import Register


class Acting:
    """Whoever runs this command, and the audit log."""

    def __init__(self, register: Register) -> None:
        self._log = audit_log(register)

    async def note(
        self, tenant_id: TenantId, action: str, subject: str, detail: Mapping[str, str | int] | None = None
    ) -> None:
        """Write down what is about to be done; raises `Unavailable`, and then it must not be done."""
        name = whoever_runs_this(tenant_id).name
        await self._log.append(tenant_id, Act(time.time_ns() // 1_000_000, name, action, subject, detail or {}))
