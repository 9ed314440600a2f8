"""`streamsrv serve`: the server, from its settings file."""

import os
from pathlib import Path
from typing import Annotated

import typer

from streamsrv.app import Bound, run_server
from streamsrv.config import load_settings


def serve(
    config: Annotated[Path, typer.Option(help="The settings file.")] = Path("config/server.toml"),
) -> None:
    """Serve until SIGTERM or Ctrl-C, then finish what is in flight and stop."""
    run_server(load_settings(config, os.environ), ready=_announce)


def _announce(bound: Bound) -> None:
    typer.echo(f"serving on {bound.base_url}, metrics and health on {bound.internal_url}")
