"""What the preview says about the words on a scene's picture: which are drawn, when, and whose they are. Pure.

Told from the very plans that are drawn, so that a row cannot say anything else than its picture shows.
"""

from collections.abc import Callable, Mapping
from typing import Any

from streamsrv.core.cues import as_read
from streamsrv.core.model import Decision, Mark
from streamsrv.core.overlays import parse_plan
from streamsrv.core.own import Reel
from streamsrv.core.timeline import Placement, Timeline

NO_VALUE = "the default: a value is missing"
NO_WORDS = "the scene's own default: nothing else is decided for it"
NO_RECORDS = "shows nothing: the list has no records"
NOTHING = "shows nothing: there are no words, and no default"
NOT_DRAWN = "not drawn: the scene was packaged without what words are drawn on. Package it again"


def drawings_of(reel: Reel, timeline: Timeline) -> Mapping[int, Mapping[str, bytes]]:
    """The plans that are drawn over each placed scene, by its number and by their content keys."""
    found: dict[int, dict[str, bytes]] = {}
    for step in reel.next(from_units=0, until_units=timeline.units, most=timeline.units):
        key, plan = step.drawing
        found.setdefault(step.number, {})[key] = plan
    return found


def words_on(
    place: Placement, decision: Decision, drawings: Mapping[str, bytes], when: Callable[[int], str]
) -> list[dict[str, Any]]:
    """Each of a scene's places for words in reading order, with what it shows; `when` tells a time in units."""
    drawn = {item.name: (key, item) for key, plan in drawings.items() for item in parse_plan(plan).items}
    decided = {overlay.name: overlay for overlay in decision.overlays}
    found: list[dict[str, Any]] = []
    for name, slot in as_read(place.scene.overlays):
        key, item = drawn.get(name, ("", None))
        overlay = decided.get(name)
        notes = [] if overlay is None or not overlay.personal else ["personal"]
        if overlay is not None and overlay.defaulted:
            notes.append(NO_VALUE)
        if item is None:
            has_words = bool(slot.default) if overlay is None else bool(overlay.text or overlay.marks)
            notes = [NOT_DRAWN if has_words else NO_RECORDS if slot.kind == "chart" else NOTHING]
        elif overlay is None:
            notes.append(NO_WORDS)
        found.append(
            {
                "name": name,
                "kind": slot.kind,
                "key": key,
                "text": "" if item is None else item.text,
                "marks": [] if item is None else [_mark(mark) for mark in item.marks],
                "from": when(place.base_units + slot.start_units),
                "to": when(place.base_units + slot.end_units),
                "notes": notes,
            }
        )
    return found


def _mark(mark: Mark) -> dict[str, str]:
    return {"label": mark.label, "text": mark.text or f"{mark.value:g}"}
