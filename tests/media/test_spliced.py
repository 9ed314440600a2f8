"""Only the rows that are drawn on, encoded anew: what is around them stays, what is in them shows."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from streamsrv.core.grid import grid_for
from streamsrv.core.model import Ladder, Rung, Scene, Segment, Track
from streamsrv.media.avc import Malformed
from streamsrv.media.bands import Lines
from streamsrv.media.beside import LEAST_DRIFT_DB
from streamsrv.media.boxes import video_segment
from streamsrv.media.draw.layer import Layer
from streamsrv.media.encode import picture_header
from streamsrv.media.guard import MOST_CRF, Subject, guard
from streamsrv.media.packager import package_scene
from streamsrv.media.pictures import decode_file, decode_pictures
from streamsrv.media.quality import UTMOST_DRIFT, luma, psnr_db
from streamsrv.media.render.compose import lay_over
from streamsrv.media.render.job import BandedGround, Ground, RenderError, ground_of
from streamsrv.media.render.segment import render_segment
from streamsrv.media.render.spliced import OutsideError, splice_segment
from streamsrv.media.request import PackageRequest
from streamsrv.media.samples import read_samples, split_file
from streamsrv.media.store import object_path
from tests.media.files import read_barcode, times_at, write_source

LADDER = Ladder(
    frame_rate=30,
    rungs=(Rung("180p", 320, 180, 300_000, 450_000, "3.0"), Rung("540p", 960, 540, 2_000_000, 3_000_000, "3.1")),
    audio_bps=96_000,
)
SLOTS = """
[third]
from_s = 0.54
to_s = 1.6
box = [0.1, 0.80, 0.8, 0.08]
[upper]
from_s = 2.14
to_s = 2.66
box = [0.1, 0.10, 0.8, 0.06]
[lower]
from_s = 2.14
to_s = 2.66
box = [0.1, 0.80, 0.8, 0.06]
[edge]
from_s = 3.2
to_s = 3.73
box = [0.0, 0.92, 1.0, 0.08]
[page]
from_s = 4.27
to_s = 4.8
box = [0.1, 0.05, 0.8, 0.9]
"""
THIRD, TWO, EDGE, PAGE = 1, 4, 6, 8
"""The units that the windows start with."""


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Scene]:
    """6 s of numbered pictures over a texture that moves."""
    folder = tmp_path_factory.mktemp("spliced")
    source = write_source(folder / "a.mkv", times_at(30, 180), size=(960, 540), draw=_textured)
    (folder / "a.toml").write_text(SLOTS)
    request = PackageRequest(source, "a", overlays=folder / "a.toml")
    return folder / "store", package_scene(request, ladder=LADDER, store=folder / "store")


def _textured(number: int, width: int, height: int) -> NDArray[np.uint8]:
    texture = np.random.default_rng(3).integers(-40, 40, (height, width))
    smooth = sum(np.roll(texture, (dy, dx), (0, 1)) for dy in range(4) for dx in range(4)) // 16
    moved = np.roll(smooth, 2 * number, 1)
    light = np.full((height, width), 120)
    light[height * 2 // 5 : height * 3 // 5] = [205 if number >> (x * 10 // width) & 1 else 50 for x in range(width)]
    return np.repeat(np.clip(light + moved, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def _segment(scene: Scene, start_units: int, rung: int = 1) -> tuple[Track, Segment]:
    track = scene.video[rung]
    return track, next(one for one in track.segments if one.start_units == start_units)


def _ground(packaged: tuple[Path, Scene], start_units: int, *, banded: bool = True) -> Ground | BandedGround:
    store, scene = packaged
    track, segment = _segment(scene, start_units)
    return ground_of(
        track, segment, LADDER.rungs[1], grid=grid_for(30), gop_ms=LADDER.gop_ms, banded=banded,
        read=lambda name: object_path(store, name).read_bytes(),
    )  # fmt: skip


def _banded(packaged: tuple[Path, Scene], start_units: int) -> BandedGround:
    ground = _ground(packaged, start_units)
    assert isinstance(ground, BandedGround)
    return ground


def _plate(top: int, *, height: int = 20, left: int = 100, width: int = 300, level: int = 255) -> Layer:
    pixels = np.full((height, width, 4), level, np.uint8)
    pixels[..., 3] = 255
    pixels[4:12:2, 20:-20:4, :3] = 255 - level
    return Layer(pixels, left, top)


def _always(*layers: Layer) -> Callable[[int], list[Layer]]:
    return lambda frame: list(layers)


def test_segments_have_bands_where_they_pay_and_else_a_reason(packaged: tuple[Path, Scene]) -> None:
    _, scene = packaged
    found = {start: _segment(scene, start)[1].master for start in (THIRD, TWO, EDGE, PAGE)}

    assert [1, 2, 1] == [len(one.splice.bands) for one in found.values() if one and one.splice]
    page = found[PAGE]
    assert page is not None
    assert ("what is drawn takes most of the picture", None) == (page.whole, page.splice)
    for track in scene.video:
        for segment in track.segments:
            assert (segment.master is None) or (segment.master.splice is None) == bool(segment.master.whole)


def test_where_a_segment_is_coarse_the_whole_picture_is_encoded(packaged: tuple[Path, Scene]) -> None:
    rung = LADDER.rungs[1]
    header = picture_header(rung, frame_rate=30)
    fine = Subject(rung, header, 30, frozenset({0}), 0, (Lines(430, 480),), MOST_CRF, 10**6, b"not looked at")

    with pytest.raises(Malformed):
        guard(fine)
    assert "it is encoded so coarsely that a band's edge would show" == guard(replace(fine, crf=MOST_CRF + 1))


@pytest.mark.parametrize(
    ("start_units", "tops"), [(THIRD, [436]), (TWO, [60, 436]), (EDGE, [512])], ids=["third", "two", "edge"]
)
def test_rows_outside_the_bands_stay_and_inside_them_shows_what_was_drawn(
    packaged: tuple[Path, Scene], start_units: int, tops: list[int]
) -> None:
    """White, then black: outside both are the segment that the bands are put into, but for what nobody sees."""
    ground = _banded(packaged, start_units)
    whole = _ground(packaged, start_units, banded=False)
    assert isinstance(whole, Ground)
    outside = np.ones(540, bool)
    for strip, _ in ground.strips:
        outside[slice(*strip.band_lines(540))] = False
    base = [luma(picture)[outside] for picture in decode_pictures(ground.init, ground.base)]
    for level in (255, 0):
        layers = [_plate(top, level=level) for top in tops]
        wanted = [lay_over(picture, layers) for picture in decode_pictures(whole.init, whole.master)]

        data = splice_segment(ground, _always(*layers))
        full = render_segment(whole, _always(*layers))

        found, again = (list(decode_pictures(ground.init, one)) for one in (data, full))
        assert ground.frames == len(found)
        for picture, one in zip(found, base, strict=True):
            assert psnr_db([one], [luma(picture)[outside]]) >= LEAST_DRIFT_DB
        for picture in found:
            for top in tops:
                assert abs(int(luma(picture)[top + 16, 112]) - (235 if level else 16)) < 12
        # Held against what should be seen, no worse than the whole picture encoded again.
        ideal = [luma(picture) for picture in wanted]
        assert psnr_db(ideal, map(luma, found)) > psnr_db(ideal, map(luma, again)) - 0.1


def test_pictures_keep_their_numbers_and_times(packaged: tuple[Path, Scene]) -> None:
    store, scene = packaged
    ground = _banded(packaged, THIRD)
    shared = object_path(store, _segment(scene, THIRD)[1].name).read_bytes()

    data = splice_segment(ground, _always(_plate(436)))

    first = ground.first_frame
    assert list(range(first, first + ground.frames)) == [
        read_barcode(one) for one in decode_pictures(ground.init, data)
    ]
    assert [one.sync for one in read_samples(shared)] == [one.sync for one in read_samples(data)]
    assert shared[: shared.index(b"tfdt") + 16].endswith(data[data.index(b"tfdt") - 4 : data.index(b"tfdt") + 16])


def test_drift_is_what_the_manifest_says_at_most(packaged: tuple[Path, Scene]) -> None:
    _, scene = packaged
    spliced = [
        segment.master.splice
        for track in scene.video
        for segment in track.segments
        if segment.master and segment.master.splice
    ]
    assert len(spliced) >= 3
    assert all(one.drift <= UTMOST_DRIFT and one.drift_db >= LEAST_DRIFT_DB for one in spliced)


def test_equal_layers_give_equal_bytes(packaged: tuple[Path, Scene]) -> None:
    ground = _banded(packaged, TWO)
    layers = _always(_plate(60), _plate(436))

    assert splice_segment(ground, layers) == splice_segment(ground, layers)
    assert splice_segment(ground, layers) != splice_segment(ground, _always(_plate(60), _plate(436, level=0)))


def test_what_leaves_the_band_is_for_the_whole_picture(packaged: tuple[Path, Scene]) -> None:
    ground = _banded(packaged, THIRD)
    strip, _ = ground.strips[0]
    clear = strip.clear(540, margin=ground.clear_lines)

    splice_segment(ground, _always(_plate(clear.start), _plate(clear.end - 20)))
    for top in (clear.start - 2, clear.end - 18, 0):
        with pytest.raises(OutsideError):
            splice_segment(ground, _always(_plate(top)))


@pytest.mark.parametrize("part", ["base", "strip", "init"])
def test_damaged_media_is_an_error_and_no_segment(packaged: tuple[Path, Scene], part: str) -> None:
    ground = _banded(packaged, THIRD)
    strip, file = ground.strips[0]
    for broken in (b"", file[: len(file) // 2], b"\0" * 500):
        if part == "base":
            damaged = replace(ground, base=ground.base[: len(broken)])
        elif part == "strip":
            damaged = replace(ground, strips=((strip, broken),))
        else:
            damaged = replace(ground, init=ground.init[: len(broken) % 200])
        with pytest.raises(RenderError):
            splice_segment(damaged, _always(_plate(436)))


def test_a_strip_of_another_scene_is_refused(packaged: tuple[Path, Scene]) -> None:
    """Too few pictures, or of another width: nothing that a decoder would stumble over comes out."""
    ground, other = _banded(packaged, THIRD), _banded(packaged, EDGE)
    with pytest.raises(RenderError):
        splice_segment(replace(ground, strips=other.strips), _always())
    init, media = split_file(ground.strips[0][1])
    short = init + video_segment(read_samples(media)[:5], decode_time_ticks=0, sample_ticks=3000)
    with pytest.raises(RenderError):
        splice_segment(replace(ground, strips=((ground.strips[0][0], short),)), _always())


def test_too_many_bytes_are_coarser_and_at_last_an_error(packaged: tuple[Path, Scene]) -> None:
    ground = _banded(packaged, THIRD)
    tiles = np.random.default_rng(1).integers(0, 256, (4, 160, 4), dtype=np.uint8)
    noise = np.repeat(np.repeat(tiles, 5, 0), 5, 1)
    noise[..., 3] = 255
    layers = [Layer(np.roll(noise, 31 * number, 1), 60, 436) for number in range(7)]
    data = splice_segment(replace(ground, max_bytes=10**7), lambda frame: [layers[frame % 7]])

    smaller = splice_segment(replace(ground, max_bytes=len(data) - 1), lambda frame: [layers[frame % 7]])
    assert len(smaller) < len(data)
    with pytest.raises(RenderError, match="bytes"):
        splice_segment(replace(ground, max_bytes=len(ground.base) // 2), lambda frame: [layers[frame % 7]])


def test_a_moved_box_changes_bands_and_nothing_that_is_shared(packaged: tuple[Path, Scene], tmp_path: Path) -> None:
    store, scene = packaged
    (tmp_path / "a.toml").write_text(SLOTS.replace("box = [0.1, 0.80, 0.8, 0.08]", "box = [0.1, 0.30, 0.8, 0.08]"))
    request = PackageRequest(store.parent / "a.mkv", "a", overlays=tmp_path / "a.toml")

    again = package_scene(request, ladder=LADDER, store=store)

    assert [one.name for one in scene.video[1].segments] == [one.name for one in again.video[1].segments]
    old, new = _segment(scene, THIRD)[1].master, _segment(again, THIRD)[1].master
    assert old and new and old.splice and new.splice  # noqa: PT018  narrows for the type checker
    assert new.splice.bands[0].end < old.splice.bands[0].start
    assert _segment(scene, EDGE)[1] == _segment(again, EDGE)[1]
    assert [] == [
        one for one in decode_file(object_path(store, new.splice.bands[0].name).read_bytes()) if one.is_corrupt
    ]
