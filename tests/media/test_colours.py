"""Posters and moving pictures show the colours of the video that they are of."""

from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from streamsrv.core.grid import grid_for
from streamsrv.core.model import Ladder, Rung, Scene
from streamsrv.media.packager import package_scene
from streamsrv.media.poster import make_poster
from streamsrv.media.render.job import Ground, ground_of
from streamsrv.media.render.picture import render_picture
from streamsrv.media.request import PackageRequest
from streamsrv.media.store import object_path
from tests.media.files import times_at, write_source

LADDER = Ladder(
    frame_rate=30, rungs=(Rung("180p", 320, 180, 800_000, 1_200_000, "3.0"),), audio_bps=96_000
)  # fmt: skip
COLOURS = ((255, 0, 0), (0, 255, 0), (20, 60, 230), (128, 128, 128), (0, 189, 0))
LEVELS = 5
TAGGED = {"crf": "12", "colorspace": "bt709", "color_range": "tv"}
SLOTS = "[all]\nfrom_s = 0.0\nto_s = 1.0\nbox = [0.1, 0.1, 0.8, 0.8]\n"


def _bars(_number: int, width: int, height: int) -> NDArray[np.uint8]:
    row = np.array([COLOURS[x * len(COLOURS) // width] for x in range(width)], np.uint8)
    return np.broadcast_to(row, (height, width, 3)).copy()


def _middles(picture: VideoFrame, colorspace: str, color_range: str) -> NDArray[np.float64]:
    """The colour in the middle of each bar, of a picture that is to be read so."""
    pixels = picture.to_ndarray(format="rgb24", src_colorspace=colorspace, src_color_range=color_range)
    height, width, _ = pixels.shape
    wide = width // len(COLOURS)
    rows = slice(height // 4, height * 3 // 4)
    return np.array([
        pixels[rows, bar * wide + wide // 3 : bar * wide + wide * 2 // 3].mean((0, 1)) for bar in range(len(COLOURS))
    ])  # fmt: skip


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Scene]:
    folder = tmp_path_factory.mktemp("colours")
    source = write_source(folder / "a.mkv", times_at(30, 64), draw=_bars, options=TAGGED)
    (folder / "a.toml").write_text(SLOTS)
    request = PackageRequest(source, "a", overlays=folder / "a.toml")
    return folder / "store", package_scene(request, ladder=LADDER, store=folder / "store")


def _read(store: Path, name: str) -> bytes:
    return object_path(store, name).read_bytes()


def _shown(packaged: tuple[Path, Scene]) -> NDArray[np.float64]:
    """What a player shows of the first segment."""
    store, scene = packaged
    track = scene.video[0]
    data = _read(store, track.init_name) + _read(store, track.segments[0].name)
    with av.open(BytesIO(data), "r") as container:
        picture = next(container.decode(video=0))
    return _middles(picture, "ITU709", "MPEG")


def _of_jpeg(data: bytes) -> NDArray[np.float64]:
    """As JFIF says that a JPEG is read: BT.601, full range."""
    with av.open(BytesIO(data), "r") as container:
        picture = next(container.decode(video=0))
    return _middles(picture, "ITU601", "JPEG")


def _of_webp(data: bytes) -> NDArray[np.float64]:
    """Its first picture, as WebP says that it is read: VP8, BT.601, limited range."""
    at = data.index(b"VP8 ")
    size = int.from_bytes(data[at + 4 : at + 8], "little")
    decoder = av.CodecContext.create("vp8", "r")
    assert isinstance(decoder, VideoCodecContext)
    (picture,) = (*decoder.decode(Packet(data[at + 8 : at + 8 + size])), *decoder.decode(None))
    return _middles(picture, "ITU601", "MPEG")


def _ground(packaged: tuple[Path, Scene]) -> Ground:
    store, scene = packaged
    track = scene.video[0]
    ground = ground_of(
        track, track.segments[0], LADDER.rungs[0], grid=grid_for(30), gop_ms=LADDER.gop_ms, banded=False,
        read=lambda name: _read(store, name),
    )  # fmt: skip
    assert isinstance(ground, Ground)
    return ground


def test_the_video_shows_the_colours_of_its_source(packaged: tuple[Path, Scene]) -> None:
    assert np.abs(_shown(packaged) - COLOURS).max() <= LEVELS


def test_a_poster_shows_the_colours_of_the_video(packaged: tuple[Path, Scene]) -> None:
    store, scene = packaged

    assert np.abs(_of_jpeg(_read(store, scene.poster_name)) - _shown(packaged)).max() <= LEVELS


@pytest.mark.parametrize("product", ["jpg", "webp"])
def test_pictures_for_emails_show_the_colours_of_the_video(packaged: tuple[Path, Scene], product: str) -> None:
    data = render_picture(_ground(packaged), lambda _frame: [], product, at_frame=0)

    shown = _of_jpeg(data) if product == "jpg" else _of_webp(data)
    assert np.abs(shown - _shown(packaged)).max() <= LEVELS


def test_a_poster_of_old_is_made_anew_and_no_media(packaged: tuple[Path, Scene]) -> None:
    store, scene = packaged
    manifest = store / "scenes/a/scene.json"
    text = manifest.read_text()
    old = scene.video[0].init_name
    manifest.write_text(text.replace(scene.poster_name, old))
    request = PackageRequest(store.parent / "a.mkv", "a", overlays=store.parent / "a.toml")

    assert scene == package_scene(request, ladder=LADDER, store=store)
    assert text == manifest.read_text()
    assert _read(store, scene.poster_name) == make_poster(scene.video, lambda name: _read(store, name))
