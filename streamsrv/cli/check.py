"""`streamsrv check`: everything that is loaded at start-up, and every stored byte, without starting."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from obstore.exceptions import NotFoundError
from obstore.store import ObjectStore
from rich.progress import track as progress

from streamsrv.config import load_ladder, load_settings
from streamsrv.core.catalog import Catalog
from streamsrv.core.errors import Invalid, Problem
from streamsrv.stores.campaigns import load_campaigns
from streamsrv.stores.scenes import load_catalog
from streamsrv.stores.segments import open_store
from streamsrv.stores.viewers import load_viewers


def check(
    config: Annotated[Path, typer.Option(help="The settings file.")] = Path("config/server.toml"),
    media: Annotated[bool, typer.Option(help="Read every stored segment and compare its hash.")] = True,
) -> None:
    """Validate settings, ladder, campaigns, viewers, scenes and segments; list every problem; exit 1 if any."""
    settings = load_settings(config, os.environ)
    problems: list[Problem] = []
    catalog: Catalog | None = None
    store = open_store(settings.storage.segments)
    try:
        ladder = load_ladder(settings.storage.ladder)
        catalog = load_catalog(store, target_duration_s=ladder.target_duration_s())
    except Invalid as error:
        problems += error.problems
    try:
        campaigns = load_campaigns(
            settings.storage.campaigns, scene_ids=None if catalog is None else catalog.scenes.keys()
        )
        load_viewers(settings.storage.viewers, campaigns)
    except Invalid as error:
        problems += error.problems
    if catalog is not None and media:
        problems += _damaged(store, catalog)
    if problems:
        raise Invalid(problems)
    count = 0 if catalog is None else len(catalog.scenes)
    typer.echo(f"all good: {len(campaigns)} campaigns, {count} scenes")


def _damaged(store: ObjectStore, catalog: Catalog) -> Iterator[Problem]:
    objects: dict[str, str] = {}
    for scene in catalog.scenes.values():
        objects.setdefault(scene.poster_name, f"scene {scene.scene_id}, poster")
        for track in (*scene.video, *scene.audio.values()):
            where = f"scene {scene.scene_id}, {track.name}"
            objects.setdefault(track.init_name, f"{where}, init section")
            for index, segment in enumerate(track.segments):
                objects.setdefault(segment.name, f"{where}, segment {index}")
    for name, where in progress(objects.items(), description="Reading segments", transient=True):
        path = f"objects/{name[:2]}/{name}"
        try:
            data = bytes(store.get(path).bytes())
        except (NotFoundError, FileNotFoundError):
            yield Problem(f"{where} ({path})", "is missing", "package the scene again")
            continue
        if hashlib.sha256(data).hexdigest() != name:
            expected = "delete it and package the scene again"
            yield Problem(f"{where} ({path})", "is damaged: its hash is another", expected)
