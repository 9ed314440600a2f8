"""What is behind an overlay slot, measured on a scene's own segments."""

from collections.abc import Callable

import numpy as np
import pytest

from streamsrv.core.contrast import luminance
from streamsrv.core.model import Scene
from streamsrv.media.backdrop import measure_backdrops
from streamsrv.media.check import Damaged
from streamsrv.media.packager import package_scene
from streamsrv.media.pictures import decode_pictures
from streamsrv.media.request import PackageRequest
from streamsrv.media.store import object_path
from tests.media.files import TINY, times_at, write_source

SLOTS = """
[whole]
from_s = 1.0
to_s = 3.0
box = [0, 0, 1, 1]

[corner]
from_s = 1.0
to_s = 2.0
box = [0.5, 0.5, 0.25, 0.4]
"""


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scene, Callable[[str], bytes]]:
    folder = tmp_path_factory.mktemp("behind")
    source = write_source(folder / "a.mkv", times_at(30, 128))
    (folder / "a.toml").write_text(SLOTS)
    scene = package_scene(PackageRequest(source, "a", overlays=folder / "a.toml"), ladder=TINY, store=folder / "store")
    return scene, lambda name: object_path(folder / "store", name).read_bytes()


def test_it_is_what_a_decoders_own_colours_say(packaged: tuple[Scene, Callable[[str], bytes]]) -> None:
    scene, read = packaged
    track, slot = scene.video[0], scene.overlays["corner"]
    left, top, wide, high = slot.box
    seen = []
    for segment in track.segments:
        if slot.start_units <= segment.start_units < slot.end_units:
            for picture in decode_pictures(read(track.init_name), read(segment.name)):
                pixels = picture.to_ndarray(format="rgb24", src_colorspace="ITU709")
                rows = slice(int(top * track.height), round((top + high) * track.height))
                columns = slice(int(left * track.width), round((left + wide) * track.width))
                colours, counts = np.unique(pixels[rows, columns].reshape(-1, 3), axis=0, return_counts=True)
                levels = [luminance("#" + bytes(colour.tolist()).hex()) for colour in colours]
                seen.append(np.repeat(levels, counts))
    low, high = np.quantile(np.concatenate(seen), (0.02, 0.98))

    assert slot.behind == pytest.approx((float(low), float(high)), abs=0.03)


def test_the_manifest_says_what_is_measured_again(packaged: tuple[Scene, Callable[[str], bytes]]) -> None:
    scene, read = packaged

    measured = measure_backdrops(scene, read)
    assert {name: slot.behind for name, slot in scene.overlays.items()} == {
        name: backdrop.whole for name, backdrop in measured.items()
    }


def test_it_is_known_for_each_moment_of_the_slots_time(packaged: tuple[Scene, Callable[[str], bytes]]) -> None:
    scene, read = packaged

    for name, backdrop in measure_backdrops(scene, read).items():
        slot, frames = scene.overlays[name], [frame for frame, _ in backdrop.moments]
        assert list(range(slot.start_units * 16, slot.end_units * 16, 4)) == frames
        low, high = backdrop.whole
        assert min(dark for _, (dark, _) in backdrop.moments) <= low <= high
        assert high <= max(light for _, (_, light) in backdrop.moments)


def test_a_damaged_segment_is_told(packaged: tuple[Scene, Callable[[str], bytes]]) -> None:
    scene, read = packaged
    init = scene.video[0].init_name

    with pytest.raises(Damaged):
        measure_backdrops(scene, lambda name: read(name) if name == init else b"\0\0\0\x08moof")
