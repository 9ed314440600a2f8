"""Sessions as they are kept: one document each, sealed under its viewer's key, until the session is over.

The first document stays (`SET NX`), whoever tries again. Erasing the viewer's record makes all of them unreadable.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from streamsrv.core.errors import NotFound
from streamsrv.core.identity import link_text
from streamsrv.core.model import Session, Viewer
from streamsrv.ports import Clock
from streamsrv.stores.state import AnyRedis, State, names
from streamsrv.stores.vault import Vault

WHAT = "sessions"
GRACE_S = 60
"""Kept longer than the token lasts, so that a slow clock asks for nothing that is gone."""


class RedisSessionStore:
    """A `SessionStore` over the store for state. One round trip each."""

    def __init__(self, state: State, vault: Vault, clock: Clock) -> None:
        self._state = state
        self._vault = vault
        self._clock = clock

    async def pin(self, session: Session, document: Mapping[str, object], *, viewer: Viewer) -> Mapping[str, object]:
        """Keep `document` unless one is kept already; the one that is kept. Raises `Unavailable`."""
        sealed = self._vault.seal(session.link_id, viewer.data_key, orjson.dumps(document))
        name = _name(session)
        life_s = max(1, session.expires_at_s - self._clock.now_ms() // 1000) + GRACE_S

        async def keep(client: AnyRedis) -> Any:
            # With GET the answer is what stood there before: nothing, where this was kept.
            return await client.set(name, sealed, nx=True, get=True, ex=life_s)

        before = await self._state.run(keep, what=WHAT)
        return document if before is None else self._read(session, viewer.data_key, before)

    async def pinned(self, session: Session) -> Mapping[str, object]:
        """The document; raises `NotFound` for a session that is over or whose viewer was erased, `Unavailable`."""
        link = link_text(session.link_id)
        keys = [_name(session), names.viewer(link), names.erased(link)]
        sealed, record, erased = await self._state.many_get(keys)
        if sealed is None or record is None or erased is not None:
            raise NotFound("session")
        return self._read(session, self._vault.key_of(session.link_id, record).secret, sealed)

    def _read(self, session: Session, data_key: bytes, sealed: bytes) -> Mapping[str, object]:
        document: Mapping[str, object] = orjson.loads(self._vault.open(session.link_id, data_key, sealed))
        # Another session of the same viewer's, put in this one's place.
        if document["session"] != session.session_id:
            raise NotFound("session")
        return document


def _name(session: Session) -> str:
    return names.session(link_text(session.link_id), bytes.fromhex(session.session_id))
