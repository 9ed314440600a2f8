"""Many viewers in one body, a line each: checked as they arrive, kept in batches, in constant memory.

A line that does not fit harms no other. Sent again, the same lines have the same effect.
"""

from collections.abc import Iterator

import orjson

from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import NotFound, Problem
from streamsrv.core.importing import RecordChecker, RejectedRow, Row
from streamsrv.core.model import CampaignId
from streamsrv.management import WAS_ERASED, Actor, Management
from streamsrv.web.api.operations import MAX_JSON_DEPTH, MAX_LINE_BYTES
from streamsrv.web.api.parsing import depth_exceeds
from streamsrv.web.api.shapes import BulkResult, RejectedLine, ShownProblem

BATCH = 100
"""Lines that are kept at once: checking them takes a few milliseconds of the event loop's time."""
MOST_REJECTS = 1_000
"""Rejected lines that are told one by one; all are counted."""
SHAPE = '{"viewer": "…", "attributes": {…}}'
_KEYS = frozenset(("viewer", "campaign", "attributes"))
_TOO_LONG = Problem("line", "is too long", f"at most {MAX_LINE_BYTES} bytes")


class Bulk:
    """One body's lines while they arrive."""

    def __init__(self, management: Management, actor: Actor, campaign_id: str | None) -> None:
        """`campaign_id` is the campaign of lines that name none."""
        self._management = management
        self._actor = actor
        self._campaign_id = campaign_id
        self._checkers: dict[str, tuple[Campaign, RecordChecker]] = {}
        self._waiting: dict[str, list[tuple[int, Row]]] = {}
        self._counts: dict[str, list[int]] = {}
        self._lines = 0
        self._since = 0
        self._stored = 0
        self._rejected = 0
        self._rejects: list[RejectedLine] = []

    async def take(self, line: bytes | None) -> None:
        """The next line, None for one that is too long; raises `Unavailable`."""
        self._lines += 1
        if line is None:
            self._reject(None, _TOO_LONG)
        elif line.strip():
            await self._check(line)
        self._since += 1
        if self._since >= BATCH:
            await self._flush()

    async def finish(self) -> BulkResult:
        """After the last line; raises `Unavailable`."""
        await self._flush()
        for campaign, _ in self._checkers.values():
            stored, rejected = self._counts[campaign.campaign_id]
            await self._management.end_import(self._actor, campaign, stored=stored, rejected=rejected)
        rejects = sorted(self._rejects, key=lambda reject: reject.line)
        return BulkResult(stored=self._stored, rejected=self._rejected, rejects=rejects)

    async def _check(self, line: bytes) -> None:
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            self._reject(None, Problem("line", f"is not JSON: {error.msg} at column {error.colno}", SHAPE))
            return
        if not isinstance(record, dict) or not record.keys() <= _KEYS or not isinstance(record.get("attributes"), dict):
            self._reject(None, Problem("line", "has other fields", SHAPE))
            return
        if depth_exceeds(record, MAX_JSON_DEPTH):
            self._reject(None, Problem("line", "is nested too deeply", f"at most {MAX_JSON_DEPTH} deep"))
            return
        found = await self._campaign(record.get("campaign", self._campaign_id))
        if isinstance(found, Problem):
            self._reject(None, found)
            return
        campaign, checker = found
        row = checker.check(record.get("viewer"), record["attributes"])
        if isinstance(row, RejectedRow):
            self._counts[campaign.campaign_id][1] += 1
            self._reject(row.viewer_id, *row.reasons)
        else:
            self._waiting.setdefault(campaign.campaign_id, []).append((self._lines, row))

    async def _campaign(self, name: object) -> tuple[Campaign, RecordChecker] | Problem:
        if name is None:
            return Problem("campaign", "is missing", "in each line, or ?campaign= in the address")
        if not isinstance(name, str):
            return Problem("campaign", "is not a campaign's id", "text")
        found = self._checkers.get(name)
        if found is None:
            try:
                campaign = self._management.campaign(self._actor, CampaignId(name))
            except NotFound:
                return Problem("campaign", "is not a campaign of this tenant", "one that GET /api/v1/campaigns lists")
            await self._management.begin_import(self._actor, campaign)
            self._counts[name] = [0, 0]
            found = self._checkers[name] = (campaign, self._management.checker(campaign))
        return found

    async def _flush(self) -> None:
        self._since = 0
        for name, waiting in self._waiting.items():
            campaign, _ = self._checkers[name]
            erased = frozenset(await self._management.store_rows(campaign, [row for _, row in waiting]))
            for place in sorted(erased):
                number, row = waiting[place]
                self._reject(row.viewer_id, WAS_ERASED, number=number)
            self._counts[name][0] += len(waiting) - len(erased)
            self._counts[name][1] += len(erased)
            self._stored += len(waiting) - len(erased)
        self._waiting.clear()

    def _reject(self, viewer_id: str | None, *reasons: Problem, number: int | None = None) -> None:
        self._rejected += 1
        if len(self._rejects) < MOST_REJECTS:
            line = self._lines if number is None else number
            self._rejects.append(RejectedLine(line=line, viewer=viewer_id, problems=list(_shown(reasons))))


def _shown(reasons: tuple[Problem, ...]) -> Iterator[ShownProblem]:
    for reason in reasons:
        yield ShownProblem(where=reason.where, what=reason.what, expected=reason.expected)
