"""`streamsrv erase`: viewers out of the store for good, with a proof."""

import asyncio
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from streamsrv.analytics.wording import counted
from streamsrv.app.rendering import open_rendered
from streamsrv.cli.acting import Acting
from streamsrv.cli.actors import management_of, whoever_runs_this
from streamsrv.cli.running import Running, running
from streamsrv.cli.workshop import find_campaign
from streamsrv.config import Settings, load_settings
from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import invalid
from streamsrv.core.importing.rows import MAX_ID_CHARS
from streamsrv.core.model import ViewerId
from streamsrv.stores.campaigns import Against, load_campaigns
from streamsrv.stores.contents import Removal
from streamsrv.stores.erasure import erasures_of, reapply
from streamsrv.stores.register import Register, open_register
from streamsrv.stores.retention import expire_viewers
from streamsrv.stores.state.compaction import compact

AT_ONCE = 10_000


def erase(
    campaign: Annotated[str | None, typer.Option(help="The campaign whose viewers they are.")] = None,
    viewer: Annotated[list[str] | None, typer.Option(help="A viewer's id; may be given again.")] = None,
    file: Annotated[Path | None, typer.Option(help="A file of viewers' ids, one a line.")] = None,
    expired: Annotated[
        bool, typer.Option("--expired", help="Viewers past the retention_days of their campaign instead.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--reapply", help="After a backup was put back: whoever was erased since it was made.")
    ] = False,
    config: Annotated[Path, typer.Option(help="The settings file.")] = Path("config/server.toml"),
) -> None:
    """Erase viewers: their data, sessions and assignments. Nothing brings them back but `import --restore`."""
    settings = load_settings(config, os.environ)
    named = campaign is not None and bool(viewer or file)
    if [named, expired, again].count(True) != 1 or (campaign is None and bool(viewer or file)):
        raise invalid("erase", "does not say whom", "--campaign with --viewer or --file, --expired, or --reapply")
    with running("Erasing", "viewers") as run:
        if again:
            said = asyncio.run(_reapply(settings))
        elif expired:
            said = asyncio.run(_expire(settings, campaign))
        else:
            assert campaign is not None
            found = find_campaign(campaign, settings, option="--campaign")
            said = asyncio.run(_erase(settings, found, list(_ids(viewer or (), file)), run))
    typer.echo(said)


async def _erase(settings: Settings, campaign: Campaign, viewers: Sequence[ViewerId], run: Running) -> str:
    actor = whoever_runs_this(campaign.tenant_id)
    were_there = 0
    async with open_register(settings) as register:
        management = management_of(register, settings)
        for start in range(0, len(viewers), AT_ONCE):
            batch = viewers[start : start + AT_ONCE]
            were_there += await management.erase_all(actor, campaign, batch)
            run.told((start + len(batch)) / len(viewers), start + len(batch))
        files = await _compacted(register, settings)
        head = await management.head(actor)
    absent = len(viewers) - were_there
    unknown = f" ({absent:,} of them {'was' if absent == 1 else 'were'} not there, and may not come)" if absent else ""
    return f"erased {counted(len(viewers), 'viewer')}{unknown}; {files}\nproof: audit log {head}"


async def _expire(settings: Settings, named: str | None) -> str:
    live = load_campaigns(settings.storage.campaigns, Against())
    campaigns = list(live.values()) if named is None else [find_campaign(named, settings, option="--campaign")]
    expired = 0
    async with open_register(settings) as register:
        acting = Acting(register)
        for campaign in campaigns:
            count = await expire_viewers(register, campaign, now_s=int(time.time()))
            if count:
                await acting.note(campaign.tenant_id, "viewers.expire", campaign.campaign_id, {"viewers": count})
            expired += count
        files = await _compacted(register, settings) if expired else "nothing to do"
    return f"{counted(expired, 'viewer')} past their time; {files}"


async def _reapply(settings: Settings) -> str:
    async with open_register(settings) as register:
        back = await reapply(register.state, erasures_of(settings.state), now_s=int(time.time()))
        files = await _compacted(register, settings) if back else "nothing to do"
    return f"{counted(back, 'viewer')} had come back; {files}"


async def _compacted(register: Register, settings: Settings) -> str:
    await Removal(register.state, open_rendered(settings)).catch_up()
    if await compact(register.state, settings.state):
        return "nothing of them is left in the server's files"
    return "the server's own files and backups keep what they held, keys included, until they are written anew"


def _ids(viewers: Sequence[str], file: Path | None) -> Iterator[ViewerId]:
    """The ids, each once; raises `Invalid`."""
    seen: dict[str, None] = dict.fromkeys(viewers)
    if file is not None:
        try:
            text = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            what = error.strerror if isinstance(error, OSError) else "is not UTF-8"
            raise invalid(str(file), f"cannot be read: {what}", "viewers' ids, one a line") from error
        for number, line in enumerate(text.splitlines(), start=1):
            viewer_id = line.strip()
            if len(viewer_id) > MAX_ID_CHARS:
                raise invalid(f"{file}:{number}", f"has {len(viewer_id)} characters", "a viewer's id on each line")
            if viewer_id:
                seen[viewer_id] = None
    if not seen:
        raise invalid(str(file), "has no viewer's id", "one on each line")
    return map(ViewerId, seen)
