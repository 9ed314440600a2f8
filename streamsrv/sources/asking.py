"""All sources of a campaign asked at once, inside one budget: cached, joined, broken off, never a reason to fail."""

import asyncio
import logging
import random
import ssl
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from aiohttp import ClientSession, ClientTimeout, DefaultResolver, DummyCookieJar
from aiohttp.abc import AbstractResolver

from streamsrv.config import SourceSettings
from streamsrv.core.breaker import Breaker
from streamsrv.core.cache import LruCache
from streamsrv.core.campaign import Attributes, Campaign
from streamsrv.core.campaign.completing import Answer, SourceFault, complete
from streamsrv.core.campaign.sources import LINK_REF, MAX_TIMEOUT_MS, VIEWER, Source
from streamsrv.core.campaign.template import fill_url
from streamsrv.core.errors import Problem, invalid
from streamsrv.core.model import CampaignId, Viewer
from streamsrv.core.origins import is_allowed
from streamsrv.core.rules.asking import checked
from streamsrv.sources.addresses import networks
from streamsrv.sources.fetching import Fault, Fetched, fetch, filled
from streamsrv.sources.guard import guarded_connector
from streamsrv.sources.secrets import read_secrets, secrets_of
from streamsrv.telemetry.metrics import Durations

logger = logging.getLogger(__name__)

MAX_IN_FLIGHT = 64
"""Requests of one source at a time; whoever comes beyond goes without."""
KEPT_BYTES = 16 * 1024 * 1024
"""Answers held in memory, by the size of their bodies."""
ENTRY_BYTES = 256
"""What an entry costs beside its body."""
WITHIN = 0.95
"""The share of the budget that a request may take: it must be known to be late before it is given up."""
WINDOW_S = 30.0
"""Over which a source's failures are counted: some are asked every few seconds only."""
MAX_LINE_BYTES = 8 * 1024

Headers = tuple[tuple[str, str], ...]
SourceKey = tuple[CampaignId, str]


class _Place(NamedTuple):
    """What an answer is kept under: nobody who asks otherwise gets it."""

    source: SourceKey
    url: str
    headers: Headers


@dataclass(slots=True)
class Asked:
    """What became of asking one source: for metrics."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """`fresh`, `kept` or the fault, and how often."""
    durations: Durations = field(default_factory=Durations)


def label_of(key: SourceKey) -> str:
    """A source's name over all campaigns, for metrics."""
    return "/".join(key)


class HttpDataSources:
    """A `DataSources` over HTTP."""

    def __init__(
        self,
        session: ClientSession,
        settings: SourceSettings,
        secrets: Mapping[str, str],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._hosts = settings.allow_hosts
        self._budget_s = settings.budget_ms / 1000
        self._secrets = secrets
        self._monotonic = monotonic
        self._kept: LruCache[_Place, tuple[float, Fetched]] = LruCache(KEPT_BYTES)
        self._flights: dict[_Place, asyncio.Task[Fetched]] = {}
        self._breakers: dict[SourceKey, Breaker] = {}
        self._in_flight: Counter[SourceKey] = Counter()
        self.asked: dict[SourceKey, Asked] = {}
        """By source, once it was asked."""

    @property
    def in_flight(self) -> int:
        return self._in_flight.total()

    def breaker_states(self) -> dict[SourceKey, int]:
        """0 closed, 1 half open, 2 open, by source."""
        return {key: int(breaker.state) for key, breaker in self._breakers.items()}

    async def completed(self, campaign: Campaign, viewer: Viewer) -> tuple[Viewer, tuple[Problem, ...]]:
        """The viewer with what the campaign's sources know now, and why some of it is as it was imported.

        Never raises, and takes no longer than the budget.
        """
        if not campaign.sources:
            return viewer, ()
        attributes = checked(campaign, viewer)
        tasks = [asyncio.create_task(self._answer(campaign, source, viewer, attributes)) for source in campaign.sources]
        try:
            await asyncio.wait(tasks, timeout=self._budget_s)
        finally:
            late = [task for task in tasks if not task.done()]
            for task in late:
                task.cancel()
        answers = []
        for source, task in zip(campaign.sources, tasks, strict=True):
            answers.append(Answer(source, fault="timeout") if task in late else task.result())
        for answer, task in zip(answers, tasks, strict=True):
            if task in late:
                self._note(campaign, answer.source, "timeout", self._budget_s)
        found, problems = complete(campaign.schema, attributes, answers)
        return replace(viewer, attributes=found), problems

    async def _answer(self, campaign: Campaign, source: Source, viewer: Viewer, attributes: Attributes) -> Answer:
        """What one source says; every way of going wrong is a fault."""
        began_s = self._monotonic()
        try:
            fetched, outcome = await self._asked(campaign, source, viewer, attributes)
            answer = Answer(source, fetched.document)
        except Fault as fault:
            answer, outcome = Answer(source, fault=fault.kind), fault.kind
        except Exception as error:
            # A mistake of ours must not cost a viewer their video. Only its class: its text may hold an address.
            logger.error("a source could not be asked", extra={"source": source.name, "why": type(error).__name__})
            answer, outcome = Answer(source, fault="bad_answer"), "bad_answer"
        self._note(campaign, source, outcome, self._monotonic() - began_s)
        return answer

    async def _asked(
        self, campaign: Campaign, source: Source, viewer: Viewer, attributes: Attributes
    ) -> tuple[Fetched, str]:
        """What is kept, or what a request of our own or another's gives; raises `Fault`."""
        url = fill_url(source.url, attributes, extra={VIEWER: viewer.viewer_id, LINK_REF: viewer.link_ref})
        if url is None:
            raise Fault("unaddressed")
        if not is_allowed(source.origin, self._hosts):
            raise Fault("refused")
        place = _Place((campaign.campaign_id, source.name), url, filled(source.headers, self._secrets))
        if source.cache_s == 0:
            return await self._fetched(source, place), "fresh"
        kept = self._kept.get(place)
        if kept is not None and self._monotonic() < kept[0]:
            return kept[1], "kept"
        flight = self._flights.get(place)
        if flight is None:
            flight = asyncio.create_task(self._fetched(source, place))
            self._flights[place] = flight
            flight.add_done_callback(lambda _: self._landed(place))
        # Waited for and not awaited: whoever goes away leaves it to the others.
        await asyncio.wait({flight})
        return flight.result(), "fresh"

    def _landed(self, place: _Place) -> None:
        flight = self._flights.pop(place)
        if not flight.cancelled():
            flight.exception()  # Looked at: those who asked may have gone.

    async def _fetched(self, source: Source, place: _Place) -> Fetched:
        """One request, where the breaker and the bound let it; raises `Fault`."""
        if self._in_flight[place.source] >= MAX_IN_FLIGHT:
            raise Fault("busy")
        breaker = self._breakers.get(place.source)
        if breaker is None:
            breaker = Breaker(monotonic=self._monotonic, uniform=random.uniform, window_s=WINDOW_S)
            self._breakers[place.source] = breaker
        permit = breaker.admit()
        if permit is None:
            raise Fault("circuit_open")
        timeout_s = min(WITHIN * self._budget_s, (source.timeout_ms or MAX_TIMEOUT_MS) / 1000)
        well: bool | None = None  # Whoever asked went away: that says nothing about the source.
        self._in_flight[place.source] += 1
        try:
            fetched = await fetch(self._session, place.url, place.headers, timeout_s)
            well = True
        except Fault:
            well = False
            raise
        finally:
            self._in_flight[place.source] -= 1
            breaker.settle(permit, well=well)
        if source.cache_s:
            good_until_s = self._monotonic() + source.cache_s
            self._kept.put(place, (good_until_s, fetched), cost=fetched.size_bytes + ENTRY_BYTES)
        return fetched

    def _note(self, campaign: Campaign, source: Source, outcome: "SourceFault | str", lasted_s: float) -> None:
        asked = self.asked.setdefault((campaign.campaign_id, source.name), Asked())
        asked.outcomes[outcome] += 1
        asked.durations.observe(lasted_s)


@asynccontextmanager
async def open_sources(
    settings: SourceSettings, campaigns: Iterable[Campaign], *, resolver: AbstractResolver | None = None
) -> AsyncIterator[HttpDataSources]:
    """The sources of `campaigns` over connections of their own; closed on exit.

    Raises `Invalid` for each of their secrets that is not set, and where `ca_file` cannot be read.
    """
    secrets = read_secrets(secrets_of(campaigns), settings.secrets, settings.secrets_dir)
    connector = guarded_connector(resolver or DefaultResolver(), networks(settings.allow_private), _tls(settings))
    # The environment names no proxy, no cookie is kept, and nothing is unpacked.
    async with ClientSession(
        connector=connector,
        cookie_jar=DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        timeout=ClientTimeout(total=settings.budget_ms / 1000),
        max_line_size=MAX_LINE_BYTES,
        max_field_size=MAX_LINE_BYTES,
    ) as session:
        yield HttpDataSources(session, settings, secrets)


def _tls(settings: SourceSettings) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if settings.ca_file is not None:
        try:
            context.load_verify_locations(settings.ca_file)
        except OSError as error:
            raise invalid(
                "sources.ca_file", f"cannot be read: {error.strerror or error}", "certificates in PEM"
            ) from error
    return context
