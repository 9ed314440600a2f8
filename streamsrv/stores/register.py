"""The register of viewers: the store for state, opened together with what seals viewers and what names them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from streamsrv.config import Settings, StateSettings
from streamsrv.core.identity import Identity
from streamsrv.stores.state import State, open_state
from streamsrv.stores.vault import Vault, load_identity, open_vault


class Register(NamedTuple):
    """What every reader and writer of viewers is made of."""

    state: State
    vault: Vault
    identity: Identity


@asynccontextmanager
async def open_register(settings: Settings) -> AsyncIterator[Register]:
    """The register that the settings name; raises `Invalid` and `Unavailable`."""
    vault = open_vault(settings.vault, own_folder(settings.state))
    async with open_state(settings.state) as state:
        yield Register(state, vault, await load_identity(state, vault))


def own_folder(settings: StateSettings) -> Path | None:
    """Where this machine keeps secrets of its own: beside the embedded server's files, never among them (B13).

    None where the state is elsewhere: secrets that several machines share are given to them.
    """
    return None if settings.redis_url else settings.dir.absolute().parent / "secrets"
