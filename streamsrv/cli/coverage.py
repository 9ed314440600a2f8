"""`streamsrv coverage`: what a sample of viewers gets to see of a campaign, before anyone is shown anything."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console

from streamsrv.analytics.coverage import Coverage
from streamsrv.analytics.coverage_page import page
from streamsrv.cli.coverage_tables import print_report
from streamsrv.cli.sample import INTERRUPTED, Sample
from streamsrv.cli.workshop import DateFormat, DecimalMark, ViewersFile, find_campaign, packaged_scenes
from streamsrv.config import load_settings
from streamsrv.core.errors import invalid
from streamsrv.core.importing import make_style


def coverage(
    campaign: Annotated[str, typer.Option(help="The campaign's id, or its file.")],
    viewers: ViewersFile = None,
    decimal: DecimalMark = None,
    date_format: DateFormat = None,
    html: Annotated[Path | None, typer.Option(help="Write the report to this file, as a page.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    at: Annotated[datetime | None, typer.Option(help="The moment (UTC) to decide for; now if not given.")] = None,
    config: Annotated[Path, typer.Option(help="The settings file.")] = Path("config/server.toml"),
) -> None:
    """Say what a sample of viewers gets to see: shares of each branch, what nobody reaches, lengths, renders."""
    settings = load_settings(config if config.is_file() else None, os.environ)
    told = find_campaign(campaign, settings, option="--campaign")
    now_s = int((at.replace(tzinfo=UTC) if at else datetime.now(UTC)).timestamp())
    counted = Coverage(told, packaged_scenes(settings), now_s=now_s)
    sample = Sample(viewers or settings.storage.viewers, [told], make_style(decimal, date_format))
    for viewer in sample.viewers():
        counted.add(viewer)
    report = counted.report(sample.reading())
    if html is not None:
        try:
            html.write_text(page(report), encoding="utf-8")
        except OSError as error:
            raise invalid(f"--html {html}", f"cannot be written: {error.strerror}") from error
    if as_json:
        typer.echo(orjson.dumps(report, option=orjson.OPT_INDENT_2))
    else:
        print_report(report, Console(file=sys.stdout, highlight=False))
    if not report.reading.complete:
        raise typer.Exit(INTERRUPTED)
