"""Management put together over the stores: for the API, and for the commands, which need no web server for it."""

import secrets

from streamsrv.core import tokens
from streamsrv.core.model import LinkId
from streamsrv.management import Management
from streamsrv.ports import Clock, LiveCampaigns
from streamsrv.stores.audit import RedisAuditLog, audit_key
from streamsrv.stores.eraser import RedisEraser
from streamsrv.stores.erasure import ErasureList
from streamsrv.stores.register import Register
from streamsrv.stores.revoking import Revoking
from streamsrv.stores.viewer_book import RedisViewerBook


def make_management(
    register: Register,
    erasures: ErasureList,
    *,
    campaigns: LiveCampaigns,
    keys: tokens.TokenKeys,
    clock: Clock,
) -> Management:
    """The use cases of the API and of the commands, over the register of viewers."""
    state, vault, identity = register

    def sign_link(link_id: LinkId, serial: int, expires_at_s: int) -> str:
        return tokens.sign_link(link_id, serial=serial, expires_at_s=expires_at_s, keys=keys)

    return Management(
        campaigns=campaigns,
        book=RedisViewerBook(state, vault, identity),
        revoker=Revoking(state),
        eraser=RedisEraser(state, identity, erasures),
        audit=RedisAuditLog(state, key=audit_key(identity.secret), random_bytes=secrets.token_bytes),
        identity=identity,
        sign_link=sign_link,
        signing_key_id=keys.current,
        clock=clock,
    )
