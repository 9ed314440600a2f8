"""Through all viewers of the store, some hundreds at a time, in constant memory and while it serves.

Viewers who are added meanwhile may be left out, and some may come twice: what is done to them must bear that.
"""

from collections.abc import AsyncIterator
from typing import NamedTuple

from streamsrv.core.identity import CAMPAIGN_TAG_BYTES, LINK_ID_BYTES, link_bytes, link_text
from streamsrv.core.model import LinkId
from streamsrv.stores.state import State, names

BATCH = 500
BUDGET_MS = 10_000
_WHOLE_CHARACTERS = CAMPAIGN_TAG_BYTES * 8 // 6
"""Of a link's text that its campaign decides alone."""


class Walked(NamedTuple):
    """A viewer who was come by."""

    link: str
    link_id: LinkId
    record: bytes


async def walk(state: State, campaign_tag: bytes = b"") -> AsyncIterator[list[Walked]]:
    """Every viewer's record, of one campaign or of all; raises `Unavailable`."""
    links: list[str] = []
    beginning = link_text(LinkId(campaign_tag.ljust(LINK_ID_BYTES, b"\0")))[:_WHOLE_CHARACTERS] if campaign_tag else ""
    async for key in state.scan(names.viewers_of(beginning), budget_ms=BUDGET_MS):
        link = names.link_of(key.decode())
        if not campaign_tag or link_bytes(link).startswith(campaign_tag):
            links.append(link)
        if len(links) == BATCH:
            yield await _read(state, links)
            links = []
    if links:
        yield await _read(state, links)


async def _read(state: State, links: list[str]) -> list[Walked]:
    records = await state.many_get([names.viewer(link) for link in links], budget_ms=BUDGET_MS)
    return [
        Walked(link, link_bytes(link), record)
        for link, record in zip(links, records, strict=True)
        if record is not None
    ]
