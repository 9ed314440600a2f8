"""`streamsrv rotate`: every viewer's key under the current key of the vault."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from streamsrv.analytics.wording import counted, number
from streamsrv.cli.acting import Acting
from streamsrv.cli.running import Running, end_interrupted, running
from streamsrv.config import Settings, load_settings
from streamsrv.core.model import MAIN_TENANT
from streamsrv.stores.register import open_register, own_folder
from streamsrv.stores.rotation import Rotated
from streamsrv.stores.rotation import rotate as rotate_keys
from streamsrv.stores.secrets import load_vault_keys


def rotate(
    config: Annotated[Path, typer.Option(help="The settings file.")] = Path("config/server.toml"),
) -> None:
    """Wrap every viewer's key anew, under the first of the vault's keys, while the server serves."""
    settings = load_settings(config, os.environ)
    current = load_vault_keys(settings.vault, own_folder(settings.state)).current
    with running("Rotating", "viewers") as run:
        done = asyncio.run(_rotate(settings, current, run))
    typer.echo(f"{counted(done.seen, 'viewer')}: {number(done.rewrapped)} are under key {current} now")
    if run.stopped:
        end_interrupted("to go on: streamsrv rotate")
    if not done.rewrapped:
        typer.echo(f"all are under key {current}: older keys may be taken out")
    else:
        typer.echo("run it once more, until no viewer is left; then older keys may be taken out")


async def _rotate(settings: Settings, current: int, run: Running) -> Rotated:
    async with open_register(settings) as register:
        await Acting(register).note(MAIN_TENANT, "vault.rotate", str(current))
        return await rotate_keys(register, stopped=lambda: run.stopped, told=lambda so_far: run.told(None, so_far.seen))
