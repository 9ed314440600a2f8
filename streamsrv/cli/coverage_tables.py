"""A coverage report as tables in a terminal, from 80 columns on."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from streamsrv.analytics.coverage_report import CoverageReport, Lengths, SlotShare
from streamsrv.analytics.wording import counted, further_scenes, number, percent, seconds
from streamsrv.cli.sample import passed_over

BAR_CELLS = 24


def print_report(report: CoverageReport, console: Console) -> None:
    """Print the report; what stands out comes first."""
    for line in _head(report):
        console.print(Text(line))
    _section(console, "What stands out")
    for finding in report.findings or ("nothing",):
        point = Table.grid(padding=(0, 1))
        point.add_row("•", Text(finding))
        console.print(point)
    for title, table in _tables(report):
        _section(console, title)
        console.print(table)
    if report.lengths is not None:
        _section(console, "Length of personal stories")
        for line in _length_lines(report.lengths):
            console.print(Text(line))
        console.print()
        console.print(_histogram(report.lengths))
    if report.renders is not None and report.windows:
        console.print()
        for line in render_lines(report):
            console.print(Text(line))


def render_lines(report: CoverageReport) -> Iterator[str]:
    """What a launch costs, in sentences."""
    assert report.renders is not None
    total = report.renders
    shown, shared = number(total.segments_shown), percent(total.share_shared)
    yield f"A launch to these viewers renders {counted(total.segments_to_render, 'segment')}, in all rungs together."
    yield f"Of the {shown} they are shown, {shared} cost nothing: the same words were rendered before."


def _head(report: CoverageReport) -> Iterator[str]:
    reading = report.reading
    so_far = "" if reading.complete else " (stopped: what was covered so far)"
    at = report.at[:16].replace("T", " ")
    yield f"Campaign {report.campaign}, release {report.release[:12]}, decided for {at} UTC"
    yield f"{counted(reading.viewers, 'viewer')}{so_far}"
    yield from passed_over(reading)
    if report.further_scenes:
        yield further_scenes(report.further_scenes)


def _tables(report: CoverageReport) -> Iterator[tuple[str, Table]]:
    yield "Stories", _stories(report)
    if report.fallbacks:
        rows = ((one.name, number(one.viewers), percent(one.share)) for one in report.fallbacks)
        yield "Fallback, by reason", _table(("reason", "viewers", "share"), rows)
    if report.attributes:
        yield "Attributes that are missing or do not fit", _attributes(report)
    yield f"Slots (shares of the {counted(report.asked, 'viewer')} whose rules were asked)", _slots(report.slots)
    yield "Scenes", _scenes(report)
    if len(report.languages) > 1:
        rows = ((one.name, number(one.viewers), percent(one.share)) for one in report.languages)
        yield "Languages", _table(("language", "viewers", "share"), rows)
    if report.experiments or report.holdout:
        yield "Arms", _arms(report)
    if report.overlays:
        yield "Overlays", _overlays(report)
    if report.windows:
        yield "Renders", _windows(report)


def _stories(report: CoverageReport) -> Table:
    def rows() -> Iterator[tuple[str, ...]]:
        for one in report.stories:
            length = "" if one.shortest_s is None or one.longest_s is None else seconds(one.shortest_s)
            if one.longest_s is not None and one.longest_s != one.shortest_s:
                length += f" to {seconds(one.longest_s)}"
            yield one.story, number(one.viewers), percent(one.share), length

    return _table(("story", "viewers", "share", "length"), rows())


def _attributes(report: CoverageReport) -> Table:
    rows = (
        (one.attribute, number(one.missing), number(one.unfit), percent(one.share), number(one.fallbacks))
        for one in report.attributes
    )
    return _table(("attribute", "missing", "do not fit", "share", "fallbacks"), rows)


def _slots(slots: Iterable[SlotShare]) -> Table:
    table = _table(("slot", "branch", "scene", "viewers", "share"), (), left=3)
    for slot in slots:
        for at, branch in enumerate(slot.branches):
            label = branch.label
            if branch.kind == "records" and slot.records is not None:
                label += f": {slot.records.least} to {slot.records.most}, {slot.records.mean:.1f} on average"
                if slot.records.viewers_with_dropped:
                    label += f", some dropped for {counted(slot.records.viewers_with_dropped, 'viewer')}"
            nobody = "dim" if not branch.viewers else ""
            table.add_row(
                Text(slot.slot if at == 0 else ""),
                Text(label, style=nobody),
                Text(branch.scene or "—", style=nobody),
                number(branch.viewers) if branch.viewers else "never",
                percent(branch.share),
                end_section=at == len(slot.branches) - 1,
            )
    return table


def _scenes(report: CoverageReport) -> Table:
    def rows() -> Iterator[tuple[str, ...]]:
        for one in sorted(report.scenes, key=lambda scene: -scene.viewers):
            never = "never in this sample" if one.reachable else "can be reached by nobody"
            yield one.scene, number(one.viewers), percent(one.share), "" if one.viewers else never

    return _table(("scene", "viewers", "share", ""), rows())


def _arms(report: CoverageReport) -> Table:
    def rows() -> Iterator[tuple[str, ...]]:
        if report.holdout is not None:
            one = report.holdout
            yield "holdout", one.arm, number(one.viewers), percent(one.share), percent(one.planned)
        for name, arms in report.experiments.items():
            for arm in arms:
                yield name, arm.arm, number(arm.viewers), percent(arm.share), percent(arm.planned)

    return _table(("experiment", "arm", "viewers", "share", "planned"), rows(), left=2)


def _overlays(report: CoverageReport) -> Table:
    rows = (
        (one.slot, one.scene, one.overlay, number(one.shown), number(one.distinct), percent(one.share_defaulted))
        for one in report.overlays
    )
    return _table(("slot", "scene", "overlay", "shown", "distinct", "default"), rows, left=3)


def _windows(report: CoverageReport) -> Table:
    rows = (
        (
            one.scene,
            f"{one.from_s:g}–{one.to_s:g} s",
            ", ".join(one.overlays),
            number(one.viewers),
            number(one.renders),
            f"{one.segments} × {one.rungs}",
            number(one.segments_to_render),
        )
        for one in report.windows
    )
    columns = ("scene", "window", "overlays", "viewers", "renders", "segments\n× rungs", "to render")
    return _table(columns, rows, left=3)


def _length_lines(lengths: Lengths) -> Iterator[str]:
    for name, one in (("shortest", lengths.shortest), ("longest", lengths.longest)):
        yield f"{name} {seconds(one.seconds)}: {counted(one.viewers, 'viewer')}, e.g. {', '.join(one.examples)}"
    yield f"mean {seconds(lengths.mean_s)}, median {seconds(lengths.median_s)}"


def _histogram(lengths: Lengths) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    most = max(one.viewers for one in lengths.bins)
    for one in lengths.bins:
        bar = "█" * max(one.viewers > 0, round(BAR_CELLS * one.viewers / most))
        table.add_row(f"{one.from_s:g}–{one.to_s:g} s", bar, number(one.viewers), percent(one.share))
    return table


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]], *, left: int = 1) -> Table:
    """A table whose first `left` columns are words, and the others numbers; words wrap, numbers do not."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for at, column in enumerate(columns):
        words = at < left or column in ("length", "")
        table.add_column(
            column, justify="left" if words else "right", no_wrap=not words or column == "window", overflow="fold"
        )
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _section(console: Console, title: str) -> None:
    console.print()
    console.print(Text(title, style="bold underline"))
