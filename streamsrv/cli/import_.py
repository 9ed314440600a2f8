"""`streamsrv import`: a customer's file of viewers into the store."""

import asyncio
import os
import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from streamsrv.analytics.wording import counted, number
from streamsrv.cli.acting import Acting
from streamsrv.cli.running import Running, end_interrupted, running
from streamsrv.cli.workshop import find_campaign
from streamsrv.config import Settings, load_settings
from streamsrv.core.errors import invalid
from streamsrv.core.importing import make_style
from streamsrv.core.model import TenantId
from streamsrv.stores.imports import Job, Outcome, Plan, prepare, run_import
from streamsrv.stores.register import open_register, own_folder
from streamsrv.stores.secrets import load_vault_keys


def import_(
    file: Annotated[Path, typer.Argument(help="CSV as spreadsheets and CRMs write it, NDJSON or Parquet.")],
    campaign: Annotated[str, typer.Option(help="The campaign whose viewers these are.")],
    rejects: Annotated[
        Path | None, typer.Option(help="Where rejected rows are listed; FILE.rejects.csv when not given.")
    ] = None,
    id_column: Annotated[str | None, typer.Option(help="The header of the viewers' ids.")] = None,
    map: Annotated[list[str] | None, typer.Option(help="ATTRIBUTE=HEADER: what a column is.")] = None,
    decimal: Annotated[str | None, typer.Option(help='The decimal mark of numbers: "." or ",".')] = None,
    date_format: Annotated[str | None, typer.Option(help="How dates are written, such as %d.%m.%Y.")] = None,
    restore: Annotated[bool, typer.Option("--restore", help="Let viewers who were erased come back.")] = False,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that check and encrypt.")] = os.cpu_count()
    or 1,
    config: Annotated[Path, typer.Option(help="The settings file.")] = Path("config/server.toml"),
) -> None:
    """Import viewers. Good rows go in, bad rows into a file of rejects; run again, it goes on where it stopped."""
    settings = load_settings(config, os.environ)
    found = find_campaign(campaign, settings, option="--campaign")
    job = prepare(
        file,
        found,
        style=make_style(decimal, date_format),
        id_column=id_column,
        mapping=_mapping(map or ()),
        restore=restore,
    )
    for line in job.checks.match.report():
        typer.echo(line)
    with running(f"Importing {file.name}", "rows") as run:
        rejects_path = rejects or file.with_name(f"{file.name}.rejects.csv")
        outcome = asyncio.run(_import(settings, job, found.tenant_id, rejects_path, workers, run))
    for line in summary(outcome):
        typer.echo(line)
    if not outcome.finished:
        end_interrupted(f"to go on: {shlex.join(['streamsrv', *sys.argv[1:]])}")
    if not outcome.tally.imported:
        what = "no row was good: nobody was imported" if outcome.tally.rows else "has no rows: nobody was imported"
        raise invalid(str(file), what, "at least one row that fits the campaign's schema")


async def _import(
    settings: Settings, job: Job, tenant_id: TenantId, rejects: Path, workers: int, run: Running
) -> Outcome:
    async with open_register(settings) as register:
        acting = Acting(register)
        await acting.note(tenant_id, "viewers.import.begin", job.checks.campaign_id)
        plan = Plan(
            checks=job.checks,
            state=settings.state,
            vault_keys=load_vault_keys(settings.vault, own_folder(settings.state)),
            identity_secret=register.identity.secret,
            restore=job.restore,
            at_s=int(time.time()),
        )
        outcome = await run_import(
            job,
            plan,
            register.state,
            rejects_path=rejects,
            workers=workers,
            stopped=lambda: run.stopped,
            told=lambda share, tally: run.told(share, tally.rows),
        )
        detail = {"stored": outcome.tally.imported, "rejected": outcome.tally.rejected}
        action = "viewers.import.end" if outcome.finished else "viewers.import.stop"
        await acting.note(tenant_id, action, job.checks.campaign_id, detail)
        return outcome


def summary(outcome: Outcome) -> Iterator[str]:
    """What an import has come to, line by line."""
    tally = outcome.tally
    if outcome.resumed_after:
        yield f"went on after row {number(outcome.resumed_after)}"
    yield f"{counted(tally.rows, 'row')}: {number(tally.imported)} imported, {number(tally.rejected)} rejected"
    for field, count in sorted(tally.by_field.items(), key=lambda item: (-item[1], item[0])):
        yield f"  {field}: {counted(count, 'row')}"
    if outcome.rejects is not None:
        yield f"rejected rows are listed in {outcome.rejects}"


def _mapping(told: Sequence[str]) -> dict[str, str]:
    """ATTRIBUTE=HEADER, taken apart; raises `Invalid`."""
    mapping: dict[str, str] = {}
    for one in told:
        attribute, equals, header = one.partition("=")
        if not (attribute and equals and header):
            raise invalid(f"--map {one}", "does not say which column an attribute is", "ATTRIBUTE=HEADER")
        if attribute in mapping:
            raise invalid(f"--map {one}", f"{attribute} is told twice", "one column for an attribute")
        mapping[attribute] = header
    return mapping
