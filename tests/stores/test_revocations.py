"""What was revoked is known to every process in seconds, and stays known while the store is away."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from streamsrv.config import StateSettings
from streamsrv.core.errors import Expired, Unavailable
from streamsrv.core.identity import Identity, link_text
from streamsrv.core.model import CampaignId, LinkId, Session, SessionId, ViewerId
from streamsrv.core.tokens import LinkClaims
from streamsrv.stores import revocations
from streamsrv.stores.revocations import OVERLAP_S, WHOLE_EVERY, PolledRevocations, open_revocations
from streamsrv.stores.revoking import Revoking
from streamsrv.stores.state import State, open_state
from tests.chaos.servers import single

NOW_S = 1_800_000_000
KEPT_S = 6 * 3600
IDENTITY = Identity(b"i" * 32)
RENEWAL, SPRING = CampaignId("renewal"), CampaignId("spring")


class Clock:
    def __init__(self) -> None:
        self.now_s = NOW_S

    def now_ms(self) -> int:
        return self.now_s * 1000


@pytest.fixture
async def state(tmp_path: Path) -> AsyncIterator[State]:
    async with open_state(StateSettings(dir=tmp_path / "state", budget_ms=2000)) as opened:
        yield opened


def link(viewer_id: str, campaign_id: CampaignId = RENEWAL) -> LinkId:
    return IDENTITY.link_id(campaign_id, ViewerId(viewer_id))


def claims(link_id: LinkId, *, serial: int = 0, key_id: int = 1) -> LinkClaims:
    return LinkClaims(link_id, serial, key_id, NOW_S + 90 * 86_400)


def session(link_id: LinkId, *, serial: int = 0, key_id: int = 1) -> Session:
    return Session(SessionId("ab" * 16), link_id, serial, key_id, NOW_S, NOW_S + KEPT_S)


def is_over(known: PolledRevocations, claims: LinkClaims | Session) -> bool:
    try:
        known.check(claims)
    except Expired:
        return True
    return False


async def until_over(known: PolledRevocations, link_id: LinkId) -> None:
    for _ in range(3000):
        if is_over(known, session(link_id)):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never became known")


async def known(state: State, clock: Clock | None = None) -> PolledRevocations:
    found = PolledRevocations(state, clock or Clock(), kept_s=KEPT_S)
    await found.refresh()
    return found


async def test_nothing_is_revoked_to_begin_with(state: State) -> None:
    assert not is_over(await known(state), claims(link("anna")))


async def test_a_viewers_links_and_sessions_are_over_and_those_made_afterwards_are_good(state: State) -> None:
    serial = await Revoking(state).link(link("anna"), now_s=NOW_S)
    found = await known(state)

    assert is_over(found, claims(link("anna")))
    assert is_over(found, session(link("anna"), serial=serial - 1))
    assert not is_over(found, session(link("anna"), serial=serial))
    assert not is_over(found, session(link("ben")))
    assert 1 == found.links_held


async def test_a_campaigns_links_and_sessions_are_over_and_those_made_afterwards_are_good(state: State) -> None:
    serial = await Revoking(state).campaign(IDENTITY.campaign_tag(RENEWAL), now_s=NOW_S)
    found = await known(state)

    assert is_over(found, claims(link("anna")))
    assert is_over(found, session(link("ben")))
    assert not is_over(found, claims(link("anna"), serial=serial))
    assert not is_over(found, claims(link("anna", SPRING)))


async def test_what_a_key_has_signed_is_over(state: State) -> None:
    await Revoking(state).key(7)
    found = await known(state)

    assert is_over(found, claims(link("anna"), key_id=7))
    assert is_over(found, session(link("anna"), key_id=7))
    assert not is_over(found, session(link("anna"), key_id=8))


async def test_a_poll_finds_what_is_new(state: State) -> None:
    found = await known(state)
    await Revoking(state).link(link("anna"), now_s=NOW_S)
    await found.refresh()

    assert is_over(found, session(link("anna")))


async def test_a_clock_that_is_wrong_delays_by_some_polls_and_not_for_ever(state: State) -> None:
    found = await known(state)
    await Revoking(state).link(link("anna"), now_s=NOW_S - 3 * OVERLAP_S)
    await found.refresh()
    assert not is_over(found, session(link("anna")))
    for _ in range(WHOLE_EVERY):
        await found.refresh()

    assert is_over(found, session(link("anna")))


async def test_what_no_session_is_old_enough_for_is_forgotten(state: State) -> None:
    clock = Clock()
    await Revoking(state).link(link("anna"), now_s=NOW_S)
    found = await known(state, clock)
    assert 1 == found.links_held
    clock.now_s += KEPT_S + 2
    for _ in range(WHOLE_EVERY):
        await found.refresh()

    assert 0 == found.links_held


async def test_many_are_read_page_by_page(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revocations, "PAGE", 3)
    await Revoking(state).sessions([link_text(link(f"viewer-{number}")) for number in range(10)], now_s=NOW_S)
    found = await known(state)

    assert 10 == found.links_held
    assert all(is_over(found, session(link(f"viewer-{number}"))) for number in range(10))


async def test_an_open_process_learns_of_it_by_itself(state: State) -> None:
    async with open_revocations(state, Clock(), kept_s=KEPT_S, poll_s=0.02) as found:
        await Revoking(state).link(link("anna"), now_s=NOW_S)
        await until_over(found, link("anna"))


async def test_what_is_known_stands_while_the_store_is_away_and_what_is_new_comes_with_it(tmp_path: Path) -> None:
    async with (
        single(tmp_path / "redis") as server,
        open_state(StateSettings(redis_url=server.url, budget_ms=200)) as state,
        open_revocations(state, Clock(), kept_s=KEPT_S, poll_s=0.02) as found,
    ):
        await Revoking(state).link(link("anna"), now_s=NOW_S)
        await found.refresh()
        server.freeze()
        with pytest.raises(Unavailable):
            await found.refresh()
        assert is_over(found, session(link("anna")))
        assert not is_over(found, session(link("ben")))

        server.freeze(thaw=True)
        await server.do("ZADD", "r:links", NOW_S + 1, link_text(link("ben")))
        await until_over(found, link("ben"))


async def test_who_does_not_know_what_was_revoked_does_not_begin(tmp_path: Path) -> None:
    async with single(tmp_path / "redis") as server:
        settings = StateSettings(redis_url=server.url, budget_ms=100)
    async with open_state(settings) as state:
        with pytest.raises(Unavailable):
            async with open_revocations(state, Clock(), kept_s=KEPT_S):
                pass
