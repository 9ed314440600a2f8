"""The forwarding policy in a real store: what is counted, what is asked, and that races count as well."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from streamsrv.config import StateSettings
from streamsrv.core.access import BARRED, OPEN, Access, Admission, Knock, Verify
from streamsrv.core.errors import Unavailable
from streamsrv.core.identity import link_text
from streamsrv.core.model import CampaignId, LinkId, Viewer, ViewerId
from streamsrv.stores.gate import DAY_S, LOCKS_S, REMEMBERED_S, RedisGate
from streamsrv.stores.state import State, names, open_state
from tests.chaos import servers
from tests.stores.viewers import keys_and_values

ANNA, BERT = LinkId(b"a" * 21), LinkId(b"b" * 21)
SECRET = b"s" * 32
YEAR = Verify("birth_year", {"": "Year"}, "number", tries=3)
ASKS = Access(verify=YEAR)


class SteppedClock:
    """A clock that stands still until it is told to go."""

    def __init__(self) -> None:
        self.at_s = 1_800_000_000

    def now_ms(self) -> int:
        return self.at_s * 1000


class Doorkeeper:
    """A gate with its clock, asked for one viewer."""

    def __init__(self, state: State) -> None:
        self.clock = SteppedClock()
        self.state = state
        self.gate = RedisGate(state, secret=SECRET, clock=self.clock)

    async def knock(
        self, access: Access, device: str = "", answer: str = "", *, link_id: LinkId = ANNA, year: object = 1984
    ) -> Admission:
        viewer = Viewer(ViewerId("anna"), CampaignId("renewal"), {"birth_year": year}, link_id=link_id)
        return await self.gate.admit(link_id, access, Knock(device, answer), viewer)

    async def reasons(self, access: Access, *knocks: tuple[str, str]) -> list[str | None]:
        return [(await self.knock(access, *knock)).reason for knock in knocks]


@pytest.fixture(params=["embedded", "cluster"])
async def door(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Doorkeeper]:
    async with AsyncExitStack() as stack:
        url = ""
        if request.param == "cluster":
            url = (await stack.enter_async_context(servers.cluster(tmp_path / "cluster"))).url
        settings = StateSettings(redis_url=url, dir=tmp_path / "state", budget_ms=5_000, pool_wait_ms=5_000)
        yield Doorkeeper(await stack.enter_async_context(open_state(settings)))


@pytest.fixture
async def local(tmp_path: Path) -> AsyncIterator[Doorkeeper]:
    async with open_state(_settings(tmp_path)) as state:
        yield Doorkeeper(state)


async def test_a_device_counts_once_however_often_it_comes(door: Doorkeeper) -> None:
    knocks = [("a", ""), ("a", ""), ("b", ""), ("c", ""), ("a", ""), ("c", ""), ("b", "")]

    assert [None, None, None, "devices", None, "devices", None] == await door.reasons(Access(devices=2), *knocks)


async def test_who_names_no_device_is_none_of_the_devices(door: Doorkeeper) -> None:
    assert ["devices", None, "devices"] == await door.reasons(Access(devices=2), ("", ""), ("a", ""), ("x" * 201, ""))


async def test_a_device_that_stayed_away_makes_room(local: Doorkeeper) -> None:
    policy = Access(devices=1)
    assert [None, "devices"] == await local.reasons(policy, ("a", ""), ("b", ""))
    local.clock.at_s += REMEMBERED_S
    assert ["devices", None] == await local.reasons(policy, ("b", ""), ("a", ""))
    local.clock.at_s += REMEMBERED_S + 1
    assert [None, "devices"] == await local.reasons(policy, ("b", ""), ("a", ""))


async def test_sessions_are_counted_by_the_day(door: Doorkeeper) -> None:
    policy = Access(sessions_a_day=2)
    assert [None, None, "sessions"] == await door.reasons(policy, ("a", ""), ("a", ""), ("a", ""))
    door.clock.at_s += DAY_S - 10
    assert Admission(personal=False, reason="sessions", retry_after_s=10) == await door.knock(policy)
    door.clock.at_s += 10
    assert OPEN == await door.knock(policy)


async def test_what_was_not_personal_counts_for_nothing(local: Doorkeeper) -> None:
    policy = Access(devices=1, sessions_a_day=1, verify=YEAR)
    knocks = [("a", ""), ("a", "1985"), ("b", "1985"), ("c", "1984"), ("d", "1984")]

    assert ["unanswered", "wrong", "wrong", None, "sessions"] == await local.reasons(policy, *knocks)


async def test_the_answer_is_asked_for_and_taken(door: Doorkeeper) -> None:
    assert Admission(False, "unanswered", YEAR, 3) == await door.knock(ASKS, "a")
    assert Admission(False, "wrong", YEAR, 2) == await door.knock(ASKS, "a", "1985")
    assert Admission(False, "unanswered", YEAR, 2) == await door.knock(ASKS, "a")
    assert OPEN == await door.knock(ASKS, "a", "1984")


async def test_a_device_that_has_answered_is_not_asked_again_for_a_while(local: Doorkeeper) -> None:
    assert [None, None, "unanswered"] == await local.reasons(ASKS, ("a", "1984"), ("a", ""), ("b", ""))
    local.clock.at_s += REMEMBERED_S
    assert [None] == await local.reasons(ASKS, ("a", ""))
    local.clock.at_s += 1
    assert ["unanswered"] == await local.reasons(ASKS, ("a", ""))


async def test_without_a_device_every_session_is_asked(local: Doorkeeper) -> None:
    assert [None, "unanswered"] == await local.reasons(ASKS, ("", "1984"), ("", ""))


async def test_too_many_wrong_answers_lock_the_link_for_longer_each_time(local: Doorkeeper) -> None:
    for lock_s in (*LOCKS_S, LOCKS_S[-1]):
        assert ["wrong", "wrong"] == await local.reasons(ASKS, ("a", "1"), ("b", "2"))
        assert Admission(False, "locked", None, 0, lock_s) == await local.knock(ASKS, "c", "3")
        local.clock.at_s += lock_s - 1
        assert Admission(False, "locked", None, 0, 1) == await local.knock(ASKS, "c", "1984")
        local.clock.at_s += 1


async def test_a_right_answer_makes_up_for_wrong_ones(local: Doorkeeper) -> None:
    knocks = [("a", "1"), ("a", "2"), ("a", "1984"), ("b", "1"), ("b", "2"), ("b", "3")]

    assert ["wrong", "wrong", None, "wrong", "wrong", "locked"] == await local.reasons(ASKS, *knocks)


async def test_a_device_that_has_answered_stays_personal_while_others_are_locked_out(local: Doorkeeper) -> None:
    knocks = [("a", "1984"), ("b", "1"), ("b", "2"), ("b", "3"), ("a", ""), ("b", "1984")]

    assert [None, "wrong", "wrong", "locked", None, "locked"] == await local.reasons(ASKS, *knocks)


@pytest.mark.parametrize("year", [None, "", True, [1984]])
async def test_a_viewer_of_whom_no_answer_is_known_is_told_nothing_personal(local: Doorkeeper, year: object) -> None:
    expected = Admission(personal=False, reason="unanswerable")

    assert expected == await local.knock(ASKS, "a", "1984", year=year)
    assert expected == await local.knock(ASKS, "a", "", year=year)


async def test_a_link_s_counts_are_its_own(local: Doorkeeper) -> None:
    policy = Access(devices=1, sessions_a_day=1)

    assert OPEN == await local.knock(policy, "a")
    assert OPEN == await local.knock(policy, "a", link_id=BERT)


async def test_devices_that_are_kept_have_a_bound(local: Doorkeeper) -> None:
    for number in range(120):
        local.clock.at_s += 1
        assert OPEN == await local.knock(ASKS, f"device {number}", "1984")

    assert 100 == await local.state.client.hlen(names.devices(link_text(ANNA)))
    assert [None, "unanswered"] == await local.reasons(ASKS, ("device 119", ""), ("device 0", ""))


@pytest.mark.parametrize(
    ("access", "answers", "admitted"),
    [
        (Access(devices=5), [""] * 80, 5),
        (Access(sessions_a_day=7), [""] * 80, 7),
        (ASKS, [str(1900 + number) for number in range(80)], 0),
    ],
    ids=["devices", "sessions", "tries"],
)
async def test_processes_that_race_count_as_one(
    tmp_path: Path, access: Access, answers: list[str], admitted: int
) -> None:
    async with AsyncExitStack() as stack:
        states = [await stack.enter_async_context(open_state(_settings(tmp_path))) for _ in range(4)]
        doors = [Doorkeeper(state) for state in states]
        found = await asyncio.gather(
            *(doors[at % 4].knock(access, f"device {at}", answer, year=2019) for at, answer in enumerate(answers))
        )

    reasons = [one.reason for one in found]
    assert admitted == reasons.count(None)
    if access.verify:
        assert [2, 78] == [reasons.count("wrong"), reasons.count("locked")]


async def test_the_right_answer_among_racing_guesses_is_not_heard_once_the_link_is_locked(local: Doorkeeper) -> None:
    reasons = await local.reasons(ASKS, *[("a", str(year)) for year in range(1980, 1990)])

    assert ["wrong", "wrong", *["locked"] * 8] == reasons


async def test_nothing_of_a_device_or_an_answer_is_kept(local: Doorkeeper, caplog: pytest.LogCaptureFixture) -> None:
    policy = Access(devices=3, sessions_a_day=9, verify=Verify("birth_year", {}, "text"))
    for answer in ("answer-canary", "Year-Canary"):
        await local.knock(policy, "device-canary", answer, year="year-canary")
    kept = await keys_and_values(local.state)

    assert {names.devices(link_text(ANNA)).encode()} == set(kept)
    assert not any("canary" in text.lower() for text in (repr(kept), caplog.text))


async def test_the_same_device_has_another_name_under_every_link(local: Doorkeeper) -> None:
    for link_id in (ANNA, BERT):
        await local.knock(Access(devices=1), "a", link_id=link_id)
    kept = list((await keys_and_values(local.state)).values())

    assert 2 == len(kept)
    assert kept[0] != kept[1]


async def test_counts_are_forgotten_when_nobody_comes(local: Doorkeeper) -> None:
    await local.reasons(Access(devices=1, verify=YEAR), ("a", "1984"), ("b", "1"))
    keys = [names.devices(link_text(ANNA)), names.failed_tries(link_text(ANNA))]
    ttls = [await local.state.client.ttl(key) for key in keys]

    assert all(REMEMBERED_S - 60 < ttl <= REMEMBERED_S for ttl in ttls)


async def test_outcomes_are_counted(local: Doorkeeper) -> None:
    await local.reasons(ASKS, ("a", ""), ("a", "1"), ("a", "1984"))

    expected: dict[str, int] = dict.fromkeys(BARRED, 0)
    assert expected | {"admitted": 1, "unanswered": 1, "wrong": 1} == dict(local.gate.outcomes)


async def test_without_the_store_nobody_is_let_in() -> None:
    settings = StateSettings(redis_url="redis://127.0.0.1:1", budget_ms=200)
    async with open_state(settings) as state:
        with pytest.raises(Unavailable):
            await Doorkeeper(state).knock(Access(devices=1), "a")


def _settings(tmp_path: Path) -> StateSettings:
    # The suite is about what is answered; on a busy machine answers take a while.
    return StateSettings(dir=tmp_path / "state", budget_ms=5_000, pool_wait_ms=5_000)
