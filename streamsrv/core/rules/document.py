"""An explanation as a JSON object: what `why --json` prints, and what is kept of every session.

Personal values are named and never shown (B8), nor is what stands for the viewer in addresses.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from streamsrv.core.model import Decision, Overlay
from streamsrv.core.rules.explaining import Explanation, Input, RuleTrace

PERSONAL = "(personal)"


def document(explanation: Explanation) -> dict[str, object]:
    """The explanation in JSON's types."""
    story, campaign = explanation.story, explanation.campaign
    rules = [rule for slot in explanation.slots for rule in slot.rules]
    return {
        "release": campaign.release,
        "at": datetime.fromtimestamp(explanation.now_s, UTC).isoformat(),
        "story": story.kind,
        "fallback": story.fallback,
        "language": story.language,
        "arms": dict(story.arms),
        "faults": [
            {"attribute": fault.where, "problem": fault.what, "expected": fault.expected}
            for fault in explanation.faults
        ],
        "barred": explanation.barred,
        "sources": dict(explanation.sources),
        "source_faults": [
            {"where": fault.where, "reason": fault.what, "expected": fault.expected}
            for fault in explanation.source_faults
        ],
        "decisions": [_decision(decision, explanation.link_ref) for decision in story.decisions],
        "skipped": [{"slot": slot, "reason": reason} for slot, reason in story.skipped],
        "slots": [
            {
                "slot": slot.slot,
                "scenes": list(slot.scenes),
                "reason": slot.reason,
                "rules": [_rule(rule) for rule in slot.rules],
            }
            for slot in explanation.slots
        ],
        "inputs": dict(_inputs(rules)),
        "audiences": {
            audience.name: {"rule": audience.text, "outcome": audience.outcome}
            for rule in rules
            for audience in rule.audiences
        },
    }


def plain(value: object) -> object:
    """`value`, typed by a schema, in JSON's types."""
    if isinstance(value, Mapping):
        return {name: plain(cell) for name, cell in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def shown(overlay: Overlay) -> object:
    """What an overlay shows, in JSON's types: its text, or a chart's marks; neither where they are personal."""
    if overlay.personal:
        return PERSONAL
    if overlay.marks:
        return [{"label": mark.label, "value": mark.value, "text": mark.text} for mark in overlay.marks]
    return overlay.text


def _decision(decision: Decision, link_ref: str) -> dict[str, object]:
    cta = decision.cta
    return {
        "slot": decision.slot,
        "scene": decision.scene_id,
        "reason": decision.reason,
        "item": decision.item,
        "overlays": {overlay.name: shown(overlay) for overlay in decision.overlays},
        "defaulted": [overlay.name for overlay in decision.overlays if overlay.defaulted],
        "cta": None if cta is None else {"label": cta.label, "url": _without(link_ref, cta.url)},
    }


def _without(link_ref: str, url: str) -> str:
    """The address as its author wrote it where it leads to the viewer: a log may outlive them (B11)."""
    return url.replace(link_ref, "{link_ref}") if link_ref else url


def _rule(rule: RuleTrace) -> dict[str, object]:
    return {
        "rule": rule.text,
        "outcome": rule.outcome,
        "error": rule.error or None,
        "reads": [value.name for value in rule.inputs],
        "audiences": [audience.name for audience in rule.audiences],
    }


def _inputs(rules: Iterable[RuleTrace]) -> Iterable[tuple[str, object]]:
    for rule in rules:
        for value in rule.inputs:
            yield value.name, _shown(value)


def _shown(value: Input) -> object:
    return plain(value.value) if value.shown else PERSONAL
