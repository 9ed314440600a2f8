"""`streamsrv preview`: the videos of some viewers on this machine, with the decisions beside them. Records nothing."""

import asyncio
import os
import webbrowser
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from streamsrv.app.preview import open_preview
from streamsrv.cli.people import find_person
from streamsrv.cli.workshop import NAMED_LINES, SOME_LINK_REF, DateFormat, DecimalMark, ViewersFile, against
from streamsrv.config import Settings, load_settings
from streamsrv.core.campaign import Campaign
from streamsrv.core.campaign.document import nearest, quoted
from streamsrv.core.errors import Invalid, Problem, invalid
from streamsrv.core.importing import Style, make_style
from streamsrv.core.model import Viewer
from streamsrv.stores.book import read_book
from streamsrv.stores.campaigns import SUFFIXES, campaign_files, read_campaigns
from streamsrv.telemetry.logs import log_plainly
from streamsrv.web.preview import preview_paths
from streamsrv.web.preview_page import Trait, traits

MOST_LISTED = 50
LOOKED_AT = 20_000
"""Viewers among whom a sample is chosen: some seconds."""


def preview(
    campaign: Annotated[str, typer.Option(help="The campaign's id, or its file.")],
    viewer: Annotated[str | None, typer.Option(help="One viewer's id.")] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, max=MOST_LISTED, help="So many viewers, as different as can be.")
    ] = None,
    viewers_file: ViewersFile = None,
    decimal: DecimalMark = None,
    date_format: DateFormat = None,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="The port of the pages; 0 takes a free one.")] = 8090,
    at: Annotated[datetime | None, typer.Option(help="The moment (UTC) to decide for; now if not given.")] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the first page in the browser.")] = False,
    config: Annotated[Path, typer.Option(help="The settings file.")] = Path("config/server.toml"),
) -> None:
    """Show viewers' videos on this machine, with the decisions beside them. Edit the campaign and reload the page."""
    if viewer is not None and sample is not None:
        raise typer.BadParameter("found both; expected one", param_hint="--viewer or --sample")
    settings = load_settings(config if config.is_file() else None, os.environ)
    path, loaded = _campaign_file(campaign, settings)
    at_s = None if at is None else int(at.replace(tzinfo=UTC).timestamp())
    people = viewers_file or settings.storage.viewers
    style = make_style(decimal, date_format)
    if viewer is not None:
        person = find_person(settings, loaded, viewer, file=viewers_file, style=style)
        listed = [person.viewer]
        typer.echo(f"The viewer's data is from {person.origin}.")
    else:
        now_s = int(datetime.now(UTC).timestamp()) if at_s is None else at_s
        broken: list[Problem] = []
        listed = _listed(people, _viewers(people, loaded, style, broken), loaded, sample, now_s=now_s)
        if not listed:
            what = f"has no viewer of campaign {loaded.campaign_id}"
            raise Invalid([Problem(str(people), what, "one at least, with its data"), *broken])
    log_plainly()
    # Ctrl-C is how it ends, and there is nothing to finish.
    with suppress(KeyboardInterrupt):
        uvloop.run(_serve(settings, path, listed, at_s=at_s, port=port, open_browser=open_browser))


async def _serve(
    settings: Settings, path: Path, listed: Sequence[Viewer], *, at_s: int | None, port: int, open_browser: bool
) -> None:
    async with open_preview(settings, path, listed, at_s=at_s, port=port) as base_url:
        url = base_url + (preview_paths(listed)[0] if len(listed) == 1 else "/")
        typer.echo(f"preview of {path}: {url}")
        typer.echo("Edit the file and reload the page. It shows viewers' own data; nothing is recorded. Ctrl-C stops.")
        if open_browser:
            await asyncio.to_thread(webbrowser.open, url)
        await asyncio.Event().wait()


def _campaign_file(named: str, settings: Settings) -> tuple[Path, Campaign]:
    """The file named, or the one in the settings' folder with this id; raises `Invalid`."""
    path = Path(named)
    is_file = path.suffix in SUFFIXES
    loaded, problems = read_campaigns(
        [path] if is_file else campaign_files(settings.storage.campaigns), against(settings)
    )
    for found, campaign in loaded.items():
        if is_file or campaign.campaign_id == named:
            return found, campaign
    if problems:
        raise Invalid(problems)
    known = tuple(sorted(campaign.campaign_id for campaign in loaded.values()))
    what = f"there is no campaign {quoted(named)}{nearest(named, known)}"
    raise invalid("--campaign", what, f"{', '.join(known)}, or a campaign's file")


def _listed(
    path: Path, wanted: Iterator[Viewer], campaign: Campaign, sample: int | None, *, now_s: int
) -> list[Viewer]:
    """The viewers to list, each once."""
    if sample is None:
        found = list(islice(wanted, MOST_LISTED + 1))
        if len(found) > MOST_LISTED:
            typer.echo(f"The first {MOST_LISTED} viewers of {path}; --sample chooses among more, --viewer shows one.")
    else:
        found = differing(islice(wanted, LOOKED_AT), campaign, sample, now_s=now_s)
        if next(wanted, None) is not None:
            typer.echo(f"Chosen among the first {LOOKED_AT} viewers of {path}.")
    return found[:MOST_LISTED]


def _viewers(path: Path, campaign: Campaign, style: Style, broken: list[Problem]) -> Iterator[Viewer]:
    """The campaign's viewers; the first rows that cannot be read are added to `broken`."""
    seen: set[str] = set()
    for row in read_book(path, [campaign], style):
        viewer = row.viewer
        if isinstance(viewer, Problem) and len(broken) < NAMED_LINES:
            broken.append(viewer)
        # Broken lines and ids that come twice are what `check` is for.
        if isinstance(viewer, Viewer) and viewer.campaign_id == campaign.campaign_id and viewer.viewer_id not in seen:
            seen.add(viewer.viewer_id)
            yield replace(viewer, link_ref=SOME_LINK_REF)


@dataclass(frozen=True, slots=True)
class _Kind:
    """Viewers whose videos are made of the same things; the first of them."""

    viewer: Viewer
    traits: frozenset[Trait]


def differing(viewers: Iterable[Viewer], campaign: Campaign, count: int, *, now_s: int) -> list[Viewer]:
    """At most `count` viewers, each chosen for the most that those before do not show; of equals the earlier."""
    kinds: dict[frozenset[Trait], _Kind] = {}
    for viewer in viewers:
        found = frozenset(traits(campaign, viewer, now_s=now_s)[1])
        kinds.setdefault(found, _Kind(viewer, found))
    left = list(kinds.values())
    seen: set[Trait] = set()
    chosen: list[Viewer] = []
    while left and len(chosen) < count:
        best = max(left, key=lambda kind: len(kind.traits - seen))
        left.remove(best)
        seen |= best.traits
        chosen.append(best.viewer)
    return chosen
