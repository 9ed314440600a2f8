"""What is open while a server runs, and how it is opened."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from streamsrv.app.clock import SystemClock
from streamsrv.app.managing import make_management
from streamsrv.app.rendering import RenderService, new_studio, open_render_service, open_rendered, processes_of
from streamsrv.app.watching import (
    watch_gate,
    watch_own,
    watch_revocations,
    watch_services,
    watch_sources,
    watch_state,
)
from streamsrv.config import Settings, load_ladder
from streamsrv.core.own import Artist
from streamsrv.delivery import Delivery
from streamsrv.management import Management
from streamsrv.media.draw.kit import kit_digest
from streamsrv.ports import ApiKeys, Clock
from streamsrv.sources import open_sources
from streamsrv.stores.campaigns import Against, FolderCampaignStore, Texts
from streamsrv.stores.contents import watch_removals
from streamsrv.stores.erasure import erasures_of
from streamsrv.stores.gate import RedisGate
from streamsrv.stores.keys import RedisApiKeys
from streamsrv.stores.ledger import RedisLedger
from streamsrv.stores.register import Register, open_register, own_folder
from streamsrv.stores.render_queue import RenderQueue
from streamsrv.stores.renderer import open_renderer
from streamsrv.stores.revocations import open_revocations
from streamsrv.stores.scenes import load_catalog
from streamsrv.stores.secrets import load_token_keys
from streamsrv.stores.segments import CachedSegmentStore, open_store
from streamsrv.stores.sessions import RedisSessionStore
from streamsrv.stores.viewers import RedisViewerStore
from streamsrv.telemetry.events import EventLog
from streamsrv.telemetry.metrics import Metrics

ANY_BRAND = "Your video"
KEPT_ASSIGNMENTS = 100_000
"""Viewers whose arms are held in memory."""


@dataclass(frozen=True, slots=True)
class Services:
    """What is open while a server runs."""

    delivery: Delivery
    register: Register
    campaigns: FolderCampaignStore
    management: Management
    api_keys: ApiKeys
    segments: CachedSegmentStore
    events: EventLog
    metrics: Metrics
    clock: Clock
    brand: str
    """Whose name stands on a page that belongs to no campaign."""


@asynccontextmanager
async def open_services(settings: Settings, *, campaigns_as: Texts | None = None) -> AsyncIterator[Services]:
    """Load and check everything that serving needs; raises `Invalid`, and `Unavailable` without the store for state.

    On exit, events are written and synced. Where `campaigns_as` is given, it is what the campaigns' folder holds,
    whatever stands there by now.
    """
    clock, storage, session_s = SystemClock(), settings.storage, settings.links.session_s
    keys = load_token_keys(settings.links, own_folder(settings.state))
    store = open_store(storage.segments)
    ladder, kit = load_ladder(storage.ladder), kit_digest(settings.rendering.kit)
    catalog = load_catalog(store, target_duration_s=ladder.target_duration_s())
    against = Against(catalog.scenes, settings.campaigns.cta_hosts, settings.sources.allow_hosts)
    segments = CachedSegmentStore(store, cache_bytes=storage.cache_bytes, deadline_s=storage.read_deadline_s)
    async with AsyncExitStack() as stack:
        register = await stack.enter_async_context(open_register(settings))
        state, vault, identity = register
        campaigns = FolderCampaignStore(storage.campaigns, against, tag_of=identity.campaign_tag, texts=campaigns_as)
        sources = await stack.enter_async_context(open_sources(settings.sources, campaigns.live.values()))
        revocations = await stack.enter_async_context(open_revocations(state, clock, kept_s=session_s))
        events = EventLog(storage.events, clock=clock)
        stack.push_async_callback(events.aclose)
        gate = RedisGate(state, secret=identity.secret, clock=clock)
        rendered = open_rendered(settings)
        await stack.enter_async_context(watch_removals(state, rendered))
        queue = RenderQueue(state, identity.queue_secret(), clock, random_bytes=secrets.token_bytes)
        renderer = await stack.enter_async_context(open_renderer(queue, rendered, state, clock))
        processes = processes_of(settings.rendering, workers=settings.server.workers)
        service: RenderService | None = None
        # Scenes that nothing is drawn on need nobody who draws.
        if processes and any(catalog.groups.values()):
            studio = new_studio(settings, catalog, ladder, segments, processes=processes)
            service = await stack.enter_async_context(open_render_service(studio, queue, rendered))
        delivery = Delivery(
            viewers=RedisViewerStore(state, vault, identity),
            campaigns=campaigns,
            ledger=RedisLedger(state, identity, kept=KEPT_ASSIGNMENTS),
            gate=gate,
            sources=sources,
            sessions=RedisSessionStore(state, vault, clock),
            revocations=revocations,
            catalog=catalog,
            segments=segments,
            rendered=rendered,
            renderer=renderer,
            artist=Artist(catalog, kit=kit),
            tenant_secret=identity.tenant_secret,
            sink=events,
            clock=clock,
            keys=keys,
            session_s=session_s,
            random_bytes=secrets.token_bytes,
        )
        metrics = Metrics()
        watch_services(metrics, delivery, segments, events)
        watch_state(metrics, state)
        watch_revocations(metrics, revocations)
        watch_gate(metrics, gate)
        watch_sources(metrics, sources)
        watch_own(metrics, delivery.own, rendered, renderer, queue, service)
        brands = {campaign.told(campaign.brands, campaign.languages.default) for campaign in campaigns.live.values()}
        brand = (brands.pop() if len(brands) == 1 else "") or ANY_BRAND
        management = make_management(register, erasures_of(settings.state), campaigns=campaigns, keys=keys, clock=clock)
        api_keys = RedisApiKeys(state, clock)
        yield Services(delivery, register, campaigns, management, api_keys, segments, events, metrics, clock, brand)
