"""Campaigns with one source, and what asking it for one viewer gives."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from decimal import Decimal
from pathlib import Path

from streamsrv.config import SourceSettings
from streamsrv.core.campaign import Campaign
from streamsrv.core.model import CampaignId, Viewer, ViewerId
from streamsrv.sources import HttpDataSources, open_sources
from tests.core.authored import load, packaged
from tests.sources import stub
from tests.sources.stub import Names, Respond, serving

GOOD = {"premium": 900.5, "name": "Berta"}
BUDGET_MS = 400
LOOPBACK = ("127.0.0.0/8", "::1/128")
SLACK_S = 5.0
"""For a busy machine: what is told apart is within the budget, or for ever."""


def campaign(
    port: int, *, host: str = "127.0.0.1", scheme: str = "http", path: str = "{viewer}", extra: str = "", more: str = ""
) -> Campaign:
    written = f"[{host}]" if ":" in host else host
    return load(
        f"""\
campaign: test
schema:
  premium: {{type: money, currency: EUR, default: 1}}
  name: {{type: string, personal: true}}
  other: {{type: int, default: 0}}
sources:
  crm:
    url: "{scheme}://{written}:{port}/{path}"
    map: {{premium: /premium, name: /name}}
{extra}{more}story: [{{slot: a, scene: b}}]
fallback: [b]
""",
        packaged("b"),
    )


class Asking:
    """Sources with what was found out about one viewer."""

    def __init__(self, sources: HttpDataSources) -> None:
        self.sources = sources

    async def ask(self, told: Campaign, viewer: str = "anna") -> tuple[dict[str, object], list[str]]:
        """Attributes that are not as they were imported, and why others are."""
        imported: dict[str, object] = {"premium": "812.40", "name": "Anna"}
        person = Viewer(ViewerId(viewer), CampaignId("test"), imported, link_ref="ref-1")
        found, problems = await self.sources.completed(told, person)
        before = {"premium": Decimal("812.40"), "name": "Anna", "other": 0}
        changed = {name: value for name, value in found.attributes.items() if value != before[name]}
        return changed, [str(problem) for problem in problems]


async def asking(
    stack: AsyncExitStack,
    *hosts: str,
    campaigns: Sequence[Campaign] = (),
    names: Names | None = None,
    private: tuple[str, ...] = LOOPBACK,
    budget_ms: int = BUDGET_MS,
    secrets: dict[str, str] | None = None,
    ca_file: Path | None = None,
) -> Asking:
    settings = SourceSettings(
        allow_hosts=hosts, allow_private=private, budget_ms=budget_ms, secrets=secrets or {}, ca_file=ca_file
    )
    return Asking(await stack.enter_async_context(open_sources(settings, campaigns, resolver=names)))


async def asked_once(stack: AsyncExitStack, respond: Respond) -> tuple[dict[str, object], list[str]]:
    server = await stack.enter_async_context(serving(respond))
    one = await asking(stack, f"http://127.0.0.1:{server.port}")
    return await one.ask(campaign(server.port))


def slow(respond: Respond) -> Respond:
    async def later(asked: stub.Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        await respond(asked, writer)

    return later


BAD: dict[str, tuple[Respond, str]] = {
    "500": (stub.body(b"{}", status="500 No"), "bad_answer"),
    "404": (stub.body(b"{}", status="404 No"), "bad_answer"),
    "204": (stub.raw(b"HTTP/1.1 204 No Content\r\n\r\n"), "bad_answer"),
    "html": (stub.body(b"<p>", content_type="text/html"), "bad_answer"),
    "json as text": (stub.body(b"{}", content_type="text/plain"), "bad_answer"),
    "not json": (stub.body(b"{premium: 1}"), "bad_answer"),
    "two documents": (stub.body(b"{}{}"), "bad_answer"),
    "nan": (stub.body(b'{"premium": NaN}'), "bad_answer"),
    "not utf-8": (stub.body(b'{"name": "\xff"}'), "bad_answer"),
    "a number": (stub.body(b"1"), "bad_answer"),
    "empty": (stub.body(b""), "bad_answer"),
    "deep": (stub.body(b'{"a":' * 20 + b"1" + b"}" * 20), "bad_answer"),
    "very deep": (stub.body(b"[" * 30_000 + b"]" * 30_000), "bad_answer"),
    "packed": (stub.body(b"\x1f\x8b", extra="Content-Encoding: gzip\r\n"), "bad_answer"),
    "declared huge": (stub.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999999\r\n\r\n"),
                      "bad_answer"),
    "huge": (stub.huge, "bad_answer"),
    "short body": (stub.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{}",
                            then_close=True), "bad_answer"),
    "no http": (stub.raw(b"SSH-2.0-OpenSSH\r\n", then_close=True), "bad_answer"),
    "endless header": (stub.raw(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n{}"), "bad_answer"),
    "many headers": (stub.raw(b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 50_000 + b"\r\n{}"), "bad_answer"),
    "closed": (stub.raw(b"", then_close=True), "unreachable"),
    "hangs": (stub.hang, "timeout"),
    "drips": (stub.drip, "timeout"),
    "redirect": (stub.body(b"{}", status="302 Go", extra="Location: http://169.254.169.254/latest/\r\n"), "bad_answer"),
    "early hints for ever": (stub.raw(b"HTTP/1.1 103 Early\r\n\r\n" * 2_000), "timeout"),
}  # fmt: skip
