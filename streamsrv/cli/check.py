"""`streamsrv check`: everything that is loaded at start-up, and every stored byte, without starting."""

import hashlib
import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from obstore.exceptions import NotFoundError
from obstore.store import ObjectStore

from streamsrv.analytics.wording import counted
from streamsrv.cli.check_captions import caption_notes
from streamsrv.cli.check_overlays import Found, check_overlays, read_brand
from streamsrv.cli.check_viewers import CheckedViewers
from streamsrv.cli.running import going_through
from streamsrv.cli.workshop import DateFormat, DecimalMark, ViewersFile
from streamsrv.config import load_ladder, load_settings
from streamsrv.core.campaign import Campaign
from streamsrv.core.catalog import Catalog
from streamsrv.core.errors import Invalid, Problem
from streamsrv.core.importing import make_style
from streamsrv.core.model import Ladder, Scene, SceneId
from streamsrv.stores.campaigns import Against, campaign_files, read_campaigns
from streamsrv.stores.scenes import load_catalog
from streamsrv.stores.segments import open_store, read_object


def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Campaign files; without any, everything the settings name.")
    ] = None,
    config: Annotated[Path, typer.Option(help="The settings file.")] = Path("config/server.toml"),
    media: Annotated[bool, typer.Option(help="Read every stored segment and compare its hash.")] = True,
    viewers: ViewersFile = None,
    decimal: DecimalMark = None,
    date_format: DateFormat = None,
) -> None:
    """Validate campaigns, viewers, settings, ladder, brand, scenes and segments; list every problem; exit 1 if any.

    The longest and strangest words of the viewers, and hard names, are tried in the places where they are drawn.
    """
    settings = load_settings(config if files is None or config.is_file() else None, os.environ)
    problems: list[Problem] = []
    brand = read_brand(settings.rendering.kit)
    problems += brand.problems
    catalog: Catalog | None = None
    ladder: Ladder | None = None
    store = open_store(settings.storage.segments)
    try:
        ladder = load_ladder(settings.storage.ladder)
        catalog = load_catalog(store, target_duration_s=ladder.target_duration_s())
    except Invalid as error:
        if files:
            typer.echo(f"streamsrv: names of scenes are not checked: {error.problems[0]}", err=True)
        else:
            problems += error.problems
    scenes = None if catalog is None else catalog.scenes
    against = Against(scenes, settings.campaigns.cta_hosts, settings.sources.allow_hosts, frozenset(brand.pictures))
    try:
        folder = settings.storage.campaigns
        campaigns, wrong = read_campaigns(files or campaign_files(folder), against, folder=None if files else folder)
    except Invalid as error:
        campaigns, wrong = {}, error.problems
    problems += wrong
    people = CheckedViewers(
        viewers or settings.storage.viewers, campaigns, make_style(decimal, date_format),
        others=bool(files or wrong), usual=viewers is None,
    )  # fmt: skip
    rows = people.rows()
    told: tuple[Problem, ...] = ()
    if catalog is not None and ladder is not None:
        read = partial(read_object, store) if media and not files else None
        looked_at = _shown_by(campaigns.values(), catalog.scenes) if files else catalog.scenes
        told = _overlays(check_overlays(looked_at, campaigns, rows, brand, ladder, read))
    _tell(caption_notes(campaigns.values(), scenes or {}))
    deque(rows, maxlen=0)
    # Of the settings' sample, the rows of a campaign that is checked alone are of use, and no more.
    if viewers is not None or not files:
        if wrong:
            # What a viewer needs stands in the campaign's file.
            typer.echo("streamsrv: viewers of a campaign with mistakes are not checked until it has none", err=True)
        problems += people.problems()
    if not files and catalog is not None and media:
        problems += _damaged(store, catalog)
    problems += told
    if problems:
        raise Invalid(problems)
    # For people only: whoever runs it in a script wants silence when nothing is wrong.
    if sys.stdout.isatty():
        count = 0 if catalog is None else len(catalog.scenes)
        typer.echo(f"all good: {counted(len(campaigns), 'campaign')}, {counted(count, 'scene')}")


def _shown_by(campaigns: Iterable[Campaign], scenes: Mapping[SceneId, Scene]) -> Mapping[SceneId, Scene]:
    shown = {name for campaign in campaigns for name in campaign.scene_ids()}
    return {name: scene for name, scene in scenes.items() if name in shown}


def _overlays(found: Found) -> tuple[Problem, ...]:
    """What is wrong with overlays; what is only worth knowing is told here."""
    _tell(found.notes)
    return found.problems


def _tell(notes: Iterable[str]) -> None:
    for note in notes:
        typer.echo(f"streamsrv: note: {note}", err=True)


def _damaged(store: ObjectStore, catalog: Catalog) -> Iterator[Problem]:
    objects: dict[str, str] = {}
    for scene in catalog.scenes.values():
        objects.setdefault(scene.poster_name, f"scene {scene.scene_id}, poster")
        for track in (*scene.video, *scene.audio.values()):
            where = f"scene {scene.scene_id}, {track.name}"
            objects.setdefault(track.init_name, f"{where}, init section")
            for index, segment in enumerate(track.segments):
                objects.setdefault(segment.name, f"{where}, segment {index}")
    for name, where in going_through(objects.items(), "Reading segments"):
        path = f"objects/{name[:2]}/{name}"
        try:
            data = read_object(store, name)
        except (NotFoundError, FileNotFoundError):
            yield Problem(f"{where} ({path})", "is missing", "package the scene again")
            continue
        if hashlib.sha256(data).hexdigest() != name:
            expected = "delete it and package the scene again"
            yield Problem(f"{where} ({path})", "is damaged: its hash is another", expected)
