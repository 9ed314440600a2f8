"""`streamsrv diff`: which viewers would see something else if one campaign took another's place, and what."""

import os
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from streamsrv.analytics.difference import Change, Difference, DifferenceReport, Group, Kind, LengthChange
from streamsrv.analytics.wording import counted, number, percent, seconds, share_of
from streamsrv.cli.sample import INTERRUPTED, Sample, passed_over
from streamsrv.cli.workshop import DateFormat, DecimalMark, ViewersFile, find_campaign
from streamsrv.config import load_settings
from streamsrv.core.importing import make_style
from streamsrv.core.model import Viewer

SEEN: dict[Kind, str] = {
    "story": "another story (personal, fallback, control)",
    "scenes": "other scenes",
    "words": "the same scenes with other words",
    "cta": "another call to action",
    "language": "another language",
}


def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="A campaign's id, or its file.")],
    after: Annotated[str, typer.Argument(metavar="B", help="What would take its place: an id, or a file.")],
    viewers: ViewersFile = None,
    decimal: DecimalMark = None,
    date_format: DateFormat = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    one_by_one: Annotated[
        bool, typer.Option("--list", help="Print one line for each viewer who would see something else.")
    ] = False,
    at: Annotated[datetime | None, typer.Option(help="The moment (UTC) to decide for; now if not given.")] = None,
    config: Annotated[Path, typer.Option(help="The settings file.")] = Path("config/server.toml"),
) -> None:
    """Say which viewers would see something else with campaign B in place of A, and what."""
    settings = load_settings(config if config.is_file() else None, os.environ)
    old = find_campaign(before, settings, option="A")
    new = find_campaign(after, settings, option="B")
    now_s = int((at.replace(tzinfo=UTC) if at else datetime.now(UTC)).timestamp())
    difference = Difference(old, new, now_s=now_s)
    sample = Sample(viewers or settings.storage.viewers, [old, new], make_style(decimal, date_format))
    for viewer in sample.viewers(bar=not (one_by_one and sys.stdout.isatty())):
        changes = difference.add(viewer)
        if one_by_one and changes:
            typer.echo(_line(viewer, changes, as_json=as_json))
    report = difference.report(sample.reading())
    if as_json and not one_by_one:
        typer.echo(orjson.dumps(report, option=orjson.OPT_INDENT_2))
    elif not one_by_one:
        _print_report(report, Console(file=sys.stdout, highlight=False))
    if not report.reading.complete:
        typer.echo(f"stopped after {counted(report.reading.viewers, 'viewer')}", err=True)
        raise typer.Exit(INTERRUPTED)


def _line(viewer: Viewer, changes: Iterable[Change], *, as_json: bool) -> str:
    if as_json:
        kinds = [{"kind": change.kind, "what": change.what} for change in changes]
        return orjson.dumps({"viewer": viewer.viewer_id, "changes": kinds}).decode()
    return f"{viewer.viewer_id}\t{'; '.join(change.what for change in changes)}"


def _print_report(report: DifferenceReport, console: Console) -> None:
    for line in _head(report):
        console.print(Text(line))
    console.print()
    console.print(_counts(report))
    if report.changes:
        _section(console, "Changes", report.changes)
    if report.arms_moved:
        _section(console, "Viewers who are in another arm", report.arms_moved)
    lengths = [one for one in (report.longer, report.shorter) if one is not None]
    if lengths:
        console.print()
        for one in lengths:
            console.print(Text(_length(one)))


def _head(report: DifferenceReport) -> Iterator[str]:
    before, after, reading = report.before, report.after, report.reading
    yield f"A: campaign {before.campaign}, release {before.release[:12]}"
    same = ": the same" if before.release == after.release else ""
    yield f"B: campaign {after.campaign}, release {after.release[:12]}{same}"
    so_far = "" if reading.complete else " (stopped: what was compared so far)"
    yield f"{counted(reading.viewers, 'viewer')}{so_far}, decided for {report.at[:16].replace('T', ' ')} UTC"
    yield from passed_over(reading)


def _counts(report: DifferenceReport) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("with B instead of A, they see", overflow="fold")
    for column in ("viewers", "share"):
        table.add_column(column, justify="right", no_wrap=True)
    total = report.same + report.changed
    rows = [("the same", report.same), ("something else", report.changed)]
    rows += [(f"  {what}", report.kinds[kind]) for kind, what in SEEN.items() if report.kinds[kind]]
    for what, viewers in rows:
        table.add_row(Text(what), number(viewers), percent(share_of(viewers, total)))
    return table


def _section(console: Console, title: str, groups: Iterable[Group]) -> None:
    console.print()
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(title, overflow="fold", ratio=3)
    table.add_column("viewers", justify="right", no_wrap=True)
    table.add_column("e.g.", overflow="fold", ratio=1)
    for group in groups:
        table.add_row(Text(group.what), number(group.viewers), Text(", ".join(group.examples)))
    console.print(table)


def _length(change: LengthChange) -> str:
    much = f"{seconds(abs(change.change_s))} {'longer' if change.change_s > 0 else 'shorter'}"
    return f"at most {much}: {seconds(change.before_s)} → {seconds(change.after_s)} for {change.viewer}"
