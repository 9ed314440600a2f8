"""The register of viewers: the store for state, opened together with what seals viewers and what names them."""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from streamsrv.config import Settings, StateSettings
from streamsrv.core.errors import Unavailable
from streamsrv.core.identity import Identity
from streamsrv.stores.state import State, open_state, shown_url
from streamsrv.stores.vault import Vault, kept_identity, open_identity, open_vault

logger = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 5.0
"""Between the tries of one that waits: at most this, then twice as long each time. Half of it is by chance, so that
servers that wait together do not come together."""


class Register(NamedTuple):
    """What every reader and writer of viewers is made of."""

    state: State
    vault: Vault
    identity: Identity


@asynccontextmanager
async def open_register(settings: Settings, *, waits: bool = False) -> AsyncIterator[Register]:
    """The register that the settings name; raises `Invalid` and `Unavailable`.

    One that `waits` tries for ever where the store is away, and logs that it does.
    """
    vault = open_vault(settings.vault, own_folder(settings.state))
    place = shown_url(settings.state.redis_url) if settings.state.redis_url else str(settings.state.dir)
    async with open_state(settings.state) as state:
        kept = await _awaited(state, vault, place) if waits else await _asked(state, vault, place)
        yield Register(state, vault, open_identity(vault, kept))


async def _asked(state: State, vault: Vault, place: str) -> bytes:
    try:
        return await kept_identity(state, vault)
    except Unavailable as error:
        raise Unavailable(f"the state store at {place}") from error


async def _awaited(state: State, vault: Vault, place: str) -> bytes:
    pause_s, began_s = FIRST_PAUSE_S, time.monotonic()
    while True:
        try:
            kept = await kept_identity(state, vault)
        except Unavailable:
            waited_s = round(time.monotonic() - began_s, 1)
            logger.warning("waiting for the state store", extra={"store": place, "waited_s": waited_s})
            await asyncio.sleep(random.uniform(pause_s / 2, pause_s))
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
            continue
        if pause_s > FIRST_PAUSE_S:
            logger.warning("the state store is there", extra={"store": place})
        return kept


def own_folder(settings: StateSettings) -> Path | None:
    """Where this machine keeps secrets of its own: beside the embedded server's files, never among them (B13).

    None where the state is elsewhere: secrets that several machines share are given to them.
    """
    return None if settings.redis_url else settings.dir.absolute().parent / "secrets"
