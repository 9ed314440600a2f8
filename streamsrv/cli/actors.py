"""Who runs a command, and the log that they are named in."""

import getpass
import secrets
from collections.abc import Iterable

from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import invalid
from streamsrv.core.model import TenantId
from streamsrv.management import Actor
from streamsrv.stores.audit import RedisAuditLog, audit_key
from streamsrv.stores.register import Register


def whoever_runs_this(tenant_id: TenantId) -> Actor:
    """The user of this machine, acting for a tenant."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "unknown"  # a container's user may have no name
    return Actor(f"cli:{name}", tenant_id)


def audit_log(register: Register) -> RedisAuditLog:
    """The audit log beside the register."""
    return RedisAuditLog(register.state, key=audit_key(register.identity.secret), random_bytes=secrets.token_bytes)


def find_tenant(named: str, campaigns: Iterable[Campaign]) -> TenantId:
    """The tenant of this name; raises `Invalid` where it has no campaign."""
    known = sorted({campaign.tenant_id for campaign in campaigns})
    if named not in known:
        raise invalid("--tenant", f"there is no tenant {named!r}", f"one that has campaigns: {', '.join(known)}")
    return TenantId(named)
