"""One viewer for a command: from the store, else from the sample file; with the arms that the ledger holds for them."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from streamsrv.cli.workshop import SOME_LINK_REF, find_viewer
from streamsrv.config import Settings, StateSettings
from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import NotFound
from streamsrv.core.experiments import unit_key
from streamsrv.core.importing import Style
from streamsrv.core.model import Viewer, ViewerId
from streamsrv.core.rules import assigned_unit, assignments
from streamsrv.stores.ledger import RedisLedger
from streamsrv.stores.register import Register, open_register
from streamsrv.stores.viewers import RedisViewerStore

PATIENT_MS = 10_000


class Person(NamedTuple):
    """A viewer, and where their data came from."""

    viewer: Viewer
    assigned: Mapping[str, str] | None
    """Their arms as the ledger holds them; None where nothing was recorded."""
    origin: str


def find_person(settings: Settings, campaign: Campaign, viewer_id: str, *, file: Path | None, style: Style) -> Person:
    """The campaign's viewer of this id: of `file` where one is given; else of the store, else of the sample file.

    `style` says how a file writes numbers and dates.
    Raises `Invalid` where there is none, and `Unavailable` where the store is away and no file was given.
    """
    if file is None and is_begun(settings.state):
        return asyncio.run(_in_store(settings, campaign, viewer_id, style))
    path = file or settings.storage.viewers
    return Person(find_viewer(path, campaign, viewer_id, style), None, str(path))


def is_begun(settings: StateSettings) -> bool:
    """Whether there is a store to look into: a command that only looks makes none."""
    return bool(settings.redis_url) or settings.dir.is_dir()


async def _in_store(settings: Settings, campaign: Campaign, viewer_id: str, style: Style) -> Person:
    # Whoever asks at a prompt would rather wait for a busy machine than be told that the store is away.
    patient = replace(settings.state, budget_ms=max(settings.state.budget_ms, PATIENT_MS))
    async with open_register(replace(settings, state=patient)) as register:
        try:
            found = await RedisViewerStore(*register).viewer_by_id(campaign.campaign_id, ViewerId(viewer_id))
            viewer, origin = replace(found, link_ref=SOME_LINK_REF), "the store"
        except NotFound:
            path = settings.storage.viewers
            viewer = find_viewer(path, campaign, viewer_id, style, asked_store=True)
            origin = f"{path}, for the store has none of this id"
        return Person(viewer, await _recorded(register, campaign, viewer), origin)


async def _recorded(register: Register, campaign: Campaign, viewer: Viewer) -> Mapping[str, str] | None:
    """What the ledger holds for the viewer, over what the hash gives."""
    unit = assigned_unit(campaign, viewer) if campaign.holdout is not None or campaign.experiments else None
    if unit is None:
        return None
    ledger = RedisLedger(register.state, register.identity, kept=1)
    key = unit_key(salt=campaign.campaign_id, unit=unit)
    return assignments(campaign, unit, await ledger.recorded(campaign.campaign_id, key))
