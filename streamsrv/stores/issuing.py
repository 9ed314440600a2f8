"""Links for many viewers: opened, assigned and signed some hundreds at a time, in nearly constant memory."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

import numpy as np

from streamsrv.core.campaign import Campaign
from streamsrv.core.experiments import HOLDOUT, unit_key
from streamsrv.core.identity import CAMPAIGN_TAG_BYTES, link_text
from streamsrv.core.model import LinkId, Viewer, ViewerId
from streamsrv.core.rules import HELD_OUT, assigned_unit, assignments
from streamsrv.core.tokens import TokenKeys, sign_link
from streamsrv.stores.ledger import Entry, RedisLedger
from streamsrv.stores.register import Register
from streamsrv.stores.revoking import Revoking
from streamsrv.stores.state import names
from streamsrv.stores.viewers import Kept, read_record
from streamsrv.stores.walking import BUDGET_MS, Walked, walk

AHEAD = 3
"""Batches that are begun before the first of them is done: this process works while it waits for the store."""


class Issued(NamedTuple):
    """One viewer's link."""

    viewer_id: ViewerId
    token: str
    held_out: bool
    """Whether the viewer is in the holdout: their link shows the control story."""


class Issuer:
    """Issues links of one campaign. Nothing is stored but arms, each before its viewer's link is told (C18).

    Every method raises `Unavailable`.
    """

    def __init__(
        self, register: Register, campaign: Campaign, keys: TokenKeys, *, now_s: int, expires_at_s: int
    ) -> None:
        self._register = register
        self._campaign = campaign
        self._keys = keys
        self._now_s = now_s
        self._expires_at_s = expires_at_s
        self._random = campaign.holdout is not None or bool(campaign.experiments)
        self._ledger = RedisLedger(register.state, register.identity, kept=1)

    async def of_all(self) -> AsyncIterator[list[Issued]]:
        """A link for each of the campaign's viewers, once each."""
        tag = self._register.identity.campaign_tag(self._campaign.campaign_id)
        at_least = await Revoking(self._register.state).campaign_serial(tag)
        seen = Seen()
        begun: deque[asyncio.Task[list[Issued]]] = deque()
        try:
            async for viewers in walk(self._register.state, tag):
                begun.append(asyncio.create_task(self._issue(seen.new(viewers), at_least)))
                if len(begun) > AHEAD:
                    yield await begun.popleft()
            while begun:
                yield await begun.popleft()
        finally:
            for task in begun:
                task.cancel()

    async def of_these(self, viewer_ids: Sequence[ViewerId]) -> list[Issued]:
        """A link for each of these viewers who is there, in their order."""
        state, _, identity = self._register
        links = [identity.link_id(self._campaign.campaign_id, one) for one in viewer_ids]
        records = await state.many_get([names.viewer(link_text(one)) for one in links], budget_ms=BUDGET_MS)
        viewers = [
            Walked(link_text(link_id), link_id, record)
            for link_id, record in zip(links, records, strict=True)
            if record is not None
        ]
        tag = identity.campaign_tag(self._campaign.campaign_id)
        return await self._issue(viewers, await Revoking(state).campaign_serial(tag))

    async def _issue(self, viewers: Sequence[Walked], at_least: int) -> list[Issued]:
        state, vault, _ = self._register
        keys = [names.minimum_serial(one.link) for one in viewers] + [names.erased(one.link) for one in viewers]
        found = await state.many_get(keys, budget_ms=BUDGET_MS)
        serials, marks = found[: len(viewers)], found[len(viewers) :]
        kept = [read_record(vault.open_record(one.link_id, one.record)[1]) for one in viewers]
        held_out = await self._record_arms(kept) if self._random else [False] * len(kept)
        return [
            Issued(one.viewer_id, self._sign(viewer.link_id, max(int(serial or 0), at_least)), out)
            for viewer, one, serial, mark, out in zip(viewers, kept, serials, marks, held_out, strict=True)
            if mark is None
        ]

    def _sign(self, link_id: LinkId, serial: int) -> str:
        return sign_link(link_id, serial=serial, expires_at_s=self._expires_at_s, keys=self._keys)

    async def _record_arms(self, viewers: Sequence[Kept]) -> list[bool]:
        """Record each viewer's arms where none are recorded yet; whether each is held out."""
        campaign = self._campaign
        units = [self._unit(one) for one in viewers]
        keys = [None if unit is None else unit_key(salt=campaign.campaign_id, unit=unit) for unit in units]
        known = [key for key in keys if key is not None]
        recorded = iter(await self._ledger.recorded_many([(campaign.campaign_id, key) for key in known]))
        entries: list[Entry] = []
        held_out: list[bool] = []
        for unit, key in zip(units, keys, strict=True):
            if unit is None or key is None:
                held_out.append(False)
                continue
            before = next(recorded)
            arms = assignments(campaign, unit, before)
            held_out.append(arms.get(HOLDOUT) == HELD_OUT)
            entries += [
                Entry(campaign.campaign_id, key, experiment, arm, campaign.release, self._now_s * 1000)
                for experiment, arm in arms.items()
                if experiment not in before
            ]
        async for _ in self._ledger.record_many(entries):
            pass
        return held_out

    def _unit(self, viewer: Kept) -> str | None:
        if self._campaign.randomize_by is None:
            return viewer.viewer_id
        return assigned_unit(self._campaign, Viewer(viewer.viewer_id, viewer.campaign_id, viewer.attributes))


class Seen:
    """Whom a walk has come by: it may come by somebody twice, and nobody is to be written to twice.

    16 bytes a viewer, in sorted runs of which each is twice as long as the next.
    """

    def __init__(self) -> None:
        self._runs: list[np.ndarray[tuple[int], np.dtype[np.void]]] = []

    def new(self, viewers: Sequence[Walked]) -> list[Walked]:
        """Those of the viewers who were not here before."""
        own = np.array([one.link_id[CAMPAIGN_TAG_BYTES:] for one in viewers], dtype="S16")
        fresh = np.ones(len(viewers), dtype=bool)
        for run in self._runs:
            places = np.minimum(np.searchsorted(run, own), len(run) - 1)
            fresh &= run[places] != own
        _, first = np.unique(own, return_index=True)
        once = np.zeros(len(viewers), dtype=bool)
        once[first] = True
        fresh &= once
        added = np.sort(own[fresh])
        while self._runs and len(self._runs[-1]) <= len(added):
            added = np.sort(np.concatenate((self._runs.pop(), added)), kind="stable")
        if len(added):
            self._runs.append(added)
        return [one for one, is_fresh in zip(viewers, fresh.tolist(), strict=True) if is_fresh]
