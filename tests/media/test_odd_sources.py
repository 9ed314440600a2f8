"""Whatever a campaign team sends becomes a scene: the whole picture, the whole sound, upright and in order."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from streamsrv.core.model import Scene
from streamsrv.media.packager import package_scene
from streamsrv.media.request import PackageRequest
from tests.media.files import (
    TINY,
    Sound,
    decoded_pictures,
    decoded_sound,
    packet_count,
    read_barcode,
    times_at,
    write_sound,
    write_source,
)


def _package(source: Path, store: Path, **more: object) -> Scene:
    return package_scene(PackageRequest(source, "odd", **more), ladder=TINY, store=store)  # type: ignore[arg-type]  # fields by name


def _numbers(store: Path, scene: Scene, box: tuple[int, int, int, int] | None = None) -> list[int]:
    return [read_barcode(frame, box=box) for frame in decoded_pictures(store, scene.video[1])]


def _held(numbers: list[int], frames: int) -> list[int]:
    return numbers + [numbers[-1]] * (frames - len(numbers))


@pytest.mark.parametrize(
    ("rate", "count"),
    [(Fraction(30), 40), (Fraction(24), 36), (Fraction(25), 30), (Fraction(30_000, 1001), 40), (Fraction(60), 70)],
    ids=["30", "24", "25", "29.97", "60"],
)
def test_each_frame_shows_the_picture_that_is_due(tmp_path: Path, rate: Fraction, count: int) -> None:
    source = write_source(tmp_path / "a.mp4", times_at(rate, count))

    scene = _package(source, tmp_path / "store")

    due = [
        max(n for n in range(count) if round(n / rate * 30 + Fraction(1, 10**9)) <= at)
        for at in range(scene.units * 16)
    ]
    assert _numbers(tmp_path / "store", scene) == due


def test_variable_frame_rate_keeps_every_picture_at_its_time(tmp_path: Path) -> None:
    times = [Fraction(at, 1000) for at in (0, 33, 67, 500, 533, 1200, 1300, 1333)]
    source = write_source(tmp_path / "vfr.mkv", times)

    scene = _package(source, tmp_path / "store")

    starts = [round(at * 30) for at in times]
    expected = [max(n for n, start in enumerate(starts) if start <= at) for at in range(scene.units * 16)]
    assert _numbers(tmp_path / "store", scene) == expected


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [
        ("a.mov", "libx264", "yuv420p"),
        ("a.avi", "mpeg4", "yuv420p"),
        ("a.ts", "libx264", "yuv420p"),
        ("a.mpg", "mpeg2video", "yuv420p"),
        ("a.webm", "libvpx", "yuv420p"),
        ("a.flv", "libx264", "yuv420p"),
        ("a.h264", "libx264", "yuv420p"),
        ("a.mov", "qtrle", "rgb24"),
        ("a.mxf", "mpeg2video", "yuv420p"),
        ("a.gif", "gif", "rgb8"),
    ],
)
def test_any_container_gives_every_picture_in_order(tmp_path: Path, name: str, codec: str, pix_fmt: str) -> None:
    source = write_source(tmp_path / name, times_at(25, 25), codec=codec, pix_fmt=pix_fmt, clock=25)

    scene = _package(source, tmp_path / "store")

    numbers = _numbers(tmp_path / "store", scene)
    assert sorted(set(numbers)) == list(range(25))
    assert numbers == sorted(numbers)


def test_an_interlaced_source_becomes_progressive(tmp_path: Path) -> None:
    options = {"x264-params": "tff=1", "preset": "ultrafast", "crf": "5"}
    source = write_source(tmp_path / "a.mkv", times_at(30, 32), options=options)

    scene = _package(source, tmp_path / "store")

    with av.open(source, "r") as container:
        assert next(container.decode(video=0)).interlaced_frame
    pictures = decoded_pictures(tmp_path / "store", scene.video[1])
    assert [read_barcode(picture) for picture in pictures] == list(range(32))
    assert not any(picture.interlaced_frame for picture in pictures)


def test_a_third_of_a_second_becomes_one_unit(tmp_path: Path) -> None:
    source = write_source(tmp_path / "short.mp4", times_at(30, 9))

    scene = _package(source, tmp_path / "store")

    assert scene.units == 1
    assert _numbers(tmp_path / "store", scene) == _held(list(range(9)), 16)


@pytest.mark.parametrize(
    "sound",
    [
        Sound(1.0, rate=44_100, layout="mono"),
        Sound(1.0, layout="5.1"),
        Sound(1.0, codec="aac"),
        Sound(1.0, rate=8_000, layout="mono", codec="flac"),
    ],
    ids=["44.1 kHz mono", "5.1", "aac", "8 kHz flac"],
)
def test_any_sound_becomes_whole_stereo_packets(tmp_path: Path, sound: Sound) -> None:
    source = write_source(tmp_path / "a.mkv", times_at(30, 32), sound=sound)

    scene = _package(source, tmp_path / "store")

    samples = decoded_sound(tmp_path / "store", scene.audio["en"])
    assert scene.units == 2
    assert packet_count(tmp_path / "store", scene.audio["en"]) == 50
    assert samples.shape == (2, 50 * 1024)
    assert float(np.abs(samples[:, 10_000:40_000]).max()) > 0.05


def test_a_source_without_sound_is_silent(tmp_path: Path) -> None:
    source = write_source(tmp_path / "mute.mp4", times_at(30, 16))

    scene = _package(source, tmp_path / "store")

    assert packet_count(tmp_path / "store", scene.audio["en"]) == 25
    assert float(np.abs(decoded_sound(tmp_path / "store", scene.audio["en"])).max()) == 0.0


def test_sound_shorter_than_the_picture_is_followed_by_silence(tmp_path: Path) -> None:
    source = write_source(tmp_path / "a.mkv", times_at(30, 32), sound=Sound(0.4))

    scene = _package(source, tmp_path / "store")

    samples = decoded_sound(tmp_path / "store", scene.audio["en"])
    assert scene.units == 2
    assert float(np.abs(samples[:, 20_480:]).max()) < 0.01


def test_sound_longer_than_the_picture_holds_the_last_picture(tmp_path: Path) -> None:
    source = write_source(tmp_path / "a.mkv", times_at(30, 16), sound=Sound(3.0))

    scene = _package(source, tmp_path / "store")

    assert scene.units == 6
    assert _numbers(tmp_path / "store", scene) == _held(list(range(16)), 96)


def test_a_coder_s_last_half_empty_packet_does_not_lengthen_a_scene(tmp_path: Path) -> None:
    source = write_source(tmp_path / "a.mkv", times_at(30, 16), sound=Sound(0.56))

    assert _package(source, tmp_path / "store").units == 1


def test_sound_that_starts_late_stays_with_the_picture(tmp_path: Path) -> None:
    source = write_source(tmp_path / "a.mkv", times_at(30, 48), sound=Sound(0.8, start_s=0.5))

    scene = _package(source, tmp_path / "store")

    heard = np.abs(decoded_sound(tmp_path / "store", scene.audio["en"])[0]) > 0.05
    assert abs(int(heard.argmax()) - 24_000) < 100


@pytest.mark.parametrize(
    ("pix_fmt", "codec"),
    [("yuv420p10le", "ffv1"), ("yuv444p", "ffv1"), ("yuv422p10le", "ffv1"), ("yuvj420p", "mjpeg"), ("bgr0", "ffv1")],
)
def test_any_pixel_format_becomes_8_bit_bt709(tmp_path: Path, pix_fmt: str, codec: str) -> None:
    source = write_source(tmp_path / "a.mkv", times_at(30, 16), pix_fmt=pix_fmt, codec=codec)

    scene = _package(source, tmp_path / "store")

    pictures = decoded_pictures(tmp_path / "store", scene.video[1])
    assert [read_barcode(frame) for frame in pictures] == list(range(16))
    assert {(frame.format.name, frame.colorspace, frame.color_range) for frame in pictures} == {("yuv420p", 1, 1)}


@pytest.mark.parametrize(("matrix", "tag"), [("ITU601", "smpte170m"), ("ITU709", "bt709")])
def test_colours_look_the_same_whatever_the_source_s_matrix(tmp_path: Path, matrix: str, tag: str) -> None:
    colour = np.array([200, 60, 90], np.uint8)
    path = tmp_path / "a.mkv"
    with av.open(path, "w") as container:
        stream = container.add_stream("ffv1", rate=30)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv444p"
        stream.options = {"colorspace": tag, "color_range": "tv"}
        for _ in range(16):
            rgb = av.VideoFrame.from_ndarray(np.broadcast_to(colour, (180, 320, 3)).copy(), format="rgb24")
            container.mux(stream.encode(rgb.reformat(format="yuv444p", dst_colorspace=matrix, dst_color_range="MPEG")))
        container.mux(stream.encode(None))

    scene = _package(path, tmp_path / "store")

    picture = decoded_pictures(tmp_path / "store", scene.video[1])[8]
    shown = picture.reformat(format="rgb24", src_colorspace="ITU709").to_ndarray()[90, 160]
    assert np.abs(shown.astype(int) - colour).max() <= 6


def test_a_picture_of_another_shape_is_letterboxed(tmp_path: Path) -> None:
    source = write_source(tmp_path / "square.mp4", times_at(30, 16), size=(200, 200))

    scene = _package(source, tmp_path / "store")

    picture = decoded_pictures(tmp_path / "store", scene.video[1])[-1]
    assert _numbers(tmp_path / "store", scene, box=(70, 0, 180, 180)) == list(range(16))
    assert int(picture.to_ndarray(format="gray")[:, :64].max()) <= 20


def test_an_anamorphic_picture_is_shown_in_its_true_shape(tmp_path: Path) -> None:
    source = write_source(tmp_path / "a.mp4", times_at(30, 16), size=(160, 180), sample_aspect=Fraction(2))

    scene = _package(source, tmp_path / "store")

    assert _numbers(tmp_path / "store", scene) == list(range(16))


@pytest.mark.parametrize(("rotation", "dark"), [(90, (150, 60)), (-90, (30, 260)), (180, (150, 260))])
def test_rotation_metadata_is_honoured(tmp_path: Path, rotation: int, dark: tuple[int, int]) -> None:
    def light_but_for_the_top_left(
        number: int, width: int, height: int
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        picture = np.full((height, width, 3), 220, np.uint8)
        picture[: height // 2, : width // 2] = 30
        return picture

    size = (320, 180) if rotation == 180 else (180, 320)
    source = write_source(
        tmp_path / "a.mp4", times_at(30, 16), size=size, rotation=rotation, draw=light_but_for_the_top_left
    )

    scene = _package(source, tmp_path / "store")

    grey = decoded_pictures(tmp_path / "store", scene.video[1])[8].to_ndarray(format="gray")
    assert [(y, x) for y in (30, 150) for x in (60, 260) if grey[y, x] < 90] == [dark]


def test_odd_sizes_are_read(tmp_path: Path) -> None:
    source = write_source(tmp_path / "odd.mkv", times_at(30, 16), size=(321, 181), codec="ffv1", pix_fmt="yuv444p")

    assert _numbers(tmp_path / "store", _package(source, tmp_path / "store")) == list(range(16))


def test_4k_is_read(tmp_path: Path) -> None:
    source = write_source(tmp_path / "4k.mp4", times_at(30, 4), size=(3840, 2160))

    scene = _package(source, tmp_path / "store")

    assert _numbers(tmp_path / "store", scene) == _held(list(range(4)), 16)


def test_another_language_has_its_own_rendition_with_the_same_cuts(tmp_path: Path) -> None:
    source = write_source(tmp_path / "a.mkv", times_at(30, 32), sound=Sound(1.0))
    german = write_sound(tmp_path / "de.wav", Sound(0.9, rate=44_100))

    scene = _package(source, tmp_path / "store", audio={"de": german})

    assert list(scene.audio) == ["en", "de"]
    assert packet_count(tmp_path / "store", scene.audio["de"]) == 50
    assert len({track.init_name for track in scene.audio.values()}) == 1
