"""What `check` finds about overlays: the brand kit and its pictures, words that do not fit, words that cannot be read.

Faults are problems; what comes out as its author allowed it to (shortened words, a plate behind them) is a note.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from streamsrv.analytics.rehearsal import Rehearsal, Trial, default_trials
from streamsrv.cli.running import going_through
from streamsrv.core.brand import Kit
from streamsrv.core.campaign import Campaign
from streamsrv.core.campaign.document import nearest, quoted
from streamsrv.core.campaign.filling import PICTURE_NAME, PICTURE_RULE
from streamsrv.core.contrast import READABLE, readability, remedy
from streamsrv.core.errors import Invalid, Problem
from streamsrv.core.grid import grid_for
from streamsrv.core.identity import sample_link_ref
from streamsrv.core.model import CampaignId, Ladder, OverlaySlot, Scene, SceneId, Viewer
from streamsrv.core.rules import decide
from streamsrv.media.backdrop import Backdrop, measure_backdrops
from streamsrv.media.check import Damaged
from streamsrv.media.draw.kit import load_kit, picture_files
from streamsrv.media.draw.painter import ALLOWED, NO_GLYPH, STICKS_OUT, Painter
from streamsrv.media.draw.shapes import load_image
from streamsrv.stores.viewers import Row

_APART = 0.02
"""Luminances that differ by less are the same."""


class Found(NamedTuple):
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


class BrandFolder(NamedTuple):
    """A brand kit with its pictures, as far as they are right."""

    path: Path
    is_there: bool
    """Whether there is such a file; all is drawn in the plain style where there is none."""
    kit: Kit | None
    pictures: Mapping[str, object]
    problems: tuple[Problem, ...]


def read_brand(path: Path) -> BrandFolder:
    """The kit of a file and the pictures beside it, with everything that is wrong with them."""
    problems: list[Problem] = []
    kit = None
    try:
        kit = load_kit(path)
    except Invalid as error:
        problems += error.problems
    pictures: dict[str, object] = {}
    for file in picture_files(path):
        if not PICTURE_NAME.fullmatch(file.name):
            problems.append(Problem(str(file), "has no picture's name", PICTURE_RULE))
            continue
        try:
            pictures[file.name] = load_image(file)
        except (OSError, ValueError) as error:
            what, _, expected = str(error).partition("; expected ")
            problems.append(Problem(str(file), what, expected))
    return BrandFolder(path, path.exists(), kit, pictures, tuple(problems))


def check_slots(scenes: Iterable[Scene], brand: BrandFolder) -> Iterator[Problem]:
    """Styles that the kit lacks, and pictures that its folder lacks."""
    unstyled: dict[str, list[str]] = {}
    for scene in scenes:
        for name, slot in scene.overlays.items():
            where = f"scene {scene.scene_id}: overlay {name}"
            style = slot.look.style
            if style and not brand.is_there:
                unstyled.setdefault(style, []).append(where)
            elif style and brand.kit is not None and style not in brand.kit.styles:
                known = tuple(brand.kit.styles)
                what = f"has the style {quoted(style)}, which the brand kit {brand.path} lacks"
                yield Problem(where, what + nearest(style, known), f"one of: {', '.join(known)}")
            for picture in slot.default.values() if slot.kind == "image" else ():
                if picture not in brand.pictures:
                    known = tuple(brand.pictures)
                    what = f"shows {quoted(picture)} by default, which is no picture in {brand.path.with_suffix('')}/"
                    yield Problem(
                        where, what + nearest(picture, known), f"one of: {', '.join(known) or 'none is there'}"
                    )
    if unstyled:
        yield _no_kit(brand.path, unstyled)


def _no_kit(path: Path, unstyled: Mapping[str, Sequence[str]]) -> Problem:
    """That there is no kit, once for all slots that name a style."""
    those = [place for places in unstyled.values() for place in places]
    more = f" and {len(those) - 1} more" if len(those) > 1 else ""
    beside = tuple(sorted(file.name for file in path.parent.glob("*.toml"))) if path.parent.is_dir() else ()
    what = f"there is no such brand kit{nearest(path.name, beside)}"
    tables = ", ".join(f"[style.{name}]" for name in unstyled)
    return Problem(str(path), what, f"a file with {tables}, for {those[0]}{more}; or rendering.kit of the settings set")


def check_contrast(scenes: Sequence[Scene], kit: Kit, read: Callable[[str], bytes]) -> Found:
    """Words on the actual pictures behind them; `read` gives a stored object."""
    problems: list[Problem] = []
    notes: list[str] = []
    drawn_on = [scene for scene in scenes if scene.overlays]
    for scene in going_through(drawn_on, "Looking behind overlays"):
        try:
            behind = measure_backdrops(scene, read)
        except (Damaged, OSError) as error:
            problems.append(Problem(f"scene {scene.scene_id}", f"cannot be looked at: {error}", "package it again"))
            continue
        for name, slot in scene.overlays.items():
            where, whole = f"scene {scene.scene_id}: overlay {name}", behind[name].whole
            if slot.behind is None or max(abs(a - b) for a, b in zip(slot.behind, whole, strict=True)) > _APART:
                what = "does not say what the picture behind it is like, so that nothing is put behind its words"
                problems.append(Problem(where, what, "the scene packaged again: only its manifest changes"))
            notes += _unreadable(where, slot, kit, behind[name], scene.frame_rate)
    return Found(tuple(problems), tuple(notes))


def _unreadable(where: str, slot: OverlaySlot, kit: Kit, backdrop: Backdrop, frame_rate: int) -> Iterator[str]:
    """A note where the picture swallows a slot's words: its style, how much, when it is worst, what is done."""
    style_name = kit.known(slot.look.style)
    # What a style that is not there would look like is nobody's question.
    if style_name != (slot.look.style or style_name):
        return
    style = kit.styles[style_name]
    put = remedy(style, slot.kind, backdrop.whole)
    if not put:
        return
    ratio = readability(style, slot.kind, backdrop.whole)
    worst, frame = min((readability(style, slot.kind, one), frame) for frame, one in backdrop.moments)
    done = "its style puts nothing behind it" if put == "nothing" else f"its style puts a {put} behind it"
    yield (
        f"{where}: style {quoted(style_name)} has a contrast of {ratio:.1f}:1 with the picture, of {worst:.1f}:1 at"
        f" worst, {frame / frame_rate:.2f} s into the scene; {READABLE:g}:1 is wanted; {done}"
    )


def rehearsed(
    campaigns: Iterable[Campaign], rows: Iterable[Row], scenes: Mapping[SceneId, Scene], ladder: Ladder, *, now_s: int
) -> Mapping[CampaignId, Rehearsal]:
    """What to try of each campaign, from the stories of a sample of viewers."""
    unit_frames = grid_for(ladder.frame_rate).frames
    by_id = {campaign.campaign_id: campaign for campaign in campaigns}
    made = {name: Rehearsal(campaign, scenes, unit_frames=unit_frames) for name, campaign in by_id.items()}
    for row in rows:
        viewer = row.viewer
        if isinstance(viewer, Viewer) and viewer.campaign_id in made:
            # Codes are as large as they will be, and each viewer's own.
            viewer = replace(viewer, link_ref=sample_link_ref(viewer.viewer_id))
            story = decide(by_id[viewer.campaign_id], viewer, now_s=now_s, assigned={})
            made[viewer.campaign_id].add(viewer, story, row.where)
    return made


def check_words(trials: Sequence[Trial], told: str, file: Path | None, brand: BrandFolder, ladder: Ladder) -> Found:
    """Words in the places that they are drawn in. `told` is what they are, `file` the campaign that they are of."""
    assert brand.kit is not None
    painter = Painter(brand.kit, brand.pictures)
    found: dict[tuple[str, SceneId, str, str], list[Trial]] = {}
    tried: Counter[tuple[str, SceneId, str]] = Counter()
    sizes = {(rung.width, rung.height) for rung in (ladder.rungs[0], ladder.rungs[-1])}
    # Of a style that is not there, that alone is told.
    drawn = [one for one in trials if one.plan.items[0].look.style in ("", *brand.kit.styles)]
    for trial in going_through(drawn, f"Trying {told}"):
        where = _where(trial, file)
        tried[where, trial.scene, trial.overlay] += 1
        for what in {
            one.what for width, height in sizes for one in painter.measure(trial.plan, width=width, height=height)
        }:
            found.setdefault((where, trial.scene, trial.overlay, what), []).append(trial)
    problems: list[Problem] = []
    notes: list[str] = []
    for (where, scene, overlay, what), those in found.items():
        first, (item,) = those[0], those[0].plan.items
        count = tried[where, scene, overlay]
        many = f"; {len(those)} of {count} texts that were tried" if count > 1 else ""
        box = ", ".join(f"{edge:g}" for edge in item.box)
        told = (
            f"overlay {quoted(overlay)} of scene {quoted(scene)} {what}: {first.source}, in style"
            f" {quoted(brand.kit.known(item.look.style))}, box [{box}]{many}"
        )
        if what in ALLOWED:
            notes.append(f"{where}: {told}")
        else:
            problems.append(Problem(where, told, _expected(what, is_written=first.is_written)))
    return Found(tuple(problems), tuple(notes))


def _where(trial: Trial, file: Path | None) -> str:
    """The place in the campaign's file, else the default that the scene was packaged with."""
    if trial.packaged is not None:
        language = f".{trial.packaged}" if trial.packaged else ""
        return f"scene {trial.scene}: {trial.overlay}.default{language}"
    return f"{file}:{trial.mark.line}:{trial.mark.column}" if trial.mark else str(file)


def _expected(what: str, *, is_written: bool) -> str:
    if what == NO_GLYPH:
        return "characters of the scripts that docs/overlays.md lists"
    shorter = "a shorter one, " if is_written else ""
    if what == STICKS_OUT:
        return f"{shorter}a larger box, a smaller min_size, or shrink and ellipsis in fit"
    return f"{shorter}or a larger box" if shorter else "a larger box"


def check_overlays(
    scenes: Mapping[SceneId, Scene],
    campaigns: Mapping[Path, Campaign],
    rows: Iterable[Row],
    brand: BrandFolder,
    ladder: Ladder,
    read: Callable[[str], bytes] | None,
) -> Found:
    """All of it, for campaigns by their files; `read` gives a stored object, None leaves out what is behind words."""
    problems = list(check_slots(scenes.values(), brand))
    notes: list[str] = []
    if brand.kit is None:
        return Found(tuple(problems), ())
    if read is not None:
        found = check_contrast(tuple(scenes.values()), brand.kit, read)
        problems += found.problems
        notes += found.notes
    now_s, unit_frames = int(time.time()), grid_for(ladder.frame_rate).frames
    files = {campaign.campaign_id: path for path, campaign in campaigns.items()}
    named = {str(path): campaign for path, campaign in campaigns.items()}
    defaults = [trial for scene in scenes.values() for trial in default_trials(scene, named, unit_frames=unit_frames)]
    tests: list[tuple[Sequence[Trial], str, Path | None]] = [(defaults, "defaults of scenes", None)]
    for name, rehearsal in rehearsed(campaigns.values(), rows, scenes, ladder, now_s=now_s).items():
        tests.append((tuple(rehearsal.trials(now_s=now_s)), f"words of {name}", files[name]))
    for trials, told, file in tests:
        found = check_words(trials, told, file, brand, ladder)
        problems += found.problems
        notes += found.notes
    return Found(tuple(problems), tuple(notes))
