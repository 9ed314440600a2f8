"""Asking a campaign's sources about one viewer from a command, as the server would at the click."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace

from streamsrv.config import Settings
from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import Problem
from streamsrv.core.model import Viewer
from streamsrv.sources import open_sources
from streamsrv.stores.register import open_register


def completed(settings: Settings, campaign: Campaign, viewer: Viewer) -> tuple[Viewer, tuple[Problem, ...]]:
    """The viewer with what the campaign's sources say now, and why some of it is as it was imported."""
    return asyncio.run(_completed(settings, campaign, viewer))


async def _completed(settings: Settings, campaign: Campaign, viewer: Viewer) -> tuple[Viewer, tuple[Problem, ...]]:
    async with AsyncExitStack() as stack:
        asked = viewer
        # The viewer's own reference needs the server's secret: the store is opened for nothing less.
        if any(source.names_link_ref for source in campaign.sources):
            register = await stack.enter_async_context(open_register(settings))
            link_ref = register.identity.link_ref(campaign.campaign_id, viewer.viewer_id)
            asked = replace(viewer, link_ref=link_ref)
        sources = await stack.enter_async_context(open_sources(settings.sources, [campaign]))
        found, problems = await sources.completed(campaign, asked)
    return replace(found, link_ref=viewer.link_ref), problems
