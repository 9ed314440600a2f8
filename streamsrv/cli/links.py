"""`streamsrv links`: the link of every viewer, as the CSV that a mail system takes."""

import csv
import os
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from streamsrv.cli.workshop import open_ledger
from streamsrv.config import LinkSettings, load_settings
from streamsrv.core import tokens, urls
from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import invalid
from streamsrv.core.experiments import HOLDOUT, unit_key
from streamsrv.core.model import CampaignId, Viewer, ViewerId
from streamsrv.core.rules import HELD_OUT, assigned_unit, assignments
from streamsrv.stores.assignments import Entry
from streamsrv.stores.campaigns import Against, load_campaigns
from streamsrv.stores.viewers import identity_of, load_viewers


@dataclass(frozen=True, slots=True)
class Link:
    """One viewer's link and what hangs on it, as absolute URLs."""

    viewer: str
    campaign: str
    url: str
    multivariant_url: str
    poster_url: str
    held_out: bool
    """Whether the viewer is in the holdout: their link shows the control story."""


def links(
    config: Annotated[Path, typer.Option(help="The settings file.")] = Path("config/server.toml"),
) -> None:
    """Write every viewer's link as CSV, after recording which arm of which experiment each viewer is assigned to."""
    settings = load_settings(config, os.environ)
    server = settings.server
    base_url = server.base_url.rstrip("/") or f"http://{server.host}:{server.port}"
    campaigns = load_campaigns(settings.storage.campaigns, Against())
    viewers = load_viewers(settings.storage.viewers, campaigns)
    now_s = int(time.time())
    settings.links.keys()  # A missing secret is said before the first line is written.
    held_out = record_assignments(settings.storage.assignments, campaigns, viewers, now_s=now_s)
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(Link.__slots__)
    for viewer in viewers:
        out = (viewer.campaign_id, viewer.viewer_id) in held_out
        link = link_of(viewer, settings.links, base_url=base_url, now_s=now_s, held_out=out)
        table.writerow([link.viewer, link.campaign, link.url, link.multivariant_url, link.poster_url, str(out).lower()])


def link_of(viewer: Viewer, settings: LinkSettings, *, base_url: str, now_s: int, held_out: bool = False) -> Link:
    """A fresh link that lasts as long as the settings say."""
    keys = settings.keys()
    link_id = identity_of(keys).link_id(viewer.campaign_id, viewer.viewer_id)
    token = tokens.sign_link(link_id, expires_at_s=now_s + settings.link_s, keys=keys)
    return Link(
        viewer=viewer.viewer_id,
        campaign=viewer.campaign_id,
        url=base_url + urls.link_path(token),
        multivariant_url=base_url + urls.bare_multivariant_path(token),
        poster_url=base_url + urls.poster_path(token),
        held_out=held_out,
    )


def record_assignments(
    path: Path, campaigns: Mapping[CampaignId, Campaign], viewers: Iterable[Viewer], *, now_s: int
) -> set[tuple[CampaignId, ViewerId]]:
    """Record every viewer's arms, before any of them is written to (C18); who is held out. Recorded before: stays."""
    random = {campaign_id for campaign_id, one in campaigns.items() if one.holdout is not None or one.experiments}
    if not random:
        return set()
    ledger = open_ledger(path)
    held_out: set[tuple[CampaignId, ViewerId]] = set()

    def entries() -> Iterator[Entry]:
        for viewer in viewers:
            campaign = campaigns[viewer.campaign_id]
            unit = assigned_unit(campaign, viewer) if viewer.campaign_id in random else None
            if unit is None:
                continue
            key = unit_key(salt=campaign.campaign_id, unit=unit)
            arms = assignments(campaign, unit, ledger.recorded(campaign.campaign_id, key))
            if arms.get(HOLDOUT) == HELD_OUT:
                held_out.add((viewer.campaign_id, viewer.viewer_id))
            for experiment, arm in arms.items():
                yield Entry(viewer.campaign_id, key, experiment, arm, campaign.release, now_s * 1000)

    try:
        for _ in ledger.record_many(entries()):
            pass
        return held_out
    except sqlite3.Error as error:
        raise invalid(str(path), f"assignments cannot be recorded: {error}", "a disk that can be written") from error
    finally:
        ledger.close()
