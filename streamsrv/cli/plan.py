"""`streamsrv plan`: what a launch to these viewers renders, and what that costs on this machine."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from streamsrv.analytics.launch import UTILISATION, LaunchPlan, RungCost, WindowLoad, plan_launch
from streamsrv.analytics.renders import RenderTally
from streamsrv.analytics.wording import counted, number, percent
from streamsrv.cli.sample import INTERRUPTED, Sample, passed_over
from streamsrv.cli.workshop import DateFormat, DecimalMark, ViewersFile, find_campaign, packaged_scenes
from streamsrv.config import load_ladder, load_settings
from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import invalid
from streamsrv.core.grid import grid_for
from streamsrv.core.importing import make_style
from streamsrv.core.model import Decision, Ladder, Rung, Scene, SceneId, Segment, Story, Track
from streamsrv.core.overlays import DrawPlan, groups_of, plan_group
from streamsrv.core.rules import decide
from streamsrv.media.draw.painter import Painter, open_painter
from streamsrv.media.render.job import BandedGround, Ground, ground_of
from streamsrv.media.render.pricing import price
from streamsrv.stores.segments import open_store, read_object

MEASURED_SCENES = 4
"""Segments that are rendered for each rung to find what one costs."""


def plan(
    campaign: Annotated[str, typer.Option(help="The campaign's id, or its file.")],
    viewers: ViewersFile = None,
    decimal: DecimalMark = None,
    date_format: DateFormat = None,
    clicks_per_hour: Annotated[
        str | None, typer.Option(help="Clicks in each hour from the launch on: 4000, or 4000,2500,1000.")
    ] = None,
    rung: Annotated[str | None, typer.Option(help="The rung that is watched; the highest if not given.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    at: Annotated[datetime | None, typer.Option(help="The moment (UTC) to decide for; now if not given.")] = None,
    config: Annotated[Path, typer.Option(help="The settings file.")] = Path("config/server.toml"),
) -> None:
    """Say what a launch renders: segments, CPU and bytes, cache hits, workers, and what drives the cost."""
    settings = load_settings(config if config.is_file() else None, os.environ)
    told = find_campaign(campaign, settings, option="--campaign")
    scenes = packaged_scenes(settings)
    if scenes is None:
        raise invalid(str(settings.storage.segments), "holds no scenes", "the campaign's scenes, packaged")
    ladder = load_ladder(settings.storage.ladder)
    rungs = {one.name: one for one in ladder.rungs}
    if rung is not None and rung not in rungs:
        raise invalid("--rung", f"there is no rung {rung!r}", f"one of: {', '.join(rungs)}")
    now_s = int((at.replace(tzinfo=UTC) if at else datetime.now(UTC)).timestamp())
    sample = Sample(viewers or settings.storage.viewers, [told], make_style(decimal, date_format))
    tally, drawn, count = _tallied(told, scenes, sample, now_s)
    store = open_store(settings.storage.segments)
    painter = open_painter(settings.rendering.kit)
    whole = told.whole_pictures
    measured = _measured(scenes, drawn, ladder, painter, lambda name: read_object(store, name), whole=whole)
    loads = _loads(tally, scenes)
    clicks = _clicks(clicks_per_hour)
    plans = [plan_launch(loads, cost, viewers=count, clicks=clicks) for cost in measured]
    asked = rung or ladder.rungs[-1].name
    if as_json:
        typer.echo(orjson.dumps({"cores": os.cpu_count(), "plans": plans}, option=orjson.OPT_INDENT_2))
    else:
        _print(told, plans, asked, Console(file=sys.stdout, highlight=False))
        typer.echo(ways_of([scenes[name] for name in drawn if name in scenes], asked, whole=whole))
        for line in passed_over(sample.reading()):
            typer.echo(line)
    if not sample.reading().complete:
        raise typer.Exit(INTERRUPTED)


def _tallied(
    campaign: Campaign, scenes: Mapping[SceneId, Scene], sample: Sample, now_s: int
) -> tuple[RenderTally, Mapping[SceneId, tuple[Decision, Story]], int]:
    """The count, with one decision for each scene that is drawn on."""
    tally = RenderTally(campaign, scenes)
    drawn: dict[SceneId, tuple[Decision, Story]] = {}
    count = 0
    for viewer in sample.viewers():
        story = decide(campaign, viewer, now_s=now_s, assigned={})
        tally.add(story)
        count += 1
        for decision in story.decisions:
            if decision.overlays and decision.scene_id not in drawn:
                drawn[decision.scene_id] = (decision, story)
    return tally, drawn, count


def _loads(tally: RenderTally, scenes: Mapping[SceneId, Scene]) -> list[WindowLoad]:
    return [
        WindowLoad(window, round(window.to_s - window.from_s, 3), repeats)
        for window, repeats in zip(tally.windows(), tally.repeats(), strict=True)
        if window.scene in scenes
    ]


def _measured(
    scenes: Mapping[SceneId, Scene],
    drawn: Mapping[SceneId, tuple[Decision, Story]],
    ladder: Ladder,
    painter: Painter,
    read: Callable[[str], bytes],
    *,
    whole: bool,
) -> list[RungCost]:
    """What a second costs at each rung: a few segments are rendered for it, as a renderer would."""
    grid = grid_for(ladder.frame_rate)
    plans = [
        (scenes[name], made)
        for name, (decision, story) in drawn.items()
        if name in scenes
        for made in _plans(scenes[name], decision, story.language, grid.frames, whole=whole)
    ][:MEASURED_SCENES]
    if not plans:
        return [RungCost(rung.name, 0.0, 0.0) for rung in ladder.rungs]
    costs = []
    with Console(stderr=True).status("Rendering a few segments to see what they cost"):
        for rung in ladder.rungs:
            prices = [
                price(partial(_ground, track, segment, rung, ladder, read), made, painter)
                for scene, made in plans
                for track, segment in _first_drawn_on(scene, rung, made, grid.frames)
            ]
            seconds = sum(one.frames for one in prices) / grid.frame_rate
            costs.append(
                RungCost(
                    rung.name,
                    round(sum(one.cpu_s for one in prices) / seconds, 4),
                    round(sum(one.size_bytes for one in prices) / seconds, 1),
                )
            )
    return costs


def _ground(
    track: Track, segment: Segment, rung: Rung, ladder: Ladder, read: Callable[[str], bytes], banded: bool
) -> Ground | BandedGround:
    grid = grid_for(ladder.frame_rate)
    return ground_of(track, segment, rung, grid=grid, gop_ms=ladder.gop_ms, banded=banded, read=read)


def _plans(scene: Scene, decision: Decision, language: str, unit_frames: int, *, whole: bool) -> Iterator[DrawPlan]:
    for group in groups_of(scene.overlays):
        made = plan_group(scene, group, decision, language=language, unit_frames=unit_frames, defaults={}, whole=whole)
        if made.items:
            yield made


def _first_drawn_on(scene: Scene, rung: Rung, made: DrawPlan, unit_frames: int) -> Iterator[tuple[Track, Segment]]:
    """The first segment of a window, which holds what moves."""
    start_units = min(item.from_frame for item in made.items) // unit_frames
    for track in scene.video:
        for segment in track.segments if track.name == rung.name else ():
            if segment.start_units == start_units and segment.master is not None:
                yield track, segment


def _clicks(given: str | None) -> Sequence[int]:
    hours = [] if given is None else [part.strip() for part in given.split(",")]
    if not all(hour.isascii() and hour.isdigit() for hour in hours):
        raise invalid("--clicks-per-hour", f"is {given!r}", "whole numbers, one for each hour: 4000,2500,1000")
    return [int(hour) for hour in hours]


def _print(campaign: Campaign, plans: Sequence[LaunchPlan], asked: str, console: Console) -> None:
    chosen = next(one for one in plans if one.rung == asked)
    those = f"{counted(chosen.viewers, 'viewer')} of {campaign.campaign_id}"
    to_render, shown = number(chosen.segments_to_render), number(chosen.segments_shown)
    console.print(f"{those}: {to_render} segments to render, {shown} shown: {percent(chosen.share_shared)} are shared")
    console.print(_rung_table(plans))
    console.print(_window_table(chosen))
    if chosen.hours:
        console.print(_hour_table(chosen))
    for line in chosen.advice:
        console.print(line)


def ways_of(drawn: Sequence[Scene], rung: str, *, whole: bool) -> str:
    """How segments are rendered: what a campaign's cost hangs on first."""
    masters = [
        segment.master
        for scene in drawn
        for track in scene.video
        for segment in track.segments
        if track.name == rung and segment.master
    ]
    banded = 0 if whole else sum(master.splice is not None for master in masters)
    ways = [] if not banded and masters else [f"{banded} {'is' if banded == 1 else 'are'} encoded by rows"]
    if left := len(masters) - banded:
        why = ' (the campaign says "whole_pictures")' if whole else ""
        ways.append(f"{left} {'is' if left == 1 else 'are'} encoded whole{why}")
    return f"At {rung}, of {counted(len(masters), 'segment')} that can be drawn on {', '.join(ways)}"


def _rung_table(plans: Sequence[LaunchPlan]) -> Table:
    table = Table(title="If all of them watched one rung", title_justify="left")
    for column in ("rung", "CPU", "kept"):
        table.add_column(column, justify="left" if column == "rung" else "right")
    for one in plans:
        table.add_row(one.rung, _cpu(one.cpu_s), _megabytes(one.size_bytes))
    return table


def _window_table(chosen: LaunchPlan) -> Table:
    table = Table(title=f"At {chosen.rung}, by window", title_justify="left")
    for at, column in enumerate(("scene", "window", "overlays", "shown", "renders", "segments", "CPU", "share")):
        table.add_column(column, justify="left" if at < 3 else "right")
    for one in chosen.windows:
        table.add_row(
            one.scene, f"{one.from_s:g} to {one.to_s:g} s", ", ".join(one.overlays), number(one.shown),
            number(one.renders), number(one.segments), _cpu(one.cpu_s), percent(one.share_of_cpu),
        )  # fmt: skip
    return table


def _hour_table(chosen: LaunchPlan) -> Table:
    title = f"At {chosen.rung}, hour by hour, with workers that are busy {UTILISATION:.0%} of the time"
    table = Table(title=title, title_justify="left")
    for column in ("hour", "clicks", "asked for", "rendered", "CPU", "workers"):
        table.add_column(column, justify="right")
    for at, hour in enumerate(chosen.hours, start=1):
        table.add_row(
            str(at), number(hour.clicks), number(hour.segments), number(hour.rendered), _cpu(hour.cpu_s),
            number(hour.workers),
        )  # fmt: skip
    return table


def _cpu(cpu_s: float) -> str:
    return f"{cpu_s:,.0f} s" if cpu_s < 7200 else f"{cpu_s / 3600:,.1f} h"


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:,.1f} MB"
