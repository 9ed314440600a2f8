"""Masters: what a viewer's own segment is drawn on, and how well it comes back."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from streamsrv.core.grid import grid_for
from streamsrv.core.model import Ladder, Rung, Scene, Segment, Track
from streamsrv.media.draw.layer import Layer
from streamsrv.media.packager import package_scene
from streamsrv.media.pictures import decode_pictures
from streamsrv.media.quality import worst_that_is_good
from streamsrv.media.render.compose import lay_over
from streamsrv.media.render.job import Ground, RenderError
from streamsrv.media.render.job import ground_of as ground_for
from streamsrv.media.render.segment import render_segment
from streamsrv.media.request import PackageRequest
from streamsrv.media.store import object_path
from tests.media.files import TINY, read_barcode, times_at, write_source

_SLOTS = "[greeting]\nfrom_s = 1.0\nto_s = 4.0\nbox = [0.1, 0.6, 0.8, 0.3]\n"
_WINDOW = (1, 8)


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Scene]:
    """8 s of numbered pictures over moving noise, with an overlay window."""
    folder = tmp_path_factory.mktemp("masters")
    source = write_source(folder / "a.mkv", times_at(30, 240), draw=_noisy)
    (folder / "a.toml").write_text(_SLOTS)
    request = PackageRequest(source, "a", overlays=folder / "a.toml")
    return folder / "store", package_scene(request, ladder=TINY, store=folder / "store")


def _noisy(number: int, width: int, height: int) -> NDArray[np.uint8]:
    noise = np.random.default_rng(number).integers(-30, 30, (height, width, 1))
    bits = np.array([215 if number >> (x * 10 // width) & 1 else 40 for x in range(width)])
    return np.repeat(np.clip(bits[None, :, None] + noise, 0, 255).astype(np.uint8), 3, axis=2)


def _read(store: Path, name: str) -> bytes:
    return object_path(store, name).read_bytes()


def _segments(track: Track) -> list[Segment]:
    return [segment for segment in track.segments if _WINDOW[0] <= segment.start_units < _WINDOW[1]]


def ground_of(store: Path, rung: Rung, track: Track) -> Ground:
    """The first segment that is drawn on."""
    return _ground(store, rung, track, _segments(track)[0])


def _ground(store: Path, rung: Rung, track: Track, segment: Segment, ladder: Ladder = TINY) -> Ground:
    grid = grid_for(ladder.frame_rate)
    found = ground_for(
        track, segment, rung, grid=grid, gop_ms=ladder.gop_ms, banded=False, read=lambda name: _read(store, name)
    )
    assert isinstance(found, Ground)
    return found


def _plate(width: int, height: int, colour: tuple[int, int, int], alpha: int) -> NDArray[np.uint8]:
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[:] = [*(channel * alpha // 255 for channel in colour), alpha]
    return pixels


def test_segments_in_a_window_have_a_master_in_every_rung_and_others_none(packaged: tuple[Path, Scene]) -> None:
    _, scene = packaged

    assert [[1, 4]] * 2 == [
        [segment.start_units for segment in track.segments if segment.master is not None] for track in scene.video
    ]


def test_a_master_shows_the_pictures_of_its_segment(packaged: tuple[Path, Scene]) -> None:
    store, scene = packaged
    track = scene.video[-1]

    for segment in _segments(track):
        assert segment.master is not None
        first = segment.start_units * 16
        expected = list(range(first, first + segment.units * 16))
        pictures = decode_pictures(_read(store, track.init_name), _read(store, segment.master.name))
        assert expected == [read_barcode(picture) for picture in pictures]


def test_a_rendered_segment_is_as_good_as_the_shared_one_where_nothing_is_drawn(packaged: tuple[Path, Scene]) -> None:
    """Within 1 dB of the shared segment, both held against the master, above the box."""
    store, scene = packaged
    for rung, track in zip(TINY.rungs, scene.video, strict=True):
        for segment in _segments(track):
            ground = _ground(store, rung, track, segment)
            plate = Layer(_plate(rung.width // 4 * 2, 20, (255, 255, 255), 255), 20, rung.height // 2 // 2 * 2)
            rendered = render_segment(ground, lambda frame, plate=plate: [plate])  # type: ignore[misc]  # mypy knows no defaults in lambdas
            shared = _read(store, segment.name)
            wanted, found, stored = (
                [_luma(picture)[: plate.top] for picture in decode_pictures(ground.init, data)]
                for data in (ground.master, rendered, shared)
            )
            assert _psnr_db(wanted, found) > _psnr_db(wanted, stored) - 1.0


def _luma(picture: VideoFrame) -> NDArray[np.int16]:
    return picture.to_ndarray()[: picture.height].astype(np.int16)


def _psnr_db(wanted: list[NDArray[np.int16]], found: list[NDArray[np.int16]]) -> float:
    error = np.mean([np.mean((one - other) ** 2.0) for one, other in zip(wanted, found, strict=True)])
    return float(10 * np.log10(255**2 / error))


def test_a_rendered_segment_fits_where_the_shared_one_stands(packaged: tuple[Path, Scene]) -> None:
    """The same frames at the same times, IDRs at the same places, decoded with the same init section."""
    store, scene = packaged
    rung, track = TINY.rungs[-1], scene.video[-1]
    for segment in _segments(track):
        ground = _ground(store, rung, track, segment)
        rendered = render_segment(ground, lambda frame: [])

        expected, found = (_packets(ground.init, data) for data in (_read(store, segment.name), rendered))
        assert expected == found


def _packets(init: bytes, data: bytes) -> list[tuple[int | None, int | None, int | None, bool]]:
    with av.open(BytesIO(init + data), "r", format="mp4") as container:
        found = [packet for packet in container.demux(video=0) if packet.size]
        return [(packet.pts, packet.dts, packet.duration, packet.is_keyframe) for packet in found]


def test_equal_jobs_give_equal_bytes_and_other_layers_other_bytes(packaged: tuple[Path, Scene]) -> None:
    store, scene = packaged
    segment = _segments(scene.video[-1])[0]
    ground = _ground(store, TINY.rungs[-1], scene.video[-1], segment)
    one = Layer(_plate(64, 20, (255, 0, 0), 200), 20, 60)
    other = Layer(_plate(64, 20, (0, 0, 255), 200), 20, 60)

    first, again, others = (
        render_segment(ground, lambda frame, layer=layer: [layer])  # type: ignore[misc]  # as above
        for layer in (one, one, other)
    )
    assert first == again
    assert first != others


def test_where_the_peak_rate_holds_the_bytes_words_are_coarser_until_they_fit(packaged: tuple[Path, Scene]) -> None:
    """A fine factor is no finer than the rate allows, and one that is a little higher saves nothing."""
    store, scene = packaged
    ground = _ground(store, TINY.rungs[0], scene.video[0], _segments(scene.video[0])[0])
    noise = np.random.default_rng(1).integers(0, 255, (8, 60, 90), dtype=np.uint8)
    layers = [Layer(np.dstack([one] * 3 + [np.full_like(one, 255)]), 20, 20) for one in noise]
    held = len(render_segment(replace(ground, crf=16, max_bytes=10**7), lambda frame: [layers[frame % 8]]))
    free = len(render_segment(replace(ground, crf=26, max_bytes=10**7), lambda frame: [layers[frame % 8]]))
    assert free > 0.9 * held

    rendered = render_segment(replace(ground, crf=16, max_bytes=held // 2), lambda frame: [layers[frame % 8]])
    assert len(rendered) <= held // 2


def test_a_rung_with_other_parameters_is_refused(packaged: tuple[Path, Scene]) -> None:
    store, scene = packaged
    ground = _ground(store, TINY.rungs[-1], scene.video[-1], _segments(scene.video[-1])[0])
    other = replace(ground, rung=replace(ground.rung, level="4.0"))

    with pytest.raises(RenderError, match="parameters"):
        render_segment(other, lambda frame: [])


@pytest.mark.parametrize("damage", [b"", b"\0" * 64])
def test_a_damaged_master_is_an_error_and_no_segment(packaged: tuple[Path, Scene], damage: bytes) -> None:
    store, scene = packaged
    ground = _ground(store, TINY.rungs[-1], scene.video[-1], _segments(scene.video[-1])[0])
    half = len(ground.master) // 2

    with pytest.raises(RenderError):
        render_segment(replace(ground, master=ground.master[:half] + damage), lambda frame: [])


@pytest.mark.parametrize(
    ("colour", "luma", "chroma"),
    [
        ((255, 255, 255), 235, (128, 128)),
        ((0, 0, 0), 16, (128, 128)),
        ((255, 0, 0), 63, (102, 240)),
        ((0, 255, 0), 173, (42, 26)),
        ((0, 0, 255), 32, (240, 118)),
    ],
)
def test_colours_are_those_of_bt709(colour: tuple[int, int, int], luma: int, chroma: tuple[int, int]) -> None:
    """The values that ITU-R BT.709 gives for 8-bit limited range."""
    picture = VideoFrame.from_ndarray(np.full((48, 32), 77, np.uint8), format="yuv420p")

    shown = lay_over(picture, [Layer(_plate(32, 32, colour, 255), 0, 0)]).to_ndarray()

    assert (luma, *chroma) == (int(shown[5, 5]), int(shown[34, 3]), int(shown[42, 3]))


@given(
    alpha=st.integers(0, 255),
    left=st.integers(0, 8).map(lambda n: 2 * n),
    top=st.integers(0, 8).map(lambda n: 2 * n),
    under=st.integers(16, 235),
)
def test_only_what_lies_under_a_layer_changes(alpha: int, left: int, top: int, under: int) -> None:
    frame = np.full((48, 32), under, np.uint8)
    picture = VideoFrame.from_ndarray(frame, format="yuv420p")

    shown = lay_over(picture, [Layer(_plate(16, 16, (255, 255, 255), alpha), left, top)]).to_ndarray()

    outside = np.ones((32, 32), bool)
    outside[top : top + 16, left : left + 16] = False
    assert set(shown[:32][outside].tolist()) <= {under}
    inside = int(shown[top + 3, left + 3])
    assert abs(inside - (under + (235 - under) * alpha / 255)) <= 1.01
    assert frame.tolist() == picture.to_ndarray().tolist()


@given(st.lists(st.floats(0, 3), min_size=24, max_size=24), st.floats(-5, 40))
def test_the_quality_found_is_the_worst_that_is_good_in_few_tries(steps: list[float], best_db: float) -> None:
    margins = [best_db - sum(steps[:at]) for at in range(24)]
    tried: list[int] = []

    def margin_db(crf: int) -> float:
        tried.append(crf)
        return margins[crf - 16]

    good = [16 + at for at, margin in enumerate(margins) if margin >= 0]
    assert max(good, default=16) == worst_that_is_good(margin_db)
    assert len(set(tried)) == len(tried)
