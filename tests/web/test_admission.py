"""A forwarded link and data at the click, through the whole server: who is told what, and on which data."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pytest
from aiohttp import ClientSession

from load import world
from load.measure import ROOT
from streamsrv.app.listeners import open_server
from streamsrv.app.services import Services, open_services
from streamsrv.config import load_settings
from streamsrv.core import tokens
from streamsrv.core.model import CampaignId, ViewerId
from streamsrv.stores.writing import ViewerWriter
from tests.sources import stub

CAMPAIGN = """\
campaign: guarded
languages: {attribute: language, offered: [en]}
schema:
  language: {type: string, default: en}
  first_name: {type: string, personal: true}
  birth_year: {type: int}
  tenure_years: {type: int, default: 0}
require: [first_name, birth_year]
access: {devices: 2, sessions_a_day: 4, verify: {attribute: birth_year, label: Your year of birth, tries: 3}}
sources:
  crm:
    url: "http://127.0.0.1:PORT/{viewer}"
    headers: {Authorization: "Bearer {secret:CRM}"}
    map: {tenure_years: /years, first_name: /name}
story:
  - {slot: hello, when: first_name.startsWith("berta") || tenure_years < 5, scene: hello}
  - {slot: thanks, when: tenure_years > 4, scene: thanks-loyal}
  - {slot: next, scene: next-step, cta: {label: Renew, url: "https://example.com/?ref={link_ref}"}}
fallback: [hello-any, next-step]
holdout: {share: 0.000001}
"""
ANNA = {"first_name": "anna-canary", "birth_year": 1984, "tenure_years": 1}


class Person(NamedTuple):
    viewer_id: str
    attributes: dict[str, object]


@dataclass
class Door:
    """A server with one guarded campaign, its source, and a viewer's link."""

    services: Services
    client: ClientSession
    base_url: str
    crm: stub.Stub
    link: str
    folder: Path

    async def knock(self, device: str = "", answer: str = "") -> dict[str, Any]:
        body = {"device": device, "answer": answer}
        async with self.client.post(f"{self.base_url}/v/{self.link}/sessions", json=body) as response:
            assert 201 == response.status
            found: dict[str, Any] = await response.json()
            return found

    async def outcomes(self, *knocks: tuple[str, str]) -> list[tuple[bool, str | None]]:
        found = [await self.knock(*one) for one in knocks]
        return [(one["personal"], one["reason"]) for one in found]

    async def told(self) -> list[dict[str, Any]]:
        """The sessions' events; closes the event log."""
        await self.services.events.aclose()
        lines = [line for path in (self.folder / "events").rglob("*.jsonl") for line in path.read_bytes().splitlines()]
        return [event for event in map(orjson.loads, lines) if event["type"] == "session"]


@pytest.fixture
async def door(store: tuple[Path, object], tmp_path: Path) -> AsyncIterator[Door]:
    async with opened(store[0], tmp_path) as found:
        yield found


@asynccontextmanager
async def opened(
    segments: Path, folder: Path, *, people: Sequence[Person] = (Person("anna", ANNA),)
) -> AsyncIterator[Door]:
    async with stub.serving(stub.json({"years": 9, "name": "berta-canary"})) as crm:
        (folder / "campaigns").mkdir()
        (folder / "campaigns" / "guarded.yaml").write_text(CAMPAIGN.replace("PORT", str(crm.port)))
        config = folder / "server.toml"
        config.write_text(
            f"""\
[server]
port = 0
internal_port = 0
[storage]
segments = "{segments}"
campaigns = "{folder / "campaigns"}"
ladder = "{ROOT / "config/ladder.toml"}"
events = "{folder / "events"}"
[state]
dir = "{folder / "state"}"
budget_ms = 5000
[sources]
allow_hosts = ["http://127.0.0.1:{crm.port}"]
allow_private = ["127.0.0.0/8"]
budget_ms = 1000
"""
        )
        settings = load_settings(config, {**world.ENVIRON, "STREAMSRV_SECRET_CRM": "s3cret"})
        async with (
            open_services(settings) as services,
            open_server(settings, services) as bound,
            ClientSession() as client,
        ):
            state, vault, identity = services.register
            campaign_id = CampaignId("guarded")
            await ViewerWriter(state, vault, identity, campaign_id).put(people, at_s=0)
            link_id = identity.link_id(campaign_id, ViewerId(people[0].viewer_id))
            link = tokens.sign_link(link_id, expires_at_s=int(time.time()) + 600, keys=world.KEYS)
            yield Door(services, client, bound.base_url, crm, link, folder)


async def test_nothing_personal_is_shown_before_the_answer_and_no_source_is_asked(door: Door) -> None:
    found = await door.knock("a")

    assert (False, "unanswered", {"kind": "number", "label": "Your year of birth", "tries_left": 3}) == (
        found["personal"], found["reason"], found["ask"],
    )  # fmt: skip
    assert None is found["cta"]
    assert [] == door.crm.asked
    async with door.client.get(f"{door.base_url}/v/{door.link}") as page:
        assert "canary" not in await page.text()


async def test_the_answer_opens_the_viewers_own_story_on_what_the_source_says(door: Door) -> None:
    found = await door.knock("a", " 1984 ")
    (told,) = await door.told()

    assert (True, None, None, "Renew") == (found["personal"], found["reason"], found["ask"], found["cta"]["label"])
    assert ["Bearer s3cret"] == [request.headers["authorization"] for request in door.crm.asked]
    assert ["hello", "thanks-loyal", "next-step"] == [one["scene"] for one in told["decisions"]]
    assert ({"tenure_years": "crm", "first_name": "crm"}, []) == (told["sources"], told["source_faults"])


async def test_a_source_that_is_away_leaves_the_story_to_what_was_imported(door: Door) -> None:
    door.crm.respond = stub.body(b"", status="503 No")
    assert True is (await door.knock("a", "1984"))["personal"]
    (told,) = await door.told()

    assert ["hello", "next-step"] == [one["scene"] for one in told["decisions"]]
    assert [{"where": "source crm", "reason": "bad_answer", "expected": ""}] == told["source_faults"]


async def test_every_way_to_be_kept_out_is_the_fallback_story_and_never_an_error(door: Door) -> None:
    knocks = [("a", "1984"), ("b", "1985"), ("b", "1984"), ("c", "1984"), ("a", ""), ("a", ""), ("a", "")]

    reasons = [None, "wrong", None, "devices", None, None, "sessions"]
    assert [(reason is None, reason) for reason in reasons] == await door.outcomes(*knocks)
    told = await door.told()
    assert reasons == [one["barred"] for one in told]
    assert ["policy"] * 3 == [one["fallback"] for one in told if one["barred"]]
    assert {("hello-any", "next-step")} == {
        tuple(decision["scene"] for decision in one["decisions"]) for one in told if one["barred"]
    }


async def test_wrong_answers_lock_the_link_and_say_until_when(door: Door) -> None:
    await door.outcomes(("a", "1"), ("a", "2"), ("a", "3"))
    found = await door.knock("a", "1984")

    assert (False, "locked", None) == (found["personal"], found["reason"], found["ask"])
    assert 0 < found["retry_after_s"] <= 900


async def test_a_playlist_of_the_bare_link_is_never_personal_and_counts_nothing(door: Door) -> None:
    for _ in range(6):
        async with door.client.get(f"{door.base_url}/v/{door.link}/multivariant.m3u8") as response:
            assert 200 == response.status

    assert [] == door.crm.asked
    assert [(True, None)] == await door.outcomes(("a", "1984"))


async def test_an_arm_is_recorded_when_the_viewer_is_let_in_and_not_before(door: Door) -> None:
    state = door.services.register.state
    await door.knock("a")
    before = [key async for key in state.scan("a:*")]
    await door.knock("a", "1984")
    after = [key async for key in state.scan("a:*")]

    assert (0, 1) == (len(before), len(after))


async def test_metrics_count_knocks_and_questions_and_name_nobody(door: Door) -> None:
    await door.outcomes(("device-canary", ""), ("device-canary", "answer-canary"), ("device-canary", "1984"))
    text = door.services.metrics.exposition().decode()

    assert 'streamsrv_gate_outcomes_total{outcome="admitted"} 1.0' in text
    assert 'streamsrv_gate_outcomes_total{outcome="wrong"} 1.0' in text
    assert 'streamsrv_source_outcomes_total{outcome="fresh",source="guarded/crm"} 1.0' in text
    assert 'streamsrv_source_duration_seconds_count{source="guarded/crm"} 1.0' in text
    assert "canary" not in text


async def test_nothing_of_a_device_an_answer_or_a_name_is_written_down(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    await door.outcomes(("device-canary", "answer-canary"), ("device-canary", "1984"))
    told = await door.told()
    kept = b"".join(path.read_bytes() for path in door.folder.rglob("*") if path.is_file() and not path.is_socket())

    assert 2 == len(told)
    assert b"canary" not in kept
    assert "canary" not in caplog.text
