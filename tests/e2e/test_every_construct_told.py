"""One campaign that uses every construct of the language, in three languages: what its viewers are told, and why.

The campaign, its viewers and what is expected for each are in tests/e2e/every.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import orjson
import pytest
from typer.testing import CliRunner

from load import world
from streamsrv.cli import app
from streamsrv.core.campaign import Campaign
from streamsrv.core.model import CampaignId, Viewer
from streamsrv.core.rules import document, explain
from tests.e2e.every.expected import CAMPAIGN, EXPECTED, LEADS_TO, ON_PAGE, VIEWERS
from tests.e2e.every.scenes import FOLDER
from tests.e2e.server import Answer, Server, fetch


@pytest.mark.parametrize("viewer", VIEWERS)
def test_each_viewer_is_told_the_expected_story(every_events: Mapping[str, dict[str, Any]], viewer: str) -> None:
    event, expected = every_events[viewer], EXPECTED[viewer]

    assert (expected.story, expected.language, expected.arms) == (event["story"], event["language"], event["arms"])
    assert expected.scenes == [decision["scene"] for decision in event["decisions"]]
    assert expected.skipped.split() == [skipped["slot"] for skipped in event["skipped"]]


def test_the_largest_claims_come_first_up_to_the_most_that_fit(every_events: Mapping[str, dict[str, Any]]) -> None:
    told = {
        viewer: [
            (decision["item"], decision["overlays"]["amount"], decision["overlays"]["day"])
            for decision in every_events[viewer]["decisions"]
            if decision["slot"] == "claims"
        ]
        for viewer in ("amal", "ben", "long", "lea", "ana")
    }

    assert {
        "amal": [
            (2, "\u200f2,400.00\u00a0€", "07\u200f/03\u200f/2026"),
            (4, "\u200f999.99\u00a0€", "09\u200f/05\u200f/2026"),
            (0, "\u200f120.00\u00a0€", "05\u200f/01\u200f/2026"),
        ],
        "ben": [(2, "2.400,00\u00a0€", "07.03.2026")],
        "long": [(2, "€2,400.00", "7 Mar 2026")],
        "lea": [],
        "ana": [],
    } == told


def test_words_are_in_the_viewers_language_or_whole_in_the_one_that_stands_in(
    every_events: Mapping[str, dict[str, Any]],
) -> None:
    assert {
        "ana": "0 claims until March 31, 2090",
        "long": "6 claims until 31 March 2090",
        "ben": "4 Schäden bis 31. März 2090",
        "omar": "0 Schäden bis 31. März 2090",
        "mia": None,
    } == {
        viewer: words_of(every_events[viewer], "next-step").get("open")
        for viewer in ("ana", "long", "ben", "omar", "mia")
    }
    assert {
        "ana": "Car insurance: €812.40",
        "ben": "Autoversicherung: 1.234,50\u00a0€",
        "amal": "تأمين المنزل",
        "bo": "€150 excess",
    } == {viewer: words_of(every_events[viewer], "product")["label"] for viewer in ("ana", "ben", "amal", "bo")}
    assert {"ana": "(personal)", "bo": "To be arranged", "omar": "يحدد لاحقا"} == {
        viewer: words_of(every_events[viewer], "visit-detail")["moment"] for viewer in ("ana", "bo", "omar")
    }


def words_of(event: Mapping[str, Any], slot: str) -> dict[str, str]:
    return {
        name: text
        for decision in event["decisions"]
        if decision["slot"] == slot
        for name, text in decision["overlays"].items()
    }


def test_faults_and_failed_rules_are_written_down(every_events: Mapping[str, dict[str, Any]]) -> None:
    assert {
        "mia": [{"attribute": "renewal_on", "problem": "is missing", "expected": "a date such as 2026-03-31"}],
        "noor": [{"attribute": "household", "problem": "is missing", "expected": "text"}],
        "hala": [],
    } == {viewer: every_events[viewer]["faults"] for viewer in ("mia", "noor", "hala")}
    assert ["data_missing", "data_missing", None] == [
        every_events[viewer]["fallback"] for viewer in ("mia", "noor", "bo")
    ]
    service = next(decision for decision in every_events["bo"]["decisions"] if decision["slot"] == "service")
    assert "rule_error: 100 / visits < 50 could not be evaluated" == service["reason"]


@dataclass
class Page:
    """What a landing page says."""

    lang: str | None
    title: str
    heading: str
    asks: set[tuple[str, str]]


class PageReader(HTMLParser):
    """Collects a page's language, title, heading and calls to action."""

    def __init__(self) -> None:
        super().__init__()
        self.page = Page(None, "", "", set())
        self._inside: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.page.lang = attributes.get("lang")
        elif tag in ("title", "h1"):
            self._inside = (tag, "")
        elif tag == "a" and "button" in attributes.get("class", "").split() and "hidden" not in attributes:
            self._inside = (tag, attributes["href"])

    def handle_data(self, data: str) -> None:
        match self._inside:
            case ("title", _):
                self.page.title += data
            case ("h1", _):
                self.page.heading += data
            case ("a", href):
                self.page.asks.add((data, href))

    def handle_endtag(self, tag: str) -> None:
        self._inside = None


@pytest.mark.parametrize("viewer", VIEWERS)
def test_the_landing_page_is_in_the_viewers_language(
    every_server: Server, every_people: Mapping[str, Viewer], viewer: str
) -> None:
    answer = fetch(every_server.base_url + every_server.link(viewer, CAMPAIGN))
    reader = PageReader()
    reader.feed(answer.body.decode())

    language = EXPECTED[viewer].language
    title, brand, label = ON_PAGE[language]
    address = LEADS_TO.get(viewer, "").replace("{ref}", every_people[viewer].link_ref)
    asks = {(label, f"https://example.com/{address}")} if address else set()
    assert Page(language, f"{title} – {brand}", title, asks) == reader.page


@pytest.mark.parametrize("viewer", VIEWERS)
def test_the_session_event_is_the_explanation(
    every_events: Mapping[str, dict[str, Any]],
    every_campaigns: Mapping[CampaignId, Campaign],
    every_people: Mapping[str, Viewer],
    viewer: str,
) -> None:
    event = every_events[viewer]
    explanation = explain(every_campaigns[CampaignId(CAMPAIGN)], every_people[viewer], now_s=moment_s(event))

    envelope = {key: event[key] for key in ("v", "type", "at_ms", "session", "campaign")}
    assert {**envelope, **orjson.loads(orjson.dumps(document(explanation)))} == event


@pytest.mark.parametrize("viewer", VIEWERS)
def test_why_tells_what_was_written_down(
    every_server: Server,
    every_events: Mapping[str, dict[str, Any]],
    every_people: Mapping[str, Viewer],
    viewer: str,
) -> None:
    event = every_events[viewer]
    at = datetime.fromisoformat(event["at"]).strftime("%Y-%m-%dT%H:%M:%S")
    config = str(every_server.folder / "server.toml")
    arguments = ["why", "--campaign", CAMPAIGN, "--viewer", viewer, "--json", "--at", at, "--config", config]
    done = CliRunner().invoke(app, arguments, env=world.ENVIRON)

    assert (0, "") == (done.exit_code, done.stderr)
    # What stands for the viewer in addresses is kept nowhere.
    assert every_people[viewer].link_ref not in orjson.dumps(event).decode()
    expected = {key: value for key, value in event.items() if key not in ("v", "type", "at_ms", "session")}
    assert {"viewer": viewer, "data_from": "the store", **expected} == orjson.loads(done.stdout)


def moment_s(event: Mapping[str, Any]) -> int:
    return int(datetime.fromisoformat(event["at"]).timestamp())


def test_nothing_personal_is_written_down(every_server: Server, every_events: Mapping[str, dict[str, Any]]) -> None:
    lines = (FOLDER / "viewers.ndjson").read_text(encoding="utf-8").splitlines()
    secrets = set()
    for line in lines:
        attributes = orjson.loads(line)["attributes"]
        if attributes:
            secrets |= {attributes["first_name"], attributes["address"]["city"]}
            secrets |= {claim["garage"]["name"] for claim in attributes.get("claims", ())}
    written = orjson.dumps(every_server.events()).decode()

    assert len(every_events) == len(VIEWERS)
    assert 17 == len(secrets)
    assert [] == [secret for secret in secrets if secret in written]


def test_a_household_is_in_one_arm(
    every_events: Mapping[str, dict[str, Any]], every_people: Mapping[str, Viewer]
) -> None:
    assert every_people["ben"].attributes["household"] == every_people["dieter"].attributes["household"]
    assert every_events["ben"]["arms"] == every_events["dieter"]["arms"]


@pytest.mark.parametrize("campaign", ["over", "soon"])
def test_a_campaign_outside_its_days_is_gone(every_server: Server, campaign: str) -> None:
    link = every_server.base_url + every_server.link(campaign, campaign)
    page = refused(link)

    assert (410, "text/html; charset=utf-8") == (page.status, page.headers["Content-Type"])
    assert "<h1>This video is not shown at the moment</h1>" in page.body.decode()
    for method, url in (("POST", f"{link}/sessions"), ("GET", f"{link}/multivariant.m3u8")):
        answer = refused(url, method=method)
        assert (410, "not_shown") == (answer.status, orjson.loads(answer.body)["error"])


def refused(url: str, *, method: str = "GET") -> Answer:
    with pytest.raises(HTTPError) as caught:
        fetch(url, method=method)
    with caught.value as error:
        return Answer(error.code, dict(error.headers), error.read())


def test_data_that_does_not_fit_is_told_by_attribute_and_tells_the_fallback_story(
    every_server: Server, tmp_path: Path
) -> None:
    attributes = orjson.loads((FOLDER / "viewers.ndjson").read_text(encoding="utf-8").splitlines()[0])["attributes"]
    broken = attributes | {"premium": "a lot", "address": {"city": "Wuppertal", "country": {"code": "Atlantis"}}}
    path = tmp_path / "viewers.ndjson"
    path.write_bytes(orjson.dumps({"viewer": "zoe", "campaign": CAMPAIGN, "attributes": broken}))
    config = str(every_server.folder / "server.toml")
    arguments = ["why", "--campaign", CAMPAIGN, "--viewer", "zoe", "--viewers", str(path), "--json", "--config", config]
    told = orjson.loads(CliRunner().invoke(app, arguments, env=world.ENVIRON).stdout)

    assert ("fallback", "data_missing", EXPECTED["mia"].scenes) == (
        told["story"], told["fallback"], [decision["scene"] for decision in told["decisions"]],
    )  # fmt: skip
    assert [
        {
            "attribute": "premium",
            "problem": "is text",
            "expected": "an amount in EUR, such as 812.40",
        },
        {
            "attribute": "address.country.code",
            "problem": "is another word",
            "expected": "one of DE, CH, SA",
        },
    ] == told["faults"]
