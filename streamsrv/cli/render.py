"""`streamsrv render`: renderers without a server, on this machine or another."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from streamsrv.app.render import run_renderer
from streamsrv.config import Settings, load_settings


def render(
    config: Annotated[Path, typer.Option(help="The settings file.")] = Path("config/server.toml"),
    processes: Annotated[
        int | None, typer.Option(min=1, max=256, help="Renderer processes; else as the settings say.")
    ] = None,
) -> None:
    """Render viewers' own segments for servers that share the store for state, until SIGTERM or Ctrl-C."""
    settings = load_settings(config, os.environ)
    if processes is None and not settings.rendering.processes:
        # Those of the servers may be 0, which is why there is this command.
        processes = os.cpu_count() or 1
    run_renderer(_with(settings, processes), ready=_announce)


def _with(settings: Settings, processes: int | None) -> Settings:
    if processes is None:
        return settings
    return replace(settings, rendering=replace(settings.rendering, processes=processes))


def _announce(processes: int) -> None:
    typer.echo(f"rendering, {processes} at once")
