"""`streamsrv links`: the link of every viewer, as the CSV that a mail system takes."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, TextIO

import typer

from streamsrv.analytics.wording import counted
from streamsrv.cli.acting import Acting
from streamsrv.cli.running import Running, end_interrupted, running
from streamsrv.cli.workshop import find_campaign
from streamsrv.config import Settings, load_settings
from streamsrv.core import urls
from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import invalid
from streamsrv.core.importing import safe_cell
from streamsrv.core.model import CampaignId, Viewer, ViewerId
from streamsrv.core.tokens import TokenKeys
from streamsrv.management import DAY_S, end_of_day_s
from streamsrv.stores.campaigns import Against, load_campaigns
from streamsrv.stores.issuing import Issued, Issuer
from streamsrv.stores.register import Register, open_register, own_folder
from streamsrv.stores.secrets import load_token_keys

HEADER = "viewer,campaign,url,multivariant_url,poster_url,moment_url,held_out\n"


@dataclass(frozen=True, slots=True)
class Link:
    """One viewer's link and what hangs on it: paths, until `at` says where the server is."""

    viewer: str
    campaign: str
    url: str
    multivariant_url: str
    poster_url: str
    held_out: bool
    """Whether the viewer is in the holdout: their link shows the control story."""

    def at(self, base_url: str) -> "Link":
        """The link with absolute URLs."""
        return replace(
            self,
            url=base_url + self.url,
            multivariant_url=base_url + self.multivariant_url,
            poster_url=base_url + self.poster_url,
        )


def links(
    campaign: Annotated[str | None, typer.Option(help="The campaign; may be left out where there is one only.")] = None,
    viewer: Annotated[list[str] | None, typer.Option(help="Only this viewer; may be given again.")] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write; standard output when not given.")] = None,
    days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="How long they open; links.link_s when not given.")
    ] = None,
    config: Annotated[Path, typer.Option(help="The settings file.")] = Path("config/server.toml"),
) -> None:
    """Write viewers' links as CSV. Which arm each viewer is in is recorded before their link is written."""
    settings = load_settings(config, os.environ)
    found = find_campaign(campaign or _only_campaign(settings), settings, option="--campaign")
    keys = load_token_keys(settings.links, own_folder(settings.state))
    life_s = settings.links.link_s if days is None else days * DAY_S
    with running("Writing links", "links") as run, _output(out, run) as file:
        count = asyncio.run(_write(settings, found, keys, life_s, [ViewerId(one) for one in viewer or ()], file, run))
    if run.stopped:
        end_interrupted("no file was written" if out else "what was written is not all")
    typer.echo(f"{counted(count, 'link')} of campaign {found.campaign_id}", err=True)


async def issue_links(
    register: Register,
    campaigns: Mapping[CampaignId, Campaign],
    viewers: Sequence[Viewer],
    *,
    keys: TokenKeys,
    now_s: int,
    expires_at_s: int,
) -> list[Link]:
    """A link for each viewer who is in the store, once their arms are recorded (C18). Raises `Unavailable`."""
    issued: list[Link] = []
    for campaign in campaigns.values():
        issuer = Issuer(register, campaign, keys, now_s=now_s, expires_at_s=expires_at_s)
        theirs = [one.viewer_id for one in viewers if one.campaign_id == campaign.campaign_id]
        issued += [_link(campaign.campaign_id, one) for one in await issuer.of_these(theirs)]
    return issued


async def _write(
    settings: Settings,
    campaign: Campaign,
    keys: TokenKeys,
    life_s: int,
    viewers: Sequence[ViewerId],
    file: TextIO,
    run: Running,
) -> int:
    """Write the lines; how many."""
    server = settings.server
    base_url = server.base_url.rstrip("/") or f"http://{server.host}:{server.port}"
    now_s = int(time.time())
    expires_at_s = end_of_day_s(now_s + life_s)
    written = 0
    async with open_register(settings) as register:
        issuer = Issuer(register, campaign, keys, now_s=now_s, expires_at_s=expires_at_s)
        detail = {"viewers": len(viewers) or "all", "expires_at_s": expires_at_s}
        await Acting(register).note(campaign.tenant_id, "links.issue", campaign.campaign_id, detail)
        file.write(HEADER)
        async for issued in _these(issuer, viewers, campaign) if viewers else issuer.of_all():
            file.writelines(_line(campaign.campaign_id, one, base_url) for one in issued)
            written += len(issued)
            run.told(None, written)
            if run.stopped:
                break
    return written


async def _these(issuer: Issuer, viewers: Sequence[ViewerId], campaign: Campaign) -> AsyncIterator[list[Issued]]:
    issued = await issuer.of_these(list(dict.fromkeys(viewers)))
    there = {one.viewer_id for one in issued}
    for viewer_id in viewers:
        if viewer_id not in there:
            what = f"campaign {campaign.campaign_id} has no viewer {viewer_id!r}"
            raise invalid("--viewer", what, "the id of an imported viewer")
    yield issued


def _line(campaign_id: CampaignId, issued: Issued, base_url: str) -> str:
    token = issued.token
    held_out = "true" if issued.held_out else "false"
    return (
        f"{safe_cell(issued.viewer_id)},{campaign_id},{base_url}{urls.link_path(token)},"
        f"{base_url}{urls.bare_multivariant_path(token)},{base_url}{urls.poster_path(token)},"
        f"{base_url}{urls.moment_path(token)},{held_out}\n"
    )


def _link(campaign_id: CampaignId, issued: Issued) -> Link:
    return Link(
        viewer=issued.viewer_id,
        campaign=campaign_id,
        url=urls.link_path(issued.token),
        multivariant_url=urls.bare_multivariant_path(issued.token),
        poster_url=urls.poster_path(issued.token),
        held_out=issued.held_out,
    )


def _only_campaign(settings: Settings) -> str:
    campaigns = load_campaigns(settings.storage.campaigns, Against())
    if len(campaigns) > 1:
        raise invalid("--campaign", "is not given", f"one of: {', '.join(sorted(campaigns))}")
    return next(iter(campaigns))


@contextmanager
def _output(path: Path | None, run: Running) -> Iterator[TextIO]:
    """Where lines go. A file appears under its name when it is whole: nobody is sent half of it by mistake."""
    if path is None:
        yield sys.stdout
        return
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            part.chmod(0o600)
            yield file
            file.flush()
            os.fsync(file.fileno())
        if not run.stopped:
            part.replace(path)
    except OSError as error:
        raise invalid(
            str(path), f"cannot be written: {error.strerror}", "a folder with room, and the right to"
        ) from error
    finally:
        part.unlink(missing_ok=True)
