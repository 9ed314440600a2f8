"""The demo's scenes: complete in every language, on the grid, never still, quiet at their ends, and repeatable."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from streamsrv.core.captions import parse_captions
from streamsrv.core.grid import AUDIO_TIMESCALE
from streamsrv.core.model import Cue
from streamsrv.media.explainer import DEMO_SCENES, DemoScene, write_source
from streamsrv.media.explainer.canvas import Pixels, Shape, open_canvas
from streamsrv.media.explainer.film import draw_frames
from streamsrv.media.explainer.lettering import set_line
from streamsrv.media.explainer.music.render import PEAK, render_phrase
from streamsrv.media.explainer.scene import FRAME_RATE, UNIT_FRAMES
from streamsrv.media.probe import Limits
from streamsrv.media.source import measure_picture, read_sound

_SMALL = 180
_OPENING = ("hello", "hello-any")
_LANGUAGES = ("de", "en")

every_scene = pytest.mark.parametrize("scene", DEMO_SCENES, ids=lambda scene: scene.scene_id)


def _quiet(done: int, total: int) -> None:
    pass


def _short(scene_id: str) -> DemoScene:
    scene = next(scene for scene in DEMO_SCENES if scene.scene_id == scene_id)
    return replace(scene, duration_frames=UNIT_FRAMES)


def _cues(scene: DemoScene, language: str, folder: Path) -> tuple[Cue, ...]:
    path = write_source(replace(scene, duration_frames=1), folder, progress=_quiet, height=_SMALL).captions[language]
    return parse_captions(path.read_text(encoding="utf-8"), where=path.name)


def test_the_scenes_of_the_renewal_campaign_are_all_there() -> None:
    assert [scene.scene_id for scene in DEMO_SCENES] == [
        "hello",
        "hello-any",
        "explain-home",
        "explain-motor",
        "explain-life",
        "explain-any",
        "no-claims",
        "claim-card",
        "thanks-loyal",
        "offer-plain",
        "offer-bonus",
        "next-step",
    ]


@every_scene
def test_a_scene_is_whole_grid_units_and_its_music_as_many_beats(scene: DemoScene) -> None:
    assert (0, scene.phrase.beats) == (scene.duration_frames % UNIT_FRAMES, scene.duration_frames // UNIT_FRAMES)


@every_scene
def test_only_a_film_s_first_scene_asks_for_an_early_cut(scene: DemoScene) -> None:
    assert scene.cuts_ms == ((1600,) if scene.scene_id in _OPENING else ())


@every_scene
def test_the_overlay_s_place_is_inside_the_picture(scene: DemoScene) -> None:
    left, top, width, height = scene.overlay_box

    assert 0 < left < left + width < 1
    assert 0 < top < top + height < 1


@every_scene
def test_no_picture_stands_still(scene: DemoScene) -> None:
    """Every stretch of 0.4 s moves, but none changes the whole picture at once: peaks stay near the average."""
    drawn = draw_frames(scene, range(0, scene.duration_frames, 12), height=_SMALL)

    changes = [float(np.mean(np.abs(one.astype(int) - other))) for one, other in pairwise(drawn)]

    assert min(changes) > 0.03


@pytest.mark.parametrize(
    "scene", [scene for scene in DEMO_SCENES if scene.scene_id not in _OPENING], ids=lambda scene: scene.scene_id
)
def test_every_scene_begins_where_any_other_ends(scene: DemoScene) -> None:
    """All open from the same picture, so that a cut from one scene to the next is not seen."""
    home = DEMO_SCENES[2]
    [first] = draw_frames(scene, range(1), height=_SMALL)
    [last] = draw_frames(home, range(home.duration_frames - 1, home.duration_frames), height=_SMALL)

    assert float(np.mean(np.abs(first.astype(int) - last))) < 1.5


@every_scene
def test_nothing_but_the_scene_is_in_the_overlay_s_place(scene: DemoScene) -> None:
    """Its place has no edges of letters or icons while words could stand there."""
    [pixels] = draw_frames(scene, range(scene.duration_frames * 3 // 4, scene.duration_frames * 3 // 4 + 1), height=360)
    left, top, width, height = scene.overlay_box
    rows = slice(round(top * 360), round((top + height) * 360))
    columns = slice(round(left * 640), round((left + width) * 640))

    steps = np.abs(np.diff(pixels[rows, columns, :3].astype(int), axis=1)).max()

    assert steps < 90


@every_scene
@pytest.mark.parametrize("language", _LANGUAGES)
def test_captions_are_inside_the_scene_and_can_be_read_in_their_time(
    scene: DemoScene, language: str, tmp_path: Path
) -> None:
    cues = _cues(scene, language, tmp_path)

    assert cues[-1].end_ms <= scene.duration_frames * 1000 // FRAME_RATE
    assert all(one.end_ms <= other.start_ms for one, other in pairwise(cues))
    assert all(len(cue.text) / (cue.end_ms - cue.start_ms) * 1000 < 20 for cue in cues)
    assert all(len(line) <= 42 for cue in cues for line in cue.text.split("\n"))


@every_scene
def test_the_music_is_as_long_as_the_picture_and_begins_and_ends_in_silence(scene: DemoScene) -> None:
    count = scene.duration_frames * AUDIO_TIMESCALE // FRAME_RATE

    samples = render_phrase(scene.phrase, samples=count)

    edges = np.abs(np.concatenate([samples[:, :48], samples[:, -48:]], axis=1)).max()
    assert samples.shape == (2, count)
    assert int(np.abs(samples).max()) == int(PEAK * 32767)
    assert edges < 16
    assert np.abs(np.diff(samples.astype(int), axis=1)).max() < 12_000


def test_a_source_holds_picture_and_sound_of_the_same_length(tmp_path: Path) -> None:
    scene = _short("claim-card")

    source = write_source(scene, tmp_path, progress=_quiet, height=_SMALL)

    span = measure_picture(source.video, Limits())
    sound = sum(samples.shape[1] for _, samples in read_sound(source.video, Limits()))
    assert (span.end_s - span.start_s) * FRAME_RATE == UNIT_FRAMES
    assert sound * FRAME_RATE == UNIT_FRAMES * AUDIO_TIMESCALE


def test_the_same_scene_gives_the_same_bytes(tmp_path: Path) -> None:
    scene = _short("hello")
    folders = (tmp_path / "one", tmp_path / "other")
    for folder in folders:
        folder.mkdir()
        write_source(scene, folder, progress=_quiet, height=_SMALL)

    one, other = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)

    assert sorted(one) == ["hello.de.vtt", "hello.en.vtt", "hello.mov"]
    assert one == other


def test_an_interrupted_scene_leaves_no_file(tmp_path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_source(_short("hello"), tmp_path, progress=interrupt, height=_SMALL)

    assert list(tmp_path.iterdir()) == []


def test_progress_counts_every_frame_once(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []

    write_source(_short("offer-plain"), tmp_path, progress=lambda *step: steps.append(step), height=_SMALL)

    assert steps == [(number, UNIT_FRAMES) for number in range(1, UNIT_FRAMES + 1)]


def test_words_wider_than_their_place_are_refused() -> None:
    pixels: Pixels = np.zeros((90, 160, 4), np.uint8)

    with pytest.raises(ValueError, match=r"'far too long' is .* wide, expected at most 100"):
        set_line(open_canvas(pixels, 1.0), "far too long", 40, 0xFF000000, fit=100)


def test_a_path_with_an_unknown_command_is_refused() -> None:
    with pytest.raises(ValueError, match="'A' is not a path command; expected M, L, Q, C or Z"):
        Shape.parse("M 0 0 A 5 5")
