"""Chapters of one viewer's video, as Apple's `com.apple.hls.chapters` JSON has them."""

from typing import Any

from streamsrv.core.timeline import Timeline


def chapters(timeline: Timeline, *, language: str) -> list[dict[str, Any]]:
    """One chapter per scene with a title; the same scene shown twice in a row is one chapter. Times in seconds."""
    grid = timeline.catalog.grid
    found: list[dict[str, Any]] = []
    last_id = None
    for scene, base_units, _ in timeline.placements:
        if scene.title and scene.scene_id == last_id:
            found[-1]["duration"] += grid.duration_ms(scene.units) / 1000
        elif scene.title:
            found.append(
                {
                    "chapter": len(found) + 1,
                    "start-time": grid.duration_ms(base_units) / 1000,
                    "duration": grid.duration_ms(scene.units) / 1000,
                    "titles": [{"language": language, "title": scene.title}],
                }
            )
        last_id = scene.scene_id
    return found
