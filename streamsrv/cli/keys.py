"""`streamsrv keys`: API keys made, listed and revoked. A key's text is shown once, and kept nowhere."""

import asyncio
import os
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from streamsrv.app.clock import SystemClock
from streamsrv.cli.actors import audit_log, find_tenant, whoever_runs_this
from streamsrv.config import Settings, load_settings
from streamsrv.core.api_keys import MAX_NAME_CHARACTERS, ApiKey, Scope, make_key
from streamsrv.core.audit import Act
from streamsrv.core.errors import invalid
from streamsrv.core.model import MAIN_TENANT, TenantId
from streamsrv.stores.campaigns import Against, load_campaigns
from streamsrv.stores.keys import KEPT_S, RedisApiKeys
from streamsrv.stores.register import Register, open_register

DAY_S = 86_400
Config = Annotated[Path, typer.Option(help="The settings file.")]
CONFIG = Path("config/server.toml")

keys = typer.Typer(no_args_is_help=True, add_completion=False, help="API keys: make one, list them, revoke one.")


@keys.command()
def create(
    scope: Annotated[list[Scope], typer.Option(help="What the key may do; once for each.")],
    tenant: Annotated[str, typer.Option(help="Whose campaigns it is for.")] = MAIN_TENANT,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it is good for.")] = 90,
    name: Annotated[str, typer.Option(help="Which program holds it, for people.")] = "",
    config: Config = CONFIG,
) -> None:
    """Make a key and print it. It is shown once: only its hash is kept."""
    settings = load_settings(config, os.environ)
    if len(name) > MAX_NAME_CHARACTERS or not name.isprintable():
        raise invalid("--name", "is too long, or not plain text", f"at most {MAX_NAME_CHARACTERS} characters")
    tenant_id = find_tenant(tenant, load_campaigns(settings.storage.campaigns, Against()).values())
    text, key = asyncio.run(_create(settings, tenant_id, frozenset(scope), name=name, life_s=days * DAY_S))
    typer.echo(f"{_shown(key)} is good until {_date(key.expires_at_s)}. It is shown this once:", err=True)
    typer.echo(text)


@keys.command("list")
def list_keys(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False, config: Config = CONFIG
) -> None:
    """List the keys of all tenants; their texts are not known to anybody but their owners."""
    found = asyncio.run(_all(load_settings(config, os.environ)))
    now_s = SystemClock().now_ms() // 1000
    if as_json:
        typer.echo(orjson.dumps([_document(key, now_s) for key in found], option=orjson.OPT_INDENT_2))
        return
    table = Table("key", "name", "tenant", "scopes", "made", "good until", "state", box=None, pad_edge=False)
    for key in found:
        scopes = ", ".join(sorted(key.scopes))
        dates = _date(key.created_at_s), _date(key.expires_at_s)
        table.add_row(_shown(key), key.name, key.tenant_id, scopes, *dates, _state(key, now_s))
    Console(file=sys.stdout, highlight=False).print(table)


@keys.command()
def revoke(
    prefix: Annotated[str, typer.Argument(help="The key's prefix: what stands between ssk_ and the next _.")],
    config: Config = CONFIG,
) -> None:
    """End a key's use, in every process within half a minute."""
    key = asyncio.run(_revoke(load_settings(config, os.environ), prefix.removeprefix("ssk_").partition("_")[0]))
    typer.echo(f"{_shown(key)} is revoked; every process knows within {KEPT_S} s", err=True)


async def make_and_keep(
    register: Register, tenant_id: TenantId, scopes: frozenset[Scope], *, name: str, life_s: int
) -> tuple[str, ApiKey]:
    """A new key's text and what is kept of it, written down first; raises `Unavailable`."""
    clock = SystemClock()
    text, key = make_key(
        tenant_id,
        scopes,
        name=name,
        now_s=clock.now_ms() // 1000,
        life_s=life_s,
        random_bytes=secrets.token_bytes,
    )
    detail: dict[str, str | int] = {"scopes": " ".join(sorted(scopes)), "expires_at_s": key.expires_at_s}
    await _note(register, clock, tenant_id, "api_key.create", key.prefix, detail)
    await RedisApiKeys(register.state, clock).add(key)
    return text, key


async def _create(
    settings: Settings, tenant_id: TenantId, scopes: frozenset[Scope], *, name: str, life_s: int
) -> tuple[str, ApiKey]:
    async with open_register(settings) as register:
        return await make_and_keep(register, tenant_id, scopes, name=name, life_s=life_s)


async def _all(settings: Settings) -> list[ApiKey]:
    async with open_register(settings) as register:
        found = {key.prefix: key async for key in RedisApiKeys(register.state, SystemClock()).all_keys()}
        return sorted(found.values(), key=lambda key: (key.tenant_id, key.created_at_s, key.prefix))


async def _revoke(settings: Settings, prefix: str) -> ApiKey:
    async with open_register(settings) as register:
        clock = SystemClock()
        store = RedisApiKeys(register.state, clock)
        key = await store.kept(prefix)
        await _note(register, clock, key.tenant_id, "api_key.revoke", prefix, {})
        return await store.revoke(prefix)


async def _note(
    register: Register, clock: SystemClock, tenant_id: TenantId, action: str, prefix: str, detail: dict[str, str | int]
) -> None:
    actor = whoever_runs_this(tenant_id)
    await audit_log(register).append(tenant_id, Act(clock.now_ms(), actor.name, action, prefix, detail))


def _shown(key: ApiKey) -> str:
    return f"ssk_{key.prefix}_…{key.tail}"


def _state(key: ApiKey, now_s: int) -> str:
    if key.revoked_at_s is not None:
        return "revoked"
    return "good" if key.is_good_at(now_s) else "over"


def _date(unix_s: int) -> str:
    return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%d %H:%M")


def _document(key: ApiKey, now_s: int) -> dict[str, object]:
    return {
        "prefix": key.prefix,
        "tail": key.tail,
        "name": key.name,
        "tenant": key.tenant_id,
        "scopes": sorted(key.scopes),
        "created_at_s": key.created_at_s,
        "expires_at_s": key.expires_at_s,
        "revoked_at_s": key.revoked_at_s,
        "state": _state(key, now_s),
    }
