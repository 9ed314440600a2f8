"""`streamsrv why --fetch` asks the sources for real, and says which values came from them and which did not."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from streamsrv.cli.why import why
from streamsrv.core.errors import Invalid
from tests.cli.samples import row, run, write

CAMPAIGN = """\
campaign: test
schema:
  name: {type: string, personal: true}
  years: {type: int, default: 0}
  other: {type: int, default: 3}
require: [name]
sources:
  crm: {url: "http://127.0.0.1:PORT/{viewer}", map: {years: /years, name: /name}}
  gone: {url: "http://127.0.0.1:1/", map: {other: /other}}
story:
  - slot: offer
    choose: [{when: years > 4, scene: bonus}]
    otherwise: plain
fallback: [sorry]
"""


class Crm(ThreadingHTTPServer):
    """A source that says the same about everybody."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.paths: list[str] = []


class _Answer(BaseHTTPRequestHandler):
    server: Crm

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        body = b'{"years": 9, "name": "Canary"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def crm() -> Iterator[Crm]:
    with Crm() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def files(folder: Path, crm: Crm, text: str = CAMPAIGN) -> list[object]:
    hosts = f'["http://127.0.0.1:{crm.server_port}", "http://127.0.0.1:1"]'
    config = write(
        folder, "server.toml", "[sources]", f"allow_hosts = {hosts}", 'allow_private = ["127.0.0.0/8"]',
        "budget_ms = 2000", "[storage]", f'segments = "{folder}"', "[state]", f'dir = "{folder / "var" / "state"}"',
    )  # fmt: skip
    people = write(folder, "viewers.ndjson", row("anna", years=1))
    campaign = write(folder, "c.yaml", text.replace("PORT", str(crm.server_port)))
    return ["--campaign", campaign, "--viewers", people, "--viewer", "anna", "--config", config, "--at", "2027-01-15"]


def test_the_sources_are_asked_and_the_story_is_told_on_what_they_say(tmp_path: Path, crm: Crm) -> None:
    lines = run(why, *files(tmp_path, crm), "--fetch").output.splitlines()

    assert [
        "asked for at the click:",
        "  years: from source crm",
        "  name: from source crm",
        "  source gone: unreachable; what was imported stands",
        "",
        "offer: bonus (years > 4 is true)",
        "  years > 4  is true",
        "    years is 9, from source crm",
    ] == lines[4:-2]
    assert ["/anna"] == crm.paths


def test_without_it_nobody_is_asked(tmp_path: Path, crm: Crm) -> None:
    output = run(why, *files(tmp_path, crm)).output

    assert "    years is 1\n" in output
    assert "source" not in output
    assert [] == crm.paths


def test_the_document_says_so_too_and_shows_nothing_personal(tmp_path: Path, crm: Crm) -> None:
    output = run(why, *files(tmp_path, crm), "--fetch", "--json").output
    told = json.loads(output)

    assert ({"years": "crm", "name": "crm"}, {"years": 9}) == (told["sources"], told["inputs"])
    assert [{"where": "source gone", "reason": "unreachable", "expected": ""}] == told["source_faults"]
    assert "Canary" not in output


def test_the_viewers_own_reference_is_the_one_that_the_server_would_send(tmp_path: Path, crm: Crm) -> None:
    for _ in range(2):
        run(why, *files(tmp_path, crm, CAMPAIGN.replace("{viewer}", "{link_ref}")), "--fetch")

    assert crm.paths[0] == crm.paths[1]
    assert 25 == len(crm.paths[0])


def test_a_host_that_the_settings_do_not_list_is_refused_when_the_campaign_is_read(tmp_path: Path, crm: Crm) -> None:
    arguments = files(tmp_path, crm)
    config = tmp_path / "server.toml"
    config.write_text(config.read_text().replace(str(crm.server_port), "2"))
    result = run(why, *arguments, "--fetch")

    assert isinstance(result.exception, Invalid)
    assert "is not allowed; expected one of allow_hosts" in str(result.exception)
