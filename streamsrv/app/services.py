"""What is open while a server runs, and how it is opened."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from streamsrv.app.clock import SystemClock
from streamsrv.app.watching import watch_services
from streamsrv.config import Settings, load_ladder
from streamsrv.delivery import Delivery
from streamsrv.ports import Clock
from streamsrv.stores.assignments import SqliteLedger
from streamsrv.stores.campaigns import Against, FolderCampaignStore, Texts
from streamsrv.stores.scenes import load_catalog
from streamsrv.stores.segments import CachedSegmentStore, open_store
from streamsrv.stores.viewers import MemoryViewerStore, identity_of, load_viewers
from streamsrv.telemetry.events import EventLog
from streamsrv.telemetry.metrics import Metrics

ANY_BRAND = "Your video"
KEPT_ASSIGNMENTS = 100_000
"""Viewers whose arms are held in memory."""


@dataclass(frozen=True, slots=True)
class Services:
    """What is open while a server runs."""

    delivery: Delivery
    segments: CachedSegmentStore
    events: EventLog
    metrics: Metrics
    clock: Clock
    brand: str
    """Whose name stands on a page that belongs to no campaign."""


@asynccontextmanager
async def open_services(settings: Settings, *, campaigns_as: Texts | None = None) -> AsyncIterator[Services]:
    """Load and check everything that serving needs; raises `Invalid`. On exit, events are written and synced.

    Where `campaigns_as` is given, it is what the campaigns' folder holds, whatever stands there by now.
    """
    clock = SystemClock()
    storage, keys = settings.storage, settings.links.keys()
    identity = identity_of(keys)
    store = open_store(storage.segments)
    catalog = load_catalog(store, target_duration_s=load_ladder(storage.ladder).target_duration_s())
    against = Against(catalog.scenes, settings.campaigns.cta_hosts, settings.sources.allow_hosts)
    campaigns = FolderCampaignStore(storage.campaigns, against, tag_of=identity.campaign_tag, texts=campaigns_as)
    viewers = load_viewers(storage.viewers, campaigns.live)
    segments = CachedSegmentStore(store, cache_bytes=storage.cache_bytes, deadline_s=storage.read_deadline_s)
    async with AsyncExitStack() as stack:
        events = EventLog(storage.events, clock=clock)
        stack.push_async_callback(events.aclose)
        storage.assignments.parent.mkdir(parents=True, exist_ok=True)
        ledger = SqliteLedger(storage.assignments, deadline_s=storage.read_deadline_s, kept=KEPT_ASSIGNMENTS)
        stack.push_async_callback(ledger.aclose)
        delivery = Delivery(
            viewers=MemoryViewerStore(viewers, identity),
            campaigns=campaigns,
            ledger=ledger,
            catalog=catalog,
            segments=segments,
            sink=events,
            clock=clock,
            keys=keys,
            session_s=settings.links.session_s,
            random_bytes=secrets.token_bytes,
        )
        metrics = Metrics()
        watch_services(metrics, delivery, segments, events)
        brands = {campaign.told(campaign.brands, campaign.languages.default) for campaign in campaigns.live.values()}
        brand = (brands.pop() if len(brands) == 1 else "") or ANY_BRAND
        yield Services(delivery, segments, events, metrics, clock, brand)
