"""`streamsrv why`: which rules fired for a viewer, on which values, and which scenes follow.

Prints for people, or one JSON document. Personal attributes are named and never shown.
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import orjson
import typer

from streamsrv.config import load_settings
from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import invalid
from streamsrv.core.model import CampaignId, Viewer, ViewerId
from streamsrv.core.rules import Explanation, Input, RuleTrace, SlotTrace, explain
from streamsrv.stores.campaigns import load_campaigns
from streamsrv.stores.viewers import load_viewers

PERSONAL = "(personal)"
GIVEN = {True: "true", False: "false", None: "failed"}


def why(
    campaign: Annotated[str, typer.Option(help="The campaign's id.")],
    viewer: Annotated[str, typer.Option(help="The viewer's id.")],
    viewers_file: Annotated[Path | None, typer.Option(help="Viewers, one JSON object a line.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    at: Annotated[datetime | None, typer.Option(help="The moment (UTC) to decide for; now if not given.")] = None,
    config: Annotated[Path, typer.Option(help="The settings file.")] = Path("config/server.toml"),
) -> None:
    """Explain one viewer's story: which rules fired, on which values, and which scenes follow."""
    settings = load_settings(config if config.is_file() else None, os.environ)
    campaigns = load_campaigns(settings.storage.campaigns, scene_ids=None)
    told = campaigns.get(CampaignId(campaign))
    if told is None:
        raise invalid("--campaign", f"there is no campaign {campaign!r}", ", ".join(sorted(campaigns)))
    viewers = load_viewers(viewers_file or settings.storage.viewers, campaigns)
    mine = {found.viewer_id: found for found in viewers if found.campaign_id == told.campaign_id}
    person = mine.get(ViewerId(viewer))
    if person is None:
        raise invalid("--viewer", f"there is no viewer {viewer!r}", ", ".join(sorted(mine)[:20]))
    now_s = int((at.replace(tzinfo=UTC) if at else datetime.now(UTC)).timestamp())
    explanation = explain(told, person, now_s=now_s)
    if as_json:
        typer.echo(orjson.dumps(as_document(told, person, explanation, now_s=now_s), option=orjson.OPT_INDENT_2))
    else:
        typer.echo("\n".join(as_lines(told, person, explanation, now_s=now_s)))


def as_lines(campaign: Campaign, viewer: Viewer, explanation: Explanation, *, now_s: int) -> Iterator[str]:
    """The explanation as a person would want to read it, line by line."""
    story = explanation.story
    at = datetime.fromtimestamp(now_s, UTC).strftime("%Y-%m-%d %H:%M UTC")
    yield f"{viewer.viewer_id} in campaign {campaign.campaign_id} (release {campaign.release[:12]}), at {at}"
    if story.fallback is not None:
        yield f"sees the fallback story, because of {story.fallback}:"
        yield from (f"  {fault}" for fault in explanation.faults)
    else:
        yield f"sees {len(story.decisions)} scenes:"
    yield "  " + " → ".join(decision.scene_id for decision in story.decisions)
    for slot in explanation.slots:
        yield ""
        yield from _slot_lines(slot)


def as_document(campaign: Campaign, viewer: Viewer, explanation: Explanation, *, now_s: int) -> dict[str, object]:
    """The explanation as a JSON object."""
    story = explanation.story
    return {
        "viewer": viewer.viewer_id,
        "campaign": campaign.campaign_id,
        "release": campaign.release,
        "at": datetime.fromtimestamp(now_s, UTC).isoformat(),
        "fallback": story.fallback,
        "faults": [
            {"attribute": fault.where, "problem": fault.what, "expected": fault.expected}
            for fault in explanation.faults
        ],
        "scenes": [
            {"slot": decision.slot, "scene": decision.scene_id, "reason": decision.reason, "item": decision.item}
            for decision in story.decisions
        ],
        "slots": [
            {
                "slot": slot.slot,
                "scenes": list(slot.scenes),
                "reason": slot.reason,
                "rules": [_rule_document(rule) for rule in slot.rules],
            }
            for slot in explanation.slots
        ],
    }


def _slot_lines(slot: SlotTrace) -> Iterator[str]:
    shown = ", ".join(slot.scenes) if len(set(slot.scenes)) != 1 else slot.scenes[0]
    times = f" × {len(slot.scenes)}" if len(slot.scenes) > 1 and len(set(slot.scenes)) == 1 else ""
    yield f"{slot.slot}: {shown or 'nothing'}{times} ({slot.reason})"
    for rule in slot.rules:
        yield f"  {rule.text}  is {GIVEN[rule.outcome]}{f': {rule.error}' if rule.error else ''}"
        for audience in rule.audiences:
            yield f"    {audience.name} means {audience.text}, which is {GIVEN[audience.outcome]}"
        for value in rule.inputs:
            yield f"    {value.name} is {_shown(value)}"


def _rule_document(rule: RuleTrace) -> dict[str, object]:
    return {
        "rule": rule.text,
        "outcome": rule.outcome,
        "error": rule.error or None,
        "inputs": {value.name: _plain(value.value) if value.shown else PERSONAL for value in rule.inputs},
        "audiences": {
            audience.name: {"rule": audience.text, "outcome": audience.outcome} for audience in rule.audiences
        },
    }


def _shown(value: Input) -> str:
    if not value.shown:
        return PERSONAL
    if isinstance(value.value, tuple):
        count = len(value.value)
        return "an empty list" if not count else f"a list of {count} record{'s' if count > 1 else ''}"
    return orjson.dumps(_plain(value.value)).decode()


def _plain(value: object) -> object:
    """`value` in JSON's types."""
    if isinstance(value, tuple):
        return [{name: _plain(cell) for name, cell in record.items()} for record in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
