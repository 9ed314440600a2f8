"""`streamsrv serve`: the server, from its settings file."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from streamsrv.app.listeners import Bound
from streamsrv.app.processes.supervise import run_processes
from streamsrv.config import Settings, load_settings


def serve(
    config: Annotated[Path, typer.Option(help="The settings file.")] = Path("config/server.toml"),
    workers: Annotated[
        int | None, typer.Option(min=1, max=256, help="Processes that answer viewers; else as the settings say.")
    ] = None,
) -> None:
    """Serve until SIGTERM or Ctrl-C, then finish what is in flight and stop. SIGHUP restarts worker by worker."""

    def load() -> Settings:
        settings = load_settings(config, os.environ)
        return settings if workers is None else replace(settings, server=replace(settings.server, workers=workers))

    run_processes(load, ready=_announce)


def _announce(bound: Bound) -> None:
    typer.echo(f"serving on {bound.base_url}, metrics and health on {bound.internal_url}")
