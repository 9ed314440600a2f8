"""`streamsrv links`: the link of every viewer, as the CSV that a mail system takes."""

import csv
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from streamsrv.config import LinkSettings, load_settings
from streamsrv.core import urls
from streamsrv.core.model import Viewer
from streamsrv.stores.campaigns import load_campaigns
from streamsrv.stores.viewers import link_id_of, load_viewers


@dataclass(frozen=True, slots=True)
class Link:
    """One viewer's link and what hangs on it, as absolute URLs."""

    viewer: str
    campaign: str
    url: str
    multivariant_url: str
    poster_url: str


def links(
    config: Annotated[Path, typer.Option(help="The settings file.")] = Path("config/server.toml"),
) -> None:
    """Write every viewer's link as CSV: viewer, campaign, url, multivariant_url, poster_url."""
    settings = load_settings(config, os.environ)
    server = settings.server
    base_url = server.base_url.rstrip("/") or f"http://{server.host}:{server.port}"
    viewers = load_viewers(settings.storage.viewers, load_campaigns(settings.storage.campaigns, scene_ids=None))
    now_s = int(time.time())
    settings.links.keys()  # A missing secret is said before the first line is written.
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(Link.__slots__)
    for viewer in viewers:
        link = link_of(viewer, settings.links, base_url=base_url, now_s=now_s)
        table.writerow([link.viewer, link.campaign, link.url, link.multivariant_url, link.poster_url])


def link_of(viewer: Viewer, settings: LinkSettings, *, base_url: str, now_s: int) -> Link:
    """A fresh link that lasts as long as the settings say."""
    keys = settings.keys()
    token = urls.sign_link(link_id_of(viewer, keys), expires_at_s=now_s + settings.link_s, keys=keys)
    return Link(
        viewer=viewer.viewer_id,
        campaign=viewer.campaign_id,
        url=base_url + urls.link_path(token),
        multivariant_url=base_url + urls.bare_multivariant_path(token),
        poster_url=base_url + urls.poster_path(token),
    )
