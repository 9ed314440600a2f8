"""Viewers' whole life in a real server, from import to erasure, and all that it leaves behind.

Their data are canaries. What the server and the commands wrote, answered and kept is gathered for who looks for them.
"""

import asyncio
import csv
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

import orjson

from load import world
from streamsrv.core.manifest import format_scene
from streamsrv.core.model import OverlaySlot
from tests.app.fleet import Fleet, running_fleet
from tests.sources import stub

ROOT = Path(__file__).resolve().parents[2]
PERSONAL = {
    "viewer": "Canary-Viewer-Żółw/4711",
    "first_name": "Canary-First-Zoë",
    "secret_word": "canary secret wörd",
    "note": 'canary-note-<b>"O\'Neil"</b>',
    "premium": "47114711.47",
    "street": "Canary-Street-12",
    "from_source": "Canary-From-Source-é",
    "device": "canary-device-0815",
    "answer": "canary-wrong-answer",
    "unlisted": "Canary-Unlisted-Column",
    "bad_value": "Canary-Bad-Value",
    "user_agent": "Canary-Agent/1.0",
    "query": "canary-in-a-query",
    "body": "canary-in-a-body",
    "path": "canary-in-a-path",
    "source_secret": "canary-secret-of-a-header",
}
"""What is personal, secret, or sent by a stranger, by what it is."""
PLAIN = {"town": "Canary-Town"}
"""What the campaign's author did not call personal."""
ADDRESS = re.compile(r"https?://[^\s\"'<>]+|/[vp]/[^\s\"'<>]+")
KEPT = ("viewer", "first_name", "secret_word", "note", "premium", "street", "from_source")
"""What a viewer's record, or a session's, must hold: sealed."""
OTHERS = {"viewer": "canary-another-one", "first_name": "Canary-Berta"}
"""Somebody else, who stays."""
ENVIRON = {**world.ENVIRON, "STREAMSRV_SECRET_CRM": PERSONAL["source_secret"]}
CAMPAIGN = """\
campaign: {id}
title: A film for you
schema:
  first_name: {{type: string, personal: true}}
  secret_word: {{type: string}}
  note: {{type: string, personal: true, default: none}}
  premium: {{type: money, currency: EUR, personal: true}}
  town: {{type: string, default: nowhere}}
  home: {{type: record, of: {{street: {{type: string}}}}, personal: true}}
  label: {{type: string, personal: true, default: none}}
require: [first_name, secret_word, premium]
{access}
sources:
  crm:
    url: "http://127.0.0.1:{port}/good/{{viewer}}"
    headers: {{Authorization: "Bearer {{secret:CRM}}"}}
    map: {{label: /label}}
  broken:
    url: "http://127.0.0.1:{port}/bad/{{viewer}}"
    map: {{note: /note}}
story:
  - slot: hello
    when: first_name != "x" && premium > 1.0
    scene: hello
    overlays: {{greeting: "Hello {{first_name}}"}}
  - slot: offer
    experiment: offer
    arms: {{a: {{weight: 50, scene: offer-plain}}, b: {{weight: 50, scene: offer-bonus}}}}
  - slot: next
    scene: next-step
    overlays: {{premium: "{{premium|money}} in {{town}}: {{label}}"}}
    cta: {{label: Renew, url: "https://example.com/?ref={{link_ref}}"}}
fallback: [hello-any, next-step]
holdout: {{share: 0.000001}}
"""
ACCESS = "access: {devices: 3, sessions_a_day: 50, verify: {attribute: secret_word, label: Your word, tries: 5}}"
SLOTS = {"hello": "greeting", "next-step": "premium"}
"""The overlay that a scene has a place for."""
HEADER = ("Customer ID", "first_name", "secret_word", "note", "premium", "town", "home street", "Comment")


@dataclass
class Left:
    """All that was left behind, by where and what it was."""

    written: dict[str, bytes] = field(default_factory=dict)
    """Logs, metrics, events, audit, rejects, what commands said."""
    errors: dict[str, bytes] = field(default_factory=dict)
    """Answers with a status from 400 up, whole."""
    addresses: set[str] = field(default_factory=set)
    """Every address in an answer, and every header line."""
    answers: dict[str, bytes] = field(default_factory=dict)
    """Answers that did well, to whoever may see them."""
    statuses: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class Life:
    """A server with two campaigns: one asks for a second factor and gets its viewers from a file, the other is open and
    gets them over the API."""

    folder: Path
    config: Path
    fleet: Fleet
    key: str
    left: Left

    def command(self, *words: str, expect: int = 0) -> str:
        """Run a command of ours; what it says is kept."""
        done = run(self.config, *words)
        self.left.written[f"command {len(self.left.written)}: {words[0]}"] = done.stdout + done.stderr
        assert done.returncode == expect, (words[0], done.stderr.decode()[-2000:])
        return done.stdout.decode()

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: object = None,
        key: str = "",
        headers: Mapping[str, str] | None = None,
        name: str = "",
    ) -> tuple[int, bytes]:
        """One request with what a stranger would send along; its answer is kept."""
        sent = {
            "User-Agent": PERSONAL["user_agent"],
            "Referer": f"https://mail.example/?q={PERSONAL['query']}",
            "Cookie": f"session={PERSONAL['query']}",
            "X-Forwarded-For": PERSONAL["query"],
            **({"Authorization": f"Bearer {key}"} if key else {}),
            **(headers or {}),
        }
        data = body if isinstance(body, bytes) or body is None else orjson.dumps(body)
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        url = path if path.startswith("http") else self.fleet.base_url + path
        try:
            with urlopen(Request(url, data=data, method=method, headers=sent), timeout=30) as reply:
                status, lines, content = reply.status, str(reply.headers), reply.read()
        except HTTPError as error:
            with error:
                status, lines, content = error.code, str(error.headers), error.read()
        what = f"{method} {name or urlsplit(url).path[:12]} {len(self.left.statuses)}"
        self.left.statuses.append((what, status))
        (self.left.errors if status >= 400 else self.left.answers)[what] = content
        self.left.addresses |= {*lines.splitlines(), *ADDRESS.findall(content.decode("utf-8", "replace"))}
        return status, content

    def api(self, method: str, path: str, body: object = None, **more: str) -> tuple[int, bytes]:
        return self.ask(f"/api/v1{path}", method=method, body=body, key=self.key, headers=more, name="api")


def run(config: Path, *words: str) -> "subprocess.CompletedProcess[bytes]":
    """One of our commands, with the server's settings."""
    return subprocess.run(
        [sys.executable, "-m", "streamsrv", *words, "--config", str(config)],
        capture_output=True,
        env={**os.environ, **ENVIRON},
        timeout=120,
        check=False,
    )


@contextmanager
def crm() -> Iterator[int]:
    """A customer's system that answers one source and breaks the other, with personal data in both; its port."""

    async def respond(asked: stub.Asked, writer: asyncio.StreamWriter) -> None:
        good = stub.json({"label": "-" if OTHERS["viewer"] in asked.line else PERSONAL["from_source"]})
        bad = stub.body(f"<p>no such customer: {PERSONAL['from_source']}".encode(), content_type="text/html")
        await (good if " /good/" in asked.line else bad)(asked, writer)

    loop, ready, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    ports: list[int] = []

    async def serve() -> None:
        async with stub.serving(respond) as serving:
            ports.append(serving.port)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(20)
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


@contextmanager
def living(folder: Path) -> Iterator[Life]:
    """Viewers imported, and two processes that serve them."""
    left = Left()
    segments = folder / "segments"
    for scene in world.write_store(segments):
        if scene.scene_id in SLOTS:
            slot = OverlaySlot("text", 0, world.CUTS[0], (0.1, 0.1, 0.8, 0.2), {"": "hello"})
            told = replace(scene, overlays={SLOTS[scene.scene_id]: slot})
            (segments / "scenes" / scene.scene_id / "scene.json").write_bytes(orjson.dumps(format_scene(told)))
    with crm() as port:
        config = _write_settings(folder, segments=segments, port=port)
        _import(config, folder, "guarded", left)
        key = run(config, "keys", "create", "--name", "crm", *_scopes())
        assert key.returncode == 0, key.stderr.decode()
        with running_fleet(config, workers=2, environ=ENVIRON) as fleet:
            yield Life(folder, config, fleet, key.stdout.decode().strip(), left)


def _scopes() -> Iterator[str]:
    for scope in ("campaigns:read", "viewers:read", "viewers:write", "links:write", "revocations:write",
                  "erasures:write", "erasures:read", "audit:read"):  # fmt: skip
        yield from ("--scope", scope)


def _write_settings(folder: Path, *, segments: Path, port: int) -> Path:
    campaigns = folder / "campaigns"
    campaigns.mkdir()
    for campaign, access in (("guarded", ACCESS), ("open", "")):
        text = CAMPAIGN.format(id=campaign, access=access, port=port)
        (campaigns / f"{campaign}.yaml").write_text(text, encoding="utf-8")
    config = folder / "server.toml"
    config.write_text(
        f"""\
[server]
port = 0
internal_port = 0
[storage]
segments = "{segments}"
campaigns = "{campaigns}"
ladder = "{ROOT / "config/ladder.toml"}"
events = "{folder / "var/events"}"
viewers = "{folder / "given/viewers.ndjson"}"
[state]
dir = "{folder / "var/state"}"
budget_ms = 2000
[rendering]
store = "{folder / "var/rendered"}"
[sources]
allow_hosts = ["http://127.0.0.1:{port}"]
allow_private = ["127.0.0.0/8"]
budget_ms = 1000
""",
        encoding="utf-8",
    )
    return config


def rows(campaign: str) -> list[Sequence[str]]:
    """Two viewers, and rows that are bad in their values."""
    found = PERSONAL
    good = (
        found["viewer"], found["first_name"], found["secret_word"], found["note"], found["premium"],
        PLAIN["town"], found["street"], found["unlisted"],
    )  # fmt: skip
    other = (OTHERS["viewer"], OTHERS["first_name"], "word", "", "2.00", "", "", "")
    too_dear = (f"bad-1-{campaign}", *good[1:4], found["bad_value"], *good[5:])
    too_long = (f"bad-2-{campaign}", found["bad_value"] * 40, *good[2:])
    no_word = (f"bad-3-{campaign}", good[1], "", *good[3:])
    return [good, other, too_dear, too_long, no_word]


def _import(config: Path, folder: Path, campaign: str, left: Left) -> None:
    """By a file of the customer's own, which is not ours to search."""
    given = folder / "given"
    given.mkdir(exist_ok=True)
    path = given / f"{campaign}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([HEADER, *rows(campaign)])
    done = run(config, "import", str(path), "--campaign", campaign)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    left.written[f"import {campaign}"] = done.stdout + done.stderr
    rejects = given / f"{campaign}.csv.rejects.csv"
    left.written[f"rejects {campaign}"] = rejects.read_bytes()


def quoted(text: str) -> str:
    return quote(text, safe="")
