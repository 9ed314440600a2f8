"""`streamsrv revoke`: links that were sent open nothing any more, within a minute and on every process."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from streamsrv.cli.actors import management_of, whoever_runs_this
from streamsrv.cli.workshop import find_campaign
from streamsrv.config import Settings, load_settings
from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import NotFound, invalid
from streamsrv.core.model import MAIN_TENANT, ViewerId
from streamsrv.stores.register import Register, open_register
from streamsrv.stores.viewers import RedisViewerStore


def revoke(
    campaign: Annotated[str | None, typer.Option(help="The campaign; alone, all links of all its viewers.")] = None,
    viewer: Annotated[list[str] | None, typer.Option(help="A viewer of the campaign; may be given again.")] = None,
    key: Annotated[int | None, typer.Option(min=0, max=255, help="A signing key: all that it has signed.")] = None,
    config: Annotated[Path, typer.Option(help="The settings file.")] = Path("config/server.toml"),
) -> None:
    """Revoke links: of some viewers, of a whole campaign, or of a key. Links that are issued afterwards open."""
    settings = load_settings(config, os.environ)
    if key is not None:
        if campaign is not None or viewer:
            raise invalid("--key", "stands beside --campaign or --viewer", "one of them")
        said = asyncio.run(_revoke_key(settings, key))
    elif campaign is not None:
        found = find_campaign(campaign, settings, option="--campaign")
        said = asyncio.run(_revoke_links(settings, found, [ViewerId(one) for one in viewer or ()]))
    else:
        raise invalid("revoke", "does not say what", "--campaign, --campaign and --viewer, or --key")
    typer.echo(said)


async def _revoke_links(settings: Settings, campaign: Campaign, viewers: Sequence[ViewerId]) -> str:
    actor = whoever_runs_this(campaign.tenant_id)
    async with open_register(settings) as register:
        management = management_of(register, settings)
        if not viewers:
            await management.revoke_campaign(actor, campaign)
            return f"every link of campaign {campaign.campaign_id} is revoked; `streamsrv links` issues new ones"
        await _check_known(register, campaign, viewers)
        for viewer_id in viewers:
            await management.revoke_viewer(actor, campaign, viewer_id)
        count = "the viewer's links are" if len(viewers) == 1 else f"the links of {len(viewers)} viewers are"
        return f"{count} revoked; `streamsrv links --viewer` issues new ones"


async def _check_known(register: Register, campaign: Campaign, viewers: Sequence[ViewerId]) -> None:
    """Raises `Invalid` before anything is done: a mistyped id must not pass for one that is safe now."""
    store = RedisViewerStore(*register)
    for viewer_id in viewers:
        try:
            await store.viewer_by_id(campaign.campaign_id, viewer_id)
        except NotFound:
            what = f"campaign {campaign.campaign_id} has no viewer {viewer_id!r}"
            raise invalid("--viewer", what, "the id of an imported viewer") from None


async def _revoke_key(settings: Settings, key_id: int) -> str:
    async with open_register(settings) as register:
        await management_of(register, settings).revoke_signing_key(whoever_runs_this(MAIN_TENANT), key_id)
    return f"whatever key {key_id} has signed is revoked"
