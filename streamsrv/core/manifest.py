"""`scene.json`: the one schema by which the packager hands scenes to the server.

The schema is the `Scene` value itself, so a field exists in one place. Documented in docs/packaging.md.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from streamsrv.core.errors import Invalid, Problem, invalid
from streamsrv.core.grid import FRAME_RATES
from streamsrv.core.model import Scene, Track

SCHEMA_VERSION = 1


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
    return document


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `scene.json`."""
    return _ADAPTER.json_schema()


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
