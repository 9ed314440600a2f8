"""What must not be packaged is refused in one clear line, before it costs anything, and leaves no trace (B19)."""

import os
import socket
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from streamsrv.core.errors import Invalid
from streamsrv.core.model import Provenance
from streamsrv.media.packager import package_scene
from streamsrv.media.probe import Limits
from streamsrv.media.request import PackageRequest
from tests.media.files import TINY, Sound, objects, times_at, write_sound, write_source


def _refusal(source: Path, store: Path, limits: Limits = Limits(), **more: object) -> str:  # noqa: B008  a frozen value
    request = PackageRequest(source, "bad", **more)  # type: ignore[arg-type]  # fields by name
    with pytest.raises(Invalid) as caught:
        package_scene(request, ladder=TINY, store=store, limits=limits)
    message = str(caught.value)
    assert "\n" not in message
    assert objects(store) == {}
    assert not (store / "scenes").exists()
    return message.removeprefix(f"{source}: ")


def _text(content: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_text(content)

    return write


def _empty(path: Path) -> None:
    path.touch()


def _noise(path: Path) -> None:
    path.write_bytes(np.random.default_rng(7).bytes(100_000))


def _picture(path: Path) -> None:
    with av.open(path, "w", format="image2") as container:
        stream = container.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "rgb24"
        container.mux(stream.encode(av.VideoFrame(64, 64, "rgb24")))
        container.mux(stream.encode(None))


def _cut_off(path: Path) -> None:
    whole = write_source(path.with_name("whole.mp4"), times_at(30, 300), options={"crf": "1"}).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def _cut_off_after_its_index(path: Path) -> None:
    whole = write_source(path.with_name("whole.mkv"), times_at(30, 300), codec="ffv1", size=(160, 90)).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def _damaged(path: Path) -> None:
    data = bytearray(write_source(path.with_suffix(".mkv"), times_at(30, 60), codec="ffv1").read_bytes())
    start = len(data) // 2
    data[start : start + 3000] = np.random.default_rng(3).bytes(3000)
    path.write_bytes(data)


SOUND_ONLY = "has no picture; expected a video file"
NOT_READ = "is in a format that is not read here; expected one media file, such as MP4 or Matroska"
UNDECODABLE = "cannot be decoded (Invalid data found when processing input); expected a whole, undamaged media file"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_empty, "is empty; expected a media file"),
        (_text("hello\n" * 100), UNDECODABLE),
        (_noise, UNDECODABLE),
        (_text("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"), UNDECODABLE),
        (_text("ffconcat version 1.0\nfile '/etc/passwd'\n"), NOT_READ),
        (_text("v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n"), NOT_READ),
        (_text('<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"></MPD>'), UNDECODABLE),
        (_text("1\n00:00:00,000 --> 00:00:02,000\nhello\n\n2\n00:00:03,000 --> 00:00:04,000\nhi\n"), NOT_READ),
        (_text("WEBVTT\n\n00:00.000 --> 00:02.000\nhello\n"), NOT_READ),
        (_picture, NOT_READ),
        (_cut_off, UNDECODABLE),
        (_cut_off_after_its_index, "says it lasts 10.0 s but ends at 5.1 s; expected a file that is not cut off"),
        (_damaged, UNDECODABLE),
        (
            _text("YUV4MPEG2 W100000 H40 F30:1 C420jpeg\nFRAME\n"),
            "has a picture of 100000x40 pixels; expected at most 16384 pixels a side and 35651584 in all",
        ),
    ],
    ids=[
        "empty", "text", "noise", "playlist", "concat", "sdp", "dash", "subrip", "webvtt", "image",
        "index cut off", "cut off", "damaged", "100000 pixels wide",
    ],
)  # fmt: skip
def test_a_file_that_is_no_whole_video_is_refused(tmp_path: Path, make: Callable[[Path], None], message: str) -> None:
    source = tmp_path / "source.mp4"
    make(source)

    assert _refusal(source, tmp_path / "store") == message


def test_a_playlist_under_its_own_name_is_refused(tmp_path: Path) -> None:
    segment = write_source(tmp_path / "a.ts", times_at(30, 16))
    playlist = tmp_path / "a.m3u8"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:0.53,\n{segment}\n#EXT-X-ENDLIST\n")

    assert _refusal(playlist, tmp_path / "store") == NOT_READ


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    pipe, plug = tmp_path / "pipe", socket.socket(socket.AF_UNIX)
    os.mkfifo(pipe)
    with plug:
        plug.bind(str(tmp_path / "socket"))

        messages = [_refusal(tmp_path / name, tmp_path / "store") for name in ("pipe", "socket", ".")]

    assert messages == ["is not a regular file; expected a local media file"] * 3
    assert _refusal(Path("/dev/zero"), tmp_path / "store") == "is not a regular file; expected a local media file"


@pytest.mark.parametrize("name", ["http://127.0.0.1:9/a.mp4", "concat:a.mp4|b.mp4", "nowhere.mp4", "a\0b"])
def test_a_name_is_never_taken_for_an_address(tmp_path: Path, name: str) -> None:
    assert "cannot be read: " in _refusal(Path(name), tmp_path / "store")


def test_a_file_named_like_a_protocol_is_still_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_source(tmp_path / "a.mp4", times_at(30, 16)).rename(tmp_path / "concat:x|y")

    scene = package_scene(PackageRequest(Path("concat:x|y"), "fine"), ladder=TINY, store=tmp_path / "store")

    assert scene.units == 1


def test_sound_alone_is_no_scene(tmp_path: Path) -> None:
    assert _refusal(write_sound(tmp_path / "a.wav", Sound(0.5)), tmp_path / "store") == SOUND_ONLY


def test_a_language_without_sound_is_refused(tmp_path: Path) -> None:
    source = write_source(tmp_path / "a.mp4", times_at(30, 16))
    mute = write_source(tmp_path / "de.mp4", times_at(30, 16))

    message = _refusal(source, tmp_path / "store", audio={"de": mute})

    assert message == f"{mute}: has no sound; expected a file with sound in de"


def test_a_clock_that_leaps_is_refused_before_it_is_filled(tmp_path: Path) -> None:
    source = write_source(tmp_path / "leap.mkv", [Fraction(0), Fraction(1, 30), Fraction(9_000_000)])

    assert _refusal(source, tmp_path / "store") == "lasts 9000000 s; expected at most 14400 s"


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(max_bytes=1000), "bytes; expected at most 1000"),
        (Limits(max_duration_s=1), "lasts 1 s; expected at most 1 s"),
        (
            Limits(max_pixels=1000),
            "has a picture of 320x180 pixels; expected at most 16384 pixels a side and 1000 in all",
        ),
        (
            Limits(max_side=300),
            "has a picture of 320x180 pixels; expected at most 300 pixels a side and 35651584 in all",
        ),
    ],
    ids=["bytes", "duration", "pixels", "side"],
)
def test_each_limit_has_its_own_line(tmp_path: Path, limits: Limits, message: str) -> None:
    source = write_source(tmp_path / "a.mp4", times_at(30, 40))

    assert _refusal(source, tmp_path / "store", limits).endswith(message)


def test_too_many_streams_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "many.mkv"
    with av.open(path, "w") as container:
        streams = [container.add_stream("pcm_s16le", rate=8000) for _ in range(9)]
        for stream in streams:
            frame = av.AudioFrame(format="s16", layout="stereo", samples=100)
            frame.sample_rate, frame.pts = 8000, 0
            container.mux(stream.encode(frame))

    assert "streams" in _refusal(path, tmp_path / "store", Limits(max_streams=8))


def test_a_ribbon_of_a_picture_is_refused(tmp_path: Path) -> None:
    source = write_source(tmp_path / "a.mkv", times_at(30, 4), size=(640, 20), codec="ffv1")

    assert _refusal(source, tmp_path / "store") == "has a shape of 32:1; expected 1:12 to 12:1"


def test_every_mistake_in_a_request_is_told_at_once(tmp_path: Path) -> None:
    request = PackageRequest(
        tmp_path / "nowhere.mp4",
        "Not An Id",
        lang="english",
        audio={"de": tmp_path / "nowhere.de.wav"},
        captions={"x": tmp_path / "nowhere.vtt"},
        provenance=Provenance(made_by="ai"),
    )

    with pytest.raises(Invalid) as caught:
        package_scene(request, ladder=TINY, store=tmp_path / "store")

    assert [problem.where for problem in caught.value.problems] == [
        "scene", "language", "language", "provenance",
        *(str(tmp_path / name) for name in ("nowhere.mp4", "nowhere.de.wav", "nowhere.vtt")),
    ]  # fmt: skip
