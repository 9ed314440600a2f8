"""Decisions and scenes, laid end to end on one clock, in whole grid units. No media is touched."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import NamedTuple

from streamsrv.core.campaign.languages import Languages
from streamsrv.core.captions import format_captions
from streamsrv.core.catalog import Catalog
from streamsrv.core.cues import shown_words, told_cues, transcript_lines
from streamsrv.core.errors import NotFound
from streamsrv.core.model import Cue, Decision, Scene, Track


class Placement(NamedTuple):
    """One scene at its place in the viewer's video. A named tuple: one is made per scene per viewer."""

    scene: Scene
    base_units: int
    """Where the scene starts."""
    slot: str
    """Empty where the campaign's release, which names the slots, is no longer known."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """One viewer's video: every rendition and every playlist follows from it."""

    catalog: Catalog = field(repr=False)
    placements: tuple[Placement, ...]
    units: int
    speech: Languages
    """What stands in where a scene lacks a language."""

    def languages(self) -> tuple[str, ...]:
        """Sound languages of any scene, in order of appearance; of a campaign in several languages only those."""
        return self._offered(lang for place in self.placements for lang in place.scene.audio)

    def caption_languages(self) -> tuple[str, ...]:
        """Languages in which any scene is captioned, in order of appearance, chosen as `languages` are."""
        return self._offered(lang for place in self.placements for lang in place.scene.captions)

    def sounds(self, language: str) -> list[Track]:
        """The sound of each scene in `language`; where it was not recorded in that one, the next in its chain."""
        chain = self.speech.chain(language)
        return [_first_of(chain, place.scene.audio) for place in self.placements]

    def default_language(self, language: str) -> str:
        """The sound language that a player begins with for a viewer who is told the story in `language`."""
        known = self.languages()
        return next((tag for tag in self.speech.chain(language) if tag in known), known[0])

    def captions(
        self, language: str, decisions: Sequence[Decision] | None = None, *, told_in: str | None = None
    ) -> str:
        """The WebVTT text of the viewer's own cut; raises `NotFound` for a language that no scene has.

        With the `decisions` it was made of, it tells what is shown in overlay slots, in the language that the viewer is
        `told_in` (else `language`); without them, where a cue names a slot, the scene's default.
        """
        if language not in self.caption_languages():
            raise NotFound("caption language")
        grid = self.catalog.grid
        own_in = None if decisions is None else told_in or language
        return format_captions(
            (grid.duration_ms(place.base_units), cue)
            for place, spoken, cues, words in self._told(language, decisions)
            for cue in told_cues(place.scene, cues, words, grid, spoken=spoken, told_in=own_in)
        )

    def transcript(self, language: str, decisions: Sequence[Decision] | None = None) -> str:
        """All that is said and shown, as plain text: a paragraph for each scene, its title first."""
        paragraphs: list[list[str]] = []
        before = None
        for place, _, cues, words in self._told(language, decisions):
            if place.scene.scene_id != before:
                paragraphs.append([place.scene.title] if place.scene.title else [])
            before = place.scene.scene_id
            paragraphs[-1] += transcript_lines(place.scene, cues, words)
        return "\n\n".join("\n".join(lines) for lines in paragraphs if lines) + "\n"

    def find(self, *, scene_key: str, rendition: str, index: int, base_units: int) -> tuple[Scene, Track]:
        """What a segment URL names; raises `NotFound` unless it stands in this timeline at that index and base."""
        for scene, start_units, _ in self.placements:
            if scene.key == scene_key:
                segments = scene.video[0].segments
                if index < len(segments) and start_units + segments[index].start_units == base_units:
                    return scene, find_track(scene, rendition)
        raise NotFound("segment")

    def _told(
        self, language: str, decisions: Sequence[Decision] | None
    ) -> Iterable[tuple[Placement, str, Sequence[Cue], Mapping[str, str]]]:
        """Each place with its cues and their language, and with what stands in its overlay slots."""
        chain = self.speech.chain(language)
        known = decisions if decisions is not None and len(decisions) == len(self.placements) else ()
        for place, decision in zip_longest(self.placements, known):
            scene = place.scene
            spoken = next((tag for tag in chain if tag in scene.captions), language)
            defaults = {
                name: self.speech.pick(slot.default, language) for name, slot in scene.overlays.items() if slot.default
            }
            yield place, spoken, scene.captions.get(spoken, ()), shown_words(scene, decision, defaults)

    def _offered(self, found: Iterable[str]) -> tuple[str, ...]:
        every = tuple(dict.fromkeys(found))
        chosen = tuple(tag for tag in every if tag in self.speech.offered) if len(self.speech.offered) > 1 else every
        return chosen or every


ANY_LANGUAGE = Languages(("en",))


def build_timeline(decisions: Sequence[Decision], catalog: Catalog, speech: Languages = ANY_LANGUAGE) -> Timeline:
    """Lay the decided scenes end to end from 0; raises `NotFound` for a scene that is not packaged."""
    return lay_end_to_end(((catalog.scene(one.scene_id), one.slot) for one in decisions), catalog, speech)


def lay_end_to_end(shown: Iterable[tuple[Scene, str]], catalog: Catalog, speech: Languages) -> Timeline:
    """Each scene with its slot, one after the other from 0; raises `NotFound` where there is none."""
    placements = []
    base_units = 0
    for scene, slot in shown:
        placements.append(Placement(scene, base_units, slot))
        base_units += scene.units
    if not placements:
        raise NotFound("scene")
    return Timeline(catalog=catalog, placements=tuple(placements), units=base_units, speech=speech)


def _first_of(chain: Sequence[str], tracks: Mapping[str, Track]) -> Track:
    """The track of the first language in `chain` that there is, or the scene's default."""
    for tag in chain:
        if tag in tracks:
            return tracks[tag]
    return next(iter(tracks.values()))


def find_track(scene: Scene, rendition: str) -> Track:
    """The scene's track by its name in URLs; raises `NotFound`."""
    for track in scene.video:
        if track.name == rendition:
            return track
    for track in scene.audio.values():
        if track.name == rendition:
            return track
    raise NotFound("segment")
