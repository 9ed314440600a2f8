"""The demo's scenes: their length, their pictures, their sound, their captions and their files."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from streamsrv.core.captions import parse_captions
from streamsrv.core.grid import grid_for
from streamsrv.media.demo import DEMO_SCENES, DemoScene, write_source
from streamsrv.media.demo.canvas import Canvas
from streamsrv.media.demo.films import make_film
from streamsrv.media.demo.narration import NARRATION, format_narration
from streamsrv.media.demo.scenes import FRAME_RATE, FRAMES_PER_BEAT
from streamsrv.media.demo.score import play
from streamsrv.media.overlays import DeclaredSlot, load_overlays

SMALL = (320, 180)
BY_ID = {scene.scene_id: scene for scene in DEMO_SCENES}
BETWEEN = [scene for scene in DEMO_SCENES if not scene.scene_id.startswith(("hello", "next-step"))]

each_scene = pytest.mark.parametrize("scene", DEMO_SCENES, ids=lambda scene: scene.scene_id)
each_narration = pytest.mark.parametrize(
    ("scene_id", "language"), [(scene.scene_id, language) for scene in DEMO_SCENES for language in ("en", "de", "ar")]
)


@cache
def declared(scene: DemoScene) -> dict[str, DeclaredSlot]:
    return load_overlays(scene.overlays)


def drawn(scene: DemoScene, *beats: float, size_px: tuple[int, int] = SMALL) -> list[NDArray[np.int16]]:
    canvas = Canvas(*size_px)
    film = make_film(scene.scene_id, canvas, scene.beats)
    frames = []
    for beat in beats:
        film(canvas, beat)
        frames.append(canvas.pixels[:, :, :3].astype(np.int16))
    return frames


@cache
def heard(scene_id: str) -> NDArray[np.int32]:
    return play(scene_id, BY_ID[scene_id].beats).astype(np.int32)


def ignore_progress(done: int, total: int) -> None:
    pass


def duration_s(*scene_ids: str) -> float:
    return sum(BY_ID[scene_id].duration_frames for scene_id in scene_ids) / FRAME_RATE


def test_the_scenes_are_those_that_campaigns_name() -> None:
    assert [scene.scene_id for scene in DEMO_SCENES] == [
        "hello", "hello-any", "explain-home", "explain-motor", "explain-life", "explain-any",
        "no-claims", "claims-year", "claim-card", "thanks-loyal", "offer-plain", "offer-bonus", "next-step",
    ]  # fmt: skip


@each_scene
def test_a_scene_is_whole_units_of_the_grid(scene: DemoScene) -> None:
    grid = grid_for(FRAME_RATE)

    assert scene.duration_frames == scene.beats * grid.frames


def test_a_video_with_four_claims_lasts_less_than_a_minute() -> None:
    claims = ["claims-year", *["claim-card"] * 4]

    assert 45 < duration_s("hello", "explain-motor", *claims, "thanks-loyal", "offer-plain", "next-step") < 60


def test_a_loyal_viewers_video_without_claims_lasts_three_quarters_of_a_minute() -> None:
    assert 45 < duration_s("hello", "thanks-loyal", "explain-home", "no-claims", "offer-bonus", "next-step") < 60


@each_scene
def test_a_scene_moves_all_the_time(scene: DemoScene) -> None:
    beats = [scene.beats * share for share in (0.15, 0.4, 0.65, 0.9)]
    frames = drawn(scene, *(moment for beat in beats for moment in (beat, beat + 0.5)))

    changed = [
        int((abs(after - before).max(axis=2) > 2).sum())
        for before, after in zip(frames[::2], frames[1::2], strict=True)
    ]
    assert min(changed) > 100, changed


@pytest.mark.parametrize(("scene", "name"), [(scene, name) for scene in DEMO_SCENES for name in declared(scene)])
def test_words_of_a_viewers_own_stand_on_nothing_but_background(scene: DemoScene, name: str) -> None:
    slot = declared(scene)[name]
    if slot.kind == "qr":
        pytest.skip("it covers what is below it")
    beats = [ms * FRAME_RATE / 1000 / FRAMES_PER_BEAT for ms in (slot.from_ms + 500, slot.to_ms - 100)]
    left, top, width, height = slot.box

    for frame in drawn(scene, *beats, size_px=(640, 360)):
        box = frame[round(top * 360) : round((top + height) * 360), round(left * 640) : round((left + width) * 640)]
        # The sky changes from top to bottom only, so along every row it is one colour, give or take its dither.
        assert int(np.ptp(box, axis=1).max()) <= 3


@pytest.mark.parametrize("scene", DEMO_SCENES, ids=lambda scene: scene.scene_id)
def test_windows_are_whole_beats_and_short(scene: DemoScene) -> None:
    windows = {slot.window(grid_for(FRAME_RATE)) for slot in declared(scene).values()}

    assert all(slot.to_ms - slot.from_ms <= 4000 for slot in declared(scene).values())
    assert all(2 <= start < end <= scene.beats - 1 for start, end in windows)


@each_scene
def test_words_and_pictures_keep_a_margin_of_four_per_cent(scene: DemoScene) -> None:
    beat = scene.beats * 0.6
    empty_beat = 0.0 if scene in BETWEEN else scene.beats * 0.6
    frame, empty = drawn(scene, beat, empty_beat, size_px=(640, 360))

    sky = slice(0, 200)
    strong = abs(frame[sky] - empty[sky]).max(axis=2) > 90
    assert not strong[:, :25].any()
    assert not strong[:14].any()


@pytest.mark.parametrize("scene", BETWEEN, ids=lambda scene: scene.scene_id)
def test_a_scene_ends_on_the_picture_with_which_every_other_begins(scene: DemoScene) -> None:
    (last,) = drawn(scene, scene.beats)
    (first,) = drawn(BY_ID["explain-any"], 0)

    assert int((abs(last - first).max(axis=2) > 12).sum()) == 0


@pytest.mark.parametrize("scene_id", ["hello", "hello-any"])
def test_an_opening_ends_on_the_picture_with_which_the_next_scene_begins(scene_id: str) -> None:
    (last,) = drawn(BY_ID[scene_id], BY_ID[scene_id].beats)
    (first,) = drawn(BY_ID["thanks-loyal"], 0)

    assert int((abs(last - first).max(axis=2) > 12).sum()) == 0


@each_scene
def test_the_sound_is_as_long_as_the_picture_and_silent_at_both_ends(scene: DemoScene) -> None:
    samples = heard(scene.scene_id)

    assert samples.shape == (2, scene.beats * grid_for(FRAME_RATE).audio_ticks)
    assert samples[:, [0, -1]].tolist() == [[0, 0], [0, 0]]


@each_scene
def test_the_sound_stays_under_one_decibel_below_full_and_never_clicks(scene: DemoScene) -> None:
    samples = heard(scene.scene_id)

    assert abs(samples).max() < 32768 * 10 ** (-1 / 20)
    assert abs(np.diff(samples, axis=1)).max() < 32768 * 0.15
    # The first and last 5 ms rise and fall gently: below -40 dBFS.
    assert abs(samples[:, :240]).max() < 328
    assert abs(samples[:, -240:]).max() < 328


@each_narration
def test_captions_read_back_as_written_and_stay_inside_the_scene(scene_id: str, language: str) -> None:
    cues = NARRATION[scene_id][language]
    duration_ms = BY_ID[scene_id].duration_frames * 1000 // FRAME_RATE

    assert parse_captions(format_narration(cues), where="test") == cues
    assert cues[0].start_ms >= 0
    assert cues[-1].end_ms <= duration_ms
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(cues))


@each_narration
def test_captions_can_be_read_in_time(scene_id: str, language: str) -> None:
    speeds = [
        1000 * len(cue.text.replace("\n", " ")) / (cue.end_ms - cue.start_ms) for cue in NARRATION[scene_id][language]
    ]

    assert max(speeds) < 20, speeds


@each_narration
def test_captions_have_at_most_two_lines_of_42_characters_and_name_no_number(scene_id: str, language: str) -> None:
    texts = [cue.text for cue in NARRATION[scene_id][language]]

    assert max(text.count("\n") for text in texts) <= 1
    assert max(len(line) for text in texts for line in text.split("\n")) <= 42
    assert not re.search(r"\d", " ".join(texts))


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        write_source(BY_ID["claim-card"], folder, progress=ignore_progress, height_px=SMALL[1])

    one, two = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert sorted(one) == ["claim-card.ar.vtt", "claim-card.de.vtt", "claim-card.en.vtt", "claim-card.mov"]
    assert one == two


def test_a_written_scene_holds_every_frame_and_sample_in_the_colours_drawn(tmp_path: Path) -> None:
    scene = BY_ID["claim-card"]
    source = write_source(scene, tmp_path, progress=ignore_progress, height_px=SMALL[1])

    with av.open(source.video) as container:
        frames = list(container.decode(video=0))
    with av.open(source.video) as container:
        samples = sum(block.samples for block in container.decode(audio=0))
    middle = frames[64].to_ndarray(format="rgb24").astype(np.int16)
    (wanted,) = drawn(scene, 4.0)
    assert [round(frame.time * FRAME_RATE) for frame in frames] == list(range(128))
    assert samples == 128 * 1600
    assert (int(frames[0].colorspace), int(frames[0].color_range), int(frames[0].color_trc)) == (1, 1, 1)
    assert float(abs(middle - wanted).mean()) < 2.5


def test_progress_counts_every_frame(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    scene = BY_ID["claim-card"]
    write_source(scene, tmp_path, progress=lambda done, total: seen.append((done, total)), height_px=SMALL[1])

    assert seen == [(number, 128) for number in range(1, 129)]


def test_an_interrupted_run_leaves_no_half_file(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_source(BY_ID["claim-card"], tmp_path, progress=stop, height_px=SMALL[1])

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "claim-card.ar.vtt", "claim-card.de.vtt", "claim-card.en.vtt",
    ]  # fmt: skip
