"""Files for tests of commands over a sample of viewers, and a way to run one command."""

import json
import signal
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
import typer
from typer.testing import CliRunner, Result

from streamsrv.cli.sample import Sample
from streamsrv.core.manifest import format_scene
from streamsrv.core.model import Scene, SceneId, Viewer

CAMPAIGN = """\
campaign: test
schema:
  name: {type: string, personal: true}
  years: {type: int, default: 0}
require: [name]
story:
  - slot: offer
    choose: [{when: years > 4, scene: bonus}]
    otherwise: plain
fallback: [sorry]
"""


class StoppedSample(Sample):
    """A sample during which Ctrl-C is pressed, at its first viewer."""

    def viewers(self, *, bar: bool = True) -> Iterator[Viewer]:
        for viewer in super().viewers(bar=bar):
            yield viewer
            signal.raise_signal(signal.SIGINT)


def row(viewer: str, campaign: str = "test", **attributes: object) -> str:
    return json.dumps({"viewer": viewer, "campaign": campaign, "attributes": {"name": "Ana", **attributes}})


def write(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return path


def settings(folder: Path, scenes: Mapping[SceneId, Scene] | None = None) -> Path:
    """A settings file with these scenes packaged; with none at all when not given."""
    for name, scene in (scenes or {}).items():
        place = folder / "segments" / "scenes" / name
        place.mkdir(parents=True)
        (place / "scene.json").write_bytes(orjson.dumps(format_scene(scene)))
    (folder / "segments").mkdir(exist_ok=True)
    return write(folder, "server.toml", "[storage]", f'segments = "{folder / "segments"}"', f'campaigns = "{folder}"')


def run(command: Callable[..., Any], *arguments: object, columns: int = 80) -> Result:
    """The command's outcome; what it raises is kept in `exception`."""
    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, [str(one) for one in arguments], env={"COLUMNS": str(columns)})
