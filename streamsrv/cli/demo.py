"""`streamsrv demo`: five viewers, their links, and the server that answers them."""

import asyncio
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from streamsrv.app.listeners import Bound
from streamsrv.app.serve import run_server
from streamsrv.cli.demo_scenes import Workshop, make_scenes, missing_scenes, recipe_of
from streamsrv.cli.keys import make_and_keep
from streamsrv.cli.links import Link, issue_links
from streamsrv.config import Settings, load_ladder, load_settings
from streamsrv.core.api_keys import Scope
from streamsrv.core.campaign import Campaign
from streamsrv.core.model import MAIN_TENANT, CampaignId, Viewer
from streamsrv.stores.campaigns import Against, load_campaigns
from streamsrv.stores.register import open_register, own_folder
from streamsrv.stores.samples import keep_samples
from streamsrv.stores.secrets import load_token_keys
from streamsrv.stores.viewers import load_viewers
from streamsrv.telemetry.logs import log_into

VAR = Path("var/demo")
LOG = VAR / "server.log"
"""Whoever watches the demo is no operator."""
KEY_S = 86_400
"""How long a demo's API key is good."""


def demo(
    port: Annotated[int, typer.Option(min=0, max=65_535, help="The port of the links; 0 takes a free one.")] = 8080,
    ready_file: Annotated[
        Path | None, typer.Option(help="Written as JSON when the server is ready: links, URLs, pid.")
    ] = None,
) -> None:
    """Make the demo's scenes (once, with a progress bar), serve them, and print five viewers' links."""
    console = Console()
    config = Path("config/server.toml")
    settings = load_settings(config if config.is_file() else None, os.environ)
    settings = replace(settings, server=replace(settings.server, port=port, internal_port=0))
    log_into(LOG)
    _ensure_scenes(settings, console)
    campaigns = load_campaigns(settings.storage.campaigns, Against())
    viewers = load_viewers(settings.storage.viewers, campaigns)
    issued, api_key = asyncio.run(_issued(settings, campaigns, viewers))

    def announce(bound: Bound) -> None:
        links = [link.at(bound.base_url) for link in issued]
        if ready_file is not None:
            _write_ready(ready_file, bound, links, api_key)
        _print(console, bound, links, api_key)

    run_server(settings, ready=announce)


async def _issued(
    settings: Settings, campaigns: Mapping[CampaignId, Campaign], viewers: Sequence[Viewer]
) -> tuple[list[Link], str]:
    """The sample viewers' links, once they are in the store, and a key of the API that may do everything."""
    keys = load_token_keys(settings.links, own_folder(settings.state))
    now_s = int(time.time())
    async with open_register(settings) as register:
        await keep_samples(register, viewers, at_s=now_s)
        links = await issue_links(
            register, campaigns, viewers, keys=keys, now_s=now_s, expires_at_s=now_s + settings.links.link_s
        )
        api_key, _ = await make_and_keep(register, MAIN_TENANT, frozenset(Scope), name="demo", life_s=KEY_S)
        return links, api_key


def _ensure_scenes(settings: Settings, console: Console) -> None:
    ladder_file = settings.storage.ladder
    ladder = load_ladder(ladder_file)
    workshop = Workshop(sources=VAR / "sources", store=Path(settings.storage.segments), stamps=VAR / "made")
    recipe = recipe_of(ladder_file)
    scenes = missing_scenes(workshop, recipe)
    if not scenes:
        return
    with_places = sum(scene.overlays is not None for scene in scenes)
    places = f", {with_places} of them with places for viewers' own words, which take longer" if with_places else ""
    console.print(f"Drawing and packaging {len(scenes)} scenes for {len(ladder.rungs)} rungs{places} (once).")
    columns = (TextColumn("{task.percentage:>3.0f} %"), BarColumn(), TextColumn("time left"), TimeRemainingColumn())
    # Rich ends a bar with an empty line where there is no terminal to draw it on.
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("scenes", total=1.0)
        make_scenes(scenes, workshop, ladder, recipe, progress=lambda share: bar.update(task, completed=share))


def _write_ready(path: Path, bound: Bound, links: list[Link], api_key: str) -> None:
    document = {
        "base_url": bound.base_url,
        "internal_url": bound.internal_url,
        "api_key": api_key,
        "pid": os.getpid(),
        "links": [
            {name: getattr(link, name) for name in ("viewer", "campaign", "url", "multivariant_url")} for link in links
        ],
    }
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.touch(mode=0o600)  # it holds a key
    aside.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n")
    aside.replace(path)


def _print(console: Console, bound: Bound, links: list[Link], api_key: str) -> None:
    # Not through the console: a wrapped link can be neither clicked nor copied.
    console.print("Open a link: each viewer gets a video of their own")
    for link in links:
        typer.echo(f"  {link.viewer}  {link.url}")
    typer.echo(f"API, until tomorrow with the key {api_key}: {bound.base_url}/api/openapi.json")
    typer.echo(f"Metrics and health: {bound.internal_url}/metrics /healthz /readyz   Log: {LOG}   Ctrl-C stops.")
