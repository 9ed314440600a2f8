"""What is wrong with a story as a whole, once its parts are right: branches that nobody takes, languages that scenes
lack, and a video that cannot be as short as it must be.
"""

from collections.abc import Iterable, Mapping, Sequence

from streamsrv.core.campaign.campaign import ForEach, Shown, Slot
from streamsrv.core.campaign.document import Findings, Mark, quoted
from streamsrv.core.campaign.fields import Records
from streamsrv.core.campaign.languages import Languages
from streamsrv.core.campaign.reach import can_hold
from streamsrv.core.campaign.schema import Schema
from streamsrv.core.campaign.story import Branch
from streamsrv.core.grid import grid_for
from streamsrv.core.model import Scene, SceneId


def check_branches(branches: Sequence[Branch], schema: Schema, findings: Findings) -> None:
    """A finding for every branch that no viewer can take."""
    void: set[str] = set()
    all_taken = False
    for branch in branches:
        # Behind options that take everybody, only the first one has a finding.
        all_taken = all_taken and bool(branch.false)
        if all_taken:
            continue
        # What stands behind a condition that is never true has its finding there.
        if any(rule.source in void for rule in branch.true):
            continue
        others = [rule.syntax for rule in branch.true]
        if can_hold(schema, true=[*others, branch.rule.syntax], false=[rule.syntax for rule in branch.false]):
            continue
        if not can_hold(schema, true=[*others, branch.rule.syntax]):
            alone = (
                "is never true"
                if not others or not can_hold(schema, true=[branch.rule.syntax])
                else (f"is never true where {' and '.join(quoted(rule.text) for rule in branch.true)} is")
            )
            void.add(branch.rule.source)
            findings.add(branch.mark, f"{branch.what} is never reached: {quoted(branch.rule.text)} {alone}",
                         "a rule that some viewer meets")  # fmt: skip
        else:
            what = f"{branch.what} is never reached: the options before it leave nobody to {quoted(branch.rule.text)}"
            all_taken = not can_hold(schema, true=others, false=[rule.syntax for rule in branch.false])
            if all_taken:
                what = f"{branch.what} is never reached: the options before it take everybody"
            findings.add(branch.mark, what, "it before those that take its viewers, or no such option")


def check_languages(
    places: Mapping[SceneId, Mark],
    scenes: Mapping[SceneId, Scene],
    languages: Languages,
    mark: Mark,
    findings: Findings,
) -> None:
    """A finding for every scene that lacks the sound or the captions of a language, fallbacks included.

    What all scenes lack is one finding, at `mark`.
    """
    for kind in ("sound", "captions"):
        told = {place: scenes[place].audio if kind == "sound" else scenes[place].captions for place in places}
        # A video without any captions needs none.
        lacking = {place: languages.missing(given) for place, given in told.items() if given}
        nowhere = tuple(tag for tag in languages.offered if all(tag in tags for tags in lacking.values()))
        if len(lacking) > 1 and nowhere:
            remedy = f"scenes packaged in {nowhere[0]}, or {_instead(nowhere[0], scenes[min(lacking)])}"
            findings.add(mark, f"no scene of this campaign has {kind} in {', '.join(nowhere)}", remedy)
        for place, tags in lacking.items():
            own = [tag for tag in tags if len(lacking) == 1 or tag not in nowhere]
            if own:
                remedy = f"it packaged in {own[0]}, or {_instead(own[0], scenes[place])}"
                findings.add(places[place], f"scene {quoted(place)} has no {kind} in {', '.join(own)}", remedy)


def check_duration(
    slots: Iterable[Slot], fixed: Mapping[str, Sequence[Shown]], durations_ms: Mapping[SceneId, int], schema: Schema,
    max_duration_ms: int, mark: Mark, findings: Findings, undroppable: Iterable[str],
) -> None:  # fmt: skip
    """A finding when what may not be dropped can be longer than the video may be. `fixed` are stories without rules."""
    longest_ms = {name: sum(durations_ms[one.scene_id] for one in shown) for name, shown in fixed.items()}
    kept = set(undroppable)
    longest_ms["what is never dropped"] = sum(
        _longest_ms(slot, durations_ms, schema) for slot in slots if slot.name in kept
    )
    for name, length_ms in longest_ms.items():
        if length_ms > max_duration_ms:
            what = f"{name} can take {length_ms / 1000:g} s"
            findings.add(mark, what, f"at most {max_duration_ms / 1000:g} s: shorter scenes, or drop_order on a slot")


def durations(scenes: Mapping[SceneId, Scene]) -> dict[SceneId, int]:
    """How long each scene is, in milliseconds."""
    return {scene_id: grid_for(scene.frame_rate).duration_ms(scene.units) for scene_id, scene in scenes.items()}


def _longest_ms(slot: Slot, durations_ms: Mapping[SceneId, int], schema: Schema) -> int:
    longest = max((durations_ms[scene_id] for scene_id in slot.scene_ids()), default=0)
    if not isinstance(slot.content, ForEach):
        return longest
    of = schema.fields[slot.content.attribute].type
    assert isinstance(of, Records)
    return longest * min(of.max_items, slot.content.max_items or of.max_items)


def _instead(language: str, scene: Scene) -> str:
    return f"a fallback: languages: {{fallback: {{{language}: [{next(iter(scene.audio))}]}}}}"
