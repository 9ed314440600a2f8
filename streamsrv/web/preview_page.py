"""What the preview says beside the video: one viewer's decisions, in an author's words.

Shows personal values: the page is for the author's own machine. Pure; the pages are `web.preview`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, NamedTuple

import orjson

from streamsrv.core.campaign import Attributes, Campaign
from streamsrv.core.errors import Problem
from streamsrv.core.experiments import HOLDOUT
from streamsrv.core.grid import VIDEO_TIMESCALE
from streamsrv.core.model import Story, Viewer
from streamsrv.core.own import Reel
from streamsrv.core.rules import (
    DATA_MISSING,
    HELD_OUT,
    POLICY,
    RULE_ERROR,
    TOLD,
    AudienceTrace,
    Explanation,
    RuleTrace,
    SlotTrace,
)
from streamsrv.core.rules.asking import checked
from streamsrv.core.rules.deciding import lay_out, told
from streamsrv.core.rules.document import plain
from streamsrv.core.timeline import Timeline
from streamsrv.web.preview_words import drawings_of, words_on

OUTCOMES = {True: "true", False: "false", None: "failed"}
WHY_FALLBACK = {
    DATA_MISSING: "data that the campaign needs is missing or wrong",
    RULE_ERROR: "a rule could not be evaluated, and nothing else is left to show",
    POLICY: "the rules leave nothing to show",
}
DATA = "data"
"""How a viewer's record is named where something in it does not fit."""
DROPPED = "dropped: "
SHOWN_CHARS = 160
"""Of a line with a mistake in it."""
_PLACE = re.compile(r":(\d+):(\d+)$")


class Trait(NamedTuple):
    """Something about a viewer's video that another viewer's may have, too."""

    kind: str
    name: str


def rows(explanation: Explanation, timeline: Timeline, attributes: Attributes, reel: Reel) -> list[dict[str, Any]]:
    """One row per scene, in playback order: where it starts, why it is there, what of the `reel` is drawn over it."""

    def start_ms(units: int) -> int:
        # Rounded up: a moment before its start belongs to another scene.
        return -(-1000 * units * timeline.catalog.grid.video_ticks // VIDEO_TIMESCALE)

    drawings = drawings_of(reel, timeline)
    slots = {slot.slot: slot for slot in explanation.slots}
    found: list[dict[str, Any]] = []
    before = ""
    for number, (decision, place) in enumerate(zip(explanation.story.decisions, timeline.placements, strict=True)):
        starts_ms, drawn = start_ms(place.base_units), drawings.get(number, {})
        slot = slots.get(decision.slot) if decision.slot != before else None
        found.append(
            {
                "start_s": starts_ms / 1000,
                "start": clock_text(starts_ms),
                "scene": decision.scene_id,
                "title": place.scene.title,
                "slot": decision.slot,
                "reason": decision.reason,
                # Every record of a list has the same rules behind it: said once.
                "rules": [] if slot is None else _rules(slot, explanation, attributes),
                "words": words_on(place, decision, drawn, lambda units: clock_text(start_ms(units))),
                "drawings": " ".join(drawn),
                "cta": None if decision.cta is None else {"label": decision.cta.label, "url": decision.cta.url},
            }
        )
        before = decision.slot
    return found


def left_out(explanation: Explanation, attributes: Attributes) -> list[dict[str, Any]]:
    """The slots that show nothing, each with the rules that said so."""
    slots = {slot.slot: slot for slot in explanation.slots}
    return [
        {"slot": name, "reason": reason, "rules": _rules(slots[name], explanation, attributes)}
        for name, reason in explanation.story.skipped
    ]


def faults(explanation: Explanation, misfits: Iterable[Problem]) -> list[Problem]:
    """What keeps the story from being told, then whatever else in the viewer's data does not fit the schema."""
    needed = {fault.where for fault in explanation.faults}
    others = [replace(problem, where=problem.where.removeprefix(f"{DATA}: ")) for problem in misfits]
    return [*explanation.faults, *(problem for problem in others if problem.where not in needed)]


def experiments(explanation: Explanation, own: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every experiment of the campaign, the holdout first: its arms, which is shown, which is the viewer's own."""
    campaign, story = explanation.campaign, explanation.story
    shown = dict(story.arms)
    found: list[dict[str, Any]] = []
    if campaign.holdout is not None:
        sides = [(TOLD, "as if told"), (HELD_OUT, "as if held out")]
        now = HELD_OUT if story.held_out else TOLD
        found.append(_experiment(HOLDOUT, sides, shown=now, own=own.get(HOLDOUT)))
    for experiment in campaign.experiments:
        arms = [(arm, arm) for arm, _ in experiment.arms]
        found.append(_experiment(experiment.name, arms, shown=shown.get(experiment.name), own=own.get(experiment.name)))
    return found


def headline(explanation: Explanation) -> str:
    """Which of the campaign's stories this is, and why."""
    story = explanation.story
    if story.held_out:
        return "The control story: this viewer is held out."
    if story.fallback is not None:
        return f"The fallback story ({story.fallback}): {WHY_FALLBACK[story.fallback]}."
    return "The personal story."


def summary(story: Story) -> str:
    """The scenes in order, repeated ones counted."""
    counted = [(scene, len(list(same))) for scene, same in groupby(decision.scene_id for decision in story.decisions)]
    return " → ".join(scene if times == 1 else f"{scene} × {times}" for scene, times in counted)


def traits(campaign: Campaign, viewer: Viewer, *, now_s: int) -> tuple[Story, tuple[Trait, ...]]:
    """The viewer's story, and what it is made of. Arms by hash alone."""
    attributes = checked(campaign, viewer)
    laid_out = lay_out(campaign, viewer, attributes, now_s, None)
    story = told(campaign, viewer, attributes, laid_out)
    found = [Trait("scene", decision.scene_id) for decision in story.decisions]
    if story.kind != "personal":
        found.append(Trait("story", f"the {story.kind} story{f' ({story.fallback})' if story.fallback else ''}"))
    found += [Trait("arm", f"arm {arm} of {name}") for name, arm in story.arms]
    found.append(Trait("language", f"told in {story.language}"))
    for slot in laid_out.slots:
        # How much too long a video is differs from viewer to viewer.
        reason = "dropped" if slot.reason.startswith(DROPPED) else slot.reason
        found.append(Trait("branch", f"{slot.slot}: {reason}"))
    for decision in story.decisions:
        found += [
            Trait("default", f"default of {overlay.name} on {decision.scene_id}")
            for overlay in decision.overlays
            if overlay.defaulted
        ]
    return story, tuple(dict.fromkeys(found))


def novelty(new: Sequence[Trait]) -> str:
    """What is new about a viewer's video, in one line: other things by name, branches where nothing else is new."""
    named = [trait.name for trait in new if trait.kind != "branch"]
    branches = [trait.name for trait in new if trait.kind == "branch"]
    if not named:
        return "; ".join(branches)
    count = f"{len(branches)} branch{'es' if len(branches) > 1 else ''}"
    return ", ".join([*named, count] if branches else named)


def excerpts(problems: Sequence[Problem], text: str) -> list[dict[str, Any]]:
    """Each problem with the line of the file where it is, cut where the mistake begins."""
    lines = text.split("\n")
    found = []
    for problem in problems:
        place = _PLACE.search(problem.where)
        line, column = (int(place[1]), int(place[2])) if place else (0, 0)
        written = lines[line - 1] if 0 < line <= len(lines) else ""
        begin = max(0, column - SHOWN_CHARS // 2)
        found.append(
            {
                "where": problem.where[: place.start()] if place else problem.where,
                "line": line,
                "column": column,
                "what": problem.what,
                "expected": problem.expected,
                "before": written[begin : column - 1] if place else "",
                "after": written[column - 1 : begin + SHOWN_CHARS] if place else "",
            }
        )
    return found


def clock_text(milliseconds: int) -> str:
    """A time in the video as a player's clock shows it."""
    return f"{milliseconds // 60_000}:{milliseconds // 1000 % 60:02d}"


def _rules(slot: SlotTrace, explanation: Explanation, attributes: Attributes) -> list[dict[str, Any]]:
    return [
        {
            "text": rule.text,
            "outcome": OUTCOMES[rule.outcome],
            "error": rule.error,
            "values": list(_values(rule, explanation.campaign, attributes)),
            "audiences": [_audience(audience) for audience in rule.audiences],
        }
        for rule in slot.rules
    ]


def _values(rule: RuleTrace, campaign: Campaign, attributes: Attributes) -> Iterator[tuple[str, str]]:
    """The values that a rule read, personal ones as they are."""
    for given in rule.inputs:
        value = attributes[given.name] if given.name in campaign.schema.fields else given.value
        if isinstance(value, tuple):
            yield given.name, f"{len(value)} record{'' if len(value) == 1 else 's'}"
        else:
            shown = plain(value)
            yield given.name, shown if isinstance(shown, str) else orjson.dumps(shown).decode()


def _audience(audience: AudienceTrace) -> dict[str, str]:
    return {"name": audience.name, "text": audience.text, "outcome": OUTCOMES[audience.outcome]}


def _experiment(name: str, arms: Sequence[tuple[str, str]], *, shown: str | None, own: str | None) -> dict[str, Any]:
    return {
        "name": name,
        "arms": [{"name": arm, "title": title, "shown": arm == shown, "own": arm == own} for arm, title in arms],
    }
