"""`streamsrv why`: which rules fired for a viewer, on which values, and which scenes follow.

Prints for people, or one JSON document. Personal attributes are named and never shown.
"""

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer

from streamsrv.cli.asking import completed
from streamsrv.cli.people import find_person
from streamsrv.cli.workshop import DateFormat, DecimalMark, ViewersFile, find_campaign
from streamsrv.config import load_settings
from streamsrv.core.errors import Problem
from streamsrv.core.importing import make_style
from streamsrv.core.model import Decision, Viewer
from streamsrv.core.rules import Explanation, Input, SlotTrace, document, explain
from streamsrv.core.rules.document import PERSONAL, plain, shown

GIVEN = {True: "true", False: "false", None: "failed"}


def why(
    campaign: Annotated[str, typer.Option(help="The campaign's id, or its file.")],
    viewer: Annotated[str, typer.Option(help="The viewer's id.")],
    viewers_file: ViewersFile = None,
    decimal: DecimalMark = None,
    date_format: DateFormat = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    fetch: Annotated[bool, typer.Option("--fetch", help="Ask the campaign's data sources, as at a click.")] = False,
    at: Annotated[datetime | None, typer.Option(help="The moment (UTC) to decide for; now if not given.")] = None,
    config: Annotated[Path, typer.Option(help="The settings file.")] = Path("config/server.toml"),
) -> None:
    """Explain one viewer's story: which rules fired, on which values, and which scenes and words follow."""
    settings = load_settings(config if config.is_file() else None, os.environ)
    told = find_campaign(campaign, settings, option="--campaign")
    style = make_style(decimal, date_format)
    person, assigned, origin = find_person(settings, told, viewer, file=viewers_file, style=style)
    now_s = int((at.replace(tzinfo=UTC) if at else datetime.now(UTC)).timestamp())
    faults: tuple[Problem, ...] = ()
    if fetch:
        person, faults = completed(settings, told, person)
    explanation = explain(told, person, now_s=now_s, assigned=assigned, source_faults=faults)
    if as_json:
        whole = {"viewer": person.viewer_id, "campaign": told.campaign_id, "data_from": origin, **document(explanation)}
        typer.echo(orjson.dumps(whole, option=orjson.OPT_INDENT_2))
    else:
        typer.echo("\n".join(as_lines(person, explanation)))
        typer.echo(f"\nThe viewer's data is from {origin}.")


def as_lines(viewer: Viewer, explanation: Explanation) -> Iterator[str]:
    """The explanation as a person would want to read it, line by line."""
    story, campaign = explanation.story, explanation.campaign
    at = datetime.fromtimestamp(explanation.now_s, UTC).strftime("%Y-%m-%d %H:%M UTC")
    yield f"{viewer.viewer_id} in campaign {campaign.campaign_id} (release {campaign.release[:12]}), at {at}"
    if not campaign.is_shown_at(explanation.now_s):
        yield "sees nothing: the campaign is not shown at that time. Otherwise:"
    if story.held_out:
        yield "is held out and sees the control story:"
    elif story.fallback is not None:
        yield f"sees the fallback story, because of {story.fallback}:"
        yield from (f"  {fault}" for fault in explanation.faults)
    else:
        yield f"sees {_counted(len(story.decisions), 'scene')}{_length(explanation)}{_in_language(explanation)}:"
    yield "  " + " → ".join(decision.scene_id for decision in story.decisions)
    if story.arms:
        yield "  " + ", ".join(f"experiment {name}: arm {arm}" for name, arm in story.arms)
    words = [decision for decision in story.decisions if decision.overlays or decision.cta]
    if words:
        yield ""
        yield "words on the scenes:"
        for decision in words:
            yield from _word_lines(decision)
    if explanation.sources or explanation.source_faults:
        yield ""
        yield "asked for at the click:"
        yield from (f"  {name}: from source {source}" for name, source in explanation.sources.items())
        yield from (f"  {fault}; what was imported stands" for fault in explanation.source_faults)
    for slot in explanation.slots:
        yield ""
        yield from _slot_lines(slot)


def _in_language(explanation: Explanation) -> str:
    offered = explanation.campaign.languages.offered
    return f" in {explanation.story.language}" if len(offered) > 1 else ""


def _length(explanation: Explanation) -> str:
    durations_ms = explanation.campaign.durations_ms
    if not durations_ms:
        return ""
    length_ms = sum(durations_ms[decision.scene_id] for decision in explanation.story.decisions)
    return f" ({length_ms / 1000:.1f} s)"


def _word_lines(decision: Decision) -> Iterator[str]:
    where = decision.scene_id if decision.item is None else f"{decision.scene_id}, record {decision.item + 1}"
    for overlay in decision.overlays:
        told = shown(overlay)
        told = PERSONAL if told is PERSONAL else orjson.dumps(told).decode()
        default = " (the default: a value is missing)" if overlay.defaulted else ""
        yield f"  {where}: {overlay.name} is {told}{default}"
    if decision.cta is not None:
        yield f"  {where}: {decision.cta.label} → {decision.cta.url}"


def _slot_lines(slot: SlotTrace) -> Iterator[str]:
    shown = ", ".join(slot.scenes) if len(set(slot.scenes)) != 1 else slot.scenes[0]
    times = f" × {len(slot.scenes)}" if len(slot.scenes) > 1 and len(set(slot.scenes)) == 1 else ""
    yield f"{slot.slot}: {shown or 'nothing'}{times} ({slot.reason})"
    for rule in slot.rules:
        yield f"  {rule.text}  is {GIVEN[rule.outcome]}{f': {rule.error}' if rule.error else ''}"
        for audience in rule.audiences:
            yield f"    {audience.name} means {audience.text}, which is {GIVEN[audience.outcome]}"
        for value in rule.inputs:
            yield f"    {value.name} is {_shown(value)}" + (f", from source {value.source}" if value.source else "")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _shown(value: Input) -> str:
    if not value.shown:
        return PERSONAL
    if isinstance(value.value, Mapping) and value.value.keys() == {"records"}:
        count = value.value["records"]
        return "an empty list" if not count else f"a list of {count} record{'' if count == 1 else 's'}"
    return orjson.dumps(plain(value.value)).decode()
