"""An installation in a folder of its own, and commands about viewers run in it as a shell runs them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SECRET = "for tests only: 32 characters or more"


def installation(folder: Path) -> Path:
    """The settings of an installation with the demo's campaign; its state is under `folder`/var."""
    config = folder / "server.toml"
    config.write_text(
        f'[server]\nbase_url = "https://video.example.com"\n'
        f'[storage]\ncampaigns = "{ROOT / "config" / "campaigns"}"\nevents = "{folder / "var" / "events"}"\n'
        f'[state]\ndir = "{folder / "var" / "state"}"\n'
    )
    return config


def copy_of(made: Path, folder: Path) -> Path:
    """An installation in `folder` with all that is in the one in `made`, which nobody uses now."""
    shutil.copytree(made / "var", folder / "var")
    return installation(folder)


def start(config: Path, *arguments: object, **environ: str) -> "subprocess.Popen[str]":
    """A command that runs in a session of its own, as under a terminal."""
    return subprocess.Popen(
        _command(config, arguments),
        cwd=config.parent,
        env=_environment(environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(config: Path, *arguments: object, stdin: str = "", **environ: str) -> "subprocess.CompletedProcess[str]":
    """A command that has ended."""
    return subprocess.run(
        _command(config, arguments),
        cwd=config.parent,
        env=_environment(environ),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _command(config: Path, arguments: tuple[object, ...]) -> list[str]:
    return [sys.executable, "-m", "streamsrv", *map(str, arguments), "--config", str(config)]


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "STREAMSRV_LINKS_SECRET": SECRET, **environ}
