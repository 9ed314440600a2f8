"""What commands about campaigns share: the scenes, a campaign by its id or its file, and the viewers of a file."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from streamsrv.config import Settings, load_ladder
from streamsrv.core.campaign import Campaign
from streamsrv.core.campaign.document import listing, nearest, quoted
from streamsrv.core.errors import Invalid, Problem, invalid
from streamsrv.core.importing import Style
from streamsrv.core.model import CampaignId, Scene, SceneId, Viewer
from streamsrv.stores.book import read_book
from streamsrv.stores.campaigns import SUFFIXES, Against, load_campaigns, read_campaigns
from streamsrv.stores.scenes import load_catalog
from streamsrv.stores.segments import open_store

LISTED_VIEWERS = 20
NAMED_LINES = 3
"""Lines told that do not fit, where a viewer is not found: it may stand in one of them."""
ViewersFile = Annotated[
    Path | None,
    typer.Option("--viewers", help="Viewers: JSON lines, CSV or Parquet; the settings' file if not given."),
]
DecimalMark = Annotated[str | None, typer.Option("--decimal", help='The decimal mark of CSV: "." or ",".')]
DateFormat = Annotated[str | None, typer.Option(help="How dates of CSV are written, such as %d.%m.%Y.")]
SOME_LINK_REF = "LINK-REF"
"""Stands where a viewer's own reference stands in the addresses they get: it needs the server's secret."""


def against(settings: Settings) -> Against:
    """What campaigns are held against: scenes where any are packaged, and the settings."""
    return Against(packaged_scenes(settings), settings.campaigns.cta_hosts, settings.sources.allow_hosts)


def packaged_scenes(settings: Settings) -> Mapping[SceneId, Scene] | None:
    """The packaged scenes, or None where there is no store to read them from yet."""
    try:
        store = open_store(settings.storage.segments)
        target_duration_s = load_ladder(settings.storage.ladder).target_duration_s()
        return load_catalog(store, target_duration_s=target_duration_s).scenes
    except Invalid:
        return None


def find_campaign(named: str, settings: Settings, *, option: str) -> Campaign:
    """The campaign of a file, or the one with this id in the settings' folder; raises `Invalid`."""
    path = Path(named)
    if path.suffix in SUFFIXES:
        loaded, problems = read_campaigns([path], against(settings))
        if problems:
            raise Invalid(problems)
        return loaded[path]
    campaigns = load_campaigns(settings.storage.campaigns, against(settings))
    found = campaigns.get(CampaignId(named))
    if found is None:
        known = tuple(sorted(campaigns))
        what = f"there is no campaign {quoted(named)}{nearest(named, known)}"
        raise invalid(option, what, f"{', '.join(known)}, or a campaign's file")
    return found


def find_viewer(path: Path, campaign: Campaign, viewer_id: str, style: Style, *, asked_store: bool = False) -> Viewer:
    """The campaign's viewer of this id in a viewers' file; raises `Invalid`.

    `asked_store`: the store has nobody of this id, which the message says as well.
    """
    others: list[str] = []
    broken: list[Problem] = []
    for row in read_book(path, [campaign], style):
        viewer = row.viewer
        if isinstance(viewer, Problem):
            broken += [viewer] if len(broken) < NAMED_LINES else []
        elif viewer.campaign_id == campaign.campaign_id:
            if viewer.viewer_id == viewer_id:
                return replace(viewer, link_ref=SOME_LINK_REF)
            if len(others) < LISTED_VIEWERS:
                others.append(viewer.viewer_id)
    who = f"viewer {quoted(viewer_id)} of campaign {campaign.campaign_id}{nearest(viewer_id, others)}"
    what = f"neither the store nor {path} has a {who}" if asked_store else f"{path} has no {who}"
    expected = f"one of: {listing(others)}" if others else "a viewer of this campaign"
    raise Invalid([Problem("--viewer", what, expected), *broken])
