"""`scene.json`: the one schema by which the packager hands scenes to the server.

The schema is the `Scene` value itself, so a field exists in one place. Documented in docs/packaging.md.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from streamsrv.core.errors import Invalid, Problem, invalid
from streamsrv.core.grid import FRAME_RATES
from streamsrv.core.model import OverlaySlot, Scene, Track

SCHEMA_VERSION = 1
MAX_OVERLAYS = 20
MAX_DEFAULT_CHARACTERS = 300
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
LANGUAGE_RULE = "a language tag such as en or pt-BR (BCP 47)"

# The names that campaigns give attributes: a slot is named beside them.
_OVERLAY_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_JOINERS_AND_SPACES = "\u00a0\u202f\u200c\u200d"
"""Not "printable" to Python, yet part of written French, Persian, Hindi and many emoji."""
_ROUNDING = 1e-9
"""What adding two decimal fractions may be off by: 0.35 + 0.65 fills the picture."""


@checked(config=ConfigDict(extra="forbid", strict=False), frozen=True)
class _Manifest:
    schema_version: int
    scene: Scene


_ADAPTER = TypeAdapter(_Manifest)


def scene_key(tracks: Iterable[Track]) -> str:
    """The scene's name in media URLs: changes when any byte that a viewer can fetch under it changes."""
    digest = hashlib.sha256()
    for track in tracks:
        digest.update(f"{track.name} {track.init_name}\n".encode())
        for segment in track.segments:
            digest.update(f"{segment.name} {segment.start_units} {segment.units}\n".encode())
    return digest.hexdigest()[:16]


def parse_scene(document: object, *, where: str) -> Scene:
    """The scene a decoded `scene.json` describes; raises `Invalid` with every wrong field, named after `where`."""
    try:
        manifest = _ADAPTER.validate_python(document)
    except ValidationError as error:
        raise Invalid(
            Problem(f"{where}: {'.'.join(str(part) for part in fault['loc'])}", fault["msg"])
            for fault in error.errors(include_url=False, include_input=False)
        ) from error
    if manifest.schema_version != SCHEMA_VERSION:
        raise invalid(f"{where}: schema_version", f"is {manifest.schema_version}", f"{SCHEMA_VERSION}: package again")
    scene = manifest.scene
    problems = [Problem(where, what) for what in _inconsistencies(scene)]
    if problems:
        raise Invalid(problems)
    return scene


def format_scene(scene: Scene) -> dict[str, Any]:
    """The document to store as `scene.json`; `parse_scene` of it gives `scene` back."""
    document = _ADAPTER.dump_python(_Manifest(schema_version=SCHEMA_VERSION, scene=scene), mode="json")
    assert isinstance(document, dict)
    overlays = document["scene"]["overlays"]
    # In one order whatever the author's was: the file changes only when the scene does.
    document["scene"]["overlays"] = {
        name: {**overlays[name], "default": dict(sorted(overlays[name]["default"].items()))}
        for name in sorted(overlays)
    }
    return document


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `scene.json`."""
    return _ADAPTER.json_schema()


def overlay_name_faults(name: str) -> Iterator[tuple[str, str]]:
    """What is wrong with an overlay slot's name, and what is expected."""
    if not _OVERLAY_NAME.fullmatch(name):
        yield "is not a name", "a lower-case letter, then letters, digits and _ (at most 40)"


def overlay_box_faults(box: Sequence[float]) -> Iterator[tuple[str, str]]:
    """What is wrong with an overlay slot's box, and what is expected."""
    left, top, width, height = box
    # Written so that NaN fails.
    if not (left >= 0 and top >= 0 and left + width <= 1 + _ROUNDING and top + height <= 1 + _ROUNDING):
        yield (
            f"reaches from {left:g} to {left + width:g} across and from {top:g} to {top + height:g} down",
            "a box inside the picture, from 0 to 1 both ways",
        )
    elif not (width > 0 and height > 0):
        yield f"is {width:g} wide and {height:g} high", "a box that is not empty"


def overlay_text_faults(text: str) -> Iterator[tuple[str, str]]:
    """What is wrong with an overlay slot's default, and what is expected."""
    if len(text) > MAX_DEFAULT_CHARACTERS:
        yield f"has {len(text)} characters", f"at most {MAX_DEFAULT_CHARACTERS}"
    if not all(letter.isprintable() or letter in _JOINERS_AND_SPACES for letter in text):
        yield "has a character that cannot be shown", "printable characters on one line"


def _inconsistencies(scene: Scene) -> Iterable[str]:
    if scene.frame_rate not in FRAME_RATES:
        yield f"frame_rate is {scene.frame_rate}, expected one of {', '.join(map(str, FRAME_RATES))}"
        return
    if not scene.video or not scene.audio:
        yield "a scene has at least one video track and one audio track"
        return
    tracks = (*scene.video, *scene.audio.values())
    if scene.key != scene_key(tracks):
        yield f"key is {scene.key}, but the tracks hash to {scene_key(tracks)}"
    cuts = [(segment.start_units, segment.units) for segment in tracks[0].segments]
    if [start for start, _ in cuts] != [sum(units for _, units in cuts[:index]) for index in range(len(cuts))]:
        yield f"segments of {tracks[0].name} do not follow one another from 0"
    if sum(units for _, units in cuts) != scene.units or any(units < 1 for _, units in cuts):
        yield f"segments of {tracks[0].name} do not add up to {scene.units} units"
    for track in tracks[1:]:
        if [(segment.start_units, segment.units) for segment in track.segments] != cuts:
            yield f"{track.name} is cut elsewhere than {tracks[0].name}: every rendition shares its cuts (rule 22)"
    yield from _overlay_inconsistencies(scene.overlays, edges={scene.units, *(start for start, _ in cuts)})


def _overlay_inconsistencies(overlays: Mapping[str, OverlaySlot], *, edges: set[int]) -> Iterator[str]:
    if len(overlays) > MAX_OVERLAYS:
        yield f"has {len(overlays)} overlay slots, expected at most {MAX_OVERLAYS}"
    for name, slot in overlays.items():
        for what, expected in overlay_name_faults(name):
            yield f"overlays: {name!r} {what}, expected {expected}"
        for what, expected in overlay_box_faults(slot.box):
            yield f"overlays.{name}.box {what}, expected {expected}"
        if not (slot.start_units < slot.end_units and {slot.start_units, slot.end_units} <= edges):
            window = f"from unit {slot.start_units} to {slot.end_units}"
            yield f"overlays.{name} lasts {window}, expected a window from one segment's start to another's end"
        if slot.behind is not None and not 0 <= slot.behind[0] <= slot.behind[1] <= 1:
            yield f"overlays.{name}.behind is {list(slot.behind)}, expected two luminances in order, each from 0 to 1"
        for language, text in slot.default.items():
            if language and not LANGUAGE.fullmatch(language):
                yield f"overlays.{name}.default: {language!r} is not {LANGUAGE_RULE}"
            for what, expected in overlay_text_faults(text):
                yield f"overlays.{name}.default {what}, expected {expected}"
