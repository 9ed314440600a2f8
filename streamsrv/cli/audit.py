"""`streamsrv audit`: who did what. Whether the log is whole, and the log itself for whoever keeps it elsewhere."""

import asyncio
import os
from pathlib import Path
from typing import Annotated, TextIO

import typer

from streamsrv.app.clock import SystemClock
from streamsrv.cli.actors import audit_log, find_tenant, whoever_runs_this
from streamsrv.config import Settings, load_settings
from streamsrv.core.audit import START, Act, Head, parse_head
from streamsrv.core.errors import Invalid, Problem, invalid
from streamsrv.core.model import MAIN_TENANT, TenantId
from streamsrv.stores.audit import Verdict
from streamsrv.stores.campaigns import Against, load_campaigns
from streamsrv.stores.register import open_register

Config = Annotated[Path, typer.Option(help="The settings file.")]
Tenant = Annotated[str, typer.Option(help="Whose log.")]
CONFIG = Path("config/server.toml")

audit = typer.Typer(
    no_args_is_help=True, add_completion=False, help="The audit log: look whether it is whole, or write it out."
)


@audit.command()
def verify(
    tenant: Tenant = MAIN_TENANT,
    head: Annotated[str, typer.Option(help="A head that was noted before, as this command printed it.")] = "",
    config: Config = CONFIG,
) -> None:
    """Look at every line of the log; exit 1 where one was changed, moved, put in or taken out.

    Prints the head. Noted elsewhere and given as --head later on, it tells whether the whole log was put back.
    """
    settings = load_settings(config, os.environ)
    noted = parse_head(head) if head else START
    if noted is None:
        raise invalid("--head", "is not the head of a log", "what this command printed: 12:9f86d0…")
    verdict = asyncio.run(_verify(settings, _tenant(tenant, settings), noted))
    if verdict.problems:
        raise Invalid(Problem(f"audit log of {tenant}, {one.where}", one.what) for one in verdict.problems)
    typer.echo(f"{verdict.head.lines} lines, all as they were written. The head, to be noted elsewhere:", err=True)
    typer.echo(verdict.head.text)


@audit.command()
def export(
    tenant: Tenant = MAIN_TENANT,
    out: Annotated[Path | None, typer.Option(help="Where to; standard output when not given.")] = None,
    config: Config = CONFIG,
) -> None:
    """Write the log out, a line of JSON for each act. That it was written out becomes its last line."""
    settings = load_settings(config, os.environ)
    tenant_id = _tenant(tenant, settings)
    if out is None:
        asyncio.run(_export(settings, tenant_id, typer.get_text_stream("stdout")))
        return
    try:
        with out.open("x", encoding="utf-8") as file:
            asyncio.run(_export(settings, tenant_id, file))
    except FileExistsError as error:
        raise invalid(f"--out {out}", "is there already", "a new file") from error
    except OSError as error:
        raise invalid(f"--out {out}", f"cannot be written: {error.strerror}") from error


def _tenant(named: str, settings: Settings) -> TenantId:
    return find_tenant(named, load_campaigns(settings.storage.campaigns, Against()).values())


async def _verify(settings: Settings, tenant_id: TenantId, noted: Head) -> Verdict:
    async with open_register(settings) as register:
        return await audit_log(register).verify(tenant_id, noted=noted)


async def _export(settings: Settings, tenant_id: TenantId, file: TextIO) -> None:
    async with open_register(settings) as register:
        log = audit_log(register)
        actor = whoever_runs_this(tenant_id)
        await log.append(tenant_id, Act(SystemClock().now_ms(), actor.name, "audit.export", tenant_id, {}))
        async for line in log.lines(tenant_id):
            file.write(f"{line}\n")
