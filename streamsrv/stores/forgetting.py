"""Taking viewers out of the store: their record, and with it what opens everything else of theirs, and then that too.

What was sealed under a viewer's own key cannot be opened by anybody once their record is gone. What is not sealed
names nobody: link ids are keyed hashes.
"""

from collections.abc import Sequence
from typing import NamedTuple

from streamsrv.core.campaign import Campaign
from streamsrv.core.experiments import unit_key
from streamsrv.core.identity import Identity, link_text, tag_text
from streamsrv.core.model import ViewerId
from streamsrv.stores.contents import give_up
from streamsrv.stores.revoking import Revoking
from streamsrv.stores.state import State, names

BATCH = 500
BUDGET_MS = 10_000
MOST_AT_ONCE = 100_000
"""Viewers of one look for sessions, which goes through all keys of the store."""
_WHAT = "the store of viewers"


class Trace(NamedTuple):
    """By what a viewer can be found in the store. Names nobody."""

    link: str
    """The text of their link id."""
    assignments: str
    """The key of their experiments' arms; empty where those are a whole household's."""


def trace_of(identity: Identity, campaign: Campaign, viewer_id: ViewerId) -> Trace:
    """By what this viewer can be found. Arms that are given to households are nobody's alone, and stay."""
    campaign_id = campaign.campaign_id
    link = link_text(identity.link_id(campaign_id, viewer_id))
    if campaign.randomize_by is not None:
        return Trace(link, "")
    unit = identity.unit_name(campaign_id, unit_key(salt=campaign_id, unit=viewer_id))
    return Trace(link, names.assignments(tag_text(identity.campaign_tag(campaign_id)), unit))


async def forget(state: State, traces: Sequence[Trace], *, now_s: int, erased: bool) -> int:
    """Take these viewers out, and end their sessions; how many there were. May be done again; raises `Unavailable`.

    `erased` marks them, so that no import brings them back.
    """
    found = 0
    for start in range(0, len(traces), BATCH):
        found += await _forget(state, traces[start : start + BATCH], now_s, erased)
    for start in range(0, len(traces), MOST_AT_ONCE):
        await _forget_sessions(state, {one.link for one in traces[start : start + MOST_AT_ONCE]})
    return found


async def _forget(state: State, traces: Sequence[Trace], now_s: int, erased: bool) -> int:
    links = [one.link for one in traces]
    if erased:
        # The mark first: whoever writes the record meanwhile looks for it afterwards, and takes the record back.
        await state.many_set({names.erased(link): b"%d" % now_s for link in links}, budget_ms=BUDGET_MS)
    await Revoking(state).sessions(links, now_s=now_s)
    # Before the record goes: whoever begins a session until then has it noted what will show them.
    await give_up(state, links)
    found = await _unlink(state, [names.viewer(link) for link in links])
    others = [name(link) for link in links for name in (names.devices, names.failed_tries)]
    others += [one.assignments for one in traces if one.assignments]
    if erased:
        # The mark has a time, below which no link opens again. Without it the lowest generation must stay.
        others += [names.minimum_serial(link) for link in links]
    await _unlink(state, others)
    return found


async def _forget_sessions(state: State, links: set[str]) -> None:
    found: list[str] = []
    async for key in state.scan(names.session_of("*"), budget_ms=BUDGET_MS):
        name = key.decode()
        if names.link_of(name) in links:
            found.append(name)
    for start in range(0, len(found), BATCH):
        await _unlink(state, found[start : start + BATCH])


async def _unlink(state: State, keys: Sequence[str]) -> int:
    if not keys:
        return 0
    return await state.run(lambda client: client.unlink(*keys), what=_WHAT, budget_ms=BUDGET_MS)
