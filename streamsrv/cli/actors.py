"""Who runs a command, the log that they are named in, and what they may do: as the API may."""

import getpass
import secrets
from collections.abc import Iterable

from streamsrv.app.clock import SystemClock
from streamsrv.app.managing import make_management
from streamsrv.config import Settings
from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import invalid
from streamsrv.core.model import TenantId
from streamsrv.management import Actor, Management
from streamsrv.stores.audit import RedisAuditLog, audit_key
from streamsrv.stores.campaigns import Against, FolderCampaignStore
from streamsrv.stores.erasure import erasures_of
from streamsrv.stores.register import Register, own_folder
from streamsrv.stores.secrets import load_token_keys


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


def management_of(register: Register, settings: Settings) -> Management:
    """The use cases that the API has, too, over the register; raises `Invalid`."""
    campaigns = FolderCampaignStore(settings.storage.campaigns, Against(), tag_of=register.identity.campaign_tag)
    keys = load_token_keys(settings.links, own_folder(settings.state))
    return make_management(register, erasures_of(settings.state), campaigns=campaigns, keys=keys, clock=SystemClock())


def find_tenant(named: str, campaigns: Iterable[Campaign]) -> TenantId:
    """The tenant of this name; raises `Invalid` where it has no campaign."""
    known = sorted({campaign.tenant_id for campaign in campaigns})
    if named not in known:
        raise invalid("--tenant", f"there is no tenant {named!r}", f"one that has campaigns: {', '.join(known)}")
    return TenantId(named)
