"""Links for whole campaigns: one for each viewer, genuine, of the right generation, arms recorded first."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from streamsrv.core.campaign import Campaign, load_campaign
from streamsrv.core.errors import Unavailable
from streamsrv.core.experiments import unit_key
from streamsrv.core.identity import LINK_ID_BYTES, link_text
from streamsrv.core.model import LinkId, ViewerId
from streamsrv.core.rules import assignments
from streamsrv.core.tokens import TokenKeys, parse_link
from streamsrv.stores.erasure import ErasureList, erase
from streamsrv.stores.forgetting import trace_of
from streamsrv.stores.issuing import Issued, Issuer, Seen
from streamsrv.stores.ledger import RedisLedger
from streamsrv.stores.register import Register
from streamsrv.stores.revoking import Revoking
from streamsrv.stores.walking import Walked
from streamsrv.stores.writing import ViewerWriter
from tests.stores.viewers import Book, Row, open_book

KEYS = TokenKeys(1, {1: b"k" * 32})
NOW_S, UNTIL_S = 1_800_000_000, 1_800_086_400
COUNT = 1_300
CHANCE = """
campaign: chance
schema: {name: {type: string}, house: {type: string, default: none}}
story:
  - {slot: offer, experiment: e, arms: {a: {weight: 1, scene: a}, b: {weight: 1, scene: b}}}
fallback: [a]
holdout: {share: 0.2, control: [a]}
"""


@pytest.fixture
async def book(tmp_path: Path) -> AsyncIterator[Book]:
    async with open_book(tmp_path / "state") as opened:
        yield opened


def _campaign(text: str = CHANCE) -> Campaign:
    return load_campaign(text, where="c.yaml", scenes=None)


def _issuer(book: Book, campaign: Campaign) -> Issuer:
    register = Register(book.state, book.vault, book.identity)
    return Issuer(register, campaign, KEYS, now_s=NOW_S, expires_at_s=UNTIL_S)


async def _fill(book: Book, campaign: Campaign, *, count: int = COUNT) -> None:
    rows = [Row(f"v{number}", {"name": "Ana", "house": f"h{number // 2}"}) for number in range(count)]
    await ViewerWriter(book.state, book.vault, book.identity, campaign.campaign_id).put(rows, at_s=1)


async def _all(book: Book, campaign: Campaign) -> dict[ViewerId, Issued]:
    found = [issued async for batch in _issuer(book, campaign).of_all() for issued in batch]
    assert len(found) == len({one.viewer_id for one in found})
    return {one.viewer_id: one for one in found}


async def test_every_viewer_of_the_campaign_gets_one_genuine_link(book: Book) -> None:
    campaign, other = _campaign(), _campaign(CHANCE.replace("campaign: chance", "campaign: other"))
    await _fill(book, campaign)
    await _fill(book, other, count=10)

    issued = await _all(book, campaign)

    links = {viewer: parse_link(one.token, now_s=NOW_S, keys=KEYS) for viewer, one in issued.items()}
    expected = {ViewerId(f"v{number}"): number for number in range(COUNT)}
    assert expected.keys() == links.keys()
    assert {v: book.identity.link_id(campaign.campaign_id, v) for v in expected} == {
        v: c.link_id for v, c in links.items()
    }
    assert {(0, 1, UNTIL_S)} == {claims[1:] for claims in links.values()}


async def test_new_links_are_of_the_generation_that_opens(book: Book) -> None:
    campaign = _campaign()
    await _fill(book, campaign, count=3)
    revoking = Revoking(book.state)
    whole = await revoking.campaign(book.identity.campaign_tag(campaign.campaign_id), now_s=NOW_S - 10)
    own = await revoking.link(book.identity.link_id(campaign.campaign_id, ViewerId("v1")), now_s=NOW_S)

    issued = await _all(book, campaign)

    serials = {viewer: parse_link(one.token, now_s=NOW_S, keys=KEYS).serial for viewer, one in issued.items()}
    assert {"v0": whole, "v1": own, "v2": whole} == serials


async def test_arms_are_recorded_before_and_stay(book: Book) -> None:
    campaign = _campaign()
    await _fill(book, campaign)

    issued = await _all(book, campaign)

    ledger = RedisLedger(book.state, book.identity, kept=1)
    units = [(campaign.campaign_id, unit_key(salt="chance", unit=f"v{number}")) for number in range(COUNT)]
    recorded = await ledger.recorded_many(units)
    assert [dict(assignments(campaign, f"v{number}")) for number in range(COUNT)] == recorded
    held_out = {f"v{number}" for number, arms in enumerate(recorded) if arms["holdout"] == "held_out"}
    assert held_out == {viewer for viewer, one in issued.items() if one.held_out}
    assert 0.1 * COUNT < len(held_out) < 0.3 * COUNT
    changed = _campaign(CHANCE.replace("share: 0.2", "share: 0.5"))
    assert held_out == {viewer for viewer, one in (await _all(book, changed)).items() if one.held_out}


async def test_a_household_shares_its_arm(book: Book) -> None:
    campaign = _campaign(CHANCE.replace(", default: none", "") + "randomize_by: house\nrequire: [house]\n")
    await _fill(book, campaign, count=100)

    issued = await _all(book, campaign)

    pairs = [{issued[ViewerId(f"v{n}")].held_out, issued[ViewerId(f"v{n + 1}")].held_out} for n in range(0, 100, 2)]
    assert {1} == {len(pair) for pair in pairs}


async def test_who_was_erased_gets_none(book: Book, tmp_path: Path) -> None:
    campaign = _campaign()
    await _fill(book, campaign, count=3)
    traces = [trace_of(book.identity, campaign, ViewerId("v1"))]
    await erase(book.state, ErasureList(tmp_path / "list"), traces, now_s=NOW_S)

    assert {"v0", "v2"} == (await _all(book, campaign)).keys()
    these = await _issuer(book, campaign).of_these([ViewerId("v2"), ViewerId("v1"), ViewerId("v0")])
    assert ["v2", "v0"] == [one.viewer_id for one in these]


async def test_without_the_store_there_are_none(tmp_path: Path) -> None:
    async with open_book(tmp_path / "state") as book:
        issuer = _issuer(book, _campaign())
    with pytest.raises(Unavailable):
        await issuer.of_these([ViewerId("v1")])


def _walked(number: int) -> Walked:
    link_id = LinkId(number.to_bytes(LINK_ID_BYTES, "big"))
    return Walked(link_text(link_id), link_id, b"")


def test_nobody_is_come_by_twice() -> None:
    seen = Seen()
    first = [seen.new([_walked(number) for number in range(start, start + 7)]) for start in range(1, 1_000, 7)]
    again = [seen.new([_walked(number) for number in (start, start, 2_000)]) for start in range(1, 1_000, 7)]

    assert [list(range(start, start + 7)) for start in range(1, 1_000, 7)] == [
        [int.from_bytes(one.link_id, "big") for one in batch] for batch in first
    ]
    assert [_walked(2_000)] == [one for batch in again for one in batch]
